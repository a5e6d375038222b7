//! Arguments: what a body sees, and what is refused.

use super::{check_density, normal};
use ppl::Error;
use ppl::models::Layout;
use ppl::prelude::*;

#[derive(Clone)]
struct Column(Vec<f64>);

#[model]
fn owned(y: Vec<f64>, column: Column, n: usize, gap: Option<f64>) {
    let mu: f64 = sample(Normal::new(0.0, 1.0));
    let borrowed: &Vec<f64> = y;
    let column: &Column = column;
    let copied: usize = n;
    observe(borrowed, Normal::new(mu, 1.0).iid());
    let picked = column.0[copied];
    observe(picked, Normal::new(mu, 2.0));
    observe(gap, Normal::new(mu, 3.0));
}

#[test]
fn copy_arguments_are_copied_and_others_borrowed() {
    let model = owned(vec![1.0], Column(vec![5.0, 6.0]), 1, None);
    let expected = normal(0.5, 0.0, 1.0) + normal(1.0, 0.5, 1.0) + normal(6.0, 0.5, 2.0);
    check_density(&model, &[0.5], expected);
    let model = owned(vec![1.0], Column(vec![5.0, 6.0]), 1, Some(2.0));
    check_density(&model, &[0.5], expected + normal(2.0, 0.5, 3.0));
    assert_eq!(model.n, 1);
}

#[model]
fn table(x: &[[f64; 2]], label: &str, y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, label.len() as f64));
    observe(y, each(x, |row| Normal::new(mu * row[0], 1.0)));
}

#[test]
fn a_nan_in_an_argument_is_named_by_argument_and_index() {
    let x = [[1.0, 2.0], [3.0, f64::NAN]];
    let error = Layout::of(&table(&x, "a", &[1.0, 2.0])).expect_err("a NaN is refused");
    let Error::Argument {
        model,
        argument,
        index,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!(
        (*model, *argument, &index.0[..]),
        ("table", "x", &[1, 1][..])
    );
}

#[test]
fn data_that_do_not_fit_are_named_by_site_and_argument() {
    let error = Layout::of(&table(&[[1.0, 2.0]], "a", &[1.0, 2.0])).expect_err("lengths differ");
    let Error::Site { site, argument, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!((&site[..], *argument), ("y", Some("y")));
}
