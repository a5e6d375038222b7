//! Predictors: sums of terms with an element for each observation, evaluated lazily, a block at a time.
//!
//! Nothing is stored and no element is a number on the tape: a site reads the values of a block, and sends the adjoints of
//! the block back to what the terms are made of.

mod gathered;
mod maps;
mod operators;
mod sums;
mod terms;

pub use gathered::{Gathered, gather};
pub use maps::Exp;
pub use sums::{Factor, Stretched, Sum, Weighted};
pub use terms::{Data, Elements, IntoTerm, Shared, Slope};

use super::kernels::LANES;
use super::mode::{Lift, Mode, Real};
use std::marker::PhantomData;

/// A part of a predictor, with an element for each observation or one for all.
pub trait Term<M: Mode>: Copy {
    /// The number of elements; `None` if it is the same for all.
    fn count(&self) -> Option<usize>;
    /// Adds the elements from `start` on to `out`, which has room for at most [`LANES`], and none beyond the end.
    fn add_to(&self, start: usize, out: &mut [f64]);
    /// Sends the partial derivatives by as many elements from `start` on to what they are made of.
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift);
}

/// A vector of parameters made of terms, as `gather(&effects, group) + slope * x + intercept`: a coefficient times data, elements
/// picked from latents by [`gather()`], vectors of latents or data, [`matvec`](super::matvec), numbers; sums and
/// differences of those, and products with data, with a latent or with a number; [`Predictor::exp`] of them.
///
/// A site takes it as a parameter: `observe(y, Normal::new(predictor, sigma))`. It is what `each(..)` with the same
/// arithmetic gives, and where that is all an element does it is several times as fast. Lengths that do not fit give NaN and an error when
/// the model is bound.
///
/// ```
/// use ppl_runtime::real::{Real, Value, gather};
/// let (effects, slope) = ([1.0, 2.0].map(Real::<Value>::from), Real::<Value>::from(0.5));
/// let (group, x) = ([0, 1, 1], [0.0, 2.0, 4.0]);
/// let predictor = gather(&effects, &group) + slope * &x;
/// assert_eq!([0, 1, 2].map(|i| predictor.at(i).value()), [1.0, 3.0, 4.0]);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Predictor<M, E> {
    term: E,
    mode: PhantomData<fn() -> M>,
}

impl<M: Mode, E: Term<M>> Predictor<M, E> {
    #[inline]
    pub(super) fn new(term: E) -> Self {
        let mode = PhantomData;
        Predictor { term, mode }
    }
    /// The number of elements, if it is made of anything that has one.
    pub fn count(&self) -> Option<usize> {
        self.term.count()
    }
    /// One element; NaN beyond the end.
    pub fn at(&self, i: usize) -> Real<M> {
        let mut value = [0.0];
        self.values(i, &mut value);
        let mut lift = M::Lift::begin();
        if self.count().is_none_or(|n| i < n) {
            self.push(i, &[1.0], &mut lift);
        }
        lift.finish(value[0])
    }
    /// The elements from `start` on, as many as there are; NaN beyond.
    #[inline]
    pub(crate) fn values(&self, start: usize, out: &mut [f64]) {
        let room = out.len();
        let n = self
            .count()
            .map_or(room, |n| n.saturating_sub(start).min(room));
        let (out, beyond) = out.split_at_mut(n);
        beyond.fill(f64::NAN);
        for (k, block) in out.chunks_mut(LANES).enumerate() {
            block.fill(0.0);
            self.term.add_to(start + k * LANES, block);
        }
    }
    /// Sends the partial derivatives by the elements from `start` on to what they are made of.
    #[inline]
    pub(crate) fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        let given = partials.len();
        let n = self
            .count()
            .map_or(given, |n| n.saturating_sub(start).min(given));
        for (k, block) in partials[..n].chunks(LANES).enumerate() {
            self.term.push(start + k * LANES, block, lift);
        }
    }
}
