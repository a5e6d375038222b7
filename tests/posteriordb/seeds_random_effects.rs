//! Seed germination: binomial regression with plate effects, non-centred because their scale may be near zero.

use super::{Given, Reference, Task};
use ppl::prelude::*;

#[model]
fn seeds(n: &[usize], trials: &[usize], x1: &[f64], x2: &[f64], both: &[f64]) {
    let alpha0 = sample(Normal::new(0.0, 1.0));
    let alpha1 = sample(Normal::new(0.0, 1.0));
    let alpha2 = sample(Normal::new(0.0, 1.0));
    let alpha12 = sample(Normal::new(0.0, 1.0));
    let sigma = sample(HalfCauchy::new(1.0));
    let offsets: [f64; 21] = sample(Normal::new(0.0, 1.0).iid());
    let b: [f64; 21] = deterministic(offsets.map(|z| sigma * z));
    let logit = alpha0 + alpha1 * x1 + alpha2 * x2 + alpha12 * both + &b;
    observe(n, Binomial::logit(trials, logit));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("seeds_random_effects");
    let (n, trials) = (r.counts("n"), r.counts("N"));
    let (x1, x2) = (r.reals("x1"), r.reals("x2"));
    let both: Vec<f64> = x1.iter().zip(&x2).map(|(x1, x2)| x1 * x2).collect();
    task.model(&r, &seeds(&n, &trials, &x1, &x2, &both), |p| {
        let scale = p.real("sigma");
        let b = p.numbers(&["b"]);
        let mut latents = p.numbers(&["alpha0", "alpha1", "alpha2", "alpha12", "sigma"]);
        latents.extend(b.iter().map(|b| b / scale));
        Given {
            latents,
            offset: -(b.len() as f64) * scale.ln(),
        }
    })
}
