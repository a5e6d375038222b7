//! The problems by which other samplers test themselves, with their evidence.
//!
//! JAXNS (`jaxns/tests/conftest.py`): −x², 1 − x², a sum of two latents, a normal of eight dimensions far out in its prior.
//! NumPyro (`test/contrib/test_nested_sampling.py`): two narrow normals in two dimensions, which it draws from as a prior; here
//! the prior is flat. The wedding cake has plateaus (Fowlie, Handley & Su 2020, "Nested sampling with plateaus").

use super::row;
use ppl::prelude::*;
use std::f64::consts::TAU;

#[model]
fn minus_square() {
    let x: f64 = sample(Uniform::new(0.0, 1.0));
    factor(-x * x);
}

#[model]
fn parabola() {
    let x: f64 = sample(Uniform::new(0.0, 1.0));
    factor((1.0 - x * x).ln());
}

#[model]
fn sum_of_two() {
    let x: f64 = sample(Uniform::new(0.0, 2.0));
    let y: f64 = sample(Normal::new(2.0, x));
    factor(-(x + y).powi(2));
}

/// x + y ~ N(2 + x, x²) given x, and E exp(−w²) = exp(−m²/(1 + 2s²))/√(1 + 2s²) for w ~ N(m, s²): Simpson's rule over x.
fn sum_of_two_evidence() -> f64 {
    let f = |x: f64| {
        let scale = 1.0 + 2.0 * x * x;
        (-(2.0 + x).powi(2) / scale).exp() / scale.sqrt() / 2.0
    };
    let (steps, h) = (2000, 2.0 / 2000.0);
    let weight = |k: i32| match k {
        0 => 1.0,
        k if k == steps => 1.0,
        k if k % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let terms = (0..=steps).map(|k| weight(k) * f(h * f64::from(k)));
    (h / 3.0 * terms.sum::<f64>()).ln()
}

const WITHIN: f64 = 0.99;

/// Prior N(15, 1) each, likelihood a normal around 0 with variances 1 and covariances 0.99.
#[model]
fn far_out() {
    let x: [f64; 8] = sample(Normal::new(15.0, 1.0).iid());
    let sum: Real = x.iter().copied().sum();
    let squares: Real = x.iter().map(|x| x * x).sum();
    factor(ln_even_normal(squares, sum, 1.0));
}

/// ln density of eight numbers with mean 0, this variance each and covariances 0.99, from their sum and that of their
/// squares: the covariance has the eigenvalue variance + 7·0.99 along (1, …, 1), and variance − 0.99 seven times.
fn ln_even_normal<T>(squares: T, sum: T, variance: f64) -> T
where
    T: Copy + std::ops::Mul<Output = T> + std::ops::Mul<f64, Output = T>,
    T: std::ops::Add<Output = T> + std::ops::Sub<f64, Output = T>,
{
    let (along, across) = (variance + 7.0 * WITHIN, variance - WITHIN);
    let ln_determinant = along.ln() + 7.0 * across.ln();
    let mean_square = sum * sum * (1.0 / 8.0);
    squares * (-0.5 / across) + mean_square * (0.5 / across - 0.5 / along)
        - 0.5 * (8.0 * TAU.ln() + ln_determinant)
}

/// A normal with variances 10 and 0.1 and covariance `rho`, in a box six to seven standard deviations wide to each side.
#[model]
fn dense(rho: f64) {
    let x: f64 = sample(Uniform::new(-20.0, 20.0));
    let y: f64 = sample(Uniform::new(-2.0, 2.0));
    let determinant = 1.0 - rho * rho;
    let quadratic = (0.1 * x * x - 2.0 * rho * x * y + 10.0 * y * y) / determinant;
    factor(-0.5 * quadratic - 0.5 * determinant.ln() - TAU.ln());
}

const LAYERS: i32 = 12;
const RATIO: f64 = 0.7;

/// Cubes within cubes, each 0.7 times as wide as the last, the likelihood constant on each layer: e^k on layer k.
#[model]
fn wedding_cake() {
    let x: [f64; 3] = sample(Uniform::new(-1.0, 1.0).iid());
    let mut height = 0.0;
    for k in 1..=LAYERS {
        let side = RATIO.powi(k);
        if x[0].abs() <= side && x[1].abs() <= side && x[2].abs() <= side {
            height = f64::from(k);
        }
    }
    factor(height);
}

fn wedding_cake_evidence() -> f64 {
    let volume = |k: i32| RATIO.powi(3 * k);
    let layers: f64 = (0..LAYERS)
        .map(|k| (volume(k) - volume(k + 1)) * f64::from(k).exp())
        .sum();
    (layers + volume(LAYERS) * f64::from(LAYERS).exp()).ln()
}

/// All of them, with so many seeds.
pub fn rows(divisor: u64) -> Result<Vec<f64>, ppl::Error> {
    let many = (400 / divisor).max(1);
    let far = ln_even_normal(8.0 * 225.0, 8.0 * 15.0, 2.0);
    let error_function = 0.842_700_792_949_714_9;
    let half_normal = 0.5 * std::f64::consts::PI.sqrt() * error_function;
    let scores = [
        row(
            "JAXNS basic, exp(−x²)",
            &minus_square(),
            half_normal.ln(),
            many,
        )?,
        row(
            "JAXNS basic2, 1 − x²",
            &parabola(),
            (2.0f64 / 3.0).ln(),
            many,
        )?,
        row(
            "JAXNS basic3, a sum",
            &sum_of_two(),
            sum_of_two_evidence(),
            many,
        )?,
        row("JAXNS basic_mvn, d = 8", &far_out(), far, many)?,
        row("NumPyro dense, −0.7", &dense(-0.7), -(160f64.ln()), many)?,
        row("NumPyro dense, 0.8", &dense(0.8), -(160f64.ln()), many)?,
        row(
            "wedding cake, d = 3",
            &wedding_cake(),
            wedding_cake_evidence(),
            many,
        )?,
    ];
    Ok(scores.concat())
}
