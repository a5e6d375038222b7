//! Observations that count more, less or not at all.

use super::datum::Score;
use super::distribution::{Combine, Distribution};
use super::operand::Operand;
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::{Mode, Real};
use crate::support::Latent;
use bumpalo::Bump;

/// A distribution whose log density is multiplied by a weight: the likelihood of data that count more or less than once. Made
/// by [`Combine::scaled`]. It is for observations: a weighted prior is no distribution, and is refused.
#[derive(Copy, Clone, Debug)]
pub struct Scaled<D, W> {
    inner: D,
    weight: W,
}

/// A distribution that scores or, masked, adds nothing. Made by [`Combine::masked`]; for observations, as [`Scaled`] is.
#[derive(Copy, Clone, Debug)]
pub struct Masked<D> {
    inner: D,
    kept: bool,
}

impl<D, W> Scaled<D, W> {
    pub(crate) fn new(inner: D, weight: W) -> Self {
        Scaled { inner, weight }
    }
}
impl<D> Masked<D> {
    pub(crate) fn new(inner: D, kept: bool) -> Self {
        Masked { inner, kept }
    }
}
impl<D, W> Combine for Scaled<D, W> {}
impl<D> Combine for Masked<D> {}

fn refuse(what: &str, report: &mut Report) {
    report.problem(Problem::Expression(format!(
        "a {what} distribution is for observations: as a prior it would not be a distribution"
    )));
}

impl<M: Mode, T: Latent, D: Distribution<M, T>, W: Operand<M>> Distribution<M, T> for Scaled<D, W> {
    fn log_prob(&self, x: &T::At<'_, M>) -> Real<M> {
        self.inner.log_prob(x) * self.weight.real()
    }
    fn score(&self, x: &T, arena: &Bump) -> Real<M> {
        self.inner.score(x, arena) * self.weight.real()
    }
    fn score_iid(&self, x: &[T], arena: &Bump) -> Real<M> {
        self.inner.score_iid(x, arena) * self.weight.real()
    }
    fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> T::At<'a, M> {
        self.inner.draw(source, arena)
    }
    fn counts(&self) -> bool {
        self.inner.counts()
    }
    fn check(&self, report: &mut Report) {
        refuse("scaled", report);
    }
    fn check_observation(&self, x: &T, report: &mut Report) {
        check_weight(&self.weight, report);
        self.inner.check_observation(x, report);
    }
}

impl<M: Mode, T: Latent, D: Distribution<M, T>> Distribution<M, T> for Masked<D> {
    fn log_prob(&self, x: &T::At<'_, M>) -> Real<M> {
        if self.kept {
            self.inner.log_prob(x)
        } else {
            Real::constant(0.0)
        }
    }
    fn score(&self, x: &T, arena: &Bump) -> Real<M> {
        if self.kept {
            self.inner.score(x, arena)
        } else {
            Real::constant(0.0)
        }
    }
    fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> T::At<'a, M> {
        self.inner.draw(source, arena)
    }
    fn counts(&self) -> bool {
        self.kept && self.inner.counts()
    }
    fn check(&self, report: &mut Report) {
        refuse("masked", report);
    }
    fn check_observation(&self, x: &T, report: &mut Report) {
        if self.kept {
            self.inner.check_observation(x, report);
        }
    }
}

/// Many observations that count alike: `each(..).scaled(weight)`, `.iid().scaled(weight)`.
impl<M: Mode, T, D: Score<M, [T]>, W: Operand<M>> Score<M, [T]> for Scaled<D, W> {
    fn score(&self, x: &[T], arena: &Bump) -> Real<M> {
        self.inner.score(x, arena) * self.weight.real()
    }
    fn check(&self, x: Option<&[T]>, report: &mut Report) {
        check_weight(&self.weight, report);
        self.inner.check(x, report);
    }
    fn simulate<S: Source<M>>(&self, n: usize, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        self.inner.simulate(n, source, arena, out);
    }
    fn own_length(&self) -> Option<usize> {
        self.inner.own_length()
    }
}

fn check_weight<M: Mode, W: Operand<M>>(weight: &W, report: &mut Report) {
    let value = weight.value();
    if W::CONSTANT && !(value >= 0.0 && value.is_finite()) {
        report.problem(Problem::Parameter {
            family: "scaled",
            parameter: "weight",
            value,
            requirement: "zero or positive, and finite",
        });
    }
}
