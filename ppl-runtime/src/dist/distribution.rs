//! What a distribution is to an interpreter.

use super::collect::{Collect, Column};
use super::combinators::{Iid, IidN};
use super::factors::Factors;
use super::leaping::Row;
use super::ordered::OrderedBy;
use super::reduced::Reducing;
use super::report::Report;
use super::scaled::{Masked, Scaled};
use super::source::Source;
use crate::real::{Mode, Real};
use crate::support::Latent;
use bumpalo::Bump;

/// A distribution over the plain type `T`, in mode `M`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not give draws of type `{T}`",
    label = "a distribution over something else than `{T}`",
    note = "the annotation of a site is the plain type of its draw; without one it is f64. Vectors come from `.iid()`, `.iid_n(n)`, `each(..)` or vector parameters"
)]
pub trait Distribution<M: Mode, T: Latent>: Sized {
    /// ln p(x).
    fn log_prob(&self, x: &T::At<'_, M>) -> Real<M>;

    /// A value from a source: simulated, mapped from the cube, or through a bijection from R^n.
    fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> T::At<'a, M>;

    /// Values alike, one after the other.
    #[inline(always)]
    fn draw_iid<'a, S: Source<M>, const N: usize>(
        &self,
        source: &mut S,
        arena: &'a Bump,
    ) -> [T::At<'a, M>; N] {
        std::array::from_fn(|_| self.draw(source, arena))
    }

    /// Puts the scoring of an observation off, if it can be done for many lanes at once.
    #[inline]
    fn collect(&self, _x: &T, _into: &mut impl Collect<M>) -> bool {
        false
    }

    /// Puts the scoring of observations that share their parameters off, if it can be done for many lanes at once.
    #[inline]
    fn collect_iid(&self, _x: &[T], _into: &mut impl Collect<M>) -> bool {
        false
    }

    /// Scores the observations of many elements, if it can be done at once.
    #[inline]
    fn column(&self, _x: impl Fn(usize) -> f64, _into: &mut impl Column<M>) -> bool {
        false
    }

    /// Gives the distributions of its numbers one by one, if they are independent univariate ones.
    #[inline]
    fn factors(&self, _into: &mut impl Factors<M>) -> bool {
        false
    }

    /// Whether what is observed from it adds to the likelihood.
    fn counts(&self) -> bool {
        true
    }

    /// Looks for invalid constant parameters.
    fn check(&self, report: &mut Report);

    /// ln p of a plain value.
    #[inline]
    fn score(&self, x: &T, arena: &Bump) -> Real<M> {
        self.log_prob(&x.constant::<M>(arena))
    }

    /// Looks at an observation.
    fn check_observation(&self, _x: &T, report: &mut Report) {
        self.check(report);
    }

    /// Σ ln p(x\[i\]) of latents.
    #[inline]
    fn log_prob_iid(&self, x: &[T::At<'_, M>]) -> Real<M> {
        x.iter().map(|v| self.log_prob(v)).sum()
    }

    /// Σ ln p(x\[i\]) of observations.
    #[inline]
    fn score_iid(&self, x: &[T], arena: &Bump) -> Real<M> {
        x.iter().map(|v| self.score(v, arena)).sum()
    }

    /// Σ ln p_i(x\[i\]) of observations with a distribution each.
    #[inline]
    fn score_each<'x>(pairs: impl Iterator<Item = (Self, &'x T)>, arena: &Bump) -> Real<M> {
        pairs.map(|(d, x)| d.score(x, arena)).sum()
    }

    /// Σ ln p_i(x\[i\]) of observations side by side with a distribution each.
    #[inline]
    fn score_all(
        distributions: impl Row<Item = Self>,
        x: &[T],
        arena: &Bump,
        _: &mut Reducing<'_>,
    ) -> Real<M> {
        Self::score_each(distributions.zip(x), arena)
    }

    /// Σ ln p(x\[i\]) of observations, from statistics of them where they are known.
    #[inline]
    fn score_alike(&self, x: &[T], arena: &Bump, _: &mut Reducing<'_>) -> Real<M> {
        self.score_iid(x, arena)
    }

    /// Simulates an observation and appends its numbers.
    fn simulate<S: Source<M>>(&self, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        let x = self.draw(source, arena);
        T::write::<M>(&x, out);
    }
}

/// A discrete distribution of finitely many values: what `#[enumerate]` sums over.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be enumerated",
    label = "not a distribution of finitely many values",
    note = "#[enumerate] needs a distribution of finitely many values: Bernoulli, Categorical, Binomial, ..."
)]
pub trait Finite<M: Mode, T: Latent>: Distribution<M, T> {
    /// The number of values.
    fn size(&self) -> usize;
    /// The `k`-th value.
    fn nth(&self, k: usize) -> T;
    /// Of counts that follow one by one, the first; nothing where that isn't known.
    #[inline]
    fn first(&self) -> Option<usize> {
        None
    }
}

/// `.iid()` and its relatives, for every distribution, without naming mode or type.
pub trait Combine: Sized {
    /// Independent elements that share their parameters; as many as the data or the annotation say.
    fn iid(self) -> Iid<Self> {
        Iid(self)
    }
    /// Its log density multiplied by a weight, for observations.
    fn scaled<W>(self, weight: W) -> Scaled<Self, W> {
        Scaled::new(self, weight)
    }
    /// Itself, or nothing where `kept` is false, for observations.
    fn masked(self, kept: bool) -> Masked<Self> {
        Masked::new(self, kept)
    }
    /// `n` independent elements that share their parameters.
    fn iid_n(self, n: usize) -> IidN<Self> {
        IidN(self, n)
    }
}

/// `.ordered()` for independent elements.
impl<D> Iid<D> {
    /// The elements in increasing order, as an [`Ordered`](crate::support::Ordered) vector. The density is that of
    /// the order statistics, N!·Π p(x\[i\]): it integrates to one over ordered vectors.
    pub fn ordered(self) -> OrderedBy<D> {
        OrderedBy(self.0)
    }
}
