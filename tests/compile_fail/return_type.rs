use ppl::prelude::*;

#[model]
fn returns_real() -> Real {
    let x: f64 = sample(Normal::new(0.0, 1.0));
    x
}

#[model]
fn returns_reference(y: &[f64]) -> &[f64] {
    y
}

#[model]
fn returns_trait() -> impl Iterator<Item = f64> {
    [1.0].into_iter()
}

fn main() {}
