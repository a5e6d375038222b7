//! The ordered logistic distribution.

use super::distribution::{Combine, Distribution, Finite};
use super::operand::{Many, Operand, Operands};
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::special::{ln_1m_exp, log_sigmoid, sigmoid};
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;

/// Ordered logistic distribution of a category 0, ..., n by n increasing cutpoints c: with σ the logistic function,
/// P(k) = σ(c_k − predictor) − σ(c_{k−1} − predictor), where c_{−1} = −∞ and c_n = ∞.
///
/// Source: P. McCullagh, "Regression models for ordinal data", JRSS B 42 (1980), eq. 2.1 for the logit.
///
/// ```
/// use ppl_runtime::dist::{Distribution, OrderedLogistic};
/// use ppl_runtime::real::Value;
/// let d = OrderedLogistic::new(0.0, [0.0, 5.0]);
/// let p = Distribution::<Value, usize>::log_prob(&d, &0);
/// assert!((p.value() - 0.5f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct OrderedLogistic<P, C> {
    predictor: P,
    cutpoints: C,
}

impl<P, C> OrderedLogistic<P, C> {
    /// By the predictor and the cutpoints (data, or an [`Ordered`](crate::support::Ordered) latent).
    pub fn new(predictor: P, cutpoints: C) -> Self {
        OrderedLogistic {
            predictor,
            cutpoints,
        }
    }
}
impl<P, C> Combine for OrderedLogistic<P, C> {}

/// ln(σ(a) − σ(b)) for a > b, with its derivatives: σ(a)·σ(−b)·(1 − e^(b − a)), where nothing cancels.
fn ln_between(a: f64, b: f64) -> (f64, f64, f64) {
    let gap = if a == f64::INFINITY || b == f64::NEG_INFINITY {
        0.0
    } else {
        (a - b).exp_m1().recip()
    };
    let value = log_sigmoid(a) + log_sigmoid(-b) + ln_1m_exp(b - a);
    (value, sigmoid(-a) + gap, -sigmoid(b) - gap)
}

impl<M: Mode, P: Operand<M>, C: Operands<M, Kind = Many>> Distribution<M, usize>
    for OrderedLogistic<P, C>
{
    fn log_prob(&self, k: &usize) -> Real<M> {
        let (n, k) = (self.cutpoints.len().unwrap_or(0), *k);
        if k > n {
            return Real::constant(f64::NEG_INFINITY);
        }
        let eta = self.predictor.value();
        let a = if k < n {
            self.cutpoints.at(k).value() - eta
        } else {
            f64::INFINITY
        };
        let b = if k > 0 {
            self.cutpoints.at(k - 1).value() - eta
        } else {
            f64::NEG_INFINITY
        };
        let (value, by_a, by_b) = ln_between(a, b);
        if !M::GRADIENT {
            return Real::constant(value);
        }
        let mut lift = M::Lift::begin();
        if !C::CONSTANT {
            if k < n {
                self.cutpoints.push(k, &[by_a], &mut lift);
            }
            if k > 0 {
                self.cutpoints.push(k - 1, &[by_b], &mut lift);
            }
        }
        if !P::CONSTANT {
            lift.push(self.predictor.real(), -(by_a + by_b));
        }
        lift.finish(value)
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> usize {
        let eta = self.predictor.value();
        source.discrete(|u| {
            let below = |j: &usize| sigmoid(self.cutpoints.at(*j).value() - eta) < u;
            (0..self.cutpoints.len().unwrap_or(0))
                .take_while(below)
                .count() as f64
        }) as usize
    }
    fn check(&self, report: &mut Report) {
        let n = self.cutpoints.len().unwrap_or(0);
        let cuts: Vec<f64> = (0..n).map(|j| self.cutpoints.at(j).value()).collect();
        if C::CONSTANT && !cuts.is_sorted_by(|a, b| a < b) {
            report.problem(Problem::Expression(format!(
                "OrderedLogistic: the cutpoints are {cuts:?} and must increase"
            )));
        }
    }
    fn check_observation(&self, k: &usize, report: &mut Report) {
        Distribution::<M, usize>::check(self, report);
        if *k > self.cutpoints.len().unwrap_or(0) {
            report.problem(Problem::Observation {
                value: *k as f64,
                family: "OrderedLogistic",
                requirement: "a category, at most the number of cutpoints",
            });
        }
    }
}

impl<M: Mode, P: Operand<M>, C: Operands<M, Kind = Many>> Finite<M, usize>
    for OrderedLogistic<P, C>
{
    fn size(&self) -> usize {
        self.cutpoints.len().unwrap_or(0) + 1
    }
    fn nth(&self, k: usize) -> usize {
        k
    }
    fn first(&self) -> Option<usize> {
        Some(0)
    }
}
