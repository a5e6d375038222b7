//! Predictors: sums of terms with an element for each observation, evaluated lazily, a block at a time.
//!
//! Nothing is stored and no element is a number on the tape: a site reads the values of a block, and sends the adjoints of
//! the block back to what the terms are made of.

mod gathered;
mod maps;
mod operators;
mod picked;
mod sums;
mod terms;
#[cfg(test)]
mod tests;

pub use gathered::{Gathered, gather};
pub use maps::Exp;
pub use picked::{Kept, Picked};
pub use sums::{Factor, Stretched, Sum, Weighted};
pub use terms::{Data, Elements, IntoTerm, Shared, Slope};

use super::kernels::LANES;
use super::mode::{Mode, Real};
use std::marker::PhantomData;

/// Elements from the least to the greatest of a block up to which their adjoints are summed before they are sent.
const ROOM: usize = 128;

/// A part of a predictor, with an element for each observation or one for all.
pub trait Term<M: Mode>: Copy {
    /// The number of elements; `None` if it is the same for all.
    fn count(&self) -> Option<usize>;
    /// One element as a number of the model.
    fn at(&self, i: usize) -> Real<M>;
    /// Adds the elements of a block to `out`, which has room for at most [`LANES`]; none lies beyond the end.
    fn add_to(&self, places: Places<'_>, out: &mut [f64]);
    /// How many columns of data [`Term::keep`] keeps.
    const DATA: usize = 0;
    /// Keeps the data of elements that are asked for often.
    fn keep(&self, _kept: &mut Kept) {}
    /// Whether [`Term::added`] costs no more than its arithmetic.
    const SINGLE: bool = false;
    /// Whether its elements come from here and there, so that nothing runs in lanes.
    const PICKS: bool = false;
    /// A sum with one element added: [`Term::add_to`] of a block that is this element.
    #[inline]
    fn added(&self, place: usize, sum: f64) -> f64 {
        let mut out = [sum];
        self.add_to(Places::Of(Picked::of(&[place])), &mut out);
        out[0]
    }
    /// Sends the partial derivatives by the elements of a block to what they are made of.
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift);
    /// The same, where `values` are what [`Term::add_to`] added.
    #[inline]
    fn push_known(
        &self,
        places: Places<'_>,
        _values: &[f64],
        partials: &[f64],
        lift: &mut M::Lift,
    ) {
        self.push(places, partials, lift);
    }
}

/// Which elements a block has.
#[derive(Copy, Clone, Debug)]
pub enum Places<'p> {
    /// Those from here on.
    From(usize),
    /// These.
    Of(Picked<'p>),
}

impl<'p> Places<'p> {
    /// What the term after one with so many columns of data is given.
    #[inline]
    pub(super) fn after(self, columns: usize) -> Self {
        match self {
            Places::From(_) => self,
            Places::Of(picked) => Places::Of(picked.after(columns)),
        }
    }
    /// Calls `f` with the first `n` numbers of data: where they lie, kept, or copied.
    #[inline]
    pub(super) fn with_numbers(self, all: &[f64], n: usize, f: impl FnOnce(&[f64])) {
        match self {
            Places::From(start) => f(&all[start..][..n]),
            Places::Of(picked) => match picked.numbers() {
                Some(kept) => f(&kept[..n]),
                None => f(self.of(all, n, &mut [0.0; LANES])),
            },
        }
    }
    /// The first `n` elements of a block: where they lie, or copied into the room for them.
    #[inline]
    pub(super) fn of<'x, T: Copy>(
        self,
        all: &'x [T],
        n: usize,
        room: &'x mut [T; LANES],
    ) -> &'x [T] {
        match self {
            Places::From(start) => &all[start..][..n],
            Places::Of(picked) => {
                for (to, place) in room.iter_mut().zip(picked.places) {
                    *to = all[*place];
                }
                &room[..n]
            }
        }
    }
    /// Which element is the `k`-th of the block.
    pub(super) fn place(self, k: usize) -> usize {
        match self {
            Places::From(start) => start + k,
            Places::Of(picked) => picked.places[k],
        }
    }
}

/// Writes the elements of a block, at most [`LANES`]. Where nothing runs in lanes each sum stays in a register: reading and writing it
/// for every term would cost as much as the terms.
#[inline]
fn fill<M: Mode, E: Term<M>>(term: &E, places: Places<'_>, out: &mut [f64]) {
    match places {
        Places::From(start) if E::SINGLE && E::PICKS => {
            for (k, o) in out.iter_mut().enumerate() {
                *o = term.added(start + k, 0.0);
            }
        }
        Places::Of(picked) if E::SINGLE && !picked.is_kept() => {
            for (o, place) in out.iter_mut().zip(picked.places) {
                *o = term.added(*place, 0.0);
            }
        }
        _ => {
            out.fill(0.0);
            term.add_to(places, out);
        }
    }
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
        if self.count().is_none_or(|n| i < n) {
            self.term.at(i)
        } else {
            Real::constant(f64::NAN)
        }
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
            fill(&self.term, Places::From(start + k * LANES), block);
        }
    }
    /// Sends the partial derivatives by the elements from `start` on to what they are made of. Their `values` save computing them again.
    #[inline]
    pub(crate) fn push(
        &self,
        start: usize,
        values: Option<&[f64]>,
        partials: &[f64],
        lift: &mut M::Lift,
    ) {
        let given = partials.len();
        let n = self
            .count()
            .map_or(given, |n| n.saturating_sub(start).min(given));
        for (k, block) in partials[..n].chunks(LANES).enumerate() {
            let (first, places) = (k * LANES, Places::From(start + k * LANES));
            match values {
                Some(values) => {
                    let values = &values[first..][..block.len()];
                    self.term.push_known(places, values, block, lift);
                }
                None => self.term.push(places, block, lift),
            }
        }
    }
    /// Keeps the data that the terms of some elements are made of.
    pub(crate) fn keep(&self, kept: &mut Kept) {
        self.term.keep(kept);
    }
    /// These elements, at most [`LANES`] of them; NaN if one lies beyond the end.
    pub(crate) fn values_of(&self, picked: Picked<'_>, out: &mut [f64]) {
        if self.fits(picked) && out.len() <= LANES {
            fill(&self.term, Places::Of(picked), out);
        } else {
            out.fill(f64::NAN);
        }
    }
    /// Sends the partial derivatives by these elements to what they are made of.
    pub(crate) fn push_of(&self, picked: Picked<'_>, partials: &[f64], lift: &mut M::Lift) {
        if self.fits(picked) && partials.len() <= LANES {
            self.term.push(Places::Of(picked), partials, lift);
        }
    }
    fn fits(&self, picked: Picked<'_>) -> bool {
        self.count()
            .is_none_or(|n| picked.last() < n || picked.places.is_empty())
    }
}
