//! Gaussian process regression against dense linear algebra and differences.

use ppl::models::Evaluator;
use ppl::nalgebra::{DMatrix, DVector};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};
use rand::RngExt;

#[model]
fn smooth(x: &[f64], y: &[f64]) {
    let amplitude: f64 = sample(HalfNormal::new(2.0));
    let length: f64 = sample(HalfNormal::new(2.0));
    let noise: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        GaussianProcess::new(x, SquaredExponential::new(amplitude, length), noise),
    );
}

#[model]
fn once(x: &[[f64; 2]], y: &[f64]) {
    let amplitude: f64 = sample(HalfNormal::new(2.0));
    let length: f64 = sample(HalfNormal::new(2.0));
    let noise: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        GaussianProcess::new(x, Matern32::new(amplitude, length), noise),
    );
}

#[model]
fn twice(x: &[[f64; 2]], y: &[f64]) {
    let length: f64 = sample(HalfNormal::new(2.0));
    observe(y, GaussianProcess::new(x, Matern52::new(1.5, length), 0.3));
}

fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

fn dense(y: &[f64], noise: f64, k: impl Fn(usize, usize) -> f64) -> f64 {
    let n = y.len();
    let c = DMatrix::from_fn(n, n, |i, j| {
        k(i, j) + if i == j { noise * noise } else { 0.0 }
    });
    let factor = c.cholesky().expect("positive definite");
    let y = DVector::from_column_slice(y);
    let ln_det: f64 = factor.l().diagonal().iter().map(|d| 2.0 * d.ln()).sum();
    -0.5 * (y.dot(&factor.solve(&y)) + ln_det + n as f64 * std::f64::consts::TAU.ln())
}

fn gradients_agree<M: Model>(model: &M, u: &[f64]) {
    let mut e = Evaluator::new();
    let (mut reverse, mut forward) = (vec![0.0; u.len()], vec![0.0; u.len()]);
    e.reverse(model, u, &mut reverse);
    e.forward::<3, _>(model, u, &mut forward);
    for k in 0..u.len() {
        let mut at = |h: f64| {
            let mut v = u.to_vec();
            v[k] += h;
            e.log_density(model, &v).total()
        };
        let slope = (8.0 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3;
        assert!(
            (slope - reverse[k]).abs() < 1e-8 * slope.abs().max(1.0),
            "{slope} {reverse:?}"
        );
        assert!((forward[k] - reverse[k]).abs() < 1e-12 * slope.abs().max(1.0));
    }
}

#[test]
fn log_densities_and_gradients() {
    let u = [0.2, -0.3, -0.9];
    let [amplitude, length, noise] = u.map(f64::exp);
    for n in [1, 2, 7, 16, 33, 70] {
        let y: Vec<f64> = (0..n).map(|i| wave(5 * i)).collect();
        let x: Vec<f64> = (0..n).map(|i| 5.0 * wave(i)).collect();
        let model = smooth(&x, &y);
        let got = Evaluator::new().log_density(&model, &u).likelihood;
        let want = dense(&y, noise, |i, j| {
            let s = ((x[i] - x[j]) / length).powi(2);
            amplitude * amplitude * (-0.5 * s).exp()
        });
        assert!((got - want).abs() < 1e-11 * want.abs(), "{n}: {got} {want}");
        gradients_agree(&model, &u);

        let x: Vec<[f64; 2]> = (0..n).map(|i| [3.0 * wave(i), wave(i + 400)]).collect();
        let distance =
            |i: usize, j: usize| ((x[i][0] - x[j][0]).powi(2) + (x[i][1] - x[j][1]).powi(2)).sqrt();
        let model = once(&x, &y);
        let got = Evaluator::new().log_density(&model, &u).likelihood;
        let want = dense(&y, noise, |i, j| {
            let d = 3f64.sqrt() * distance(i, j) / length;
            amplitude * amplitude * (1.0 + d) * (-d).exp()
        });
        assert!((got - want).abs() < 1e-11 * want.abs(), "{n}: {got} {want}");
        gradients_agree(&model, &u);
        let model = twice(&x, &y);
        let got = Evaluator::new().log_density(&model, &u[1..2]).likelihood;
        let want = dense(&y, 0.3, |i, j| {
            let d = 5f64.sqrt() * distance(i, j) / length;
            2.25 * (1.0 + d + d * d / 3.0) * (-d).exp()
        });
        assert!((got - want).abs() < 1e-11 * want.abs(), "{n}: {got} {want}");
        gradients_agree(&model, &u[1..2]);
    }
}

#[test]
fn lengths_that_differ_are_an_error() {
    let error = Map::new(&smooth(&[0.0, 1.0], &[1.0]))
        .run()
        .expect_err("one datum too few");
    assert!(error.to_string().contains("site `y`"), "{error}");
}

#[test]
fn the_mode_of_a_regression_finds_the_noise() -> Result<(), ppl::Error> {
    let x: Vec<f64> = (0..60).map(|i| 0.1 * i as f64).collect();
    let rng = &mut keyed(5, Purpose::User, 0, 0);
    let y: Vec<f64> = x
        .iter()
        .map(|x| x.sin() + rng.random_range(-0.2..0.2))
        .collect();
    let fit = Map::new(&smooth(&x, &y)).run()?;
    // Uniform noise of half width 0.2 has the standard deviation 0.2/√3 = 0.115.
    assert!(
        (fit.mode().noise - 0.115).abs() < 0.03,
        "{}",
        fit.mode().noise
    );
    Ok(())
}
