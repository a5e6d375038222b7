//! Where the values of sites come from.

use super::univariate::{self, Univariate};
use crate::real::{Mode, Real};
use crate::support::{Bounds, ScalarLatent, constrain};
use bumpalo::Bump;

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
    /// Whether elements of plates may run again, with other values, once their log likelihood is known.
    const REPEATS: bool = false;
    /// A place to come back to.
    type Mark: Copy;
    /// Whether [`Source::coordinate`] gives the numbers of the values themselves.
    #[inline]
    fn given(&self) -> bool {
        false
    }
    /// A value of a continuous univariate distribution.
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M>;
    /// What is made of values of `N` distributions alike, as [`Source::scalar`] gives them one after the other.
    #[inline(always)]
    fn scalars<Q, const P: usize, const N: usize>(
        &mut self,
        d: &impl Univariate<M, P>,
        mut make: impl FnMut(Real<M>) -> Q,
    ) -> [Q; N] {
        std::array::from_fn(|_| make(self.scalar(d)))
    }
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
    /// A uniform number whose ends are the same place: what it gives goes round a circle.
    #[inline]
    fn angle(&mut self) -> f64 {
        self.uniform()
    }
    /// The next unconstrained coordinate.
    fn coordinate(&mut self) -> Real<M>;
    /// How many coordinates have been read, where they can be read out of order.
    fn position(&self) -> usize {
        0
    }
    /// Whether fewer coordinates are left, where they are counted. Once that is ruled out, the compiler leaves out the checks of
    /// each.
    #[inline(always)]
    fn lacks(&self, _coordinates: usize) -> bool {
        false
    }
    /// Goes on at a coordinate.
    fn seek(&mut self, _position: usize) {}
    /// Adds to the log Jacobian of the bijections.
    fn add_jacobian(&mut self, ln_jacobian: Real<M>);
    /// Goes on with another log Jacobian, where there is one.
    #[inline]
    fn set_jacobian(&mut self, _ln_jacobian: Real<M>) {}
    /// Begins a plate of which no value is seen outside: whether its elements may run again. See [`Source::REPEATS`].
    #[inline]
    fn plate(&mut self) -> bool {
        false
    }
    /// Begins an element of such a plate.
    #[inline]
    fn element(&mut self) {}
    /// Whether the element runs again, now that its log likelihood is known.
    #[inline]
    fn again(&mut self, _log_likelihood: f64) -> bool {
        false
    }
}

/// Whether the values of a vector are coordinates of R^n (or given), not draws that are made of univariate ones: of a
/// guide they are the latter.
#[inline]
pub(crate) fn on_line<M: Mode, S: Source<M>>(source: &S) -> bool {
    S::UNCONSTRAINED && (!S::SIMULATES || source.given())
}

/// The value of a number on R^n: the next coordinate through the bijection of its support, or as it is where values are given.
#[inline]
pub(crate) fn from_line<M: Mode, S: Source<M>>(bounds: Bounds<M>, source: &mut S) -> Real<M> {
    let u = source.coordinate();
    if source.given() {
        return u;
    }
    let (x, jacobian) = constrain(bounds, u);
    if let Some(j) = jacobian {
        source.add_jacobian(j);
    }
    x
}

/// Values of a univariate distribution, one after the other.
#[inline(always)]
pub(crate) fn draw_iid<
    'a,
    M: Mode,
    T: ScalarLatent,
    const P: usize,
    D: Univariate<M, P>,
    S: Source<M>,
    const N: usize,
>(
    d: &D,
    source: &mut S,
    arena: &'a Bump,
) -> [T::At<'a, M>; N] {
    if T::DISCRETE {
        return std::array::from_fn(|_| {
            let x = univariate::draw::<M, T, P, D, S>(d, source);
            T::from_real::<M>(x, arena)
        });
    }
    source.scalars(d, |x| T::from_real::<M>(x, arena))
}
