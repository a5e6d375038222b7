//! What can be observed: numbers, missing numbers, and slices and arrays of them.

use super::collect::{Collect, Column};
use super::distribution::{Combine, Distribution};
use super::leaping::Row;
pub(crate) use super::observed::{array_as_slice, observed};
use super::points::Points;
use super::reduced::Reducing;
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::{Mode, Real};
use crate::support::{
    Cholesky, Correlation, CorrelationCholesky, Covariance, Ordered, PositiveOrdered, ScalarLatent,
    Simplex, UnitVector, ZeroSum,
};
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

macro_rules! scalar {
    ($($type:ty),*) => { $(
        impl<M: Mode, D: Distribution<M, $type> + Combine> Datum<M, D> for $type {
            #[inline]
            fn score(&self, d: &D, arena: &Bump) -> Real<M> { d.score(self, arena) }
            #[inline]
            fn collect(&self, d: &D, into: &mut impl Collect<M>) -> bool { d.collect(self, into) }
            #[inline]
            fn collect_iid(d: &D, x: &[Self], into: &mut impl Collect<M>) -> bool { d.collect_iid(x, into) }
            #[inline]
            fn column<'x>(data: impl Fn(usize) -> &'x Self, d: &D, into: &mut impl Column<M>) -> bool {
                d.column(|i| ScalarLatent::number(*data(i)), into)
            }
            fn check(&self, d: &D, report: &mut Report) { d.check_observation(self, report); }
            fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
                d.simulate(source, arena, out);
            }
            fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
                d.simulate(source, arena, out);
            }
            fn check_missing(d: &D, report: &mut Report) { d.check(report); }
            fn points(&self, d: &D, arena: &Bump, out: &mut Points) {
                if d.counts() {
                    out.push(d.score(self, arena).value());
                }
            }
            #[inline]
            fn score_iid(d: &D, x: &[Self], arena: &Bump) -> Real<M> { d.score_iid(x, arena) }
            #[inline]
            fn score_each<'x>(pairs: impl Iterator<Item = (D, &'x Self)>, arena: &Bump) -> Real<M> {
                D::score_each(pairs, arena)
            }
            #[inline]
            fn score_all(
                distributions: impl Row<Item = D>,
                x: &[Self],
                arena: &Bump,
                reducing: &mut Reducing<'_>,
            ) -> Real<M> {
                D::score_all(distributions, x, arena, reducing)
            }
            #[inline]
            fn score_alike(d: &D, x: &[Self], arena: &Bump, reducing: &mut Reducing<'_>) -> Real<M> {
                d.score_alike(x, arena, reducing)
            }
        }
    )* };
}
scalar!(f64, bool, usize);

macro_rules! constrained {
    ($($type:ident),*) => { $(
        impl<M: Mode, D: Distribution<M, $type<N>> + Combine, const N: usize> Datum<M, D> for $type<N> {
            #[inline]
            fn score(&self, d: &D, arena: &Bump) -> Real<M> { d.score(self, arena) }
            fn check(&self, d: &D, report: &mut Report) { d.check_observation(self, report); }
            fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
                d.simulate(source, arena, out);
            }
            fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
                d.simulate(source, arena, out);
            }
            fn check_missing(d: &D, report: &mut Report) { d.check(report); }
            #[inline]
            fn score_iid(d: &D, x: &[Self], arena: &Bump) -> Real<M> { d.score_iid(x, arena) }
        }
    )* };
}
constrained!(
    Simplex,
    Ordered,
    PositiveOrdered,
    ZeroSum,
    UnitVector,
    Cholesky,
    CorrelationCholesky,
    Correlation,
    Covariance
);

macro_rules! count {
    ($($type:ty),*) => { $(
        impl<M: Mode, D: Distribution<M, usize> + Combine> Datum<M, D> for $type {
            #[inline]
            fn score(&self, d: &D, arena: &Bump) -> Real<M> { d.score(&(*self as usize), arena) }
            #[inline]
            fn collect(&self, d: &D, into: &mut impl Collect<M>) -> bool {
                d.collect(&(*self as usize), into)
            }
            #[inline]
            fn column<'x>(data: impl Fn(usize) -> &'x Self, d: &D, into: &mut impl Column<M>) -> bool {
                d.column(|i| *data(i) as f64, into)
            }
            fn check(&self, d: &D, report: &mut Report) { d.check_observation(&(*self as usize), report); }
            fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
                d.simulate(source, arena, out);
            }
            fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
                d.simulate(source, arena, out);
            }
            fn check_missing(d: &D, report: &mut Report) { d.check(report); }
            fn points(&self, d: &D, arena: &Bump, out: &mut Points) {
                if d.counts() {
                    out.push(d.score(&(*self as usize), arena).value());
                }
            }
        }
    )* };
}
count!(u8, u16, u32, u64);

/// A latent observed: its density counts as a likelihood.
impl<M: Mode, D: Distribution<M, f64>> Datum<M, D> for Real<M> {
    #[inline]
    fn score(&self, d: &D, _: &Bump) -> Real<M> {
        d.log_prob(self)
    }
    fn check(&self, d: &D, report: &mut Report) {
        d.check(report);
    }
    fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        d.simulate(source, arena, out);
    }
    fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        d.simulate(source, arena, out);
    }
    fn check_missing(d: &D, report: &mut Report) {
        d.check(report);
    }
}

