use ppl::infer::svi::{Adam, Svi};
use ppl::prelude::*;

#[model]
fn line(y: &[f64]) {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(slope, 1.0).iid());
}

#[model]
fn plane(y: &[f64]) {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(slope, 2.0).iid());
}

#[guide(line)]
fn line_guide() {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
}

#[guide(lime)]
fn lime_guide() {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
}

fn main() {
    let model = plane(&[1.0]);
    let svi = Svi::new(&model, line_guide(), Adam::new(0.1));
}
