//! Plates of which a part stands for the whole, and plates whose elements count more, less or not at all.

use super::{close, normal};
use ppl::models::{Batch, Evaluator, Layout};
use ppl::prelude::*;

const Y: [f64; 6] = [1.2, -0.7, 2.9, 0.4, 3.3, 1.8];

#[model]
fn local(y: &[f64], b: usize) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| {
        let spread: f64 = sample(HalfNormal::new(1.5));
        let theta: f64 = sample(Normal::new(mu, 1.0));
        observe(y[i], Normal::new(theta, spread));
    })
    .minibatch(b);
    let last: f64 = sample(Normal::new(mu, 0.5));
    factor(-0.1 * last);
}

#[model]
fn mixture(y: &[f64], b: usize) {
    let means: [f64; 2] = sample(Normal::new(0.0, 3.0).iid());
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new([0.3, 0.7]));
        observe(y[i], Normal::new(means[z], 1.0));
    })
    .minibatch(b);
}

/// Density and gradient at a point, averaged over steps so many that each subset comes up as often as chance lets it;
/// and those of the whole.
fn averaged<M: Model>(model: &M, u: &[f64], steps: u64) -> [Vec<f64>; 2] {
    let mut e = Evaluator::new();
    let mut gradient = vec![0.0; u.len()];
    let whole = model.log_density_and_gradient(&mut e, u, &mut gradient);
    let whole: Vec<f64> = [whole].into_iter().chain(gradient.clone()).collect();
    let mut mean = vec![0.0; whole.len()];
    for step in 0..steps {
        e.subsample(Some(Batch { seed: 3, step }));
        let value = model.log_density_and_gradient(&mut e, u, &mut gradient);
        // Forward and reverse mode have the same part of the data.
        let mut reverse = vec![0.0; u.len()];
        close(e.reverse(model, u, &mut reverse), value);
        reverse
            .iter()
            .zip(&gradient)
            .for_each(|(r, g)| close(*r, *g));
        for (m, x) in mean.iter_mut().zip([value].iter().chain(&gradient)) {
            *m += x / steps as f64;
        }
    }
    [mean, whole]
}

#[test]
fn minibatches_are_unbiased_in_value_and_gradient() {
    let u: Vec<f64> = (0..14).map(|k| 0.3 * f64::from(k % 5) - 0.4).collect();
    let steps = 6000;
    for (mean, whole) in [
        averaged(&local(&Y, 2), &u, steps),
        averaged(&local(&Y, 5), &u, steps),
        averaged(&mixture(&Y, 3), &[0.4, 2.1], steps),
    ]
    .map(|[m, w]| (m, w))
    {
        for (m, w) in mean.iter().zip(&whole) {
            // The largest spread of a term is about 25; 6,000 steps make it 0.3 at one standard error.
            assert!((m - w).abs() < 0.05 * w.abs().max(20.0), "{m} {w}");
        }
    }
}

/// Exact: with a batch of one, the choices are the elements, and the mean over them is the whole.
#[test]
fn the_mean_over_all_minibatches_is_the_whole() {
    let y = &Y[..3];
    let u = [0.3, -1.1];
    let model = mixture(y, 1);
    let mut e = Evaluator::new();
    let whole = e.log_density(&model, &u).total();
    let element =
        |y: f64| (0.3 * normal(y, u[0], 1.0).exp() + 0.7 * normal(y, u[1], 1.0).exp()).ln();
    let prior = normal(u[0], 0.0, 3.0) + normal(u[1], 0.0, 3.0);
    let expected: Vec<f64> = y.iter().map(|y| prior + 3.0 * element(*y)).collect();
    let mut seen = [0; 3];
    for step in 0..90 {
        e.subsample(Some(Batch { seed: 1, step }));
        let value = e.log_density(&model, &u).total();
        let which = expected
            .iter()
            .position(|x| (x - value).abs() < 1e-12 * x.abs());
        seen[which.expect("one of the three")] += 1;
    }
    assert!(seen.iter().all(|n| (15..=45).contains(n)), "{seen:?}");
    close(expected.iter().sum::<f64>() / 3.0, whole);
}

/// All subsets of four of six elements, each found among the steps: their mean is the whole density exactly.
#[test]
fn every_subset_comes_up() {
    let u: Vec<f64> = (0..14).map(|k| 0.2 * f64::from(k % 7) - 0.5).collect();
    let model = local(&Y, 4);
    let mut e = Evaluator::new();
    let whole = e.log_density(&model, &u).total();
    let mut values: Vec<f64> = Vec::new();
    for step in 0..400 {
        e.subsample(Some(Batch { seed: 9, step }));
        let value = e.log_density(&model, &u).total();
        if !values.iter().any(|v| (v - value).abs() < 1e-10) {
            values.push(value);
        }
    }
    assert_eq!(values.len(), 15);
    close(values.iter().sum::<f64>() / 15.0, whole);
}

#[model]
fn heights(y: &[f64], b: usize) {
    let mean: f64 = sample(Normal::new(0.0, 10.0));
    plate(y.len(), |i| observe(y[i], Normal::new(mean, 2.0))).minibatch(b);
}

