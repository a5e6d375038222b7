//! Where the parameters of a guide lie, and where they start.

use crate::dist::distribution::Distribution;
use crate::model::sources::Simulate;
use crate::random::Rng;
use crate::real::Value;
use crate::support::{Latent, Support};
use bumpalo::Bump;

/// Where the values of a parameter lie.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say where a parameter lies",
    label = "not a constraint",
    note = "write `Positive`, `UnitInterval`, `Interval(a, b)` or, for any real number, nothing"
)]
pub trait Constraint {
    /// As a support.
    fn support(&self) -> Support;
}

/// Any real number.
#[derive(Copy, Clone, Debug, Default)]
pub struct Unconstrained;
/// A positive number.
#[derive(Copy, Clone, Debug, Default)]
pub struct Positive;
/// A number between 0 and 1.
#[derive(Copy, Clone, Debug, Default)]
pub struct UnitInterval;
/// A number between two others.
#[derive(Copy, Clone, Debug)]
pub struct Interval(pub f64, pub f64);

impl Constraint for Unconstrained {
    fn support(&self) -> Support {
        Support::Real
    }
}
impl Constraint for Positive {
    fn support(&self) -> Support {
        Support::Positive
    }
}
impl Constraint for UnitInterval {
    fn support(&self) -> Support {
        Support::Unit
    }
}
/// Any support: `Support::SoftplusPositive`, `Support::CIRCLE`, `Support::Above(a)`, ...
impl Constraint for Support {
    fn support(&self) -> Support {
        *self
    }
}
impl Constraint for Interval {
    fn support(&self) -> Support {
        Support::Interval(self.0, self.1)
    }
}

/// Where a parameter of type `T` starts: a value, or [`init`] with a distribution, so that particles start apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the start of a parameter of type `{T}`",
    note = "write a value of that type, or `init(distribution)` for particles that start apart"
)]
pub trait Initial<T: Latent> {
    /// The plain value of one start.
    fn start(&self, rng: &mut Rng) -> T;
}
impl Initial<f64> for f64 {
    fn start(&self, _: &mut Rng) -> f64 {
        *self
    }
}
impl<const N: usize> Initial<[f64; N]> for [f64; N] {
    fn start(&self, _: &mut Rng) -> [f64; N] {
        *self
    }
}
impl Initial<Vec<f64>> for Vec<f64> {
    fn start(&self, _: &mut Rng) -> Vec<f64> {
        self.clone()
    }
}
impl Initial<Vec<f64>> for &[f64] {
    fn start(&self, _: &mut Rng) -> Vec<f64> {
        self.to_vec()
    }
}

/// A random start; made by [`init`].
#[derive(Copy, Clone, Debug)]
pub struct RandomStart<D>(D);

/// A parameter that starts at a draw from a distribution: particles must start apart.
pub fn init<D>(distribution: D) -> RandomStart<D> {
    RandomStart(distribution)
}

impl<T: Latent, D: Distribution<Value, T>> Initial<T> for RandomStart<D> {
    fn start(&self, rng: &mut Rng) -> T {
        let arena = Bump::new();
        let x = self.0.draw(&mut Simulate { rng }, &arena);
        let mut numbers = Vec::new();
        T::write::<Value>(&x, &mut numbers);
        T::read(&mut crate::support::Reader(&numbers))
    }
}
