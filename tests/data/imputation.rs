//! Data some of whose elements are missing, and become latents.

use super::{close, normal};
use ppl::models::{Evaluator, Layout};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};

const X: [Option<f64>; 5] = [Some(0.5), None, Some(-1.0), None, Some(2.0)];
const Y: [f64; 5] = [0.8, 2.0, -0.7, -1.5, 2.2];

#[model]
fn regression(x: &[Option<f64>], y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 2.0));
    let x: Vec<f64> = impute(x, Normal::new(mean, 1.0).iid());
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, each(&x, |x| Normal::new(slope * x, 0.5)));
}

#[test]
fn present_elements_are_observed_and_missing_ones_sampled() {
    let model = regression(&X, &Y);
    assert_eq!(Layout::of(&model).unwrap().dim, 4);
    let u = [0.3, 1.7, -1.2, 0.9];
    let x = [0.5, 1.7, -1.0, -1.2, 2.0];
    let each = |k: &[usize]| -> f64 { k.iter().map(|&k| normal(x[k], 0.3, 1.0)).sum() };
    let data: f64 = (0..5).map(|i| normal(Y[i], 0.9 * x[i], 0.5)).sum();
    let mut e = Evaluator::new();
    let density = e.log_density(&model, &u);
    close(
        density.prior,
        normal(0.3, 0.0, 2.0) + normal(0.9, 0.0, 1.0) + each(&[1, 3]),
    );
    close(density.likelihood, data + each(&[0, 2, 4]));
    let mut gradient = [0.0; 4];
    close(
        model.log_density_and_gradient(&mut e, &u, &mut gradient),
        density.total(),
    );
    for (k, g) in gradient.iter().enumerate() {
        let mut at = |step: f64| {
            let mut moved = u;
            moved[k] += step;
            e.log_density(&model, &moved).total()
        };
        let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert!((g - difference).abs() < 1e-6 * g.abs().max(1.0));
    }
    let draw = e.draw_at_line(&model, &u, &mut keyed(0, Purpose::User, 0, 0));
    assert_eq!(draw.x, x);
}

#[test]
fn the_posterior_of_what_is_missing() {
    // With slope and mean given, each missing x is conjugate.
    let model = regression(&X, &Y).fix(RegressionPartial {
        mean: Some(0.4),
        slope: Some(1.5),
        ..RegressionPartial::default()
    });
    let precision = 1.0 + 1.5 * 1.5 / 0.25;
    let mean = |y: f64| (0.4 + 1.5 * y / 0.25) / precision;
    let nested = NestedSampler::new(&model).seed(1).run().unwrap();
    let draws = nested.draws(4000, 2).unwrap();
    for k in [1, 3] {
        let m = draws.mean(|d| d.x[k]);
        assert!(
            (m - mean(Y[k])).abs() < 0.05 * precision.sqrt().recip() * 3.0,
            "{m} {}",
            mean(Y[k])
        );
    }
    assert!(draws.iter().all(|d| d.x[0] == 0.5));
    let evidence: f64 = [0, 2, 4]
        .iter()
        .map(|&k| normal(X[k].unwrap(), 0.4, 1.0) + normal(Y[k], 1.5 * X[k].unwrap(), 0.5))
        .sum::<f64>()
        + [1, 3]
            .iter()
            .map(|&k: &usize| normal(Y[k], 1.5 * 0.4, f64::sqrt(0.25 + 2.25)))
            .sum::<f64>();
    let z = nested.log_evidence();
    assert!((z.mean - evidence).abs() < 4.0 * z.sd, "{z:?} {evidence}");
}

#[guide(regression)]
fn regression_guide() {
    let at: [f64; 2] = param([0.0, 0.0]);
    let spread: [f64; 2] = param([1.0, 1.0], Positive);
    let mean: f64 = sample(Normal::new(0.4, 0.7));
    let slope: f64 = sample(Normal::new(1.0, 0.2));
    let x: Vec<f64> = sample(Normal::new(at, spread));
}

#[test]
fn a_guide_gives_what_is_missing() {
    let model = regression(&X, &Y);
    let fit = Svi::new(&model, regression_guide(), Adam::new(0.02))
        .run(3000, 1)
        .unwrap();
    let draws = fit.draws(500, 2).unwrap();
    assert!(draws.mean(|d| d.x[1]) > 1.0 && draws.mean(|d| d.x[3]) < -0.5);
    assert!(draws.iter().all(|d| d.x.len() == 5 && d.x[4] == 2.0));
}

#[test]
fn prediction_and_single_data() {
    let model = regression(&X, &Y);
    let draws = Nuts::new(&model)
        .seed(1)
        .warmup(200)
        .draws(50)
        .chains(1)
        .run()
        .unwrap();
    let all = model.log_likelihood(draws.draws()).unwrap();
    let shape: Vec<_> = all.sites().iter().map(|s| (&*s.name, s.len())).collect();
    assert_eq!(shape, [("x", 3), ("y", 5)]);
    let d = &draws.draws().as_slice()[7];
    close(
        all.sites()[1].draw(7)[3],
        normal(Y[3], d.slope * d.x[3], 0.5),
    );
    close(all.sites()[0].draw(7)[1], normal(-1.0, d.mean, 1.0));
    let replicates = model.predict(draws.draws(), 3).unwrap();
    assert_eq!(replicates.shape("y"), Some(&[5][..]));
}

#[model]
fn single(height: Option<f64>, weights: &[Option<f64>], scale: f64) {
    let height: f64 = impute(height, Normal::new(1.7, 0.1));
    plate(weights.len(), |i| {
        let weight: f64 = impute(weights[i], Gamma::new(2.0, 1.0));
        factor(-scale * weight);
    });
    factor(-height);
}

#[test]
fn single_numbers_and_elements_of_a_plate() {
    let weights = [Some(2.0), None, Some(1.0)];
    let model = single(None, &weights, 0.1);
    assert_eq!(Layout::of(&model).unwrap().dim, 2);
    let draw =
        Evaluator::new().draw_at_line(&model, &[1.8, 0.0], &mut keyed(0, Purpose::User, 0, 0));
    assert_eq!((draw.height, &draw.weight[..]), (1.8, &[2.0, 1.0, 1.0][..]));
    let model = single(Some(1.6), &weights, 0.1);
    assert_eq!(Layout::of(&model).unwrap().dim, 1);
    let bad = single(None, &[Some(1.0), Some(-2.0)], 0.1);
    assert_eq!(
        Layout::of(&bad).unwrap_err().to_string(),
        "model `single`: site `weight`[1] (argument `weights`): -2 can't come from Gamma: an observation must be positive"
    );
}
