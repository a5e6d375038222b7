//! Seed germination: binomial regression with plate effects, non-centred because their scale may be near zero.

use super::{Given, Reference, Task};
use ppl::prelude::*;

#[model]
fn seeds(n: &[usize], trials: &[usize], x1: &[f64], x2: &[f64]) {
    let alpha0 = sample(Normal::new(0.0, 1.0));
    let alpha1 = sample(Normal::new(0.0, 1.0));
    let alpha2 = sample(Normal::new(0.0, 1.0));
    let alpha12 = sample(Normal::new(0.0, 1.0));
    let sigma = sample(HalfCauchy::new(1.0));
    let offsets: [f64; 21] = sample(Normal::new(0.0, 1.0).iid());
    let b: [f64; 21] = deterministic(offsets.map(|z| sigma * z));
    observe(
        n,
        each(0..n.len(), |i| {
            let both = alpha12 * (x1[i] * x2[i]);
            let logit = alpha0 + alpha1 * x1[i] + alpha2 * x2[i] + both + b[i];
            Binomial::logit(trials[i], logit)
        }),
    );
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("seeds_random_effects");
    let (n, trials) = (r.counts("n"), r.counts("N"));
    let (x1, x2) = (r.reals("x1"), r.reals("x2"));
    task.model(&r, &seeds(&n, &trials, &x1, &x2), |p| {
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
