//! The paths of the tape and of fused sites that write to memory by hand, on models so small that Miri runs them in minutes:
//! `MIRIFLAGS=-Zmiri-deterministic-floats cargo +nightly miri test --test memory -- --skip layers` (layers, whose code is safe, take
//! far longer there). Reverse mode against forward mode.

use ppl::models::{Evaluator, Layout, Model};
use ppl::prelude::*;

fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

/// A block of elements and a part of one.
const N: usize = 70;

fn rows() -> Vec<[f64; 9]> {
    (0..N)
        .map(|i| std::array::from_fn(|j| wave(9 * i + j)))
        .collect()
}
fn numbers() -> Vec<f64> {
    (0..N).map(|i| 2.0 * wave(5 * i + 1)).collect()
}
fn groups() -> Vec<usize> {
    (0..N).map(|i| (i * i) % 3).collect()
}

fn modes_agree<M: Model>(model: &M) {
    let dim = Layout::of(model).expect("a layout").dim;
    let u: Vec<f64> = (0..dim).map(|i| 0.5 * wave(31 * i + 3)).collect();
    let mut e = Evaluator::new();
    let (mut forward, mut reverse) = (vec![0.0; dim], vec![0.0; dim]);
    let value = e.log_density(model, &u[..]).total();
    // Twice: the second evaluation finds the memory of the first.
    for _ in 0..2 {
        let values = [
            e.forward::<8, _>(model, &u, &mut forward),
            e.reverse(model, &u, &mut reverse),
        ];
        for v in values {
            assert!((v - value).abs() <= 1e-12 * value.abs(), "{v} {value}");
        }
        for (f, r) in forward.iter().zip(&reverse) {
            assert!((f - r).abs() <= 1e-12 * f.abs().max(100.0), "{f} {r}");
        }
    }
}

#[model]
fn alike(x: &[[f64; 9]], group: &[usize], y: &[f64]) {
    let slopes: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let level: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let spread: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        each(x.iter().zip(group), |(row, g)| {
            Normal::new(dot(&slopes, row) + spread * level[*g], spread)
        }),
    );
}

#[model]
fn different(x: &[[f64; 9]], group: &[usize], y: &[f64]) {
    let slopes: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let level: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    observe(
        y,
        each(x.iter().zip(group), |(row, g)| {
            let mean = if *g == 1 {
                level[0] * level[2]
            } else {
                dot(&slopes, row)
            };
            StudentT::new(4.0, mean, level[*g].exp())
        }),
    );
}

#[model]
fn few(group: &[usize], y: &[bool]) {
    let level: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    observe(y, each(group, |g| Bernoulli::logit(level[*g])));
}

#[model]
fn vectors(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfCauchy::new(5.0));
    let raw: [f64; 8] = sample(Normal::new(0.0, 1.0).iid());
    let effects = mean + spread * raw;
    observe(y, Normal::new(&effects, error));
}

#[model]
fn network(x: &[[f64; 9]], y: &[f64]) {
    let weights: [[f64; 9]; 2] = sample(Normal::new(0.0, 1.0).iid().iid());
    let bias: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let output: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let units = tanh_all(&layer(&weights, x, &bias));
    observe(y, Normal::new(matvec(units, &output), 0.7));
}

#[model]
fn summed(y: &[f64]) {
    let means: [f64; 3] = sample(Normal::new(0.0, 3.0).iid());
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new([0.2, 0.3, 0.5]));
        observe(y[i], Normal::new(means[z], 1.0));
    });
}

#[test]
fn elements_that_write_the_same() {
    modes_agree(&alike(&rows(), &groups(), &numbers()));
}

#[test]
fn elements_that_differ() {
    modes_agree(&different(&rows(), &groups(), &numbers()));
}

#[test]
fn points_that_are_no_numbers() {
    let y: Vec<bool> = numbers().iter().map(|y| *y > 0.0).collect();
    modes_agree(&few(&groups(), &y));
}

#[test]
fn vector_parameters() {
    let y = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    let error = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
    modes_agree(&vectors(&y, &error));
}

#[test]
fn layers() {
    modes_agree(&network(&rows(), &numbers()));
}

#[test]
fn sums() {
    let y = numbers();
    let (model, mut e) = (summed(&y), Evaluator::new());
    let u = [0.3, -0.4, 0.9];
    let mut gradient = [0.0; 3];
    let value = e.reverse(&model, &u, &mut gradient);
    assert!((value - e.log_density(&model, &u[..]).total()).abs() <= 1e-12 * value.abs());
    for k in 0..3 {
        let at = |h: f64| {
            let mut u = u;
            u[k] += h;
            Evaluator::new().log_density(&model, &u[..]).total()
        };
        let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert!((slope - gradient[k]).abs() <= 1e-6 * slope.abs().max(1.0));
    }
}
