//! The rules of the language, checked by running models.

use ppl::models::{Evaluator, Layout};
use ppl::prelude::*;

#[model]
fn logistic_regression(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 10.0));
    observe(
        y,
        each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)),
    );
}

#[test]
fn first() {
    let m = logistic_regression(&[[1.0, 2.0, 3.0]], &[true]);
    assert_eq!(Layout::of(&m).unwrap().dim, 4);
    println!(
        "{:?}",
        Evaluator::new().log_density(&m, &[0.1, 0.2, 0.3, 0.4])
    );
}
