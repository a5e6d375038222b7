//! The Lévy distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, finite, outside, positive, undefined};
use crate::real::special::{EULER_GAMMA, LN_SQRT_2PI, erfc, normal_quantile};
use crate::support::Support;

/// Lévy distribution: p(x) = √(scale/(2π)) d^(−3/2) exp(−scale/(2d)) with d = x − location > 0. It has no mean.
///
/// Support: x > location. Mean: infinite. Variance: infinite. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), section 15.3 (the limit of an
/// inverse Gaussian).
///
/// ```
/// use ppl_runtime::dist::{Levy, family::Family};
/// let ln_p = <Levy>::log_density(1.0, &[0.0, 1.0]);
/// assert!((ln_p + 0.5 + 0.5 * std::f64::consts::TAU.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Levy<A = (), B = ()> {
    pub(crate) location: A,
    pub(crate) scale: B,
}

impl<A, B> Levy<A, B> {
    /// The Lévy distribution above this location.
    pub fn new(location: A, scale: B) -> Self {
        Levy { location, scale }
    }
}

impl Family<2> for Levy {
    const NAME: &'static str = "Levy";
    const PARAMETERS: [&'static str; 2] = ["location", "scale"];
    const DOMAIN: Domain = Domain::Real;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        positive(p, 1)
    }

    fn support(p: &[f64; 2]) -> Support {
        Support::Above(p[0])
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= p[0] || x == f64::INFINITY {
            return outside();
        }
        let [location, scale] = *p;
        let d = x - location;
        let half = 0.5 * scale / d;
        // −3/2 + scale/(2d), per d
        let pull = (half - 1.5) / d;
        Partials {
            value: 0.5 * scale.ln() - LN_SQRT_2PI - 1.5 * d.ln() - half,
            point: pull,
            parameters: [-pull, (0.5 - half) / scale],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [location, scale] = *p;
        if x <= location {
            return 0.0;
        }
        erfc((0.5 * scale / (x - location)).sqrt())
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [location, scale] = *p;
        let z = normal_quantile(0.5 * u);
        let x = bounded(location + scale / (z * z));
        if x <= location { location.next_up() } else { x }
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        let f = density::<Self, 2>(x, p);
        [-f, -f * ((x - p[0]) / p[1])]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let _ = p;
        f64::INFINITY
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let _ = p;
        f64::INFINITY
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [_, scale] = *p;
        0.5 * (1.0 + 3.0 * EULER_GAMMA + (16.0 * std::f64::consts::PI).ln()) + scale.ln()
    }
}
