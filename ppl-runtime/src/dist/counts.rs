//! What distributions of the counts of categories have in common.

use super::operand::{Many, Operands};
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::{Mode, Real};

/// What distributions of the counts of categories have in common: a probability given m parameters.
pub(crate) trait Counts<M: Mode> {
    /// The name of the family.
    const NAME: &'static str;
    /// The name of its vector of parameters.
    const PARAMETER: &'static str;
    /// The type of its vector of parameters.
    type Parameters: Operands<M, Kind = Many>;
    /// The sum of the counts.
    fn total(&self) -> f64;
    /// The vector of parameters.
    fn parameters(&self) -> &Self::Parameters;
    /// ln P(k).
    fn log_prob(&self, k: &[usize]) -> Real<M>;
    /// The quantile of count i given how many are left for it and those after it.
    fn conditional(&self, u: f64, i: usize, left: f64) -> f64;
    /// Whether the parameters are valid, and what they must be.
    fn valid(&self) -> Result<(), &'static str>;
}

/// The values of the parameters.
pub(crate) fn values<'a, M: Mode, W: Operands<M>>(
    w: &'a W,
) -> impl Iterator<Item = f64> + Clone + use<'a, M, W> {
    (0..w.len().unwrap_or(0)).map(|i| w.at(i).value())
}

/// The i-th parameter and the sum of those after it.
pub(crate) fn split<M: Mode, W: Operands<M>>(w: &W, i: usize) -> (f64, f64) {
    (w.at(i).value(), values(w).skip(i + 1).sum())
}

/// The counts of a draw, one after the other.
pub(crate) fn counts<M: Mode, D: Counts<M>, S: Source<M>>(
    d: &D,
    source: &mut S,
    m: usize,
) -> impl FnMut(usize) -> usize {
    let mut left = d.total();
    move |i| {
        let k = if i + 1 == m {
            left
        } else {
            source
                .discrete(|u| d.conditional(u, i, left))
                .clamp(0.0, left.max(0.0))
        };
        left -= k;
        k as usize
    }
}

/// Looks at the parameters.
pub(crate) fn check<M: Mode, D: Counts<M>>(d: &D, m: Option<usize>, report: &mut Report) {
    let length = d.parameters().len().unwrap_or(0);
    if let Some(m) = m
        && m != length
    {
        report.problem(Problem::Length {
            data: m,
            distribution: length,
        });
    } else if <D::Parameters as Operands<M>>::CONSTANT
        && let Err(requirement) = d.valid()
    {
        report.problem(Problem::Expression(format!(
            "{}: `{}` must be {requirement}",
            D::NAME,
            D::PARAMETER
        )));
    }
}

/// Looks at observed counts.
pub(crate) fn check_counts<M: Mode, D: Counts<M>>(d: &D, k: &[usize], report: &mut Report) {
    check(d, Some(k.len()), report);
    let sum: usize = k.iter().sum();
    if sum as f64 != d.total() {
        report.problem(Problem::Expression(format!(
            "{}: the counts sum to {sum}, but n is {}",
            D::NAME,
            d.total()
        )));
    }
}

/// The distributions of arrays, vectors and slices of counts.
macro_rules! distributions_of_counts {
    ($($name:ident),*) => { $(
        impl<M: Mode, W: Operands<M, Kind = Many>, const K: usize>
            Distribution<M, [usize; K]> for $name<W>
        {
            fn log_prob(&self, k: &[usize; K]) -> Real<M> {
                Counts::log_prob(self, k)
            }
            fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> [usize; K] {
                std::array::from_fn(counts(self, source, K))
            }
            fn check(&self, report: &mut Report) {
                check(self, Some(K), report);
            }
            fn check_observation(&self, k: &[usize; K], report: &mut Report) {
                check_counts(self, k, report);
            }
        }
        impl<M: Mode, W: Operands<M, Kind = Many>> Distribution<M, Vec<usize>>
            for $name<W>
        {
            fn log_prob(&self, k: &Seq<'_, usize>) -> Real<M> {
                Counts::log_prob(self, k)
            }
            fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> Seq<'a, usize> {
                let m = Counts::<M>::parameters(self).len().unwrap_or(0);
                Seq(arena.alloc_slice_fill_with(m, counts(self, source, m)))
            }
            fn check(&self, report: &mut Report) {
                check(self, None, report);
            }
        }
        impl<M: Mode, W: Operands<M, Kind = Many>> Score<M, [usize]> for $name<W> {
            fn score(&self, k: &[usize], _: &Bump) -> Real<M> {
                Counts::log_prob(self, k)
            }
            fn check(&self, k: Option<&[usize]>, report: &mut Report) {
                match k {
                    Some(k) => check_counts(self, k, report),
                    None => check(self, None, report),
                }
            }
            fn simulate<S: Source<M>>(
                &self,
                m: usize,
                source: &mut S,
                _: &Bump,
                out: &mut Vec<f64>,
            ) {
                out.extend((0..m).map(counts(self, source, m)).map(|k| k as f64));
            }
            fn own_length(&self) -> Option<usize> {
                Counts::<M>::parameters(self).len()
            }
        }
        impl<M: Mode, W: Operands<M, Kind = Many>, const K: usize>
            Score<M, [usize; K]> for $name<W>
        {
            super::datum::array_as_slice!(usize, K);
        }
    )* };
}
pub(crate) use distributions_of_counts;
