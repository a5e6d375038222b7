//! The inverse gamma distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::gamma::Gamma;
use super::gamma::standard_draw;
use super::shared::{bounded, outside, positive, undefined};
use crate::random::Rng;
use crate::real::special::{digamma, gamma_inv, gamma_upper, ln_gamma, ln_gamma_kernel};
use crate::support::Support;

/// Inverse gamma distribution, that of 1/X for X ~ Gamma(shape, rate = scale):
/// p(x) = scale^shape x^(−shape − 1) exp(−scale/x) / Γ(shape) for x > 0.
///
/// Support: x > 0. Mean: scale/(shape − 1) for shape > 1. Variance: scale²/((shape − 1)² (shape − 2)) for shape > 2. Entropy: closed.
///
/// Source: Gelman et al., *Bayesian Data Analysis* (3rd ed., 2013), table A.1.
///
/// ```
/// use ppl_runtime::dist::{InverseGamma, family::Family};
/// assert!((<InverseGamma>::log_density(1.0, &[1.0, 2.0]) - (2.0_f64.ln() - 2.0)).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct InverseGamma<A = (), S = ()> {
    pub(crate) shape: A,
    pub(crate) scale: S,
}

impl<A, S> InverseGamma<A, S> {
    /// The inverse gamma distribution of this shape and scale.
    pub fn new(shape: A, scale: S) -> Self {
        InverseGamma { shape, scale }
    }
}

/// ln p for x > 0.
fn ln_p(x: f64, p: &[f64; 2]) -> f64 {
    let [shape, scale] = *p;
    if shape < 15.0 {
        shape * scale.ln() - (shape + 1.0) * x.ln() - scale / x - ln_gamma(shape)
    } else {
        ln_gamma_kernel(shape, scale / x) + shape.ln() - x.ln()
    }
}

impl Family<2> for InverseGamma {
    const NAME: &'static str = "InverseGamma";
    const PARAMETERS: [&'static str; 2] = ["shape", "scale"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Positive
    }

    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if x <= 0.0 || x == f64::INFINITY {
            return f64::NEG_INFINITY;
        }
        ln_p(x, p)
    }

    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x == f64::INFINITY {
            return outside();
        }
        let [shape, scale] = *p;
        let ratio = scale / x;
        let ln_ratio = if ratio.is_normal() {
            ratio.ln()
        } else {
            scale.ln() - x.ln()
        };
        // Differences with one rounding: the terms are nearly equal where the mass is.
        Partials {
            value: ln_p(x, p),
            point: -(shape + 1.0).mul_add(x, -scale) / x / x,
            parameters: [
                ln_ratio - digamma(shape),
                shape.mul_add(x, -scale) / scale / x,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        gamma_upper(p[0], p[1] / x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        bounded((p[1] / gamma_inv(p[0], 1.0 - u, u)).max(f64::MIN_POSITIVE))
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        bounded((p[1] / standard_draw(rng, p[0])).max(f64::MIN_POSITIVE))
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= 0.0 {
            return [0.0; 2];
        }
        // P(X ≤ x) = P(1/X ≥ 1/x), a gamma variable.
        let [by_shape, by_rate] = <Gamma>::cdf_partials(x.recip(), p);
        [-by_shape, -by_rate]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        if p[0] > 1.0 {
            p[1] / (p[0] - 1.0)
        } else {
            f64::INFINITY
        }
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [shape, scale] = *p;
        if shape > 2.0 {
            (scale / (shape - 1.0)).powi(2) / (shape - 2.0)
        } else if shape > 1.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let (a, scale) = (p[0], p[1]);
        a + scale.ln() + crate::real::special::ln_gamma(a)
            - (1.0 + a) * crate::real::special::digamma(a)
    }
}
