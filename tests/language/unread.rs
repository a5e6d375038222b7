//! Named values that a body does not read: computed where draws are made, and left out where densities are.

use super::draw;
use ppl::models::{Evaluator, Model};
use ppl::prelude::*;
use std::cell::Cell;

thread_local! {
    static COMPUTED: Cell<usize> = const { Cell::new(0) };
}

/// Counts how often it is called.
fn noted<T>(x: T) -> T {
    COMPUTED.set(COMPUTED.get() + 1);
    x
}

#[model]
fn sums(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 1.0));
    let twice: f64 = deterministic(noted(2.0 * mu));
    let read: f64 = deterministic(noted(3.0 * mu));
    plate(y.len(), |i| {
        let shifted: f64 = deterministic(noted(mu + i as f64));
        observe(y[i], Normal::new(read, 1.0));
    });
    let mut total = Real::from(0.0);
    total += read;
    // What may be changed is not looked into, nor what a macro reads.
    let changed: f64 = deterministic(noted(total));
    let shown: f64 = deterministic(noted(mu));
    let _ = stringify!(shown);
}

#[test]
fn what_nobody_reads_is_computed_for_draws_alone() {
    let y = [0.3, 0.7, -1.0];
    let model = sums(&y);
    COMPUTED.set(0);
    let d = draw(&model, &[0.5]);
    assert_eq!(COMPUTED.get(), 7);
    assert_eq!((d.twice, d.read, d.changed, d.shown), (1.0, 1.5, 1.5, 0.5));
    assert_eq!(d.shifted, [0.5, 1.5, 2.5]);
    let (mut evaluator, mut gradient) = (Evaluator::new(), [0.0]);
    // The first time it is looked whether statistics of the data would do.
    for _ in 0..2 {
        COMPUTED.set(0);
        model.log_density_and_gradient(&mut evaluator, &[0.5], &mut gradient);
    }
    assert_eq!(COMPUTED.get(), 3);
}
