//! The Gumbel distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, finite, outside, positive, undefined};
use crate::real::special::EULER_GAMMA;
use crate::support::Support;
use std::f64::consts::PI;

/// Gumbel distribution of maxima: p(x) = exp(−z − e^(−z))/scale with z = (x − location)/scale, on the real line.
///
/// Support: the real line. Mean: location + γ scale with Euler's γ. Variance: π² scale²/6. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), eq. 22.1.
///
/// ```
/// use ppl_runtime::dist::{Gumbel, family::Family};
/// assert_eq!(<Gumbel>::log_density(0.0, &[0.0, 1.0]), -1.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Gumbel<A = (), B = ()> {
    pub(crate) location: A,
    pub(crate) scale: B,
}

impl<A, B> Gumbel<A, B> {
    /// The Gumbel distribution of this mode and scale.
    pub fn new(location: A, scale: B) -> Self {
        Gumbel { location, scale }
    }
}

impl Family<2> for Gumbel {
    const NAME: &'static str = "Gumbel";
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
        let e = (-z).exp();
        // 1 − e^(−z)
        let pull = -(-z).exp_m1() / scale;
        Partials {
            value: -z - e - scale.ln(),
            point: -pull,
            parameters: [pull, z * pull - scale.recip()],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [location, scale] = *p;
        (-(-(x - location) / scale).exp()).exp()
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [location, scale] = *p;
        // −ln u from whichever of u and 1 − u holds the digits.
        let power = if u < 0.5 { -u.ln() } else { -(u - 1.0).ln_1p() };
        bounded(location - scale * power.ln())
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        let f = density::<Self, 2>(x, p);
        [-f, -f * ((x - p[0]) / p[1])]
    }

    fn survival(x: f64, p: &[f64; 2]) -> f64 {
        -(-(-(x - p[0]) / p[1]).exp()).exp_m1()
    }

    fn quantile_upper(q: f64, p: &[f64; 2]) -> f64 {
        bounded(p[0] - p[1] * (-(-q).ln_1p()).ln())
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [location, scale] = *p;
        location + EULER_GAMMA * scale
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [_, scale] = *p;
        PI * PI / 6.0 * scale * scale
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [_, scale] = *p;
        scale.ln() + EULER_GAMMA + 1.0
    }
}
