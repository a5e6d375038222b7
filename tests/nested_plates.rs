//! Slices by plates of the nested sampler: hierarchical models whose group effects integrate out in closed form.

use ppl::prelude::*;
use ppl_runtime::infer::nested::{Checkpoint, Proposal};
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

fn timed(count: usize, seeds: u64, truth: [f64; 3]) {
    let y = data(count, truth, 2);
    let exact = evidence(&y);
    let model = groups(&y);
    let get = |name| std::env::var(name).ok().and_then(|s| s.parse().ok());
    let first = get("NESTED_FROM").unwrap_or(0);
    for seed in first..first + get("NESTED_SEEDS").unwrap_or(seeds) {
        let start = std::time::Instant::now();
        let sampler = NestedSampler::new(&model).proposal(Proposal::PlateSlices);
        let run = sampler.seed(seed).run().unwrap();
        let e = run.log_evidence();
        let z = (e.mean - exact) / e.sd;
        println!(
            "{count} groups {truth:?}, seed {seed}: {e}, exactly {exact:.3}: z = {z:+.2}; volumes {:.3}, strands {:.3}, H {:.0}, {} \
             evaluations, {:.1} s",
            run.evidence().sd_shrinkage,
            run.evidence().sd_strands,
            run.information(),
            run.likelihood_evaluations(),
            start.elapsed().as_secs_f64()
        );
        assert!(z.abs() < 3.0);
    }
}

#[test]
#[ignore = "a minute on two cores"]
fn evidence_of_fifty_groups_of_which_much_is_known() {
    timed(50, 2, [0.3, 1.0, 0.2]);
}

#[test]
#[ignore = "six minutes on two cores"]
fn evidence_of_two_hundred_groups() {
    timed(200, 2, [0.3, 0.5, 0.7]);
}

#[test]
#[ignore = "half an hour on two cores"]
fn evidence_of_a_thousand_groups() {
    timed(1000, 1, [0.3, 0.5, 0.7]);
}

#[model]
fn value_is_read(y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    let effects = plate(y.len(), |_| {
        let effect: f64 = sample(Normal::new(mean, 1.0));
        effect
    });
    plate(y.len(), |g| {
        observe(y[g], Normal::new(effects[g], 1.0));
    });
}

#[test]
fn plates_that_are_read_outside_are_refused() {
    let y = [0.3; 40];
    let model = value_is_read(&y);
    let sampler = NestedSampler::new(&model)
        .live_points(20)
        .remaining_evidence(0.9);
    let error = sampler
        .clone()
        .proposal(Proposal::PlateSlices)
        .run()
        .unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("PlateSlices") && error.contains("without a value"),
        "{error}"
    );
    // Where nobody asked for it the model runs as it is.
    assert!(sampler.run().is_ok());
}

#[test]
fn models_without_plates_are_refused() {
    let y = [0.3];
    let error = NestedSampler::new(&plain(&y))
        .proposal(Proposal::PlateSlices)
        .run();
    assert!(error.unwrap_err().to_string().contains("no plate"));
}

#[model]
fn plain(y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(mean, 1.0).iid());
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let y = data(20, [0.3, 0.5, 0.7], 3);
    let model = groups(&y);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let sampler = NestedSampler::new(&model).proposal(Proposal::PlateSlices);
            let run = sampler.live_points(50).seed(5).run().unwrap();
            (*run.evidence(), run.likelihood_evaluations())
        })
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn interrupted_runs_go_on_to_the_same_bits() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("plates.nested");
    let _ = std::fs::remove_file(&path);
    let y = data(20, [0.3, 0.5, 0.7], 3);
    let model = groups(&y);
    let sampler = NestedSampler::new(&model)
        .proposal(Proposal::PlateSlices)
        .live_points(50);
    let whole = sampler.run().unwrap();
    let part = sampler.clone().checkpoint(Checkpoint::new(&path));
    let half = part
        .clone()
        .max_evaluations(whole.likelihood_evaluations() / 2);
    assert!(half.run().unwrap().likelihood_evaluations() < whole.likelihood_evaluations());
    assert_eq!(part.run().unwrap().evidence(), whole.evidence());
    let other = part
        .proposal(Proposal::Slices)
        .run()
        .unwrap_err()
        .to_string();
    assert!(other.contains("proposal"), "{other}");
}

/// Elements that differ in what they have: states that are summed out, several latents, weights, a plate of their own;
/// and a plate without latents.
#[model]
fn all_kinds(y: &[f64], x: &[f64], v: &[f64], weights: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    plate(y.len(), |i| {
        let effect: f64 = sample(Normal::new(mean, 1.0));
        #[enumerate]
        let high: bool = sample(Bernoulli::new(0.3));
        observe(
            y[i],
            Normal::new(if high { effect + 3.0 } else { effect }, 0.5),
        );
    });
    plate(y.len(), |i| {
        let shape: [f64; 2] = sample(Normal::new(mean, 1.0).iid());
        plate(i % 3, |j| {
            let inner: f64 = sample(Normal::new(shape[0], 1.0));
            observe(x[j], Normal::new(inner, shape[1].exp()));
        });
    })
    .scale(weights);
    plate(v.len(), |i| {
        observe(v[i], Normal::new(mean, 2.0));
    });
}

#[test]
fn all_kinds_of_plates_are_taken_apart() {
    let y: Vec<f64> = (0..12).map(|i| 0.4 * f64::from(i) - 1.0).collect();
    let weights: Vec<f64> = y.iter().map(|y| 1.0 / (1.0 + y * y)).collect();
    let model = all_kinds(&y, &y, &y, &weights);
    let run = |proposal| {
        let sampler = NestedSampler::new(&model)
            .live_points(150)
            .proposal(proposal);
        sampler.run().unwrap().log_evidence()
    };
    let (plates, whole) = (run(Proposal::PlateSlices), run(Proposal::Slices));
    let sd = plates.sd.hypot(whole.sd);
    assert!(
        (plates.mean - whole.mean).abs() < 4.0 * sd,
        "{plates}, by whole slices {whole}"
    );
}

#[model]
fn mixed_effects(y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    plate(y.len(), |i| {
        let effect: f64 = sample(Normal::new(mean, 1.0));
        #[enumerate]
        let high: bool = sample(Bernoulli::new(0.3));
        observe(
            y[i],
            Normal::new(if high { effect + 3.0 } else { effect }, 0.5),
        );
    });
}

/// A plate that is summed a block at a time reads the latents of each element once.
#[test]
fn summed_elements_have_their_own_coordinates() {
    use ppl_runtime::dist::{Normal as N, family::Family};
    let y: Vec<f64> = (0..20).map(|i| 0.3 * f64::from(i) - 1.0).collect();
    let u: Vec<f64> = (0..21).map(|i| (0.5 + f64::from(i)) / 21.0).collect();
    let mean = <N>::quantile(u[0], &[0.0, 1.0]);
    let term = |(y, u): (&f64, &f64)| {
        let effect = <N>::quantile(*u, &[mean, 1.0]);
        let ln_p = |x: f64| <N>::log_density(*y, &[x, 0.5]);
        (0.3 * ln_p(effect + 3.0).exp() + 0.7 * ln_p(effect).exp()).ln()
    };
    let expected: f64 = y.iter().zip(&u[1..]).map(term).sum();
    let found = ppl_runtime::model::Evaluator::new().log_likelihood(&mixed_effects(&y), &u);
    assert!(
        (found - expected).abs() < 1e-10,
        "{found}, by hand {expected}"
    );
}
