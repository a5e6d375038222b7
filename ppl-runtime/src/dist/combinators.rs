//! Independent elements that are alike (`iid`); for those with a distribution of their own see [`each`](super::each()).

use super::collect::Collect;
use super::datum::{Datum, Score, array_as_slice, check_elements};
use super::distribution::{Combine, Distribution};
use super::factors::Factors;
use super::points::Points;
use super::reduced::Reducing;
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Latent, Seq};
use bumpalo::Bump;

/// Independent elements that share a distribution; their number comes from the data or the annotation.
/// Made by [`Combine::iid`].
#[derive(Copy, Clone, Debug)]
pub struct Iid<D>(pub(crate) D);

/// A given number of independent elements that share a distribution. Made by [`Combine::iid_n`].
#[derive(Copy, Clone, Debug)]
pub struct IidN<D>(pub(crate) D, pub(crate) usize);

impl<D> Combine for Iid<D> {}
impl<D> Combine for IidN<D> {}

impl<M: Mode, T: Latent, D: Distribution<M, T>, const N: usize> Distribution<M, [T; N]> for Iid<D> {
    #[inline]
    fn log_prob(&self, x: &[T::At<'_, M>; N]) -> Real<M> {
        self.0.log_prob_iid(x)
    }
    #[inline]
    fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> [T::At<'a, M>; N] {
        if source.lacks(N) {
            return drawn_one_by_one(&self.0, source, arena);
        }
        self.0.draw_iid(source, arena)
    }
    #[inline]
    fn log_prob_iid(&self, x: &[[T::At<'_, M>; N]]) -> Real<M> {
        self.0.log_prob_iid(x.as_flattened())
    }
    fn factors(&self, into: &mut impl Factors<M>) -> bool {
        (0..N).all(|_| self.0.factors(into))
    }
    fn check(&self, report: &mut Report) {
        self.0.check(report);
    }
}

/// Apart, so that callers have the loop once, and there without checks of the source's end.
#[inline(never)]
fn drawn_one_by_one<'a, M: Mode, T: Latent, D: Distribution<M, T>, S: Source<M>, const N: usize>(
    d: &D,
    source: &mut S,
    arena: &'a Bump,
) -> [T::At<'a, M>; N] {
    std::array::from_fn(|_| d.draw(source, arena))
}

impl<M: Mode, T: Latent, D: Distribution<M, T>> Distribution<M, Vec<T>> for IidN<D> {
    #[inline]
    fn log_prob(&self, x: &Seq<'_, T::At<'_, M>>) -> Real<M> {
        self.0.log_prob_iid(x)
    }
    #[inline]
    fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> Seq<'a, T::At<'a, M>> {
        Seq(arena.alloc_slice_fill_with(self.1, |_| self.0.draw(source, arena)))
    }
    fn factors(&self, into: &mut impl Factors<M>) -> bool {
        (0..self.1).all(|_| self.0.factors(into))
    }
    fn check(&self, report: &mut Report) {
        self.0.check(report);
    }
}

impl<M: Mode, D, T: Datum<M, D>> Score<M, [T]> for Iid<D> {
    #[inline]
    fn score(&self, x: &[T], arena: &Bump) -> Real<M> {
        T::score_iid(&self.0, x, arena)
    }
    #[inline]
    fn score_reduced(&self, x: &[T], arena: &Bump, reducing: &mut Reducing<'_>) -> Real<M> {
        T::score_alike(&self.0, x, arena, reducing)
    }
    #[inline]
    fn collect(&self, x: &[T], into: &mut impl Collect<M>) -> bool {
        T::collect_iid(&self.0, x, into)
    }
    fn check(&self, x: Option<&[T]>, report: &mut Report) {
        match x {
            Some(x) => check_elements::<M, D, T>(x.iter().map(|x| (&self.0, x)), report),
            None => T::check_missing(&self.0, report),
        }
    }
    fn simulate<S: Source<M>>(&self, n: usize, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        for _ in 0..n {
            T::simulate_missing(&self.0, source, arena, out);
        }
    }
    fn points(&self, x: &[T], arena: &Bump, out: &mut Points) {
        for (i, x) in x.iter().enumerate() {
            out.element(i, |out| x.points(&self.0, arena, out));
        }
    }
    fn own_length(&self) -> Option<usize> {
        None
    }
}

impl<M: Mode, D, T: Datum<M, D>> Score<M, [T]> for IidN<D> {
    #[inline]
    fn score(&self, x: &[T], arena: &Bump) -> Real<M> {
        T::score_iid(&self.0, x, arena)
    }
    #[inline]
    fn score_reduced(&self, x: &[T], arena: &Bump, reducing: &mut Reducing<'_>) -> Real<M> {
        T::score_alike(&self.0, x, arena, reducing)
    }
    #[inline]
    fn collect(&self, x: &[T], into: &mut impl Collect<M>) -> bool {
        T::collect_iid(&self.0, x, into)
    }
    fn check(&self, x: Option<&[T]>, report: &mut Report) {
        let Some(x) = x else {
            return T::check_missing(&self.0, report);
        };
        if x.len() != self.1 {
            report.problem(Problem::Length {
                data: x.len(),
                distribution: self.1,
            });
        }
        check_elements::<M, D, T>(x.iter().map(|x| (&self.0, x)), report);
    }
    fn simulate<S: Source<M>>(&self, n: usize, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        for _ in 0..n {
            T::simulate_missing(&self.0, source, arena, out);
        }
    }
    fn points(&self, x: &[T], arena: &Bump, out: &mut Points) {
        for (i, x) in x.iter().enumerate() {
            out.element(i, |out| x.points(&self.0, arena, out));
        }
    }
    fn own_length(&self) -> Option<usize> {
        Some(self.1)
    }
}

impl<M: Mode, D, T: Datum<M, D>, const N: usize> Score<M, [T; N]> for Iid<D> {
    array_as_slice!(T, N);
}
impl<M: Mode, D, T: Datum<M, D>, const N: usize> Score<M, [T; N]> for IidN<D> {
    array_as_slice!(T, N);
}
