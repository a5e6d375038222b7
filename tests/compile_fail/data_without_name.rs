use ppl::prelude::*;

#[model]
fn unnamed(y: &[f64], pair: (f64, f64)) {
    observe(1.0, Normal::new(0.0, 1.0));
    observe(y[0] + 1.0, Normal::new(0.0, 1.0));
    observe(y.iter().sum::<f64>(), Normal::new(0.0, 1.0));
    observe(pair.0, Normal::new(0.0, 1.0));
}

fn main() {}
