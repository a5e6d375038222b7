//! Is the error bar of the evidence true? Problems whose evidence is known, over many seeds: z = (ln Ẑ − ln Z)/sd should
//! be standard normal.
//!
//! `cargo run --release --example nested_calibration` (some minutes); a number after `--` divides the seeds. `hard` takes
//! the problems of more dimensions, which take longer, `known` models of well-known data, `peers` what other samplers test
//! themselves by. Other words select problems by a part of their name.

mod hard;
mod known;
mod peers;

use ppl::nalgebra::{DMatrix, DVector};
use ppl::prelude::*;
use std::f64::consts::{PI, TAU};
use std::time::Instant;

#[model]
fn coin(heads: &[bool; 10]) {
    let fairness: f64 = sample(Beta::new(10.0, 10.0));
    observe(heads, Bernoulli::new(fairness).iid());
}

#[model]
fn regression(x: &[[f64; 3]], y: &[f64]) {
    let slopes: [f64; 3] = sample(Normal::new(0.0, 2.0).iid());
    observe(y, each(x, |row| Normal::new(dot(&slopes, row), 0.5)));
}

/// Two shells of radius 2 and width 0.1 with centres 7 apart, in a cube of side 12.
#[model]
fn shells<const D: usize>() {
    let x: [f64; D] = sample(Uniform::new(-6.0, 6.0).iid());
    let off_axis: Real = x[1..].iter().map(|v| v * v).sum();
    let shell = |centre: f64| {
        let radius = (off_axis + (x[0] - centre).powi(2)).sqrt();
        -0.5 * ((radius - 2.0) / 0.1).powi(2) - (0.1 * TAU.sqrt()).ln()
    };
    factor(log_sum_exp(&[shell(-3.5), shell(3.5)]));
}

#[model]
fn eggbox() {
    let x: [f64; 2] = sample(Uniform::new(0.0, 10.0 * PI).iid());
    factor((2.0 + (0.5 * x[0]).cos() * (0.5 * x[1]).cos()).powi(5));
}

#[model]
fn schools_centred(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfCauchy::new(5.0));
    let effects: [f64; 8] = sample(Normal::new(mean, spread).iid());
    observe(y, Normal::new(&effects, error));
}

#[model]
fn schools_non_centred(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfCauchy::new(5.0));
    let offsets: [f64; 8] = sample(Normal::new(0.0, 1.0).iid());
    let effects = offsets.map(|z| mean + spread * z);
    observe(y, Normal::new(&effects, error));
}

/// ln Z of a linear regression with slopes N(0, 2²) and noise N(0, 0.5²): y is normal with covariance 4XXᵀ + 0.25I.
fn regression_evidence(x: &[[f64; 3]], y: &[f64]) -> f64 {
    let n = y.len();
    let x = DMatrix::from_fn(n, 3, |i, j| x[i][j]);
    let covariance = &x * x.transpose() * 4.0 + DMatrix::identity(n, n) * 0.25;
    let factor = covariance.cholesky().expect("a covariance");
    let z = factor
        .l()
        .solve_lower_triangular(&DVector::from_column_slice(y))
        .expect("a factor");
    let ln_diagonal: f64 = factor.l().diagonal().iter().map(|d| d.ln()).sum();
    -0.5 * z.norm_squared() - ln_diagonal - 0.5 * n as f64 * TAU.ln()
}

/// Sets of further problems.
const SETS: [&str; 3] = ["hard", "known", "peers"];

/// The z-scores of one problem, printed as a row.
fn row<M: Model + Sync>(
    name: &str,
    model: &M,
    exact: f64,
    seeds: u64,
) -> Result<Vec<f64>, ppl::Error> {
    let mut words = std::env::args()
        .skip(1)
        .filter(|a| !SETS.contains(&&a[..]) && a.parse::<u64>().is_err())
        .peekable();
    if words.peek().is_some() && !words.any(|w| name.contains(&w)) {
        return Ok(Vec::new());
    }
    let start = Instant::now();
    let (mut z, mut bias, mut claimed) = (Vec::new(), 0.0, 0.0);
    for seed in 0..seeds {
        let evidence = NestedSampler::new(model)
            .seed(1000 + seed)
            .run()?
            .log_evidence();
        bias += (evidence.mean - exact) / seeds as f64;
        claimed += evidence.sd / seeds as f64;
        z.push((evidence.mean - exact) / evidence.sd);
    }
    let mean = z.iter().sum::<f64>() / z.len() as f64;
    println!(
        "| {name} | {seeds} | {exact:.4} | {bias:+.4} | {claimed:.4} | {:.2} | {mean:+.2} | {:.3} |",
        rms(&z),
        start.elapsed().as_secs_f64() / seeds as f64
    );
    Ok(z)
}

fn rms(z: &[f64]) -> f64 {
    (z.iter().map(|z| z * z).sum::<f64>() / z.len() as f64).sqrt()
}

fn main() -> Result<(), ppl::Error> {
    let divisor = std::env::args()
        .skip(1)
        .find_map(|a| a.parse().ok())
        .unwrap_or(1);
    let seeds = (400 / divisor).max(1);
    let heads = [
        true, true, true, true, true, true, false, false, false, false,
    ];
    let x: Vec<[f64; 3]> = (0..40)
        .map(f64::from)
        .map(|t| [1.0, t.sin(), (0.7 * t).cos()])
        .collect();
    let y: Vec<f64> = (0..40)
        .map(f64::from)
        .map(|t| 0.8 - 1.2 * t.sin() + 0.5 * (5.0 * t).cos())
        .collect();
    let effects = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    let error = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];

    println!("| problem | seeds | ln Z | bias | claimed sd | rms z | mean z | s a run |");
    println!("|---|---|---|---|---|---|---|---|");
    let set = |name: &str| std::env::args().any(|a| a == name);
    if SETS.iter().any(|name| set(name)) {
        let mut all = Vec::new();
        for (name, rows) in SETS.iter().zip([hard::rows, known::rows, peers::rows]) {
            if set(name) {
                all.extend(rows(divisor)?);
            }
        }
        println!("pooled rms z: {:.3} over {} runs", rms(&all), all.len());
        return Ok(());
    }
    let scores = [
        row("beta–binomial", &coin(&heads), -7.069375, seeds)?,
        row(
            "conjugate regression",
            &regression(&x, &y),
            regression_evidence(&x, &y),
            seeds,
        )?,
        row("shells, d = 2", &shells::<2>(), -1.745642, seeds)?,
        row("shells, d = 5", &shells::<5>(), -5.673601, seeds)?,
        row("shells, d = 10", &shells::<10>(), -14.590491, seeds)?,
        row("eggbox", &eggbox(), 235.855940, seeds)?,
        row(
            "eight schools, centred",
            &schools_centred(&effects, &error),
            -31.31135,
            seeds,
        )?,
        row(
            "eight schools, non-centred",
            &schools_non_centred(&effects, &error),
            -31.31135,
            seeds,
        )?,
    ];
    let all: Vec<f64> = scores.concat();
    println!("pooled rms z: {:.3} over {} runs", rms(&all), all.len());
    Ok(())
}
