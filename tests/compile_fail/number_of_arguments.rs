use ppl::prelude::*;

#[model]
fn arity(y: f64) {
    let a: f64 = sample();
    let b: f64 = sample(Normal::new(0.0, 1.0), 3);
    observe(y);
    factor();
    plate(3);
}

fn main() {}
