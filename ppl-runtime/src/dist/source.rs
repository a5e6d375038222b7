//! Where the values of sites come from.

use super::univariate::Univariate;
use crate::real::{Mode, Real};

/// Where the values of sites come from: a generator, the unit cube, or R^n.
pub trait Source<M: Mode> {
    /// Whether values come from R^n through bijections, one [`Source::coordinate`] after the other.
    const UNCONSTRAINED: bool;
    /// Whether the density of the values is wanted.
    const PRIOR: bool;
    /// Whether enumerated sites are drawn like any others instead of summed out.
    const SIMULATES: bool;
    /// Whether the values of `#[branch]` sites are given and their density belongs to the likelihood.
    const PINNED: bool = false;
    /// A place to come back to.
    type Mark: Copy;
    /// Whether [`Source::coordinate`] gives the numbers of the values themselves.
    #[inline]
    fn given(&self) -> bool {
        false
    }
    /// A value of a continuous univariate distribution.
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M>;
    /// A value of a discrete distribution that is given by its quantiles.
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64;
    /// The value of a site that decides which others run.
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64;
    /// Where the source is.
    fn mark(&self) -> Self::Mark;
    /// Goes back, to run a part of the body again with other values of its enumerated sites.
    fn rewind(&mut self, mark: Self::Mark);
    /// The log Jacobian so far.
    fn jacobian(&self) -> Option<Real<M>>;
    /// A uniform number, from a generator or the cube.
    fn uniform(&mut self) -> f64;
    /// The next unconstrained coordinate.
    fn coordinate(&mut self) -> Real<M>;
    /// How many coordinates have been read, where they can be read out of order.
    fn position(&self) -> usize {
        0
    }
    /// Goes on at a coordinate.
    fn seek(&mut self, _position: usize) {}
    /// Adds to the log Jacobian of the bijections.
    fn add_jacobian(&mut self, ln_jacobian: Real<M>);
}
