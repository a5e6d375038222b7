//! The log-normal distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, finite, outside, positive, undefined};
use crate::random::Rng;
use crate::real::special::{LN_SQRT_2PI, normal_cdf, normal_quantile};
use crate::support::Support;
use rand::RngExt;
use rand_distr::StandardNormal;

/// Log-normal distribution, that of e^X for X normal: p(x) = exp(−((ln x − location)/scale)²/2) / (x scale √(2π)) for x > 0.
///
/// Support: x > 0. Mean: exp(location + scale²/2). Variance: (exp(scale²) − 1) exp(2 location + scale²). Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), eq. 14.2′.
///
/// ```
/// use ppl_runtime::dist::{LogNormal, family::Family};
/// let ln_p = <LogNormal>::log_density(1.0, &[0.0, 2.0]);
/// assert!((ln_p + 1.612_085_713_764_618).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct LogNormal<L = (), S = ()> {
    pub(crate) location: L,
    pub(crate) scale: S,
}

impl<L, S> LogNormal<L, S> {
    /// The distribution of e^X where X has this mean and standard deviation.
    pub fn new(location: L, scale: S) -> Self {
        LogNormal { location, scale }
    }
}

impl Family<2> for LogNormal {
    const NAME: &'static str = "LogNormal";
    const PARAMETERS: [&'static str; 2] = ["location", "scale"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Positive
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if x <= 0.0 || x == f64::INFINITY {
            return f64::NEG_INFINITY;
        }
        let ln_x = x.ln();
        let z = (ln_x - p[0]) / p[1];
        -0.5 * z * z - ln_x - p[1].ln() - LN_SQRT_2PI
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x == f64::INFINITY {
            return outside();
        }
        let ln_x = x.ln();
        let z = (ln_x - p[0]) / p[1];
        let slope = z / p[1];
        Partials {
            value: -0.5 * z * z - ln_x - p[1].ln() - LN_SQRT_2PI,
            point: -(slope + 1.0) / x,
            parameters: [slope, (z * z - 1.0) / p[1]],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        normal_cdf((x.ln() - p[0]) / p[1])
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        bounded(
            (p[0] + p[1] * normal_quantile(u))
                .exp()
                .max(f64::MIN_POSITIVE),
        )
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let z: f64 = rng.sample(StandardNormal);
        bounded((p[0] + p[1] * z).exp().max(f64::MIN_POSITIVE))
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= 0.0 {
            return [0.0; 2];
        }
        let f = x * density::<Self, 2>(x, p);
        [-f, -f * ((x.ln() - p[0]) / p[1])]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        (p[0] + 0.5 * p[1] * p[1]).exp()
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let s2 = p[1] * p[1];
        s2.exp_m1() * (2.0 * p[0] + s2).exp()
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        p[0] + 0.5 + p[1].ln() + crate::real::special::LN_SQRT_2PI
    }
}
