//! The Kumaraswamy distribution.

use super::beta::BELOW_ONE;
use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{density, outside, positive, undefined};
use crate::real::special::{EULER_GAMMA, digamma, ln_1m_exp, ln_beta};
use crate::support::Support;

/// Kumaraswamy distribution: p(x) = a b x^(a − 1) (1 − x^a)^(b − 1) for 0 < x < 1.
///
/// Support: 0 < x < 1. Mean: b B(1 + 1/a, b). Variance: b B(1 + 2/a, b) − mean². Entropy: closed.
///
/// Source: P. Kumaraswamy, "A generalized probability density function for double-bounded random processes", Journal of
/// Hydrology 46 (1980), eq. 12.
///
/// ```
/// use ppl_runtime::dist::{Kumaraswamy, family::Family};
/// assert_eq!(<Kumaraswamy>::log_density(0.3, &[1.0, 1.0]), 0.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Kumaraswamy<A = (), B = ()> {
    pub(crate) a: A,
    pub(crate) b: B,
}

impl<A, B> Kumaraswamy<A, B> {
    /// The Kumaraswamy distribution of these two shapes.
    pub fn new(a: A, b: B) -> Self {
        Kumaraswamy { a, b }
    }
}

impl Family<2> for Kumaraswamy {
    const NAME: &'static str = "Kumaraswamy";
    const PARAMETERS: [&'static str; 2] = ["a", "b"];
    const DOMAIN: Domain = Domain::Unit;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Unit
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x >= 1.0 {
            return outside();
        }
        let [a, b] = *p;
        let ln_x = x.ln();
        // ln x^a and ln(1 − x^a); x^a/(1 − x^a).
        let ln_power = a * ln_x;
        let ln_rest = ln_1m_exp(ln_power);
        let odds = (-ln_power).exp_m1().recip();
        Partials {
            value: a.ln() + b.ln() + (a - 1.0) * ln_x + (b - 1.0) * ln_rest,
            point: (a - 1.0 - a * (b - 1.0) * odds) / x,
            parameters: [
                a.recip() + ln_x * (1.0 - (b - 1.0) * odds),
                b.recip() + ln_rest,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [a, b] = *p;
        if x <= 0.0 {
            return 0.0;
        }
        if x >= 1.0 {
            return 1.0;
        }
        -(b * ln_1m_exp(a * x.ln())).exp_m1()
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [a, b] = *p;
        (ln_1m_exp((-u).ln_1p() / b) / a)
            .exp()
            .clamp(f64::MIN_POSITIVE, BELOW_ONE)
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= 0.0 || x >= 1.0 {
            return [0.0; 2];
        }
        let ln_rest = ln_1m_exp(p[0] * x.ln());
        [
            density::<Self, 2>(x, p) * x * x.ln() / p[0],
            -(p[1] * ln_rest).exp() * ln_rest,
        ]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [a, b] = *p;
        b * ln_beta(1.0 + a.recip(), b).exp()
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [a, b] = *p;
        let mean = b * ln_beta(1.0 + a.recip(), b).exp();
        b * ln_beta(1.0 + 2.0 / a, b).exp() - mean * mean
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [a, b] = *p;
        (1.0 - b.recip()) + (1.0 - a.recip()) * (digamma(b + 1.0) + EULER_GAMMA) - a.ln() - b.ln()
    }
}
