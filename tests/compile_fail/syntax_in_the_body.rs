use ppl::prelude::*;

#[model]
fn broken(y: f64) {
    let x: f64 = sample(Normal::new(0.0, 1.0);
}

fn main() {}
