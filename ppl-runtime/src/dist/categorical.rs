//! The categorical distribution in every mode.

use super::collect::{Collect, score_ln};
use super::distribution::{Combine, Distribution, Finite};
use super::operand::{Many, Operands};
use super::report::{Problem, Report};
use super::source::Source;
use super::vector::categorical as plain;
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;

/// Categorical distribution over 0, 1, ..., n − 1 by weights: P(k) = w_k / Σw. The weights need not sum to one; they
/// are owned or borrowed, data or latent (a [`Simplex`](crate::support::Simplex), say).
///
/// Source: Murphy, *Machine Learning* (2012), §2.3.2.
///
/// ```
/// use ppl_runtime::dist::{Categorical, Distribution};
/// use ppl_runtime::real::Value;
/// let d = Categorical::new([1.0, 2.0, 1.0]);
/// let p = Distribution::<Value, usize>::log_prob(&d, &1);
/// assert_eq!(p.value(), 0.5_f64.ln());
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Categorical<W> {
    weights: W,
}

/// Categorical distribution over 0, 1, ..., n − 1 by logits: P(k) = e^{l_k} / Σ e^l. Made by [`Categorical::logits`].
#[derive(Copy, Clone, Debug)]
pub struct CategoricalLogits<L> {
    logits: L,
}

impl<W> Categorical<W> {
    /// By weights.
    pub fn new(weights: W) -> Self {
        Categorical { weights }
    }
    /// By logits.
    pub fn logits(logits: W) -> CategoricalLogits<W> {
        CategoricalLogits { logits }
    }
}

impl<W> Combine for Categorical<W> {}
impl<L> Combine for CategoricalLogits<L> {}

/// The values of a vector of parameters, one after the other.
fn values<M: Mode, W: Operands<M>>(w: &W) -> impl Iterator<Item = f64> + '_ {
    (0..w.len().unwrap_or(0)).map(|i| w.at(i).value())
}

impl<M: Mode, W: Operands<M, Kind = Many>> Distribution<M, usize> for Categorical<W> {
    #[inline]
    fn log_prob(&self, k: &usize) -> Real<M> {
        if *k >= self.weights.len().unwrap_or(0) {
            return Real::constant(f64::NEG_INFINITY);
        }
        let at = self.weights.at(*k);
        if W::SUMS_TO_ONE {
            return at.ln();
        }
        let total: f64 = values(&self.weights).sum();
        let value = (at.value() / total).ln();
        if W::CONSTANT || !M::GRADIENT {
            return Real::constant(value);
        }
        let mut lift = M::Lift::begin();
        for i in 0..self.weights.len().unwrap_or(0) {
            if i != *k {
                lift.push(self.weights.at(i), -total.recip());
            }
        }
        // 1/w − 1/Σw by what the other weights sum to: nothing cancels where one weight is nearly all.
        let others: f64 = values(&self.weights)
            .enumerate()
            .filter(|w| w.0 != *k)
            .map(|w| w.1)
            .sum();
        lift.push(at, others / at.value() / total);
        lift.finish(value)
    }
    #[inline]
    fn collect(&self, k: &usize, into: &mut impl Collect<M>) -> bool {
        if !W::SUMS_TO_ONE || *k >= self.weights.len().unwrap_or(0) {
            return false;
        }
        let at = self.weights.at(*k);
        into.collect(score_ln, 0.0, [at.value()], [at], [W::CONSTANT]);
        true
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> usize {
        source.discrete(|u| {
            let target = u * values(&self.weights).sum::<f64>();
            find(target, values(&self.weights)) as f64
        }) as usize
    }
    fn check(&self, report: &mut Report) {
        if W::CONSTANT {
            let w: Vec<f64> = values(&self.weights).collect();
            if let Err(invalid) = plain::check(&w) {
                report.problem(Problem::Expression(format!(
                    "Categorical: the weights are {w:?} and must be {}",
                    invalid.requirement
                )));
            }
        }
    }
    fn check_observation(&self, k: &usize, report: &mut Report) {
        category::<M, W>("Categorical", &self.weights, *k, report);
        Distribution::<M, usize>::check(self, report);
    }
}

impl<M: Mode, L: Operands<M, Kind = Many>> Distribution<M, usize> for CategoricalLogits<L> {
    #[inline]
    fn log_prob(&self, k: &usize) -> Real<M> {
        let n = self.logits.len().unwrap_or(0);
        if *k >= n {
            return Real::constant(f64::NEG_INFINITY);
        }
        let at = self.logits.at(*k).value();
        // −ln Σ e^(l − l_k) = −ln(1 + Σ of the others): near 0 the others hold the digits.
        let others = |x: f64| -> f64 {
            values(&self.logits)
                .enumerate()
                .filter(|l| l.0 != *k)
                .map(|l| (l.1 - x).exp())
                .sum()
        };
        let max = values(&self.logits).fold(f64::NEG_INFINITY, f64::max);
        let value = if at == max {
            -others(at).ln_1p()
        } else {
            at - max - (others(max) + (at - max).exp()).ln()
        };
        if L::CONSTANT || !M::GRADIENT {
            return Real::constant(value);
        }
        let mut lift = M::Lift::begin();
        for i in 0..n {
            let l = self.logits.at(i);
            let slope = if i == *k {
                -value.exp_m1()
            } else {
                -(l.value() - at + value).exp()
            };
            lift.push(l, slope);
        }
        lift.finish(value)
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> usize {
        source.discrete(|u| {
            let max = values(&self.logits).fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = values(&self.logits).map(|l| (l - max).exp()).sum();
            find(u * total, values(&self.logits).map(|l| (l - max).exp())) as f64
        }) as usize
    }
    fn check(&self, report: &mut Report) {
        if L::CONSTANT {
            let l: Vec<f64> = values(&self.logits).collect();
            if let Err(invalid) = plain::check_logits(&l) {
                report.problem(Problem::Expression(format!(
                    "Categorical::logits: the logits are {l:?} and must be {}",
                    invalid.requirement
                )));
            }
        }
    }
    fn check_observation(&self, k: &usize, report: &mut Report) {
        category::<M, L>("Categorical::logits", &self.logits, *k, report);
        Distribution::<M, usize>::check(self, report);
    }
}

/// The least k whose cumulated weight reaches `target`; never one of weight 0.
fn find(target: f64, weights: impl Iterator<Item = f64>) -> usize {
    let (mut sum, mut last) = (0.0, 0);
    for (k, w) in weights.enumerate() {
        if w > 0.0 {
            sum += w;
            last = k;
            if sum >= target {
                break;
            }
        }
    }
    last
}

fn category<M: Mode, W: Operands<M>>(
    family: &'static str,
    weights: &W,
    k: usize,
    report: &mut Report,
) {
    if k >= weights.len().unwrap_or(0) {
        report.problem(Problem::Observation {
            value: k as f64,
            family,
            requirement: "a category, less than the number of weights",
        });
    }
}

macro_rules! finite {
    ($name:ident, $field:ident) => {
        impl<M: Mode, W: Operands<M, Kind = Many>> Finite<M, usize> for $name<W> {
            #[inline]
            fn size(&self) -> usize {
                self.$field.len().unwrap_or(0)
            }
            #[inline]
            fn nth(&self, k: usize) -> usize {
                k
            }
            #[inline]
            fn first(&self) -> Option<usize> {
                Some(0)
            }
        }
    };
}
finite!(Categorical, weights);
finite!(CategoricalLogits, logits);
