use ppl::prelude::*;

#[model]
fn imputation(x: &[Option<f64>], y: &[f64]) {
    impute(x, Normal::new(0.0, 1.0).iid());
    let alone: Vec<f64> = impute(x);
    let (a, b) = impute(x, Normal::new(0.0, 1.0).iid());
    #[enumerate]
    let summed: Vec<f64> = impute(x, Normal::new(0.0, 1.0).iid());
    let inside = dot(&impute(x, Normal::new(0.0, 1.0).iid()), y);
}

#[guide(imputation)]
fn imputation_guide(x: &[Option<f64>]) {
    let at = param(0.0);
    let alone: Vec<f64> = impute(x, Normal::new(at, 1.0).iid());
}

fn main() {}
