use ppl::prelude::*;

#[model]
fn types(y: &[f64]) {
    let a: Real = sample(Normal::new(0.0, 1.0));
    let b: [f64; _] = sample(Normal::new(0.0, 1.0).iid());
    let c: &[f64] = sample(Normal::new(0.0, 1.0).iid());
    let d: _ = deterministic(a);
}

fn main() {}
