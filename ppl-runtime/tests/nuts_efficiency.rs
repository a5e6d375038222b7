//! Effective samples per gradient, against Stan's on the same densities.

mod nuts_problems;

use nuts_problems::*;
use ppl_runtime::infer::nuts::{LogDensity, Metric, Settings, Trajectory};

/// What Stan gives: the mean over seeds of the smallest and of the mean bulk effective size, over the leapfrog steps of the
/// kept transitions and over all (4 chains, 1,000 + 1,000; PyStan 3.10, Stan 2.37), and the relative standard error of the worst.
struct Stan {
    min: f64,
    mean: f64,
    min_of_all: f64,
    error: f64,
}

/// Ours, the same way.
fn ours(density: &impl LogDensity, seeds: u64) -> [(f64, f64); 3] {
    let mut ratios = [const { Vec::new() }; 3];
    for seed in 1..=seeds {
        let chains = sampled(
            density,
            &Settings {
                seed,
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

/// Not more than a tenth below Stan, nor below it by more than chance explains.
fn compare(name: &str, density: &impl LogDensity, seeds: u64, stan: &Stan) {
    let exact = [stan.min, stan.mean, stan.min_of_all];
    for ((ours, error), stan_ratio) in ours(density, seeds).into_iter().zip(exact) {
        let ratio = ours / stan_ratio;
        println!(
            "{name}: {ours:.5} ± {:.1} %, Stan {stan_ratio:.5} ± {:.1} %: {ratio:.3}",
            100.0 * error,
            100.0 * stan.error
        );
        assert!(ratio > 0.9, "{name}: {ours} against {stan_ratio}");
    }
}
