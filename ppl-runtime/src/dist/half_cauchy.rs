//! The half-Cauchy distribution.

use super::cauchy::{LN_PI, ln_1p_square, upper_tail, upper_tail_inv};
use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, outside, positive, undefined};
use crate::random::Rng;
use crate::support::Support;
use rand::RngExt;
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, LN_2};

/// Half-Cauchy distribution, that of |X| for X Cauchy around 0: p(x) = 2 / (π scale (1 + (x/scale)²)) for x ≥ 0.
///
/// Support: x ≥ 0. Mean: none. Variance: none. Entropy: closed.
///
/// Source: A. Gelman, "Prior distributions for variance parameters in hierarchical models" (2006), section 3.2.
///
/// ```
/// use ppl_runtime::dist::{HalfCauchy, family::Family};
/// let ln_p = <HalfCauchy>::log_density(0.0, &[2.0]);
/// assert!((ln_p + std::f64::consts::PI.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct HalfCauchy<S = ()> {
    pub(crate) scale: S,
}

impl<S> HalfCauchy<S> {
    /// The half-Cauchy distribution of this scale, which is its median.
    pub fn new(scale: S) -> Self {
        HalfCauchy { scale }
    }
}

impl Family<1> for HalfCauchy {
    const NAME: &'static str = "HalfCauchy";
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
        -ln_1p_square(x / p[0]) - p[0].ln() + (LN_2 - LN_PI)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < 0.0 {
            return outside();
        }
        // Beside the other division, not after it.
        let (z, inverse) = (x / p[0], 1.0 / p[0]);
        let (pull, balance) = if z <= 1.0 {
            let d = 1.0 + z * z;
            (2.0 * z / d, (z - 1.0) * (z + 1.0) / d)
        } else {
            let r = z.recip();
            let d = 1.0 + r * r;
            (2.0 * r / d, (1.0 - r) * (1.0 + r) / d)
        };
        Partials {
            value: -ln_1p_square(z) - p[0].ln() + (LN_2 - LN_PI),
            point: -pull * inverse,
            parameters: [balance * inverse],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        let z = (x / p[0]).max(0.0);
        if z > 1.0 {
            1.0 - 2.0 * upper_tail(z)
        } else {
            FRAC_2_PI * z.atan()
        }
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        let z = if u < 0.5 {
            (FRAC_PI_2 * u).tan()
        } else {
            upper_tail_inv((1.0 - u) / 2.0)
        };
        bounded(p[0] * z)
    }

    fn draw(rng: &mut Rng, p: &[f64; 1]) -> f64 {
        rand_distr::Cauchy::new(0.0, p[0]).map_or(f64::NAN, |d| bounded(rng.sample(d).abs()))
    }

    fn cdf_partials(x: f64, p: &[f64; 1]) -> [f64; 1] {
        [-density::<Self, 1>(x, p) * x / p[0]]
    }

    fn mean(_: &[f64; 1]) -> f64 {
        f64::INFINITY
    }

    fn variance(_: &[f64; 1]) -> f64 {
        f64::NAN
    }

    fn entropy(p: &[f64; 1]) -> f64 {
        std::f64::consts::TAU.ln() + p[0].ln()
    }
}
