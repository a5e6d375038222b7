//! Problems of more dimensions, with fewer seeds.

use super::{row, shells};
use ppl::prelude::*;
use std::f64::consts::{LN_2, PI, TAU};

/// −Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)²: a curved valley that chains take long to pass through.
#[model]
fn rosenbrock<const D: usize>() {
    let x: [f64; D] = sample(Uniform::new(-5.0, 5.0).iid());
    let mut sum = Real::from(0.0);
    for i in 1..D {
        sum += 100.0 * (x[i] - x[i - 1].powi(2)).powi(2) + (1.0 - x[i - 1]).powi(2);
    }
    factor(-sum);
}

/// z | θ ~ N(0, e^θ) each, e^θ the variance, but z has a flat prior: the likelihood has the funnel, not the prior.
#[model]
fn funnel() {
    let theta: f64 = sample(Normal::new(0.0, 3.0));
    let z: [f64; 10] = sample(Uniform::new(-10.0, 10.0).iid());
    let squares: Real = z.iter().map(|z| z * z).sum();
    factor(-0.5 * squares * (-theta).exp() - 5.0 * theta - 5.0 * TAU.ln());
}

#[model]
fn noisy_zeros<const D: usize>(zero: &[f64; D]) {
    let x: [f64; D] = sample(Normal::new(0.0, 1.0).iid());
    observe(zero, Normal::new(&x, 1.0));
}

/// Covariance 0.6 I + 0.4·11ᵀ in a cube of side 10.
#[model]
fn correlated<const D: usize>() {
    let x: [f64; D] = sample(Uniform::new(-5.0, 5.0).iid());
    let sum: Real = x.iter().copied().sum();
    let squares: Real = x.iter().map(|x| x * x).sum();
    let d = D as f64;
    let ln_determinant = (d - 1.0) * 0.6f64.ln() + (0.6 + 0.4 * d).ln();
    let quadratic = (squares - sum * sum * (0.4 / (0.6 + 0.4 * d))) / 0.6;
    factor(-0.5 * quadratic - 0.5 * (d * TAU.ln() + ln_determinant));
}

/// Log-gamma and normal marginals, two of them with two modes: ln Z = 0 (Feroz, Hobson, Cameron & Pettitt 2013, §5.4).
#[model]
fn log_gamma() {
    let x: [f64; 10] = sample(Uniform::new(0.0, 1.0).iid());
    let gamma = |x: Real, centre: f64| {
        let z = (x - centre) * 30.0;
        z - z.exp() + 30f64.ln()
    };
    let normal = |x: Real, centre: f64| {
        let z = (x - centre) * 30.0;
        -0.5 * z * z + 30f64.ln() - 0.5 * TAU.ln()
    };
    let (low, high) = (1.0 / 3.0, 2.0 / 3.0);
    let mut sum = log_sum_exp(&[gamma(x[0], low), gamma(x[0], high)]) - LN_2;
    sum += log_sum_exp(&[normal(x[1], low), normal(x[1], high)]) - LN_2;
    for i in 2..10 {
        sum += if i < 6 {
            gamma(x[i], high)
        } else {
            normal(x[i], high)
        };
    }
    factor(sum);
}

/// Equal parts of N(0, I) and of a normal a hundred times smaller in volume, in a cube of side 20.
#[model]
fn spike_and_slab() {
    let x: [f64; 8] = sample(Uniform::new(-10.0, 10.0).iid());
    let squares: Real = x.iter().map(|x| x * x).sum();
    let normal = |sd: f64| -0.5 / (sd * sd) * squares - 8.0 * (sd * TAU.sqrt()).ln();
    factor(log_sum_exp(&[normal(1.0), normal(100f64.powf(-1.0 / 8.0))]) - LN_2);
}

/// Problems that take longer, with fewer seeds.
pub fn rows(divisor: u64) -> Result<Vec<f64>, ppl::Error> {
    let (many, few) = ((100 / divisor).max(1), (30 / divisor).max(1));
    let fewest = (few / 5).max(1);
    let scores = [
        row("Rosenbrock, d = 2", &rosenbrock::<2>(), -5.8041, many)?,
        row("Rosenbrock, d = 5", &rosenbrock::<5>(), -19.7324, many)?,
        row("Rosenbrock, d = 10", &rosenbrock::<10>(), -43.1084, few)?,
        row("Rosenbrock, d = 20", &rosenbrock::<20>(), -90.2655, fewest)?,
        row("log-gamma, d = 10", &log_gamma(), 0.0, few)?,
        row(
            "spike and slab, d = 8",
            &spike_and_slab(),
            -8.0 * 20f64.ln(),
            many,
        )?,
        row("funnel, d = 11", &funnel(), -30.09813, few)?,
        row("shells, d = 20", &shells::<20>(), -36.086548, few)?,
        row("shells, d = 30", &shells::<30>(), -60.127767, few)?,
        row("shells, d = 50", &shells::<50>(), -112.415, fewest)?,
        row(
            "standard normal, d = 50",
            &noisy_zeros(&[0.0; 50]),
            -25.0 * (4.0 * PI).ln(),
            few,
        )?,
        row(
            "correlated normal, d = 20",
            &correlated::<20>(),
            -20.0 * 10f64.ln(),
            few,
        )?,
        row(
            "correlated normal, d = 50",
            &correlated::<50>(),
            -50.0 * 10f64.ln(),
            few,
        )?,
        row(
            "correlated normal, d = 100",
            &correlated::<100>(),
            -100.0 * 10f64.ln(),
            fewest,
        )?,
    ];
    Ok(scores.concat())
}
