//! Statistics belong to the data that a model is bound to.

use super::{
    ScalesByDatumPartial, ScalesPartial, data, groups, groups_by_datum, regression, scales,
    scales_by_datum,
};
use ppl::models::Evaluator;
use ppl::prelude::*;

/// A model whose argument is replaced is scored by the new one.
#[test]
fn another_argument() {
    let (d, other) = (data(300, 1, 0.7), data(300, 1, 2.0));
    let mut e = Evaluator::new();
    let u = [0.1, -0.2, 0.3, 0.4, 0.5];
    let mut model = regression(&d.x, &d.y, 0.3);
    let first = e.log_density(&model, &u[..]).total();
    assert!(model.statistics().is_some());
    model.y = &other.y;
    let second = e.log_density(&model, &u[..]).total();
    let fresh = e
        .log_density(&regression(&d.x, &other.y, 0.3), &u[..])
        .total();
    assert!((second - fresh).abs() < 1e-10 * fresh.abs() && (first - second).abs() > 1.0);
    model.y = &d.y;
    model.offset = 0.9;
    let third = e.log_density(&model, &u[..]).total();
    let fresh = e.log_density(&regression(&d.x, &d.y, 0.9), &u[..]).total();
    assert!((third - fresh).abs() < 1e-10 * fresh.abs() && (first - third).abs() > 1e-3);
}

/// Other data in the same memory belong to another model.
#[test]
fn other_data_in_the_same_place() {
    let (mut d, mut e) = (data(300, 9, 0.0), Evaluator::new());
    let u = [0.1, -0.2, 0.3, 0.4, 0.5, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    let first = e.log_density(&groups(&d.group, &d.y), &u[..]).total();
    d.y.iter_mut().for_each(|y| *y += 1.0);
    let second = e.log_density(&groups(&d.group, &d.y), &u[..]).total();
    let by_datum = e.log_density(&groups_by_datum(&d), &u[..]).total();
    assert!((second - by_datum).abs() < 1e-10 * by_datum.abs());
    assert!((first - second).abs() > 1.0);
}

/// Given latents are constants of a model of their own.
#[test]
fn given_latents() {
    let d = data(300, 5, 0.2);
    let values = || ScalesPartial {
        mean: Some(0.7),
        ..Default::default()
    };
    let by_datum = ScalesByDatumPartial {
        mean: Some(0.7),
        ..Default::default()
    };
    let model = scales(&d.group, &d.y);
    let mut e = Evaluator::new();
    let u = [0.1, -0.2, 0.3, 0.4, 0.5];
    e.log_density(&model, &[0.1, -0.2, 0.3, 0.4, 0.5, 0.6][..]);
    let a = e.log_density(&(&model).condition(values()), &u[..]).total();
    let b = e
        .log_density(&scales_by_datum(&d).condition(by_datum), &u[..])
        .total();
    assert!((a - b).abs() < 1e-10 * b.abs());
}
