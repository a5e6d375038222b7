use ppl::prelude::*;

#[model]
fn unbound(x: f64) {
    sample(Normal::new(x, 1.0));
    deterministic(x)
}

fn main() {}
