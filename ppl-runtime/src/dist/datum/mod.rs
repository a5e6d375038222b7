//! What can be observed: numbers, missing numbers, and slices and arrays of them.

mod containers;
mod plain;

use super::collect::{Collect, Column};
use super::leaping::Row;
pub(crate) use super::observed::{array_as_slice, observed};
use super::points::Points;
use super::reduced::Reducing;
use super::report::Report;
use super::source::Source;
use crate::real::{Mode, Real};
use bumpalo::Bump;

/// A distribution that scores observations of the unsized or array type `T` (`[f64]`, `[[f64; 3]]`, ...).
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't score data of type `{T}`",
    label = "does not score `{T}`",
    note = "for many observations write `.iid()`, `each(..)` or vector parameters"
)]
pub trait Score<M: Mode, T: ?Sized> {
    /// ln p(x).
    fn score(&self, x: &T, arena: &Bump) -> Real<M>;
    /// Looks at the observations, unless they are missing, and at constant parameters.
    fn check(&self, x: Option<&T>, report: &mut Report);
    /// Simulates `n` observations and appends their numbers.
    fn simulate<S: Source<M>>(&self, n: usize, source: &mut S, arena: &Bump, out: &mut Vec<f64>);
    /// The log density of each datum; together they are one, unless the distribution takes them apart.
    fn points(&self, x: &T, arena: &Bump, out: &mut Points) {
        out.push(self.score(x, arena).value());
    }
    /// The same, from statistics of the data where they are known.
    #[inline]
    fn score_reduced(&self, x: &T, arena: &Bump, _: &mut Reducing<'_>) -> Real<M> {
        self.score(x, arena)
    }
    /// Puts the scoring off, if it can be done for many lanes at once.
    #[inline]
    fn collect(&self, _x: &T, _into: &mut impl Collect<M>) -> bool {
        false
    }
    /// How many elements it has of its own.
    fn own_length(&self) -> Option<usize>;
    /// Σ ln p(x\[i\]) of many such observations.
    #[inline]
    fn score_iid(&self, x: &[T], arena: &Bump) -> Real<M>
    where
        T: Sized,
    {
        x.iter().map(|x| self.score(x, arena)).sum()
    }
}

/// Data that can be observed from a distribution `D`. Implemented by data, so that references, `Option` and slices
/// are said once.
#[diagnostic::on_unimplemented(
    message = "data of type `{Self}` can't be observed from `{D}`",
    label = "this data and this distribution do not fit",
    note = "a number is observed from a distribution; a slice from `.iid()`, `each(..)` or a distribution with vector parameters"
)]
pub trait Datum<M: Mode, D> {
    /// ln p(self); a missing value adds nothing.
    fn score(&self, d: &D, arena: &Bump) -> Real<M>;
    /// Looks at the data.
    fn check(&self, d: &D, report: &mut Report);
    /// Simulates data of this shape.
    fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>);
    /// Simulates data of which nothing is there, by the distribution's own length.
    fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>);
    /// Looks at the distribution of data of which nothing is there.
    fn check_missing(d: &D, report: &mut Report);

    /// The log density of each datum. What is missing or masked is none.
    fn points(&self, d: &D, arena: &Bump, out: &mut Points) {
        out.push(self.score(d, arena).value());
    }
    /// Puts the scoring off, if it can be done for many lanes at once.
    #[inline]
    fn collect(&self, _d: &D, _into: &mut impl Collect<M>) -> bool {
        false
    }
    /// Puts the scoring of data that share a distribution off, if it can be done for many lanes at once.
    #[inline]
    fn collect_iid(_d: &D, _x: &[Self], _into: &mut impl Collect<M>) -> bool
    where
        Self: Sized,
    {
        false
    }
    /// Scores the data of many elements, if it can be done at once.
    #[inline]
    fn column<'x>(_data: impl Fn(usize) -> &'x Self, _d: &D, _into: &mut impl Column<M>) -> bool
    where
        Self: 'x,
    {
        false
    }
    /// Σ ln p(x\[i\]).
    #[inline]
    fn score_iid(d: &D, x: &[Self], arena: &Bump) -> Real<M>
    where
        Self: Sized,
    {
        x.iter().map(|v| v.score(d, arena)).sum()
    }
    /// Σ ln p_i(x\[i\]).
    #[inline]
    fn score_each<'x>(pairs: impl Iterator<Item = (D, &'x Self)>, arena: &Bump) -> Real<M>
    where
        Self: Sized + 'x,
    {
        pairs.map(|(d, x)| x.score(&d, arena)).sum()
    }
    /// Σ ln p_i(x\[i\]) of data side by side.
    #[inline]
    fn score_all(
        distributions: impl Row<Item = D>,
        x: &[Self],
        arena: &Bump,
        _: &mut Reducing<'_>,
    ) -> Real<M>
    where
        Self: Sized,
    {
        Self::score_each(distributions.zip(x), arena)
    }
    /// Σ ln p(x\[i\]), from statistics of the data where they are known.
    #[inline]
    fn score_alike(d: &D, x: &[Self], arena: &Bump, _: &mut Reducing<'_>) -> Real<M>
    where
        Self: Sized,
    {
        Self::score_iid(d, x, arena)
    }
    /// ln p(self), from statistics of the data where they are known.
    #[inline]
    fn score_reduced(&self, d: &D, arena: &Bump, _: &mut Reducing<'_>) -> Real<M> {
        self.score(d, arena)
    }
}

/// Looks at elements one by one.
pub(crate) fn check_elements<'x, M: Mode, D, T: Datum<M, D> + 'x>(
    pairs: impl Iterator<Item = (impl std::borrow::Borrow<D>, &'x T)>,
    report: &mut Report,
) {
    for (i, (d, x)) in pairs.enumerate() {
        report.element(i, |r| x.check(d.borrow(), r));
    }
}
