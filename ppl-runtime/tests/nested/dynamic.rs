//! Dynamic allocation: points go where they are wanted, and the evidence stays calibrated.

use super::nested_problems::{Problem, named};
use ppl_runtime::infer::nested::{Allocation, Condition, Proposal, Record, Settings, run};

fn sampled(problem: &Problem, settings: &Settings) -> Record {
    run(problem, settings, &mut |_| ()).unwrap()
}

fn settings(seed: u64) -> Settings {
    Settings {
        seed,
        live_points: Some(60),
        ..Settings::default()
    }
}

fn dynamic(seed: u64, posterior: f64, stop: Condition) -> Settings {
    Settings {
        stop: Some(stop),
        allocation: Allocation::Dynamic { posterior },
        ..settings(seed)
    }
}

/// rms and mean of z over the seeds: of n standard normals they lie within 1 ± 0.71·4/√n and 4/√n but for once in
/// some ten thousand.
fn check(problem: &Problem, settings: impl Fn(u64) -> Settings) {
    let n = 40;
    let (mut mean, mut squares) = (0.0, 0.0);
    for seed in 0..n {
        let evidence = sampled(problem, &settings(seed)).evidence();
        let z = (evidence.mean - problem.log_evidence) / evidence.sd;
        mean += z / n as f64;
        squares += z * z / n as f64;
    }
    let four = 4.0 / (n as f64).sqrt();
    let rms = squares.sqrt();
    assert!(mean.abs() < four, "mean z {mean}");
    assert!((rms - 1.0).abs() < 0.71 * four, "rms z {rms}");
}

#[test]
fn evidence_stays_calibrated_whatever_is_wanted() {
    for name in ["normal mean", "shells 2"] {
        for posterior in [0.0, 1.0] {
            check(&named(name), |seed| {
                dynamic(seed, posterior, Condition::Samples(1500))
            });
        }
    }
}

#[test]
fn slices_stay_calibrated_too() {
    check(&named("standard normal 10"), |seed| Settings {
        proposal: Proposal::Slices,
        ..dynamic(seed, 1.0, Condition::Samples(1500))
    });
}

#[test]
fn points_go_where_they_are_wanted() {
    let problem = named("eight schools");
    let samples = Condition::Samples(4000);
    let of = |posterior| sampled(&problem, &dynamic(1, posterior, samples.clone()));
    let runs = sampled(
        &problem,
        &Settings {
            stop: Some(samples.clone()),
            ..settings(1)
        },
    );
    let (for_evidence, for_posterior) = (of(0.0), of(1.0));
    let ess = |record: &Record| record.effective_samples() / record.len() as f64;
    assert!(
        ess(&for_posterior) > 1.5 * ess(&runs),
        "{} {}",
        ess(&for_posterior),
        ess(&runs)
    );
    let precision = |record: &Record| 1.0 / (record.evidence().sd.powi(2) * record.len() as f64);
    assert!(precision(&for_evidence) > 1.1 * precision(&for_posterior));
    // The live points add up at every contour.
    assert!(for_posterior.live_counts().iter().all(|&n| n > 0));
}

#[test]
fn the_posterior_is_the_same() {
    // The mean of a conjugate normal: Σx/(n + 1/9), variance 1/(n + 1/9).
    let problem = named("normal mean");
    let (mean, sd) = (5.5 / (5.0 + 1.0 / 9.0), (5.0f64 + 1.0 / 9.0).recip().sqrt());
    let record = sampled(
        &problem,
        &dynamic(4, 1.0, Condition::EffectiveSamples(4000.0)),
    );
    let weights = record.log_weights();
    let log_z = record.evidence().mean;
    let quantile = |u: f64| -std::f64::consts::SQRT_2 * statrs::function::erf::erfc_inv(2.0 * u);
    let found: f64 = (0..record.len())
        .map(|i| (weights[i] - log_z).exp() * 3.0 * quantile(record.point(i)[0]))
        .sum();
    assert!(
        (found - mean).abs() < 4.5 * sd / 4000f64.sqrt(),
        "{found} {mean}"
    );
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let problem = named("shells 5");
    let settings = dynamic(9, 0.8, Condition::Samples(3000));
    let runs = [1, 3].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| sampled(&problem, &settings))
    });
    assert_eq!(runs[0].u, runs[1].u);
    assert_eq!(runs[0].log_l, runs[1].log_l);
    assert_eq!(runs[0].evaluations, runs[1].evaluations);
}
