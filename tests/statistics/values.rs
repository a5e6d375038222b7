//! What depends on the values of latents has no statistics.

use super::{data, wave};
use ppl::models::Evaluator;
use ppl::prelude::*;

/// Which side an element is on depends on a latent.
#[model]
fn change(y: &[f64]) {
    let at: f64 = sample(Uniform::new(0.0, 40.0));
    let means: [f64; 2] = sample(Normal::new(0.0, 10.0).iid());
    observe(
        y,
        each(0..y.len(), |i| {
            Normal::new(means[usize::from(i as f64 > at)], 1.0)
        }),
    );
}

/// The value of a latent decides what is observed how.
#[model]
fn looks(y: &[f64]) {
    let a = sample(Normal::new(0.0, 1.0));
    let b = sample(Normal::new(0.0, 1.0));
    let slope = if a.value() > 0.1 { 1.0 } else { 2.0 };
    observe(y, each(0..y.len(), |_| Normal::new(slope * b, 1.0)));
}

/// The larger one, whichever it is.
#[model]
fn larger(y: &[f64]) {
    let a = sample(Normal::new(0.0, 1.0));
    let b = sample(Normal::new(0.0, 1.0));
    observe(
        y,
        each(0..y.len(), |i| Normal::new(a.max(b) + wave(i) * a, 1.0)),
    );
}

/// Locations that are curved in the latents, each by its own datum.
#[model]
fn curved(x: &[[f64; 3]], y: &[f64]) {
    let a = sample(Normal::new(0.0, 1.0));
    observe(y, each(x, |row| Normal::new((a * row[2]).exp(), 1.0)));
}

/// A discrete latent decides.
#[model]
fn discrete(y: &[f64]) {
    let a = sample(Normal::new(0.0, 1.0));
    let k: usize = sample(DiscreteUniform::new(1.0, 3.0));
    observe(y, each(0..y.len(), |_| Normal::new(a * k as f64, 1.0)));
}

#[test]
fn what_depends_on_values_has_none() {
    let d = data(40, 2, 0.0);
    assert!(change(&d.y).statistics().is_none());
    assert!(looks(&d.y).statistics().is_none());
    assert!(larger(&d.y).statistics().is_none());
    assert!(curved(&d.x, &d.y).statistics().is_none());
    assert!(discrete(&d.y).statistics().is_none());
    // Where it changes: 40σ(u) is 10 or 30.
    let mut e = Evaluator::new();
    let model = change(&d.y);
    let mut density = |u: f64| e.log_density(&model, &[u, 0.5, -0.5][..]).likelihood;
    let by_hand = |at: usize| -> f64 {
        let one = |(i, y): (usize, &f64)| {
            let z = y - if i > at { -0.5 } else { 0.5 };
            -0.5 * z * z - 0.5 * std::f64::consts::TAU.ln()
        };
        d.y.iter().enumerate().map(one).sum()
    };
    assert!((density(-(3f64.ln())) - by_hand(10)).abs() < 1e-10);
    assert!((density(3f64.ln()) - by_hand(30)).abs() < 1e-10);
}
