//! Independent elements, each with a distribution of its own.

use super::datum::{Datum, Score, array_as_slice, check_elements};
use super::distribution::{Combine, Distribution};
use super::factors::Factors;
use super::leaping::Row;
use super::points::Points;
use super::reduced::Reducing;
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Latent, Seq};
use bumpalo::Bump;

/// Independent elements with a distribution each. Made by [`each`].
#[derive(Copy, Clone, Debug)]
pub struct Each<I, F> {
    items: I,
    distribution: F,
}

/// Independent elements, the distribution of each computed from an item:
/// `observe(y, each(x, |row| Bernoulli::logit(dot(&coefs, row))))`, `each(0..n, |i| ..)`.
///
/// The items are gone through once an evaluation, in blocks; there must be as many as there are observations.
pub fn each<I: IntoIterator + Clone, D, F: Fn(I::Item) -> D>(
    items: I,
    distribution: F,
) -> Each<I, F> {
    Each {
        items,
        distribution,
    }
}

impl<I, F> Combine for Each<I, F> {}

impl<
    M: Mode,
    T: Latent,
    D: Distribution<M, T>,
    I: IntoIterator + Clone,
    F: Fn(I::Item) -> D,
    const N: usize,
> Distribution<M, [T; N]> for Each<I, F>
{
    #[inline]
    fn log_prob(&self, x: &[T::At<'_, M>; N]) -> Real<M> {
        self.items().zip(x).map(|(d, v)| d.log_prob(v)).sum()
    }
    #[inline]
    fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> [T::At<'a, M>; N] {
        let mut items = self.items();
        // Too few items were refused when the model was bound; the last one then serves, so as not to panic.
        let mut last = None;
        std::array::from_fn(|_| {
            last = items.next().or(last.take());
            match &last {
                Some(d) => d.draw(source, arena),
                None => panic!("`each` has no items for {N} elements"),
            }
        })
    }
    fn factors(&self, into: &mut impl Factors<M>) -> bool {
        self.items().all(|d| d.factors(into))
    }
    fn check(&self, report: &mut Report) {
        let n = self.items().count();
        if n != N {
            report.problem(Problem::Length {
                data: N,
                distribution: n,
            });
        }
        for (i, d) in self.items().enumerate() {
            report.element(i, |r| d.check(r));
        }
    }
}

impl<M: Mode, T: Latent, D: Distribution<M, T>, I: IntoIterator + Clone, F: Fn(I::Item) -> D>
    Distribution<M, Vec<T>> for Each<I, F>
{
    #[inline]
    fn log_prob(&self, x: &Seq<'_, T::At<'_, M>>) -> Real<M> {
        self.items().zip(x).map(|(d, v)| d.log_prob(v)).sum()
    }
    #[inline]
    fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> Seq<'a, T::At<'a, M>> {
        let n = self.items().count();
        let mut items = self.items();
        let mut last = None;
        Seq(arena.alloc_slice_fill_with(n, |_| {
            last = items.next().or(last.take());
            match &last {
                Some(d) => d.draw(source, arena),
                None => unreachable!("the items were counted"),
            }
        }))
    }
    fn factors(&self, into: &mut impl Factors<M>) -> bool {
        self.items().all(|d| d.factors(into))
    }
    fn check(&self, report: &mut Report) {
        for (i, d) in self.items().enumerate() {
            report.element(i, |r| d.check(r));
        }
    }
}

impl<I: IntoIterator + Clone, D, F: Fn(I::Item) -> D> Each<I, F> {
    #[inline]
    pub(super) fn items(&self) -> Items<'_, I, F> {
        Items {
            each: self,
            rest: self.items.clone().into_iter(),
        }
    }
}

/// The distributions of an [`Each`], one after the other. What is left out is not computed.
pub struct Items<'e, I: IntoIterator, F> {
    each: &'e Each<I, F>,
    rest: I::IntoIter,
}

impl<I: IntoIterator + Clone, D, F: Fn(I::Item) -> D> Iterator for Items<'_, I, F> {
    type Item = D;
    #[inline]
    fn next(&mut self) -> Option<D> {
        self.rest.next().map(|item| (self.each.distribution)(item))
    }
    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl<I: IntoIterator + Clone, D, F: Fn(I::Item) -> D> Row for Items<'_, I, F> {
    // A slice or a range, of enumerated elements too. Others compute what comes next in code of their own: called in two places, it would
    // be compiled into neither.
    const LEAPS: bool = size_of::<I::IntoIter>() <= 3 * size_of::<usize>();
    #[inline]
    fn leap(&mut self, n: usize) -> Option<D> {
        self.rest.nth(n).map(|item| (self.each.distribution)(item))
    }
    #[cold]
    #[inline(never)]
    fn restart(&mut self) {
        self.rest = self.each.items.clone().into_iter();
    }
}

impl<M: Mode, D, T: Datum<M, D>, I: IntoIterator + Clone, F: Fn(I::Item) -> D> Score<M, [T]>
    for Each<I, F>
{
    #[inline]
    fn score(&self, x: &[T], arena: &Bump) -> Real<M> {
        T::score_all(self.items(), x, arena, &mut Reducing::Off)
    }
    #[inline]
    fn score_reduced(&self, x: &[T], arena: &Bump, reducing: &mut Reducing<'_>) -> Real<M> {
        T::score_all(self.items(), x, arena, reducing)
    }
    fn check(&self, x: Option<&[T]>, report: &mut Report) {
        let n = self.items().count();
        let Some(x) = x else {
            for (i, d) in self.items().enumerate() {
                report.element(i, |r| T::check_missing(&d, r));
            }
            return;
        };
        if n != x.len() {
            report.problem(Problem::Length {
                data: x.len(),
                distribution: n,
            });
        }
        check_elements::<M, D, T>(self.items().zip(x), report);
    }
    fn simulate<S: Source<M>>(&self, n: usize, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        for d in self.items().take(n) {
            T::simulate_missing(&d, source, arena, out);
        }
    }
    fn points(&self, x: &[T], arena: &Bump, out: &mut Points) {
        for (i, (d, x)) in self.items().zip(x).enumerate() {
            out.element(i, |out| x.points(&d, arena, out));
        }
    }
    fn own_length(&self) -> Option<usize> {
        Some(self.items().count())
    }
}

impl<M: Mode, D, T: Datum<M, D>, I: IntoIterator + Clone, F: Fn(I::Item) -> D, const N: usize>
    Score<M, [T; N]> for Each<I, F>
{
    array_as_slice!(T, N);
}
