use ppl::prelude::*;

#[model]
fn line(y: &[f64]) {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(slope, 1.0).iid());
}

#[guide]
fn of_nothing() {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
}

#[guide(line(&y))]
fn of_a_call() {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
}

fn main() {}