impl<M: Mode, D, T: Datum<M, D> + ?Sized> Datum<M, D> for &T {
    #[inline]
    fn score(&self, d: &D, arena: &Bump) -> Real<M> {
        (**self).score(d, arena)
    }
    #[inline]
    fn score_reduced(&self, d: &D, arena: &Bump, reducing: &mut Reducing<'_>) -> Real<M> {
        (**self).score_reduced(d, arena, reducing)
    }
    #[inline]
    fn collect(&self, d: &D, into: &mut impl Collect<M>) -> bool {
        (**self).collect(d, into)
    }
    #[inline]
    fn column<'x>(data: impl Fn(usize) -> &'x Self, d: &D, into: &mut impl Column<M>) -> bool
    where
        Self: 'x,
    {
        T::column(|i| &**data(i), d, into)
    }
    fn check(&self, d: &D, report: &mut Report) {
        (**self).check(d, report);
    }
    fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        (**self).simulate(d, source, arena, out);
    }
    fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        T::simulate_missing(d, source, arena, out);
    }
    fn check_missing(d: &D, report: &mut Report) {
        T::check_missing(d, report);
    }
    fn points(&self, d: &D, arena: &Bump, out: &mut Points) {
        (**self).points(d, arena, out);
    }
}

/// `None` adds nothing to the density and is simulated in prediction.
impl<M: Mode, D, T: Datum<M, D>> Datum<M, D> for Option<T> {
    #[inline]
    fn score(&self, d: &D, arena: &Bump) -> Real<M> {
        self.as_ref()
            .map_or_else(|| Real::constant(0.0), |x| x.score(d, arena))
    }
    fn check(&self, d: &D, report: &mut Report) {
        match self {
            Some(x) => x.check(d, report),
            None => T::check_missing(d, report),
        }
    }
    fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        match self {
            Some(x) => x.simulate(d, source, arena, out),
            None => T::simulate_missing(d, source, arena, out),
        }
    }
    fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        T::simulate_missing(d, source, arena, out);
    }
    fn check_missing(d: &D, report: &mut Report) {
        T::check_missing(d, report);
    }
    fn points(&self, d: &D, arena: &Bump, out: &mut Points) {
        if let Some(x) = self {
            x.points(d, arena, out);
        }
    }
    #[inline]
    fn score_each<'x>(pairs: impl Iterator<Item = (D, &'x Self)>, arena: &Bump) -> Real<M>
    where
        Self: 'x,
    {
        T::score_each(pairs.filter_map(|(d, x)| Some((d, x.as_ref()?))), arena)
    }
}

impl<M: Mode, D: Score<M, [T]>, T> Datum<M, D> for [T] {
    #[inline]
    fn score(&self, d: &D, arena: &Bump) -> Real<M> {
        d.score(self, arena)
    }
    #[inline]
    fn score_reduced(&self, d: &D, arena: &Bump, reducing: &mut Reducing<'_>) -> Real<M> {
        d.score_reduced(self, arena, reducing)
    }
    #[inline]
    fn collect(&self, d: &D, into: &mut impl Collect<M>) -> bool {
        d.collect(self, into)
    }
    fn check(&self, d: &D, report: &mut Report) {
        if self.is_empty() {
            report.problem(Problem::Empty);
        }
        d.check(Some(self), report);
    }
    fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        d.simulate(self.len(), source, arena, out);
    }
    fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        d.simulate(d.own_length().unwrap_or(0), source, arena, out);
    }
    fn check_missing(d: &D, report: &mut Report) {
        if d.own_length().is_none() {
            report.problem(Problem::UnknownLength);
        }
        d.check(None, report);
    }
    fn points(&self, d: &D, arena: &Bump, out: &mut Points) {
        d.points(self, arena, out);
    }
}

impl<M: Mode, D: Score<M, [T]>, T> Datum<M, D> for Vec<T> {
    #[inline]
    fn score(&self, d: &D, arena: &Bump) -> Real<M> {
        Datum::<M, D>::score(&self[..], d, arena)
    }
    #[inline]
    fn score_reduced(&self, d: &D, arena: &Bump, reducing: &mut Reducing<'_>) -> Real<M> {
        d.score_reduced(&self[..], arena, reducing)
    }
    #[inline]
    fn collect(&self, d: &D, into: &mut impl Collect<M>) -> bool {
        d.collect(&self[..], into)
    }
    fn check(&self, d: &D, report: &mut Report) {
        Datum::<M, D>::check(&self[..], d, report);
    }
    fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        Datum::<M, D>::simulate(&self[..], d, source, arena, out);
    }
    fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        <[T] as Datum<M, D>>::simulate_missing(d, source, arena, out);
    }
    fn check_missing(d: &D, report: &mut Report) {
        <[T] as Datum<M, D>>::check_missing(d, report);
    }
    fn points(&self, d: &D, arena: &Bump, out: &mut Points) {
        d.points(self, arena, out);
    }
}

impl<M: Mode, D: Score<M, [T; N]>, T, const N: usize> Datum<M, D> for [T; N] {
    #[inline]
    fn score(&self, d: &D, arena: &Bump) -> Real<M> {
        d.score(self, arena)
    }
    #[inline]
    fn score_reduced(&self, d: &D, arena: &Bump, reducing: &mut Reducing<'_>) -> Real<M> {
        d.score_reduced(self, arena, reducing)
    }
    #[inline]
    fn collect(&self, d: &D, into: &mut impl Collect<M>) -> bool {
        d.collect(self, into)
    }
    fn check(&self, d: &D, report: &mut Report) {
        d.check(Some(self), report);
    }
    fn simulate<S: Source<M>>(&self, d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        d.simulate(N, source, arena, out);
    }
    fn simulate_missing<S: Source<M>>(d: &D, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        d.simulate(N, source, arena, out);
    }
    fn check_missing(d: &D, report: &mut Report) {
        d.check(None, report);
    }
    fn points(&self, d: &D, arena: &Bump, out: &mut Points) {
        d.points(self, arena, out);
    }
    #[inline]
    fn score_iid(d: &D, x: &[Self], arena: &Bump) -> Real<M> {
        d.score_iid(x, arena)
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
