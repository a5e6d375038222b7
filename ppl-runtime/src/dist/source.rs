//! Where the values of sites come from.

use super::univariate::Univariate;
use crate::real::{Mode, Real};

/// Where the values of sites come from: a generator, the unit cube, or R^n.
pub trait Source<M: Mode> {
    /// Whether values come from R^n through bijections, one [`Source::coordinate`] after the other.
    const UNCONSTRAINED: bool;
    /// Whether the density of the values is wanted.
    const PRIOR: bool;
    /// A value of a continuous univariate distribution.
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M>;
    /// A value of a discrete distribution that is given by its quantiles.
    fn discrete(&mut self, quantile: impl FnOnce(f64) -> f64) -> f64;
    /// A uniform number, from a generator or the cube.
    fn uniform(&mut self) -> f64;
    /// The next unconstrained coordinate.
    fn coordinate(&mut self) -> Real<M>;
    /// Adds to the log Jacobian of the bijections.
    fn add_jacobian(&mut self, ln_jacobian: Real<M>);
}
