//! Plates whose elements are divided among threads: the densities and gradients that they have in one piece, and the
//! same bits for any number of threads.

#[path = "parallel_plates/checks.rs"]
mod checks;
#[path = "parallel_plates/sums.rs"]
mod sums;
#[path = "parallel_plates/threads.rs"]
mod threads;

use checks::{Whole, agrees, all_close, close, numbers, on_pool, point, wave};
use ppl::models::{Batch, Evaluator, Layout, Model};
use ppl::prelude::*;

#[model]
fn data_alone(y: &[f64], z: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let scale: f64 = sample(HalfNormal::new(1.5));
    observe(z, Normal::new(mu, 3.0).iid());
    plate(y.len(), |i| observe(y[i], StudentT::new(4.0, mu, scale))).parallel();
    let last: f64 = sample(Normal::new(mu, scale));
    factor(-0.1 * last * last);
}

#[model]
fn data_alone_plain(y: &[f64], z: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let scale: f64 = sample(HalfNormal::new(1.5));
    observe(z, Normal::new(mu, 3.0).iid());
    plate(y.len(), |i| observe(y[i], StudentT::new(4.0, mu, scale)));
    let last: f64 = sample(Normal::new(mu, scale));
    factor(-0.1 * last * last);
}

#[test]
fn plates_of_data() {
    let z = wave(5, 0.9);
    for n in [0, 1, 2, 15, 16, 17, 500] {
        let y = wave(n, 0.37);
        agrees(data_alone(&y, &z));
        // The same as without the word.
        let (u, cube) = (point(3, 1), [0.4, 0.7, 0.2]);
        let a = numbers(&data_alone(&y, &z), &mut Evaluator::new(), &u, &cube);
        let b = numbers(&data_alone_plain(&y, &z), &mut Evaluator::new(), &u, &cube);
        all_close(&a, &b);
    }
}

#[model]
fn local(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| {
        let spread: f64 = sample(HalfNormal::new(1.5));
        let shares: Simplex<3> = sample(Dirichlet::symmetric(2.0));
        let theta: f64 = sample(Normal::new(mu, 1.0));
        observe(y[i], Normal::new(theta + shares[1], spread));
    })
    .parallel();
    let last: f64 = sample(Normal::new(mu, 0.5));
    let width: f64 = sample(Exponential::new(1.0));
    factor(-0.1 * last * width);
}

/// How many latents an element has follows from the data.
#[model]
fn ragged(counts: &[usize], y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(counts.len(), |i| {
        let mut level = Real::from(0.0);
        for k in 0..counts[i] {
            let step: f64 = sample(HalfNormal::new(1.0));
            if k == 3 {
                break;
            }
            level += step;
        }
        observe(y[i], Normal::new(mu + level, 1.0));
    })
    .parallel();
    let last: f64 = sample(Gamma::new(2.0, 1.0));
    let again = y;
    observe(again, Normal::new(mu, last).iid());
}

#[model]
fn discrete_latents(y: &[f64]) {
    let rate: f64 = sample(Exponential::new(0.5));
    plate(y.len(), |i| {
        let count: usize = sample(Poisson::new(rate));
        let shift: f64 = sample(Normal::new(0.0, 1.0));
        observe(y[i], Normal::new(shift + count as f64, 1.0));
    })
    .parallel();
    let last: f64 = sample(Normal::new(0.0, 1.0));
    let again = y;
    observe(again[0], Normal::new(last, 1.0));
}

#[test]
fn plates_with_latents() {
    for n in [1, 7, 40] {
        let y = wave(n, 0.41);
        agrees(local(&y));
        let counts: Vec<usize> = (0..n).map(|i| i * i % 6).collect();
        agrees(ragged(&counts, &y));
        agrees(discrete_latents(&y));
    }
}

#[model]
fn groups(x: &[Vec<[f64; 2]>], y: &[Vec<bool>]) {
    let coefs: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let spread: f64 = sample(HalfNormal::new(1.0));
    plate(y.len(), |g| {
        let (rows, outcomes) = (&x[g], &y[g]);
        let effect: f64 = sample(Normal::new(0.0, spread));
        observe(
            outcomes,
            each(rows, |row| Bernoulli::logit(dot(&coefs, row) + effect)),
        );
    })
    .parallel();
}

