//! The negative binomial distribution, in its parametrisations.

use super::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, sum_by_blocks,
    sum_partials_by_blocks,
};
use super::gamma::standard_draw;
use super::poisson;
use super::shared::{
    LAST_COUNT, cornish_fisher, finite, is_count, least_count, outside, positive, require,
    undefined,
};
use crate::random::Rng;
use crate::real::kernels;
use crate::real::special::{beta_lower, beta_upper, digamma_difference, ln_beta_kernel};
use crate::support::Support;

/// Negative binomial distribution, the failures before the n-th success:
/// P(k) = Γ(n + k)/(Γ(n) k!) probability^n (1 − probability)^k for k = 0, 1, 2, ...; n is any positive number.
/// `NegativeBinomial::new(1.0, p)` is [`Geometric`](super::Geometric). See [`NegativeBinomial::mean`] for the other
/// parametrisation.
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

impl Family<2> for NegativeBinomial {
    const NAME: &'static str = "NegativeBinomial";
    const PARAMETERS: [&'static str; 2] = ["n", "probability"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        require(p[1] > 0.0 && p[1] < 1.0, 1, "between 0 and 1")
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) {
            return f64::NEG_INFINITY;
        }
        let [n, probability] = *p;
        Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        }
        .ln_p(x)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        let [n, probability] = *p;
        let odds = Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        };
        Partials {
            value: odds.ln_p(x),
            point: 0.0,
            // n/p − k/(1 − p)
            parameters: [
                odds.by_n(x),
                (-probability).mul_add(n + x, n) / probability / odds.failure,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        }
        .cdf(x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        }
        .quantile(u)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        }
        .draw(rng)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        n * (1.0 - probability) / probability
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        n * (1.0 - probability) / (probability * probability)
    }
}

/// The dispersion, if the kernel serves: one for all, counts whose bits are integers, means of common size.
fn regular(x: &[f64], mean: &[f64], dispersion: &[f64]) -> Option<f64> {
    let dispersion = kernels::shared(dispersion)?;
    let good = kernels::are_counts(x) && kernels::are_within(mean, 1e-100, 1e100);
    // Above 1e6 the difference of digammas loses digits.
    (good && dispersion > 1e-3 && dispersion < 1e6).then_some(dispersion)
}

impl Family<2> for NegativeBinomialMean {
    const NAME: &'static str = "NegativeBinomial::mean";
    const PARAMETERS: [&'static str; 2] = ["mean", "dispersion"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) {
            return f64::NEG_INFINITY;
        }
        let [mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, mean).ln_p(x)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        let [mean, dispersion] = *p;
        by_mean(x, mean, dispersion)
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, mean).cdf(x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, mean).quantile(u)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, mean).draw(rng)
    }

    fn sum(x: &[f64], p: &[f64; 2]) -> f64 {
        sum_by_blocks::<Self, 2>(x, p)
    }

    fn sum_partials(x: &[f64], p: &[f64; 2]) -> Partials<2> {
        sum_partials_by_blocks::<Self, 2>(x, p)
    }

    fn block(x: &[f64], p: &[&[f64]; 2]) -> f64 {
        let Some(dispersion) = regular(x, p[0], p[1]) else {
            return block_by_points::<Self, 2>(x, p);
        };
        kernels::negative_binomial(x, p[0], dispersion)
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 2], partials: &mut [&mut [f64]; 2]) -> f64 {
        let Some(dispersion) = regular(x, p[0], p[1]) else {
            return block_partials_by_points::<Self, 2>(x, p, partials);
        };
        let [by_mean, by_dispersion] = partials;
        kernels::negative_binomial_partials(x, p[0], dispersion, by_mean, by_dispersion)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [mean, _] = *p;
        mean
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [mean, dispersion] = *p;
        mean + mean * (mean / dispersion)
    }
}

impl Family<2> for NegativeBinomialLogMean {
    const NAME: &'static str = "NegativeBinomial::log_mean";
    const PARAMETERS: [&'static str; 2] = ["log_mean", "dispersion"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        require(p[0].abs() < 700.0, 0, "between −700 and 700")?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) {
            return f64::NEG_INFINITY;
        }
        let [log_mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, log_mean.exp()).ln_p(x)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        let [log_mean, dispersion] = *p;
        let mean = log_mean.exp();
        let Partials {
            value,
            point,
            parameters: [_, by_dispersion],
        } = by_mean(x, mean, dispersion);
        let by_log_mean = (x - mean) / (1.0 + mean / dispersion);
        Partials {
            value,
            point,
            parameters: [by_log_mean, by_dispersion],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [log_mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, log_mean.exp()).cdf(x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [log_mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, log_mean.exp()).quantile(u)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [log_mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, log_mean.exp()).draw(rng)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [log_mean, _] = *p;
        log_mean.exp()
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [log_mean, dispersion] = *p;
        log_mean.exp() + (2.0 * log_mean).exp() / dispersion
    }
}

impl Family<2> for GammaPoisson {
    const NAME: &'static str = "GammaPoisson";
    const PARAMETERS: [&'static str; 2] = ["shape", "rate"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) {
            return f64::NEG_INFINITY;
        }
        let [shape, rate] = *p;
        Odds::of(shape, rate, 1.0).ln_p(x)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        let [shape, rate] = *p;
        let odds = Odds::of(shape, rate, 1.0);
        Partials {
            value: odds.ln_p(x),
            point: 0.0,
            // shape/rate − (shape + k)/(rate + 1)
            parameters: [
                odds.by_n(x),
                (-rate).mul_add(x, shape) / rate / (rate + 1.0),
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        Odds::of(shape, rate, 1.0).cdf(x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        Odds::of(shape, rate, 1.0).quantile(u)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        Odds::of(shape, rate, 1.0).draw(rng)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        shape / rate
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        shape / rate * (1.0 + rate.recip())
    }
}
