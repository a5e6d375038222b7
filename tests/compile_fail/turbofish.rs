use ppl::prelude::*;

#[model]
fn turbofish(y: f64) {
    let x = sample::<f64>(Normal::new(0.0, 1.0));
    observe::<f64>(y, Normal::new(x, 1.0));
}

fn main() {}
