//! Counts with too many or too few zeros.

use super::distribution::{Combine, Distribution};
use super::mixture::ln_add;
use super::operand::Operand;
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::special::ln_1m_exp;
use crate::real::{Mode, Real};
use crate::support::Latent;
use bumpalo::Bump;

/// The quantile of a discrete distribution.
pub trait CountQuantile<M: Mode, T: Latent>: Distribution<M, T> {
    /// The least value whose distribution function reaches `u`.
    fn count_quantile(&self, u: f64) -> f64;
}

/// A count that is 0 with probability `gate`, and else of a distribution, which may be 0 too:
/// P(0) = gate + (1 − gate) p(0), P(k) = (1 − gate) p(k).
///
/// Source: D. Lambert, "Zero-inflated Poisson regression", Technometrics 34 (1992), eq. 1.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Poisson, ZeroInflated};
/// use ppl_runtime::real::Value;
/// let d = ZeroInflated::new(0.5, Poisson::new(2.0));
/// let p = Distribution::<Value, usize>::log_prob(&d, &0);
/// assert!((p.value() - (0.5 + 0.5 * (-2.0f64).exp()).ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct ZeroInflated<G, D> {
    gate: G,
    inner: D,
}

/// A count that is 0 with probability `gate`, and else of a distribution given that it is not 0:
/// P(0) = gate, P(k) = (1 − gate) p(k)/(1 − p(0)).
///
/// Source: J. Mullahy, "Specification and testing of some modified count data models", Journal of Econometrics 33 (1986),
/// section 2.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Hurdle, Poisson};
/// use ppl_runtime::real::Value;
/// let d = Hurdle::new(0.3, Poisson::new(2.0));
/// let p = Distribution::<Value, usize>::log_prob(&d, &0);
/// assert!((p.value() - 0.3f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Hurdle<G, D> {
    gate: G,
    inner: D,
}

impl<G, D> ZeroInflated<G, D> {
    /// 0 with probability `gate`, else of this distribution.
    pub fn new(gate: G, inner: D) -> Self {
        ZeroInflated { gate, inner }
    }
}
impl<G, D> Hurdle<G, D> {
    /// 0 with probability `gate`, else of this distribution given that it is not 0.
    pub fn new(gate: G, inner: D) -> Self {
        Hurdle { gate, inner }
    }
}
impl<G, D> Combine for ZeroInflated<G, D> {}
impl<G, D> Combine for Hurdle<G, D> {}

fn check_gate<M: Mode, G: Operand<M>>(family: &'static str, gate: &G, report: &mut Report) {
    let value = gate.value();
    if G::CONSTANT && !(0.0..=1.0).contains(&value) {
        report.problem(Problem::Parameter {
            family,
            parameter: "gate",
            value,
            requirement: "a probability, in [0, 1]",
        });
    }
}

impl<M: Mode, G: Operand<M>, D: CountQuantile<M, usize>> Distribution<M, usize>
    for ZeroInflated<G, D>
{
    fn log_prob(&self, k: &usize) -> Real<M> {
        let gate = self.gate.real();
        let inner = (-gate).ln_1p() + self.inner.log_prob(k);
        if *k == 0 {
            ln_add([gate.ln(), inner])
        } else {
            inner
        }
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> usize {
        let gate = self.gate.value();
        source.discrete(|u| {
            if u <= gate {
                0.0
            } else {
                self.inner.count_quantile((u - gate) / (1.0 - gate))
            }
        }) as usize
    }
    fn check(&self, report: &mut Report) {
        check_gate("ZeroInflated", &self.gate, report);
        self.inner.check(report);
    }
    fn check_observation(&self, k: &usize, report: &mut Report) {
        check_gate("ZeroInflated", &self.gate, report);
        self.inner.check_observation(k, report);
    }
}

impl<M: Mode, G: Operand<M>, D: CountQuantile<M, usize>> Distribution<M, usize> for Hurdle<G, D> {
    fn log_prob(&self, k: &usize) -> Real<M> {
        let gate = self.gate.real();
        if *k == 0 {
            return gate.ln();
        }
        let zero = self.inner.log_prob(&0);
        // ln(1 − p(0)), with derivative −p/(1 − p) by ln p(0).
        let z = zero.value();
        let not_zero = Real::lift(ln_1m_exp(z), [(zero, -(-z).exp_m1().recip())]);
        (-gate).ln_1p() + self.inner.log_prob(k) - not_zero
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> usize {
        let gate = self.gate.value();
        source.discrete(|u| {
            if u <= gate {
                return 0.0;
            }
            let zero = self.inner.log_prob(&0).value().exp();
            let v = (u - gate) / (1.0 - gate);
            self.inner.count_quantile(zero + (1.0 - zero) * v).max(1.0)
        }) as usize
    }
    fn check(&self, report: &mut Report) {
        check_gate("Hurdle", &self.gate, report);
        self.inner.check(report);
    }
    fn check_observation(&self, k: &usize, report: &mut Report) {
        check_gate("Hurdle", &self.gate, report);
        self.inner.check_observation(k, report);
    }
}
