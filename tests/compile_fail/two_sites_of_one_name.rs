use ppl::prelude::*;

#[model]
fn twice(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 1.0));
    let mu: f64 = deterministic(2.0 * mu);
    observe(y, Normal::new(mu, 1.0).iid());
    observe(y[0], Normal::new(mu, 1.0));
}

fn main() {}
