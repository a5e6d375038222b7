//! The soft Laplace (hyperbolic secant) distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, finite, outside, positive, undefined};
use crate::support::Support;
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// Soft Laplace distribution: p(x) = (2/π)/(scale (e^z + e^(−z))) with z = (x − location)/scale, on the real line: smooth at
/// its mode, with the tails of a Laplace distribution. It is a hyperbolic secant distribution.
///
/// Support: the real line. Mean: location. Variance: π² scale²/4. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), eq. 23.62.
///
/// ```
/// use ppl_runtime::dist::{SoftLaplace, family::Family};
/// assert!((<SoftLaplace>::log_density(0.0, &[0.0, 1.0]) + std::f64::consts::PI.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct SoftLaplace<A = (), B = ()> {
    pub(crate) location: A,
    pub(crate) scale: B,
}

impl<A, B> SoftLaplace<A, B> {
    /// The soft Laplace distribution of this mean and scale.
    pub fn new(location: A, scale: B) -> Self {
        SoftLaplace { location, scale }
    }
}

impl Family<2> for SoftLaplace {
    const NAME: &'static str = "SoftLaplace";
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
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !x.is_finite() {
            return outside();
        }
        let [location, scale] = *p;
        let z = (x - location) / scale;
        let pull = z.tanh() / scale;
        Partials {
            value: FRAC_2_PI.ln() - z.abs() - (-2.0 * z.abs()).exp().ln_1p() - scale.ln(),
            point: -pull,
            parameters: [pull, z * pull - scale.recip()],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [location, scale] = *p;
        let z = (x - location) / scale;
        if z < 0.0 {
            FRAC_2_PI * z.exp().atan()
        } else {
            1.0 - FRAC_2_PI * (-z).exp().atan()
        }
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [location, scale] = *p;
        let z = if (0.25..0.75).contains(&u) {
            // ln tan(π/4 + v) = 2 artanh(tan v), which keeps the digits around the middle.
            2.0 * (FRAC_PI_2 * (u - 0.5)).tan().atanh()
        } else if u < 0.5 {
            (FRAC_PI_2 * u).tan().ln()
        } else {
            -(FRAC_PI_2 * (1.0 - u)).tan().ln()
        };
        bounded(location + scale * z)
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

    fn mean(p: &[f64; 2]) -> f64 {
        let [location, _] = *p;
        location
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [_, scale] = *p;
        (FRAC_PI_2 * scale).powi(2)
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [_, scale] = *p;
        scale.ln() + (2.0 * std::f64::consts::PI).ln()
    }
}