#[test]
fn plates_of_vectors() {
    for n in [3, 20] {
        let size = |g: usize| 1 + 90 * (g % 3);
        let row = |g: usize| move |k: usize| [(k as f64 * 0.3).sin(), ((g + k) as f64).cos()];
        let x: Vec<Vec<_>> = (0..n).map(|g| (0..size(g)).map(row(g)).collect()).collect();
        let outcome = |g: usize| move |k: usize| (g + k * k).is_multiple_of(3);
        let y: Vec<Vec<_>> = (0..n)
            .map(|g| (0..size(g)).map(outcome(g)).collect())
            .collect();
        agrees(groups(&x, &y));
    }
}

#[model]
fn halves(y: &[f64], b: usize) {
    let again = y;
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| observe(y[i], StudentT::new(3.0, mu, 1.0)))
        .minibatch(b)
        .parallel();
    plate(y.len(), |i| {
        let spread: f64 = sample(HalfNormal::new(1.5));
        observe(again[i], Normal::new(mu, spread));
    })
    .parallel()
    .minibatch(b);
    let last: f64 = sample(HalfNormal::new(1.0));
    factor(-last);
}

#[test]
fn minibatches_are_those_of_one_piece() {
    let y = wave(50, 0.7);
    let model = Whole(halves(&y, 20));
    let u = point(52, 2);
    let [mut e, mut whole] = [(); 2].map(|()| Evaluator::new());
    let [mut a, mut b] = [(); 2].map(|()| vec![0.0; 52]);
    let mut values = Vec::new();
    for step in 0..20 {
        let batch = Some(Batch { seed: 5, step });
        e.subsample(batch);
        whole.subsample(batch);
        let value = model.0.log_density_and_gradient(&mut e, &u, &mut a);
        close(
            value,
            model.log_density_and_gradient(&mut whole, &u, &mut b),
        );
        all_close(&a, &b);
        close(e.log_density(&model.0, &u).total(), value);
        values.push(value);
    }
    assert!(values.windows(2).any(|v| v[0] != v[1]), "{values:?}");
    agrees(halves(&y, 20));
}

#[test]
fn some_latents_may_be_given() {
    let y = wave(30, 0.7);
    let partial = || LocalPartial {
        spread: (0..30).map(|i| (i % 3 == 0).then_some(1.5)).collect(),
        last: Some(0.7),
        ..LocalPartial::default()
    };
    agrees(local(&y).condition(partial()));
    agrees(local(&y).fix(partial()));
    let model = local(&y);
    agrees((&model).condition(partial()));
}

#[test]
fn forward_mode_takes_several_passes() {
    let (y, z) = (wave(40, 0.7), wave(5, 0.9));
    let (mut e, small, large) = (Evaluator::new(), data_alone(&y, &z), local(&y));
    let [mut a, mut b] = [(); 2].map(|()| vec![0.0; 3]);
    let u = point(3, 1);
    let value = e.forward::<2, _>(&small, &u, &mut a);
    close(value, e.reverse(&small, &u, &mut b));
    all_close(&a, &b);
    let n = Layout::of(&large).expect("a layout").dim;
    let [mut a, mut b] = [(); 2].map(|()| vec![0.0; n]);
    let u = point(n, 1);
    let value = e.forward::<8, _>(&large, &u, &mut a);
    close(value, e.reverse(&large, &u, &mut b));
    all_close(&a, &b);
}

/// Draws have all elements, in order.
#[test]
fn draws_and_predictions_have_all_elements() {
    let y = wave(40, 0.7);
    let model = local(&y);
    let prior = model.prior(3, 1).expect("draws");
    assert!(prior.iter().all(|d| d.theta.len() == 40));
    let replicates = model.predict(&prior, 2).expect("replicates");
    assert_eq!(replicates.shape("y"), Some(&[40][..]));
    let u = point(Layout::of(&model).expect("a layout").dim, 0);
    let mut gradient = vec![0.0; u.len()];
    let mut e = Evaluator::new();
    let value = model.log_density_and_gradient(&mut e, &u, &mut gradient);
    assert_eq!(value, e.log_density(&model, &u).total());
}
