//! The relaxed Bernoulli (binary concrete) distribution.

use super::beta::BELOW_ONE;
use super::family::{Domain, Family, Invalid, Partials};
use super::logistic::{ln_standard, logit as logit_of};
use super::shared::{finite, outside, positive, quantile_moments, undefined};
use crate::real::special::sigmoid;
use crate::support::Support;

/// Relaxed Bernoulli distribution, the logistic function of a logistic variable: x = σ((logit + L)/temperature) with L
/// standard logistic, for 0 < x < 1. As the temperature falls to 0 it tends to a Bernoulli variable of that logit.
///
/// Support: 0 < x < 1. Mean: by quadrature of the quantile. Variance: by quadrature of the quantile. Entropy: not in closed form.
///
/// Source: Maddison, Mnih & Teh, "The concrete distribution" (2017), eq. 26.
///
/// ```
/// use ppl_runtime::dist::{RelaxedBernoulli, family::Family};
/// assert!(<RelaxedBernoulli>::log_density(0.5, &[0.0, 1.0]).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct RelaxedBernoulli<A = (), B = ()> {
    pub(crate) logit: A,
    pub(crate) temperature: B,
}

impl<A, B> RelaxedBernoulli<A, B> {
    /// The relaxed Bernoulli distribution of this logit and temperature.
    pub fn logit(logit: A, temperature: B) -> Self {
        RelaxedBernoulli { logit, temperature }
    }
}

impl Family<2> for RelaxedBernoulli {
    const NAME: &'static str = "RelaxedBernoulli";
    const PARAMETERS: [&'static str; 2] = ["logit", "temperature"];
    const DOMAIN: Domain = Domain::Unit;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Unit
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x >= 1.0 {
            return outside();
        }
        let [logit, temperature] = *p;
        let y = logit_of(x);
        let w = temperature * y - logit;
        let pull = (0.5 * w).tanh();
        Partials {
            value: temperature.ln() + ln_standard(w) - x.ln() - (-x).ln_1p(),
            point: (2.0 * x - 1.0 - temperature * pull) / x / (1.0 - x),
            parameters: [pull, temperature.recip() - y * pull],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [logit, temperature] = *p;
        if x <= 0.0 {
            return 0.0;
        }
        if x >= 1.0 {
            return 1.0;
        }
        sigmoid(temperature * logit_of(x) - logit)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [logit, temperature] = *p;
        sigmoid((logit_of(u) + logit) / temperature).clamp(f64::MIN_POSITIVE, BELOW_ONE)
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= 0.0 || x >= 1.0 {
            return [0.0; 2];
        }
        let y = logit_of(x);
        let w = p[1] * y - p[0];
        let slope = sigmoid(w) * sigmoid(-w);
        [-slope, y * slope]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [logit, temperature] = *p;
        let _ = (logit, temperature);
        quantile_moments::<Self, 2>(p).0
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [logit, temperature] = *p;
        let _ = (logit, temperature);
        quantile_moments::<Self, 2>(p).1
    }
}
