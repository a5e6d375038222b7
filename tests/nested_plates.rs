//! Slices by plates of the nested sampler: hierarchical models whose group effects integrate out in closed form.

use ppl::prelude::*;
use ppl_runtime::infer::nested::Proposal;
use ppl_runtime::random::{Purpose, Rng, keyed};
use rand::RngExt;
use rand_distr::StandardNormal;
use std::f64::consts::{FRAC_2_PI, TAU};

#[model]
fn groups(y: &[Vec<f64>]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    let spread: f64 = sample(HalfNormal::new(1.0));
    let noise: f64 = sample(HalfNormal::new(1.0));
    plate(y.len(), |g| {
        let effect: f64 = sample(Normal::new(mean, spread));
        observe(&y[g], Normal::new(effect, noise).iid());
    });
}

/// Groups of 1 to 8 data.
fn data(groups: usize, [mean, spread, noise]: [f64; 3], seed: u64) -> Vec<Vec<f64>> {
    let rng: &mut Rng = &mut keyed(seed, Purpose::User, 0, 0);
    let mut normal = || -> f64 { rng.sample(StandardNormal) };
    (0..groups)
        .map(|g| {
            let effect = mean + spread * normal();
            (0..1 + g % 8).map(|_| effect + noise * normal()).collect()
        })
        .collect()
}

/// ln Z of `groups`: effects and mean in closed form, spread and noise by the trapezoidal rule on their logarithms.
fn evidence(y: &[Vec<f64>]) -> f64 {
    let groups: Vec<[f64; 3]> = y
        .iter()
        .map(|y| {
            let n = y.len() as f64;
            let mean = y.iter().sum::<f64>() / n;
            let within = y.iter().map(|y| (y - mean).powi(2)).sum();
            [n, mean, within]
        })
        .collect();
    let half_normal = |x: f64| 0.5 * FRAC_2_PI.ln() - 0.5 * x * x;
    let given = |spread: f64, noise: f64| {
        let (t2, s2) = (spread * spread, noise * noise);
        let (mut ln_p, mut a, mut b, mut c) = (0.0, 1.0, 0.0, 0.0);
        for [n, mean, within] in &groups {
            let variance = s2 + n * t2;
            ln_p -= 0.5 * (n * TAU.ln() + (n - 1.0) * s2.ln() + variance.ln() + within / s2);
            a += n / variance;
            b += n * mean / variance;
            c += n * mean * mean / variance;
        }
        ln_p + 0.5 * (b * b / a - c - a.ln())
    };
    let steps = 400;
    let grid = |from: f64, to: f64| {
        let h = (to - from) / f64::from(steps);
        (0..=steps).map(move |k| (from + h * f64::from(k), h))
    };
    let mut terms = Vec::new();
    for (ln_spread, h) in grid(-12.0, 2.0) {
        for (ln_noise, k) in grid(-3.0, 2.0) {
            let (spread, noise) = (ln_spread.exp(), ln_noise.exp());
            let prior = half_normal(spread) + half_normal(noise) + ln_spread + ln_noise;
            terms.push(given(spread, noise) + prior + (h * k).ln());
        }
    }
    let max = terms.iter().fold(f64::NEG_INFINITY, |m, t| m.max(*t));
    max + terms.iter().map(|t| (t - max).exp()).sum::<f64>().ln()
}

#[test]
fn evidence_of_groups_is_unbiased() {
    let y = data(20, [0.3, 0.5, 0.7], 1);
    let exact = evidence(&y);
    let model = groups(&y);
    let z: Vec<f64> = (0..12)
        .map(|seed| {
            let run = NestedSampler::new(&model)
                .proposal(Proposal::PlateSlices)
                .seed(seed)
                .run()
                .unwrap();
            let e = run.log_evidence();
            let z = (e.mean - exact) / e.sd;
            println!(
                "{e}, exactly {exact:.3}: z = {z:+.2}; {} evaluations",
                run.likelihood_evaluations()
            );
            z
        })
        .collect();
    let n = z.len() as f64;
    let mean = z.iter().sum::<f64>() / n;
    let rms = (z.iter().map(|z| z * z).sum::<f64>() / n).sqrt();
    println!("mean z {mean:+.2}, rms {rms:.2}");
    // The mean of twelve standard normal numbers has a standard deviation of 0.29, their rms one of 0.2.
    assert!(mean.abs() < 1.0 && rms < 1.7, "mean z {mean}, rms {rms}");
}

fn timed(groups_count: usize, seeds: u64, truth: [f64; 3]) {
    let y = data(groups_count, truth, 2);
    let exact = evidence(&y);
    let model = groups(&y);
    for seed in 0..seeds {
        let start = std::time::Instant::now();
        let run = NestedSampler::new(&model)
            .proposal(Proposal::PlateSlices)
            .seed(seed)
            .run()
            .unwrap();
        let e = run.log_evidence();
        println!(
            "{} latents: {e}, exactly {exact:.3}: z = {:+.2}; {} evaluations, {:.1} s",
            groups_count + 3,
            (e.mean - exact) / e.sd,
            run.likelihood_evaluations(),
            start.elapsed().as_secs_f64()
        );
        println!(
            "{:?} slices {} restarts {} ranks {:?}",
            run.information(),
            run.record().slices,
            run.record().restarts,
            run.record().rank_test
        );
    }
}

#[test]
#[ignore = "a minute on two cores"]
fn evidence_of_two_hundred_groups() {
    timed(200, 1, [0.3, 0.5, 0.7]);
}

#[test]
#[ignore = "exp"]
fn fifty() {
    timed(50, 4, [0.3, 0.5, 0.7]);
    timed(50, 4, [0.3, 1.0, 0.2]);
}
