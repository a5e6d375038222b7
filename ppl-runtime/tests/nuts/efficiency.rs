//! Effective samples per gradient, against Stan's on the same densities.

use super::problems::*;
use ppl_runtime::infer::nuts::{Adaptation, LogDensity, Metric, Settings};
use std::hint::black_box;
use std::time::Instant;

/// The smallest bulk effective size over the leapfrog steps of the kept transitions, the mean one over them, and the
/// smallest over those of the warm-up too: means over seeds of 4 chains of 1,000 + 1,000.
type Ratios = [f64; 3];

/// By PyStan 3.10 at its defaults, with effective sizes by ArviZ 0.23: 60 seeds (standard errors 1.9, 1.9, 1.4 %).
const STAN_SCHOOLS: Ratios = [0.066503, 0.12137, 0.031293];
/// 40 seeds (3.9, 3.5, 3.9 %).
const STAN_NORMAL: Ratios = [0.011877, 0.013693, 0.0052799];
/// 15 seeds (2.1, 1.3, 1.9 %).
const STAN_LOGISTIC: Ratios = [0.10565, 0.11771, 0.053642];

/// Ours, with their relative standard errors.
fn ours(density: &impl LogDensity, adaptation: Adaptation, seeds: u64) -> [(f64, f64); 3] {
    let mut ratios = [const { Vec::new() }; 3];
    for seed in 1..=seeds {
        let chains = sampled(
            density,
            &Settings {
                seed,
                adaptation,
                ..Settings::default()
            },
        );
        let (min, mean) = ess(&chains, density.dim());
        let kept: u32 = chains
            .iter()
            .flat_map(|c| &c.transitions)
            .map(|t| t.leapfrogs)
            .sum();
        let warmup: u32 = chains
            .iter()
            .flat_map(|c| &c.warmup)
            .map(|t| t.leapfrogs)
            .sum();
        let (kept, all) = (f64::from(kept), f64::from(kept + warmup));
        for (list, ratio) in ratios.iter_mut().zip([min / kept, mean / kept, min / all]) {
            list.push(ratio);
        }
    }
    ratios.map(|list| {
        let n = list.len() as f64;
        let mean = list.iter().sum::<f64>() / n;
        let variance = list.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, (variance / n).sqrt() / mean)
    })
}

/// At most a tenth below Stan, with either way to learn the metric.
fn compare(name: &str, density: &impl LogDensity, seeds: u64, stan: Ratios) {
    compare_one(name, density, Adaptation::Stan, seeds, stan);
    compare_one(name, density, Adaptation::Fisher, seeds, stan);
}

fn compare_one(name: &str, density: &impl LogDensity, way: Adaptation, seeds: u64, stan: Ratios) {
    for ((ours, error), stan) in ours(density, way, seeds).into_iter().zip(stan) {
        println!(
            "{name}, {way:?}: {ours:.5} ± {:.1} %, Stan {stan:.5}: {:.3}",
            100.0 * error,
            ours / stan
        );
        assert!(
            ours > 0.9 * stan,
            "{name}: {ours} (± {error} of it) against {stan}"
        );
    }
}

#[test]
fn eight_schools() {
    compare("eight schools", &schools(), 40, STAN_SCHOOLS);
}

#[test]
fn correlated_normal() {
    compare("normal", &equicorrelated(50, 0.4), 40, STAN_NORMAL);
}

#[test]
fn logistic_regression() {
    compare("logistic regression", &logistic(), 8, STAN_LOGISTIC);
}

#[test]
fn low_rank_metric_pays_on_the_correlated_normal() {
    // One wide direction of 50: without its correlation the smallest effective size must grow severalfold.
    let per_gradient = |metric| {
        let density = equicorrelated(50, 0.4);
        let chains = sampled(
            &density,
            &Settings {
                metric,
                ..Settings::default()
            },
        );
        ess(&chains, 50).0 / chains.iter().map(|c| c.gradients as f64).sum::<f64>()
    };
    assert!(per_gradient(Metric::LowRank) > 3.0 * per_gradient(Metric::Diagonal));
}

/// Wall time of a leapfrog step on one thread, and of the gradient alone. `cargo test --release -- --ignored --nocapture clock`
#[test]
#[ignore = "a clock, not a test"]
fn clock() {
    fn fastest(repeats: u32, mut f: impl FnMut() -> f64) -> f64 {
        (0..repeats).map(|_| f()).fold(f64::INFINITY, f64::min)
    }
    fn one(name: &str, density: &impl LogDensity, metric: Metric) {
        let settings = Settings {
            metric,
            chains: 1,
            draws: 5000,
            ..Settings::default()
        };
        let step = fastest(20, || {
            let start = Instant::now();
            let chains = sampled(density, &settings);
            1e9 * start.elapsed().as_secs_f64() / chains[0].gradients as f64
        });
        let (u, mut g) = (vec![0.3; density.dim()], vec![0.0; density.dim()]);
        let worker = &mut density.worker();
        let gradient = fastest(20, || {
            let start = Instant::now();
            for _ in 0..100_000 {
                black_box(density.value_and_gradient(worker, black_box(&u), &mut g));
            }
            1e4 * start.elapsed().as_secs_f64()
        });
        println!("{name}, {metric:?}: {step:.0} ns a leapfrog step, the gradient {gradient:.0}");
    }
    one("normals 2", &normals(2, |_| 1.0), Metric::Diagonal);
    one("normals 10", &normals(10, |_| 1.0), Metric::Diagonal);
    one("normals 50", &normals(50, |_| 1.0), Metric::Diagonal);
    one("eight schools", &schools(), Metric::Diagonal);
    one("eight schools", &schools(), Metric::Dense);
    one("eight schools", &schools(), Metric::LowRank);
}
