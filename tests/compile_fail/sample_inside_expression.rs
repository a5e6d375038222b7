use ppl::prelude::*;

#[model]
fn nested(y: f64) {
    let x = 1.0 + sample(Normal::new(0.0, 1.0));
    let z = (deterministic(x), 2.0);
    observe(y, Normal::new(sample(Normal::new(0.0, 1.0)), 1.0));
}

fn main() {}
