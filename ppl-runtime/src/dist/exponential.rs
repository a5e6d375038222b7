//! The exponential distribution.

use super::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, sums_by_blocks,
};
use super::shared::{outside, positive, undefined};
use crate::random::Rng;
use crate::real::kernels;
use crate::support::Support;
use rand::RngExt;
use rand_distr::Exp1;

/// Exponential distribution: p(x) = rate exp(−rate x) for x ≥ 0, of mean 1/rate.
///
/// Support: x ≥ 0. Mean: 1/rate. Variance: 1/rate². Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), eq. 19.1.
///
/// ```
/// use ppl_runtime::dist::{Exponential, family::Family};
/// assert_eq!(<Exponential>::log_density(3.0, &[1.0]), -3.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Exponential<R = ()> {
    pub(crate) rate: R,
}

impl<R> Exponential<R> {
    /// The exponential distribution of this rate.
    pub fn new(rate: R) -> Self {
        Exponential { rate }
    }
}

/// Whether the kernel serves: points inside, parameters valid.
fn regular(x: &[f64], rate: &[f64]) -> bool {
    kernels::are_within(x, 0.0, f64::INFINITY)
        && kernels::are_within(rate, f64::MIN_POSITIVE, f64::INFINITY)
}

impl Family<1> for Exponential {
    const NAME: &'static str = "Exponential";
    const PARAMETERS: [&'static str; 1] = ["rate"];
    const DOMAIN: Domain = Domain::NonNegative;

    #[inline]
    fn check(p: &[f64; 1]) -> Result<(), Invalid> {
        positive(p, 0)
    }

    fn support(_: &[f64; 1]) -> Support {
        Support::Positive
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 1]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if x < 0.0 {
            return f64::NEG_INFINITY;
        }
        p[0].ln() - p[0] * x
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < 0.0 {
            return outside();
        }
        Partials {
            value: p[0].ln() - p[0] * x,
            point: -p[0],
            parameters: [p[0].recip() - x],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        -(-p[0] * x.max(0.0)).exp_m1()
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        -(-u).ln_1p() / p[0]
    }

    fn draw(rng: &mut Rng, p: &[f64; 1]) -> f64 {
        let e: f64 = rng.sample(Exp1);
        e / p[0]
    }

    fn survival(x: f64, p: &[f64; 1]) -> f64 {
        (-p[0] * x.max(0.0)).exp()
    }

    fn quantile_upper(q: f64, p: &[f64; 1]) -> f64 {
        -q.ln() / p[0]
    }

    fn cdf_partials(x: f64, p: &[f64; 1]) -> [f64; 1] {
        [x.max(0.0) * (-p[0] * x.max(0.0)).exp()]
    }

    sums_by_blocks!(1);

    fn block(x: &[f64], p: &[&[f64]; 1]) -> f64 {
        if !regular(x, p[0]) {
            return block_by_points::<Self, 1>(x, p);
        };
        kernels::exponential(x, p[0])
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 1], partials: &mut [&mut [f64]; 1]) -> f64 {
        if !regular(x, p[0]) {
            return block_partials_by_points::<Self, 1>(x, p, partials);
        };
        let [by_rate] = partials;
        kernels::exponential_partials(x, p[0], by_rate)
    }

    fn mean(p: &[f64; 1]) -> f64 {
        p[0].recip()
    }

    fn variance(p: &[f64; 1]) -> f64 {
        (p[0] * p[0]).recip()
    }

    fn entropy(p: &[f64; 1]) -> f64 {
        1.0 - p[0].ln()
    }
}
