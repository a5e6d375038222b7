use ppl::prelude::*;

#[model]
fn line(y: &[f64]) {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    let double: f64 = deterministic(2.0 * slope);
    observe(y, Normal::new(double, 1.0).iid());
}

#[model]
fn other() {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    factor(slope);
}

fn main() {
    let y = [1.0];
    // What is computed can't be given, nor what is observed.
    let _ = line(&y).fix(LinePartial { double: Some(2.0), ..Default::default() });
    let _ = line(&y).fix(LinePartial { y: vec![1.0], ..Default::default() });
    // The latents of another model.
    let _ = line(&y).condition(OtherPartial { slope: Some(1.0) });
}
