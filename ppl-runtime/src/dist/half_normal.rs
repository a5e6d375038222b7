//! The half-normal distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{density, outside, positive, undefined};
use crate::random::Rng;
use crate::real::special::{LN_SQRT_2PI, erf, erf_inv, normal_quantile};
use crate::support::Support;
use rand::RngExt;
use rand_distr::StandardNormal;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_PI, LN_2, SQRT_2};

/// Half-normal distribution, that of |X| for X normal around 0: p(x) = 2 exp(−(x/scale)²/2) / (scale √(2π))
/// for x ≥ 0.
///
/// Support: x ≥ 0. Mean: scale √(2/π). Variance: scale² (1 − 2/π). Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), section 13.10.
///
/// ```
/// use ppl_runtime::dist::{HalfNormal, family::Family};
/// let ln_p = <HalfNormal>::log_density(1.0, &[2.0]);
/// assert!((ln_p + 1.043_938_533_204_672_8).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct HalfNormal<S = ()> {
    pub(crate) scale: S,
}

impl<S> HalfNormal<S> {
    /// The half-normal distribution of this scale, which is the standard deviation of the whole normal.
    pub fn new(scale: S) -> Self {
        HalfNormal { scale }
    }
}

impl Family<1> for HalfNormal {
    const NAME: &'static str = "HalfNormal";
    const PARAMETERS: [&'static str; 1] = ["scale"];
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
        let z = x / p[0];
        -0.5 * z * z - p[0].ln() + (LN_2 - LN_SQRT_2PI)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < 0.0 {
            return outside();
        }
        let z = x / p[0];
        Partials {
            value: -0.5 * z * z - p[0].ln() + (LN_2 - LN_SQRT_2PI),
            point: -z / p[0],
            parameters: [(z * z - 1.0) / p[0]],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        erf((x / p[0]).max(0.0) * FRAC_1_SQRT_2)
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        let z = if u < 0.5 {
            SQRT_2 * erf_inv(u)
        } else {
            -normal_quantile((1.0 - u) / 2.0)
        };
        p[0] * z
    }

    fn draw(rng: &mut Rng, p: &[f64; 1]) -> f64 {
        let z: f64 = rng.sample(StandardNormal);
        p[0] * z.abs()
    }

    fn cdf_partials(x: f64, p: &[f64; 1]) -> [f64; 1] {
        [-density::<Self, 1>(x, p) * x / p[0]]
    }

    fn mean(p: &[f64; 1]) -> f64 {
        p[0] * FRAC_2_PI.sqrt()
    }

    fn variance(p: &[f64; 1]) -> f64 {
        p[0] * p[0] * (1.0 - FRAC_2_PI)
    }

    fn entropy(p: &[f64; 1]) -> f64 {
        0.5 + p[0].ln() + crate::real::special::LN_SQRT_2PI - std::f64::consts::LN_2
    }
}
