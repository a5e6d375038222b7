use ppl::prelude::*;

#[model]
fn hyper(scale: f64) -> f64 {
    let mu: f64 = sample(Normal::new(0.0, scale));
    mu
}

#[model]
fn outer(y: &[f64]) {
    let model = hyper(1.0);
    let bound = submodel(&model);
    submodel(hyper(2.0));
    let typed: f64 = submodel(hyper(3.0));
    let (a, b) = submodel(hyper(4.0));
    observe(y, Normal::new(0.0, 1.0).iid());
}

#[model]
fn endless() {
    let again = submodel(endless());
}

fn main() {}
