use ppl::prelude::*;

#[model]
fn mismatch(y: &[f64]) {
    let x: bool = sample(Normal::new(0.0, 1.0));
    let v: [f64; 3] = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(0.0, 1.0));
}

fn main() {}
