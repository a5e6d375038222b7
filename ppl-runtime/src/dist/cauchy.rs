//! The Cauchy distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, finite, positive, undefined};
use crate::random::Rng;
use crate::support::Support;
use rand::RngExt;
use std::f64::consts::{FRAC_1_PI, PI};

/// ln π.
pub(crate) const LN_PI: f64 = 1.144_729_885_849_400_2;

/// ln(1 + z²), where z² may overflow.
#[inline]
pub(crate) fn ln_1p_square(z: f64) -> f64 {
    let z = z.abs();
    if z < 1e10 {
        // ln(1 + t), and what was lost of t: half the time of `ln_1p`.
        let t = z * z;
        let y = 1.0 + t;
        y.ln() + (t - (y - 1.0)) / y
    } else {
        2.0 * z.ln()
    }
}

/// The upper tail arctan(1/z)/π of a standard Cauchy at z > 0, and the z of such a tail in (0, ½).
pub(crate) fn upper_tail(z: f64) -> f64 {
    FRAC_1_PI * z.recip().atan()
}

pub(crate) fn upper_tail_inv(tail: f64) -> f64 {
    (PI * tail).tan().recip()
}

/// Cauchy distribution: p(x) = 1 / (π scale (1 + ((x − location)/scale)²)) on the real line. It has no mean.
///
/// Support: the real line. Mean: none. Variance: none. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), eq. 16.1.
///
/// ```
/// use ppl_runtime::dist::{Cauchy, family::Family};
/// let ln_p = <Cauchy>::log_density(1.0, &[1.0, 2.0]);
/// assert!((ln_p + (2.0 * std::f64::consts::PI).ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Cauchy<L = (), S = ()> {
    pub(crate) location: L,
    pub(crate) scale: S,
}

impl<L, S> Cauchy<L, S> {
    /// The Cauchy distribution of this median and this half-width at half-maximum.
    pub fn new(location: L, scale: S) -> Self {
        Cauchy { location, scale }
    }
}

impl Family<2> for Cauchy {
    const NAME: &'static str = "Cauchy";
    const PARAMETERS: [&'static str; 2] = ["location", "scale"];
    const DOMAIN: Domain = Domain::Real;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Real
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() {
            return f64::NAN;
        }
        -ln_1p_square((x - p[0]) / p[1]) - p[1].ln() - LN_PI
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        let z = (x - p[0]) / p[1];
        // 2z/(1 + z²) and (z² − 1)/(z² + 1), by 1/z where z² could overflow.
        let (pull, balance) = if z.abs() <= 1.0 {
            let d = 1.0 + z * z;
            (2.0 * z / d, (z - 1.0) * (z + 1.0) / d)
        } else {
            let r = z.recip();
            let d = 1.0 + r * r;
            (2.0 * r / d, (1.0 - r) * (1.0 + r) / d)
        };
        Partials {
            value: -ln_1p_square(z) - p[1].ln() - LN_PI,
            point: -pull / p[1],
            parameters: [pull / p[1], balance / p[1]],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let z = (x - p[0]) / p[1];
        if z < -1.0 {
            upper_tail(-z)
        } else if z > 1.0 {
            1.0 - upper_tail(z)
        } else {
            0.5 + FRAC_1_PI * z.atan()
        }
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let z = if u < 0.25 {
            -upper_tail_inv(u)
        } else if u > 0.75 {
            upper_tail_inv(1.0 - u)
        } else {
            (PI * (u - 0.5)).tan()
        };
        bounded(p[0] + p[1] * z)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        rand_distr::Cauchy::new(p[0], p[1]).map_or(f64::NAN, |d| bounded(rng.sample(d)))
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        let f = density::<Self, 2>(x, p);
        [-f, -f * ((x - p[0]) / p[1])]
    }

    fn survival(x: f64, p: &[f64; 2]) -> f64 {
        Self::cdf(p[0] - (x - p[0]), p)
    }

    fn quantile_upper(q: f64, p: &[f64; 2]) -> f64 {
        // Symmetric around 0.
        p[0] - Self::quantile(q, &[0.0, p[1]])
    }

    fn mean(_: &[f64; 2]) -> f64 {
        f64::NAN
    }

    fn variance(_: &[f64; 2]) -> f64 {
        f64::NAN
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        (4.0 * std::f64::consts::PI).ln() + p[1].ln()
    }
}
