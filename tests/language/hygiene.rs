//! Names of the user's that the generated code must not trip over.

#![deny(missing_docs)]

use super::{check_density, draw, normal};
use ppl::prelude::*;

/// Types and traits named like those of the library and of the language.
#[allow(dead_code, reason = "they are there to be in the way")]
mod in_the_way {
    pub struct Site;
    pub struct Frame;
    pub struct Model;
    pub struct Interpreter;
    pub struct Mode;
    pub struct Option;
    pub struct Vec;
    pub struct Box;
    pub enum Choice {
        Some,
        None,
    }
    #[allow(unused_imports, reason = "in the way")]
    pub use Choice::{None, Some};
    pub trait Clash {
        fn field(&self) {}
        fn export(&self) {}
        fn one(&self) {}
    }
    impl<T> Clash for T {}
}
use in_the_way::*;

/// A model whose arguments and sites have the names of generated variables.
#[model]
#[inline]
#[allow(clippy::too_many_arguments, reason = "they are there to be in the way")]
pub(crate) fn names(
    frame: f64,
    report: &[f64],
    evaluator: f64,
    gradient: f64,
    u: f64,
    sink: bool,
    __i: f64,
    r#type: f64,
) {
    let _site = Site;
    let draw: f64 = sample(Normal::new(frame, evaluator));
    let model: f64 = sample(Normal::new(draw, gradient + u + __i));
    let r#fn: f64 = sample(Normal::new(0.0, r#type));
    if sink {
        let element: f64 = sample(Normal::new(0.0, 1.0));
    }
    for _ in 0..1 {
        let __loop4: f64 = sample(Normal::new(0.0, 1.0));
    }
    observe(report, each(0..1, |_| Normal::new(model + r#fn, 1.0)));
}

#[test]
fn generated_names_and_the_users_do_not_meet() {
    let bound = names(0.0, &[0.5], 1.0, 0.5, 0.25, false, 0.25, 2.0);
    let prior = normal(0.1, 0.0, 1.0) + normal(0.2, 0.1, 1.0) + normal(0.3, 0.0, 2.0);
    let expected = prior + normal(0.4, 0.0, 1.0) + normal(0.5, 0.5, 1.0);
    check_density(&bound, &[0.1, 0.2, 0.3, 0.4], expected);
    let d = draw(&bound, &[0.1, 0.2, 0.3, 0.4]);
    assert_eq!(d.r#fn, 0.3);
    assert_eq!(d.__loop4, [0.4]);
    let mut keys = ppl::support::Names::default();
    ppl::support::Export::export(&d, &mut keys);
    assert_eq!(keys.names, ["draw", "model", "fn", "__loop4[0]"]);
}

#[test]
fn a_model_can_be_local() {
    /// A model inside a function.
    #[model]
    pub fn local(y: f64) {
        let mu: f64 = sample(Normal::new(0.0, 1.0));
        observe(y, Normal::new(mu, 1.0));
    }
    let expected = normal(0.1, 0.0, 1.0) + normal(0.5, 0.1, 1.0);
    check_density(&local(0.5), &[0.1], expected);
}

macro_rules! models {
    ($($name:ident: $mean:expr;)*) => { $(
        /// A model that a macro wrote.
        #[model]
        pub fn $name(y: f64) {
            let mu: f64 = sample(Normal::new($mean, 1.0));
            observe(y, Normal::new(mu, 1.0));
        }
    )* };
}
models! {
    first: 1.0;
    second: 2.0;
}

#[test]
fn a_model_can_come_from_a_macro() {
    let likelihood = normal(0.5, 0.1, 1.0);
    check_density(&first(0.5), &[0.1], normal(0.1, 1.0, 1.0) + likelihood);
    check_density(&second(0.5), &[0.1], normal(0.1, 2.0, 1.0) + likelihood);
}
