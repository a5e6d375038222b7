use ppl::prelude::*;

trait Data {}

#[model]
fn arguments(x: impl Data, (a, b): (f64, f64), mut c: f64, _: f64, d: &[Real]) {
    let mu: f64 = sample(Normal::new(0.0, 1.0));
}

fn main() {}
