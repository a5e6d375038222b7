//! Two-state hidden Markov model, the states summed out by the forward algorithm; the first state has weight 1 for each.

use super::flat::{Flat, ln_normal};
use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn hmm_example(y: &[f64]) {
    let theta1: Simplex<2> = sample(Dirichlet::symmetric(1.0));
    let theta2: Simplex<2> = sample(Dirichlet::symmetric(1.0));
    let low = sample(Flat::positive());
    let high = sample(Flat::above(low));
    let mu: [f64; 2] = deterministic([low, high]);
    factor(ln_normal(low, 3.0, 1.0) + ln_normal(high, 10.0, 1.0));
    let mut ln_p: [Real; 2] = mu.map(|m| ln_normal(y[0], m, 1.0));
    for y in &y[1..] {
        ln_p = std::array::from_fn(|k| {
            let arrive = [ln_p[0] + theta1[k].ln(), ln_p[1] + theta2[k].ln()];
            log_sum_exp(&arrive) + ln_normal(*y, mu[k], 1.0)
        });
    }
    factor(log_sum_exp(&ln_p));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("hmm_example");
    task.model(&r, &hmm_example(&r.reals("y")), |p| {
        p.numbers(&["theta1", "theta2", "mu"]).into()
    })
}
