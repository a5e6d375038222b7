//! The Weibull distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, outside, positive, undefined};
use crate::real::special::{EULER_GAMMA, ln_gamma_1p};
use crate::support::Support;

/// Weibull distribution: p(x) = (shape/scale) z^(shape − 1) exp(−z^shape) with z = x/scale, for x > 0.
///
/// Support: x ≥ 0. Mean: scale Γ(1 + 1/shape). Variance: scale² (Γ(1 + 2/shape) − Γ(1 + 1/shape)²). Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), eq. 21.3.
///
/// ```
/// use ppl_runtime::dist::{Weibull, family::Family};
/// assert!((<Weibull>::log_density(3.0, &[1.0, 1.0]) + 3.0).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Weibull<A = (), B = ()> {
    pub(crate) shape: A,
    pub(crate) scale: B,
}

impl<A, B> Weibull<A, B> {
    /// The Weibull distribution of this shape and scale.
    pub fn new(shape: A, scale: B) -> Self {
        Weibull { shape, scale }
    }
}

/// ln(x/y) for positive numbers: through the difference where they are close.
pub(crate) fn ln_ratio(x: f64, y: f64) -> f64 {
    let t = (x - y) / y;
    if t.abs() < 0.5 {
        return t.ln_1p();
    }
    let ratio = x / y;
    if ratio.is_normal() {
        ratio.ln()
    } else {
        x.ln() - y.ln()
    }
}

impl Family<2> for Weibull {
    const NAME: &'static str = "Weibull";
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

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x == f64::INFINITY {
            return outside();
        }
        let [shape, scale] = *p;
        let ln_z = ln_ratio(x, scale);
        let power = (shape * ln_z).exp();
        Partials {
            value: shape.ln() + shape * ln_z - power - x.ln(),
            point: (-shape).mul_add(power, shape - 1.0) / x,
            parameters: [
                shape.recip() - ln_z * (power - 1.0),
                shape * (power - 1.0) / scale,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [shape, scale] = *p;
        if x <= 0.0 {
            return 0.0;
        }
        -(-(shape * ln_ratio(x, scale)).exp()).exp_m1()
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [shape, scale] = *p;
        // ln(−ln(1 − u)) from whichever of u and 1 − u holds the digits.
        let power = -(-u).ln_1p();
        bounded((scale * (power.ln() / shape).exp()).max(f64::MIN_POSITIVE))
    }

    fn survival(x: f64, p: &[f64; 2]) -> f64 {
        (-(p[0] * ln_ratio(x.max(0.0), p[1])).exp()).exp()
    }

    fn quantile_upper(q: f64, p: &[f64; 2]) -> f64 {
        bounded((p[1] * ((-q.ln()).ln() / p[0]).exp()).max(f64::MIN_POSITIVE))
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= 0.0 {
            return [0.0; 2];
        }
        let f = x * density::<Self, 2>(x, p);
        [f * ln_ratio(x, p[1]) / p[0], -f / p[1]]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [shape, scale] = *p;
        scale * ln_gamma_1p(shape.recip()).exp()
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [shape, scale] = *p;
        let (first, second) = (ln_gamma_1p(shape.recip()), ln_gamma_1p(2.0 / shape));
        scale * scale * (2.0 * first).exp() * (second - 2.0 * first).exp_m1()
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [shape, scale] = *p;
        EULER_GAMMA * (1.0 - shape.recip()) + (scale / shape).ln() + 1.0
    }
}
