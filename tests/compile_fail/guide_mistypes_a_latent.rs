use ppl::prelude::*;

#[model]
fn line(y: &[f64]) {
    let slopes: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let steep: bool = sample(Bernoulli::new(0.5));
    observe(y, Normal::new(slopes[0], 1.0).iid());
}

#[guide(line)]
fn line_guide() {
    let mean: f64 = param(0.0);
    let slopes: [f64; 3] = sample(Normal::new(mean, 1.0).iid());
    let steep = sample(Normal::new(mean, 1.0));
}

fn main() {}
