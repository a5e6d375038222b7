//! The negative binomial distribution, in its parametrisations.

use crate::dist::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, sums_by_blocks,
};
use crate::dist::gamma::standard_draw;
use crate::dist::poisson;
use crate::dist::shared::{
    LAST_COUNT, cornish_fisher, finite, is_count, least_count, outside, positive, require,
    undefined,
};
use crate::random::Rng;
use crate::real::kernels::{self, LANES};
use crate::real::special::{beta_lower, beta_upper, digamma_difference, ln_beta_kernel};
use crate::support::Support;

mod gamma_poisson;
mod means;
mod probability;

/// Negative binomial distribution, the failures before the n-th success:
/// P(k) = Γ(n + k)/(Γ(n) k!) probability^n (1 − probability)^k for k = 0, 1, 2, ...; n is any positive number.
/// `NegativeBinomial::new(1.0, p)` is [`Geometric`](super::Geometric). See [`NegativeBinomial::mean`] for the other
/// parametrisation.
///
/// Support: 0, 1, 2, .... Mean: n (1 − p)/p. Variance: n (1 − p)/p². Entropy: not in closed form.
///
/// Source: Johnson, Kemp & Kotz, *Univariate Discrete Distributions* (2005), eq. 5.1; the density in Loader's deviance
/// form.
///
/// ```
/// use ppl_runtime::dist::{NegativeBinomial, family::Family};
/// assert!((<NegativeBinomial>::log_density(2.0, &[1.0, 0.5]) + 8.0_f64.ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct NegativeBinomial<A = (), B = ()> {
    pub(crate) n: A,
    pub(crate) probability: B,
}

impl<A, B> NegativeBinomial<A, B> {
    /// The negative binomial distribution of n successes of this probability.
    pub fn new(n: A, probability: B) -> Self {
        NegativeBinomial { n, probability }
    }

    /// The negative binomial distribution of mean `mean` and variance mean + mean²/dispersion.
    pub fn mean(mean: A, dispersion: B) -> NegativeBinomialMean<A, B> {
        NegativeBinomialMean { mean, dispersion }
    }

    /// As [`NegativeBinomial::mean`], by the logarithm of the mean.
    pub fn log_mean(log_mean: A, dispersion: B) -> NegativeBinomialLogMean<A, B> {
        NegativeBinomialLogMean {
            log_mean,
            dispersion,
        }
    }
}

/// Negative binomial distribution by its mean and dispersion: [`NegativeBinomial`] of n = dispersion and probability
/// dispersion/(mean + dispersion), of variance mean + mean²/dispersion. Made by [`NegativeBinomial::mean`].
///
/// Support: 0, 1, 2, .... Mean: mean. Variance: mean + mean²/dispersion. Entropy: not in closed form.
///
/// Source: Johnson, Kemp & Kotz, *Univariate Discrete Distributions* (2005), eq. 5.1; the density in Loader's deviance
/// form.
///
/// ```
/// use ppl_runtime::dist::{NegativeBinomialMean, family::Family};
/// assert!((<NegativeBinomialMean>::log_density(2.0, &[1.0, 1.0]) + 8.0_f64.ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct NegativeBinomialMean<A = (), B = ()> {
    pub(crate) mean: A,
    pub(crate) dispersion: B,
}

/// Negative binomial distribution by the logarithm of its mean, and its dispersion. Made by
/// [`NegativeBinomial::log_mean`].
///
/// Support: 0, 1, 2, .... Mean: exp(log mean). Variance: mean + mean²/dispersion. Entropy: not in closed form.
///
/// Source: Stan functions reference, "Negative binomial distribution (log alternative parameterization)".
///
/// ```
/// use ppl_runtime::dist::{NegativeBinomialLogMean, family::Family};
/// assert!((<NegativeBinomialLogMean>::log_density(2.0, &[0.0, 1.0]) + 8.0_f64.ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct NegativeBinomialLogMean<A = (), B = ()> {
    pub(crate) log_mean: A,
    pub(crate) dispersion: B,
}

/// Poisson distribution whose rate is drawn from a [`Gamma`](super::Gamma) of this shape and rate:
/// [`NegativeBinomial`] of n = shape and probability rate/(rate + 1).
///
/// Support: 0, 1, 2, .... Mean: shape/rate. Variance: shape/rate + shape/rate². Entropy: not in closed form.
///
/// Source: Johnson, Kemp & Kotz, *Univariate Discrete Distributions* (2005), section 5.3.
///
/// ```
/// use ppl_runtime::dist::{GammaPoisson, family::Family};
/// assert!((<GammaPoisson>::log_density(2.0, &[1.0, 1.0]) + 8.0_f64.ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct GammaPoisson<A = (), B = ()> {
    pub(crate) shape: A,
    pub(crate) rate: B,
}

impl<A, B> GammaPoisson<A, B> {
    /// The mixture of Poisson distributions by a gamma distribution of this shape and rate.
    pub fn new(shape: A, rate: B) -> Self {
        GammaPoisson { shape, rate }
    }
}

/// n with the probabilities of success and failure, each to full relative accuracy.
struct Odds {
    n: f64,
    success: f64,
    failure: f64,
}

impl Odds {
    /// From success : failure.
    fn of(n: f64, success: f64, failure: f64) -> Self {
        // The larger of the pair divides both, so that the sum can't overflow.
        let largest = success.max(failure);
        let (s, f) = (success / largest, failure / largest);
        let sum = s + f;
        Odds {
            n,
            success: s / sum,
            failure: f / sum,
        }
    }

    fn ln_p(&self, k: f64) -> f64 {
        if k == 0.0 {
            let ln = if self.success > 0.5 {
                (-self.failure).ln_1p()
            } else {
                self.success.ln()
            };
            return self.n * ln;
        }
        ln_beta_kernel(self.n, k, self.success, self.failure) - (k / self.n).ln_1p()
    }

    /// ∂/∂n at a fixed probability.
    fn by_n(&self, k: f64) -> f64 {
        let ln = if self.success > 0.5 {
            (-self.failure).ln_1p()
        } else {
            self.success.ln()
        };
        digamma_difference(self.n, k) + ln
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        beta_lower(self.n, x.floor() + 1.0, self.success, self.failure)
    }

    fn quantile(&self, u: f64) -> f64 {
        if self.n.is_nan() || self.success.is_nan() {
            return f64::NAN;
        }
        let mean = self.n * self.failure / self.success;
        let sd = (mean / self.success).sqrt();
        let skewness = (1.0 + self.failure) / (self.n * self.failure).sqrt();
        least_count(u, cornish_fisher(u, mean, sd, skewness), LAST_COUNT, |k| {
            (
                beta_lower(self.n, k + 1.0, self.success, self.failure),
                beta_upper(self.n, k + 1.0, self.success, self.failure),
            )
        })
    }

    fn draw(&self, rng: &mut Rng) -> f64 {
        let rate = standard_draw(rng, self.n) * (self.failure / self.success);
        if rate > 0.0 {
            poisson::draw(rng, rate)
        } else {
            0.0
        }
    }
}

/// What the parametrisations by a mean have in common: the values at (mean, dispersion).
fn by_mean(x: f64, mean: f64, dispersion: f64) -> Partials<2> {
    let odds = Odds::of(dispersion, dispersion, mean);
    let sum = mean + dispersion;
    Partials {
        value: odds.ln_p(x),
        point: 0.0,
        parameters: [
            dispersion * ((x - mean) / mean) / sum,
            odds.by_n(x) + (mean - x) / sum,
        ],
    }
}
