use ppl::prelude::*;

#[model]
fn bound(y: f64) {
    let x = observe(y, Normal::new(0.0, 1.0));
    let f = factor(1.0);
}

fn main() {}
