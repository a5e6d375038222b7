//! Rats: random intercepts and slopes; flat priors of the scales.

use super::{Given, Reference, Task};
use ppl::prelude::*;

const RATS: usize = 30;

#[model]
fn rats(rat: &[usize], x: &[f64], y: &[f64], middle: f64) {
    let mu_alpha = sample(Normal::new(0.0, 100.0));
    let mu_beta = sample(Normal::new(0.0, 100.0));
    let sigma_y = sample(ImproperUniform::positive());
    let sigma_alpha = sample(ImproperUniform::positive());
    let sigma_beta = sample(ImproperUniform::positive());
    let alpha: [f64; RATS] = sample(Normal::new(mu_alpha, sigma_alpha).iid());
    let beta: [f64; RATS] = sample(Normal::new(mu_beta, sigma_beta).iid());
    let alpha0: f64 = deterministic(mu_alpha - middle * mu_beta);
    let line = gather(&alpha, rat) + gather(&beta, rat) * x;
    observe(y, Normal::new(line, sigma_y));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("rats");
    let (rat, y, middle) = (r.places("rat"), r.reals("y"), r.real("xbar"));
    let x: Vec<f64> = r.reals("x").iter().map(|x| x - middle).collect();
    let names = [
        "mu_alpha",
        "mu_beta",
        "sigma_y",
        "sigma_alpha",
        "sigma_beta",
        "alpha",
        "beta",
    ];
    task.model(&r, &rats(&rat, &x, &y, middle), |p| {
        Given::from(p.numbers(&names))
    })
}
