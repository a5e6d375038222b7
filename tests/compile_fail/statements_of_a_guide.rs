use ppl::prelude::*;

#[model]
fn line(y: &[f64]) {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(slope, 1.0).iid());
}

#[model]
fn part() {}

#[guide(line)]
fn line_guide(y: &[f64], scale: Real) -> f64 {
    let mean: f64 = param(0.0, Unconstrained, 3.0);
    let width: f64 = param::<f64>(1.0, Positive);
    param(2.0);
    let slope: f64 = sample(Normal::new(mean, width));
    let double: f64 = deterministic(2.0 * slope);
    observe(y, Normal::new(slope, 1.0).iid());
    factor(slope);
    markov(3, 0.0, |t, prev| prev);
    let inside = submodel(part());
    #[enumerate]
    let z: bool = sample(Bernoulli::new(0.5));
    slope
}

fn main() {}
