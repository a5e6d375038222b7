//! Single data: numbers, values of constrained types, counts of other widths, and latents.

use super::Datum;
use crate::dist::collect::{Collect, Column};
use crate::dist::distribution::{Combine, Distribution};
use crate::dist::leaping::Row;
use crate::dist::points::Points;
use crate::dist::reduced::Reducing;
use crate::dist::report::Report;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use crate::support::{
    Cholesky, Correlation, CorrelationCholesky, Covariance, Ordered, PositiveOrdered, ScalarLatent,
    Simplex, UnitVector, ZeroSum,
};
use bumpalo::Bump;

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
