use ppl::prelude::*;

#[model]
fn patterns() {
    let [a, b]: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let (c, d): (f64, f64) = deterministic((a, b));
}

fn main() {}
