//! The Poisson distribution, by rate and by log rate.

use super::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, sums_by_blocks,
};
use super::shared::{cornish_fisher, finite, is_count, least_count, outside, positive, undefined};
use crate::random::Rng;
use crate::real::kernels::{self, LANES};
use crate::real::special::{gamma_lower, gamma_upper, ln_gamma_kernel};
use crate::support::Support;
use rand::RngExt;
use rand::distr::Open01;

/// Poisson distribution: P(k) = rate^k exp(−rate) / k! for k = 0, 1, 2, ...
///
/// Support: 0, 1, 2, .... Mean: rate. Variance: rate. Entropy: not in closed form.
///
/// Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000), eq. 4 and section 5.
///
/// ```
/// use ppl_runtime::dist::{Poisson, family::Family};
/// assert_eq!(<Poisson>::log_density(0.0, &[3.0]), -3.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Poisson<R = ()> {
    pub(crate) rate: R,
}

/// Poisson distribution by the logarithm of its rate. Made by [`Poisson::log`].
///
/// The partial k − e^(log rate) has the error of rounding the rate, about ε·rate.
///
/// Support: 0, 1, 2, .... Mean: exp(log rate). Variance: exp(log rate). Entropy: not in closed form.
///
/// ```
/// use ppl_runtime::dist::{PoissonLog, family::Family};
/// assert_eq!(<PoissonLog>::log_density(0.0, &[0.0]), -1.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct PoissonLog<L = ()> {
    pub(crate) log_rate: L,
}

impl<R> Poisson<R> {
    /// The Poisson distribution of this rate, its mean.
    pub fn new(rate: R) -> Self {
        Poisson { rate }
    }

    /// The Poisson distribution whose rate has this logarithm.
    pub fn log(log_rate: R) -> PoissonLog<R> {
        PoissonLog { log_rate }
    }
}

/// Counts above 2⁵³ are no longer apart in `f64`.
const LAST: f64 = 9_007_199_254_740_992.0;

fn cdf(x: f64, rate: f64) -> f64 {
    if x < 0.0 {
        0.0
    } else {
        gamma_upper(x.floor() + 1.0, rate)
    }
}

fn quantile(u: f64, rate: f64) -> f64 {
    if rate.is_nan() {
        return f64::NAN;
    }
    let sd = rate.sqrt();
    least_count(u, cornish_fisher(u, rate, sd, sd.recip()), LAST, |k| {
        (gamma_upper(k + 1.0, rate), gamma_lower(k + 1.0, rate))
    })
}

pub(crate) fn draw(rng: &mut Rng, rate: f64) -> f64 {
    match rand_distr::Poisson::new(rate) {
        Ok(d) => rng.sample::<f64, _>(d).min(LAST),
        // The rate is tiny, huge or invalid.
        Err(_) => {
            let u: f64 = rng.sample(Open01);
            quantile(u, rate)
        }
    }
}

impl Family<1> for Poisson {
    const NAME: &'static str = "Poisson";
    const PARAMETERS: [&'static str; 1] = ["rate"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 1]) -> Result<(), Invalid> {
        positive(p, 0)
    }

    fn support(_: &[f64; 1]) -> Support {
        Support::Discrete
    }

    fn log_density(x: f64, p: &[f64; 1]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) {
            return f64::NEG_INFINITY;
        }
        ln_gamma_kernel(x, p[0])
    }

    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        Partials {
            value: ln_gamma_kernel(x, p[0]),
            point: 0.0,
            parameters: [(x - p[0]) / p[0]],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        cdf(x, p[0])
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        quantile(u, p[0])
    }

    fn draw(rng: &mut Rng, p: &[f64; 1]) -> f64 {
        draw(rng, p[0])
    }

    sums_by_blocks!(1);

    fn block(x: &[f64], p: &[&[f64]; 1]) -> f64 {
        let mut logs = [0.0; LANES];
        match ln_rates(x, p[0], &mut logs) {
            Some(logs) => kernels::poisson_log(x, logs),
            None => block_by_points::<Self, 1>(x, p),
        }
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 1], partials: &mut [&mut [f64]; 1]) -> f64 {
        let mut logs = [0.0; LANES];
        let Some(logs) = ln_rates(x, p[0], &mut logs) else {
            return block_partials_by_points::<Self, 1>(x, p, partials);
        };
        let value = kernels::poisson_log_partials(x, logs, partials[0]);
        for (by, rate) in partials[0].iter_mut().zip(p[0]) {
            *by /= rate;
        }
        value
    }

    fn mean(p: &[f64; 1]) -> f64 {
        p[0]
    }

    fn variance(p: &[f64; 1]) -> f64 {
        p[0]
    }
}

/// The logarithms of the rates, if the kernel serves.
fn ln_rates<'l>(x: &[f64], rate: &[f64], logs: &'l mut [f64; LANES]) -> Option<&'l [f64]> {
    let logs = logs.get_mut(..x.len())?;
    let serves = kernels::are_counts(x) && kernels::are_within(rate, 1e-290, 1e290);
    serves.then(|| {
        kernels::ln(rate, logs);
        &*logs
    })
}

/// ln P(k) by the log rate.
fn ln_p_log(k: f64, log_rate: f64) -> f64 {
    let rate = log_rate.exp();
    if rate.is_normal() {
        ln_gamma_kernel(k, rate)
    } else if k == 0.0 {
        -rate
    } else {
        // e^(log rate) underflows: the coefficient from rate 1.
        ln_gamma_kernel(k, 1.0) + 1.0 + k * log_rate - rate
    }
}

/// Whether the kernel serves: counts whose bits are integers, finite log rates.
fn regular(x: &[f64], log_rate: &[f64]) -> bool {
    kernels::are_counts(x) && kernels::are_within(log_rate, -700.0, 700.0)
}

impl Family<1> for PoissonLog {
    const NAME: &'static str = "Poisson::log";
    const PARAMETERS: [&'static str; 1] = ["log_rate"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 1]) -> Result<(), Invalid> {
        finite(p, 0)
    }

    fn support(_: &[f64; 1]) -> Support {
        Support::Discrete
    }

    fn log_density(x: f64, p: &[f64; 1]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) {
            return f64::NEG_INFINITY;
        }
        ln_p_log(x, p[0])
    }

    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        Partials {
            value: ln_p_log(x, p[0]),
            point: 0.0,
            parameters: [x - p[0].exp()],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        cdf(x, p[0].exp())
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        quantile(u, p[0].exp())
    }

    fn draw(rng: &mut Rng, p: &[f64; 1]) -> f64 {
        draw(rng, p[0].exp())
    }

    sums_by_blocks!(1);

    fn block(x: &[f64], p: &[&[f64]; 1]) -> f64 {
        if !regular(x, p[0]) {
            return block_by_points::<Self, 1>(x, p);
        };
        kernels::poisson_log(x, p[0])
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 1], partials: &mut [&mut [f64]; 1]) -> f64 {
        if !regular(x, p[0]) {
            return block_partials_by_points::<Self, 1>(x, p, partials);
        };
        let [by_log_rate] = partials;
        kernels::poisson_log_partials(x, p[0], by_log_rate)
    }

    fn mean(p: &[f64; 1]) -> f64 {
        p[0].exp()
    }

    fn variance(p: &[f64; 1]) -> f64 {
        p[0].exp()
    }
}
