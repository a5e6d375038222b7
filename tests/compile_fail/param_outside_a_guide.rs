use ppl::prelude::*;

#[model]
fn parameters(y: &[f64]) {
    let mean: f64 = param(0.0);
    observe(y, Normal::new(mean, 1.0).iid());
}

fn main() {}
