//! Scales that are data, and a location for each datum.

use super::{agree, data};
use ppl::prelude::*;

/// Whole blocks, whole eights, and what is left over.
macro_rules! sizes {
    ($($n:literal $model:ident $by_datum:ident;)*) => { $(
        #[model]
        fn $model(y: &[f64], errors: &[f64]) {
            let mean: f64 = sample(Normal::new(0.0, 5.0));
            let spread: f64 = sample(HalfNormal::new(5.0));
            let raw: [f64; $n] = sample(Normal::new(0.0, 1.0).iid());
            let effects = mean + spread * raw;
            observe(y, Normal::new(&effects, errors));
        }
        #[model]
        fn $by_datum(d: &Errors) {
            let mean: f64 = sample(Normal::new(0.0, 5.0));
            let spread: f64 = sample(HalfNormal::new(5.0));
            let raw: [f64; $n] = sample(Normal::new(0.0, 1.0).iid());
            let effects = mean + spread * raw;
            let errors = &d.errors;
            observe(d.y, Normal::new(&effects, errors));
        }
    )* };
}
sizes! {
    5 five five_by_datum;
    8 eight eight_by_datum;
    70 many many_by_datum;
}

struct Errors {
    y: Vec<f64>,
    errors: Vec<f64>,
}

fn errors(n: usize) -> Errors {
    Errors {
        y: data(n, 1, 0.4).y,
        errors: (0..n).map(|i| 0.2 + 0.3 * (i % 7) as f64).collect(),
    }
}

#[test]
fn errors_of_data() {
    let d = errors(5);
    agree(&five(&d.y, &d.errors), &five_by_datum(&d), 1, 7, 0.0, 1e-12);
    let d = errors(8);
    let a = eight(&d.y, &d.errors);
    agree(&a, &eight_by_datum(&d), 1, 10, 0.0, 1e-12);
    let d = errors(70);
    let a = many(&d.y, &d.errors);
    agree(&a, &many_by_datum(&d), 1, 72, 0.0, 1e-12);
}

#[test]
fn inverses_that_are_infinite() {
    let mut d = errors(8);
    d.errors[3] = 1e-310;
    assert!(eight(&d.y, &d.errors).statistics().is_none());
}
