//! The step size, steered.

use super::super::approximation::Approximation;
use super::normal;
use crate::random::{Purpose, keyed};

/// Runs against α(ε) = exp(−ε^2.5/5) with noise, and gives the acceptance at the mean step.
fn steered(target: f64, from: f64, fails: f64) -> f64 {
    let rng = &mut keyed(5, Purpose::User, 0, 0);
    let accepted = |step: f64| (-step.powf(2.5) / 5.0).exp();
    let (mut steps, mut step) = (Approximation::new(target, from), from);
    for t in 0..1000 {
        if t == 500 {
            steps.settle();
        }
        let noise = 0.5 * (1.0 - accepted(step)) * normal(rng);
        let failed = ((t * 7919) % 1000) < (1000.0 * fails) as usize;
        let acceptance = (accepted(step) + noise).clamp(0.0, 1.0);
        step = steps.update(acceptance, failed);
    }
    accepted(steps.averaged().expect("a step size"))
}

#[test]
fn the_acceptance_is_what_was_asked_for() {
    for target in [0.6, 0.8, 0.9, 0.95] {
        for from in [0.01, 1.0, 100.0] {
            let found = steered(target, from, 0.0);
            // The mean of 500 with the noise above has a standard error of 0.022 (1 − δ).
            assert!(
                (found - target).abs() < 0.1 * (1.0 - target),
                "{target}, from {from}: {found}"
            );
        }
    }
}

#[test]
fn failures_raise_the_acceptance() {
    for target in [0.8, 0.95] {
        let found = steered(target, 1.0, 0.01);
        let expected = target + 20.0 * 0.01 * (1.0 - target);
        assert!(
            (found - expected).abs() < 0.1 * (1.0 - target),
            "{target}: {found}, {expected}"
        );
    }
}
