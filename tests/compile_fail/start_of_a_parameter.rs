use ppl::prelude::*;

#[model]
fn line(y: &[f64]) {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(slope, 1.0).iid());
}

#[guide(line)]
fn line_guide() {
    let means: [f64; 2] = param(0.0);
    let width: f64 = param(1.0, 0.0);
    let slope: f64 = sample(Normal::new(means[0], width));
}

fn main() {}
