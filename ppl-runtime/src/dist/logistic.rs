//! The logistic distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, finite, outside, positive, undefined};
use crate::real::special::sigmoid;
use crate::support::Support;
use std::f64::consts::PI;

/// Logistic distribution: p(x) = e^(−z)/(scale (1 + e^(−z))²) with z = (x − location)/scale, on the real line.
///
/// Support: the real line. Mean: location. Variance: π² scale²/3. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), eq. 23.5.
///
/// ```
/// use ppl_runtime::dist::{Logistic, family::Family};
/// assert!((<Logistic>::log_density(0.0, &[0.0, 1.0]) + 4.0_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Logistic<A = (), B = ()> {
    pub(crate) location: A,
    pub(crate) scale: B,
}

impl<A, B> Logistic<A, B> {
    /// The logistic distribution of this mean and scale.
    pub fn new(location: A, scale: B) -> Self {
        Logistic { location, scale }
    }
}

/// ln of the standard density, −|z| − 2 ln(1 + e^−|z|).
pub(crate) fn ln_standard(z: f64) -> f64 {
    let a = z.abs();
    -a - 2.0 * (-a).exp().ln_1p()
}

/// ln(u/(1 − u)), to full relative accuracy around u = ½.
pub(crate) fn logit(u: f64) -> f64 {
    if (0.25..0.75).contains(&u) {
        // 2u − 1 is exact here.
        2.0 * (2.0 * u - 1.0).atanh()
    } else {
        u.ln() - (-u).ln_1p()
    }
}

impl Family<2> for Logistic {
    const NAME: &'static str = "Logistic";
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
        let pull = (0.5 * z).tanh() / scale;
        Partials {
            value: ln_standard(z) - scale.ln(),
            point: -pull,
            parameters: [pull, z * pull - scale.recip()],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [location, scale] = *p;
        sigmoid((x - location) / scale)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [location, scale] = *p;
        bounded(location + scale * logit(u))
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
        PI * PI / 3.0 * scale * scale
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [_, scale] = *p;
        scale.ln() + 2.0
    }
}
