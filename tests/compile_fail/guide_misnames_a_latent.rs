use ppl::prelude::*;

#[model]
fn line(y: &[f64]) {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(slope, 1.0).iid());
}

#[guide(line)]
fn line_guide() {
    let mean: f64 = param(0.0);
    let slop: f64 = sample(Normal::new(mean, 1.0));
}

fn main() {}