#[test]
fn stochastic_engines_find_the_whole_posterior() {
    let y: Vec<f64> = (0..400)
        .map(|i| 3.0 + 2.0 * (f64::from(i) * 0.7).sin() + 0.01 * f64::from(i))
        .collect();
    let precision = 0.01 + 400.0 / 4.0;
    let mean = y.iter().sum::<f64>() / 4.0 / precision;
    let sd = f64::sqrt(1.0 / precision);
    let model = heights(&y, 40);
    let rate = ExponentialDecay {
        initial: 0.1,
        factor: 0.01,
        steps: 8000,
    };
    let fit = Svi::new(&model, AutoNormal::new(), Adam::new(rate))
        .run(8000, 1)
        .unwrap();
    let draws = fit.draws(20_000, 2).unwrap();
    let (m, s) = (draws.mean(|d| d.mean), draws.sd(|d| d.mean));
    assert!((m - mean).abs() < 0.3 * sd, "{m}, posterior {mean} ± {sd}");
    assert!((s - sd).abs() < 0.1 * sd, "{s}, posterior {sd}");
    // Engines that are not stochastic take all elements.
    let nuts = Nuts::new(&model).seed(1).run().unwrap();
    assert!((nuts.draws().mean(|d| d.mean) - mean).abs() < 0.1 * sd);
    assert!((nuts.draws().sd(|d| d.mean) - sd).abs() < 0.1 * sd);
}

#[test]
fn the_same_seed_takes_the_same_minibatches() {
    let model = heights(&Y, 2);
    let fit = |seed| {
        Svi::new(&model, AutoNormal::new(), Adam::new(0.05))
            .run(50, seed)
            .unwrap()
    };
    assert_eq!(fit(1).losses(), fit(1).losses());
    assert_ne!(fit(1).losses(), fit(2).losses());
}

#[model]
fn weighted(y: &[f64], weights: &[f64], kept: &[bool]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.4));
        let theta: f64 = sample(Normal::new(mu, 1.0));
        observe(y[i], Normal::new(theta, if z { 3.0 } else { 1.0 }));
    })
    .scale(weights)
    .mask(kept);
}

#[test]
fn weights_and_masks_are_outside_of_the_sum() {
    let weights = [1.0, 2.0, 0.5, 1.0, 0.0, 3.0];
    let kept = [true, true, false, true, true, true];
    let u = [0.4, 1.0, 0.0, 2.0, 0.3, 2.2, 1.4];
    let mut expected = normal(u[0], 0.0, 2.0);
    for i in 0..6 {
        let theta = u[i + 1];
        expected += normal(theta, u[0], 1.0);
        let y = 0.4 * normal(Y[i], theta, 3.0).exp() + 0.6 * normal(Y[i], theta, 1.0).exp();
        if kept[i] {
            expected += weights[i] * y.ln();
        }
    }
    let model = weighted(&Y, &weights, &kept);
    assert_eq!(Layout::of(&model).unwrap().dim, 7);
    close(Evaluator::new().log_density(&model, &u).total(), expected);
}

#[model]
fn whole(y: &[f64], power: f64, kept: bool) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| observe(y[i], Normal::new(mu, 1.0)))
        .scale(power)
        .mask(kept);
}

#[test]
fn one_weight_for_all() {
    let data: f64 = Y.iter().map(|y| normal(*y, 0.5, 1.0)).sum();
    let likelihood = |power, kept| {
        Evaluator::new()
            .log_density(&whole(&Y, power, kept), &[0.5])
            .likelihood
    };
    close(likelihood(0.25, true), 0.25 * data);
    assert_eq!(likelihood(0.25, false), 0.0);
}

#[model]
fn summed_around(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    #[enumerate]
    let wide: bool = sample(Bernoulli::new(0.5));
    plate(y.len(), |i| {
        observe(y[i], Normal::new(mu, if wide { 3.0 } else { 1.0 }))
    })
    .minibatch(2);
}

#[test]
fn what_can_not_be_is_refused_by_name() {
    let model = summed_around(&Y);
    let words = Svi::new(&model, AutoNormal::new(), Adam::new(0.05))
        .run(10, 1)
        .unwrap_err()
        .to_string();
    assert!(
        words.starts_with("model `summed_around`: `plate (line "),
        "{words}"
    );
    assert!(words.contains("no unbiased estimate"), "{words}");
    // All of it is no part of it.
    assert!(Nuts::new(&model).warmup(20).draws(20).run().is_ok());
    let refused = |b| Layout::of(&heights(&Y, b)).unwrap_err().to_string();
    assert_eq!(
        refused(7),
        "model `heights`: site `plate`: minibatches of 7 can't be taken of its 6 elements"
    );
    assert_eq!(
        refused(0),
        "model `heights`: site `plate`: minibatches of 0 can't be taken of its 6 elements"
    );
    let short = weighted(&Y, &[1.0; 5], &[true; 6]);
    assert_eq!(
        Layout::of(&short).unwrap_err().to_string(),
        "model `weighted`: site `plate`: its weights are 5, its elements 6"
    );
    let negative = weighted(&Y, &[1.0, 1.0, -2.0, 1.0, 1.0, 1.0], &[true; 6]);
    assert!(
        Layout::of(&negative)
            .unwrap_err()
            .to_string()
            .contains("a weight is -2")
    );
}

#[model]
fn ragged(y: &[f64], counts: &[usize]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| {
        let mut level = mu + 0.0;
        for _ in 0..counts[i] {
            let step: f64 = sample(Normal::new(0.0, 1.0));
            level += step;
        }
        observe(y[i], Normal::new(level, 1.0));
    })
    .minibatch(2);
}

/// Where an element's latents begin follows from those of all before: all elements are taken.
#[test]
fn elements_with_different_numbers_of_latents_are_all_taken() {
    let model = ragged(&Y, &[2, 0, 3, 1, 0, 1]);
    let u: Vec<f64> = (0..8).map(|k| 0.3 * f64::from(k) - 0.8).collect();
    let mut e = Evaluator::new();
    let whole = e.log_density(&model, &u).total();
    for step in 0..10 {
        e.subsample(Some(Batch { seed: 1, step }));
        assert_eq!(e.log_density(&model, &u).total(), whole);
    }
}
