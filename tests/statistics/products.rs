//! Sites whose elements are computed from those of the pivots.

use super::{Data, agree, data};
use ppl::prelude::*;

/// Sites of other families, whose elements are computed from those of the pivots.
#[model]
fn products(
    x: &[[f64; 3]],
    counts: &[usize],
    trials: &[usize],
    errors: &[f64],
    y: &[f64],
    up: &[bool],
) {
    let scale: f64 = sample(HalfNormal::new(2.0));
    let degrees: f64 = sample(Exponential::new(1.0));
    let beta: [f64; 3] = sample(Normal::new(0.0, 10.0).iid());
    observe(
        up,
        each(x, |row| Bernoulli::logit(dot(&beta, row) - 0.3 + scale)),
    );
    observe(
        counts,
        each(0..x.len(), |i| {
            Poisson::log(beta[0] + beta[1] * x[i][2] + 0.1 * x[i][1])
        }),
    );
    let within = counts;
    observe(
        within,
        each(0..x.len(), |i| {
            Binomial::logit(trials[i], beta[2] * x[i][2] - beta[0])
        }),
    );
    observe(
        y,
        each(0..x.len(), |i| {
            Normal::new(beta[0] + beta[1] * x[i][2], errors[i])
        }),
    );
    let robust = y;
    observe(
        robust,
        each(x, |row| {
            StudentT::new(degrees + 1.0 * scale, dot(&beta, row), 2.0)
        }),
    );
    let heavy = y;
    observe(
        heavy,
        each(x, |row| StudentT::new(degrees, dot(&beta, row), scale)),
    );
}
/// What the sites of [`products`] are of.
struct More {
    x: Vec<[f64; 3]>,
    counts: Vec<usize>,
    trials: Vec<usize>,
    errors: Vec<f64>,
    y: Vec<f64>,
    up: Vec<bool>,
}
#[model]
fn products_by_datum(d: &More) {
    let scale: f64 = sample(HalfNormal::new(2.0));
    let degrees: f64 = sample(Exponential::new(1.0));
    let beta: [f64; 3] = sample(Normal::new(0.0, 10.0).iid());
    let x = &d.x;
    observe(
        d.up,
        each(x, |row| Bernoulli::logit(dot(&beta, row) - 0.3 + scale)),
    );
    observe(
        d.counts,
        each(0..x.len(), |i| {
            Poisson::log(beta[0] + beta[1] * x[i][2] + 0.1 * x[i][1])
        }),
    );
    let within = &d.counts;
    observe(
        within,
        each(0..x.len(), |i| {
            Binomial::logit(d.trials[i], beta[2] * x[i][2] - beta[0])
        }),
    );
    observe(
        d.y,
        each(0..x.len(), |i| {
            Normal::new(beta[0] + beta[1] * x[i][2], d.errors[i])
        }),
    );
    let robust = &d.y;
    observe(
        robust,
        each(x, |row| {
            StudentT::new(degrees + 1.0 * scale, dot(&beta, row), 2.0)
        }),
    );
    let heavy = &d.y;
    observe(
        heavy,
        each(x, |row| StudentT::new(degrees, dot(&beta, row), scale)),
    );
}

#[test]
fn products_of_pivots() {
    for n in [64, 150] {
        let Data { x, y, .. } = data(n, 1, 0.4);
        let d = More {
            x,
            y,
            counts: (0..n).map(|i| (i * 5) % 4).collect(),
            trials: (0..n).map(|i| 3 + i % 5).collect(),
            errors: (0..n).map(|i| 0.5 + 0.01 * i as f64).collect(),
            up: (0..n).map(|i| (i * 7) % 3 == 0).collect(),
        };
        let a = products(&d.x, &d.counts, &d.trials, &d.errors, &d.y, &d.up);
        // Of all but the one whose degrees of freedom are computed anew for each element.
        agree(&a, &products_by_datum(&d), 5, 5, 0.0, 1e-12);
    }
}
