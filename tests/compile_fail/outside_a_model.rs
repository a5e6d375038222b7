use ppl::prelude::*;

fn helper() -> f64 {
    let x: f64 = sample(Normal::new(0.0, 1.0));
    observe(x, Normal::new(0.0, 1.0));
    x
}

fn main() {}
