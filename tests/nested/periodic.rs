//! Coordinates that go round a circle, in the nested sampler: problems whose bulk lies across the ends of the cube, beside
//! the same turned so that it does not.

use ppl::prelude::*;
use ppl_runtime::infer::nested::{Checkpoint, Proposal};
use std::f64::consts::{PI, TAU};

#[model]
fn heading(y: &[f64], location: f64) {
    let angle: f64 = sample(VonMises::new(location, 0.5));
    observe(y, VonMises::new(angle, 4.0).iid());
}

/// I₀ by its integral; the trapezoidal rule is exact to rounding here.
fn bessel(k: f64) -> f64 {
    let n = 400;
    (0..n)
        .map(|i| (k * (TAU * f64::from(i) / f64::from(n)).cos()).exp())
        .sum::<f64>()
        / f64::from(n)
}

fn wrap(x: f64) -> f64 {
    x - TAU * (x / TAU).round()
}

const OFF: [f64; 6] = [0.1, -0.4, 0.3, -0.2, 0.6, 0.05];

/// ∫ exp(κ₀ cos θ + κ Σ cos(yᵢ − θ)) dθ is 2π I₀ of the length of the sum of the vectors.
fn heading_evidence() -> f64 {
    let x = 0.5 + OFF.iter().map(|y| 4.0 * y.cos()).sum::<f64>();
    let y: f64 = OFF.iter().map(|y| 4.0 * y.sin()).sum();
    let n = OFF.len() as f64;
    bessel(x.hypot(y)).ln() - bessel(0.5).ln() - n * (TAU * bessel(4.0)).ln()
}

/// Mean and rms of z over seeds, and evaluations a run.
fn scores<M: Model + Sync>(sampler: &NestedSampler<'_, M>, exact: f64) -> (f64, f64, f64) {
    let seeds = 10;
    let (mut sum, mut squares, mut evaluations) = (0.0, 0.0, 0);
    for seed in 0..seeds {
        let run = sampler.clone().seed(seed).run().unwrap();
        let z = (run.log_evidence().mean - exact) / run.log_evidence().sd;
        sum += z;
        squares += z * z;
        evaluations += run.likelihood_evaluations();
    }
    let n = seeds as f64;
    (sum / n, (squares / n).sqrt(), evaluations as f64 / n)
}

/// Ten seeds: the mean of z has a standard deviation of 0.32, its rms one of 0.22.
fn compare<M: Model + Sync>(
    across: &NestedSampler<'_, M>,
    within: &NestedSampler<'_, M>,
    exact: f64,
) {
    for proposal in [Proposal::Auto, Proposal::Slices] {
        let (mean, rms, cost) = scores(&across.clone().proposal(proposal), exact);
        let (other_mean, other_rms, other_cost) = scores(&within.clone().proposal(proposal), exact);
        println!(
            "{proposal:?}: {mean:+.2} {rms:.2} {cost}, turned {other_mean:+.2} {other_rms:.2} {other_cost}"
        );
        assert!(mean.abs() < 1.2 && rms < 1.8, "{proposal:?}: {mean}, {rms}");
        assert!(other_mean.abs() < 1.2 && other_rms < 1.8);
        assert!(
            cost < 1.25 * other_cost,
            "{proposal:?}: {cost} evaluations, turned {other_cost}"
        );
    }
}

#[test]
fn angles_across_the_cut_cost_what_others_do() {
    let at = |centre: f64| OFF.map(|y| wrap(centre + y)).to_vec();
    let (across, within) = (at(PI), at(0.0));
    let (across, within) = (heading(&across, PI), heading(&within, 0.0));
    compare(
        &NestedSampler::new(&across).live_points(200),
        &NestedSampler::new(&within).live_points(200),
        heading_evidence(),
    );
}

const PULLS: [f64; 3] = [12.0, 8.0, 15.0];

/// Two angles that are drawn to `centre` and to each other.
#[model]
fn torus(centre: f64) {
    let a: f64 = sample(Uniform::new(0.0, 1.0));
    let b: f64 = sample(Uniform::new(0.0, 1.0));
    let cos = |x: Real| (TAU * x).cos();
    factor(PULLS[0] * cos(a - centre) + PULLS[1] * cos(b - centre) + PULLS[2] * cos(a - b));
}

fn torus_evidence() -> f64 {
    let n = 400;
    let cos = |k: i32| (TAU * f64::from(k) / f64::from(n)).cos();
    let sum: f64 = (0..n)
        .flat_map(|a| {
            (0..n).map(move |b| PULLS[0] * cos(a) + PULLS[1] * cos(b) + PULLS[2] * cos(a - b))
        })
        .map(f64::exp)
        .sum();
    (sum / f64::from(n * n)).ln()
}

#[test]
fn sites_are_periodic_that_are_said_to_be() {
    let (across, within) = (torus(0.0), torus(0.5));
    let sampler = NestedSampler::new(&across).live_points(200);
    compare(
        &sampler.clone().periodic("a").periodic("b"),
        &NestedSampler::new(&within).live_points(200),
        torus_evidence(),
    );
    let draws = sampler
        .periodic("a")
        .periodic("b")
        .run()
        .unwrap()
        .draws(2000, 1)
        .unwrap();
    let low = draws.mean(|d| f64::from(u8::from(d.a < 0.5)));
    assert!(
        (low - 0.5).abs() < 0.15,
        "{low} of the draws on one side of the cut"
    );
}

#[model]
fn counted() {
    let angle: f64 = sample(Uniform::new(0.0, 1.0));
    let count: usize = sample(Poisson::new(2.0));
    factor(angle * count as f64);
}

#[test]
fn sites_that_cannot_be_periodic_are_named() {
    let model = counted();
    let error = |site| {
        let run = NestedSampler::new(&model).periodic(site).run();
        run.err().map(|e| e.to_string()).unwrap_or_default()
    };
    let unknown = error("angel");
    assert!(
        unknown.contains("`angel`") && unknown.contains("`angle`"),
        "{unknown}"
    );
    let discrete = error("count");
    assert!(
        discrete.contains("`count`") && discrete.contains("not continuous"),
        "{discrete}"
    );
}

#[test]
fn checkpoints_know_what_was_periodic() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("periodic.nested");
    let _ = std::fs::remove_file(&path);
    let model = torus(0.0);
    let sampler = NestedSampler::new(&model)
        .live_points(50)
        .checkpoint(Checkpoint::new(&path));
    sampler.clone().periodic("a").run().unwrap();
    let error = sampler.periodic("b").run().unwrap_err().to_string();
    assert!(error.contains("`periodic`"), "{error}");
}
