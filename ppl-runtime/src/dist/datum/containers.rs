//! References, data that may be missing, and data side by side.

use super::{Datum, Score};
use crate::dist::collect::{Collect, Column};
use crate::dist::points::Points;
use crate::dist::reduced::Reducing;
use crate::dist::report::{Problem, Report};
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use bumpalo::Bump;

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
