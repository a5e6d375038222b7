use ppl::prelude::*;

#[model]
fn imputation_types(x: &[Option<f64>], complete: &[f64]) {
    let plain = impute(x, Normal::new(0.0, 1.0).iid());
    let nothing_missing: Vec<f64> = impute(complete, Normal::new(0.0, 1.0).iid());
    let one_for_all: Vec<f64> = impute(x, Normal::new(0.0, 1.0));
}

fn main() {}
