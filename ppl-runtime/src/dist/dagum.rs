//! The Dagum distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, outside, positive, undefined};
use super::weibull::ln_ratio;
use crate::real::special::{EULER_GAMMA, digamma, ln_gamma, ln_gamma_1p, sigmoid, softplus};
use crate::support::Support;

/// Dagum distribution: the distribution function is (1 + (x/b)^(−a))^(−p) for x > 0, with concentration p, sharpness a and
/// scale b.
///
/// Support: x > 0. Mean: scale Γ(c + 1/s) Γ(1 − 1/s)/Γ(c) of concentration c and sharpness s > 1. Variance: finite for s > 2. Entropy: closed.
///
/// Source: C. Kleiber, "A guide to the Dagum distributions" (2008), eqs. 3.1 and 3.2.
///
/// ```
/// use ppl_runtime::dist::{Dagum, family::Family};
/// assert!((<Dagum>::log_density(1.0, &[1.0, 1.0, 1.0]) + 4.0_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Dagum<A = (), B = (), C = ()> {
    pub(crate) concentration: A,
    pub(crate) sharpness: B,
    pub(crate) scale: C,
}

impl<A, B, C> Dagum<A, B, C> {
    /// The Dagum distribution of this concentration, sharpness and scale.
    pub fn new(concentration: A, sharpness: B, scale: C) -> Self {
        Dagum {
            concentration,
            sharpness,
            scale,
        }
    }
}

/// E (x/b)^k/a at h = k/a: Γ(1 − h) Γ(p + h)/Γ(p).
fn raw_moment(p: f64, h: f64) -> f64 {
    (ln_gamma_1p(-h) + ln_gamma(p + h) - ln_gamma(p)).exp()
}

impl Family<3> for Dagum {
    const NAME: &'static str = "Dagum";
    const PARAMETERS: [&'static str; 3] = ["concentration", "sharpness", "scale"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 3]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)?;
        positive(p, 2)
    }

    fn support(_: &[f64; 3]) -> Support {
        Support::Positive
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 3]) -> Partials<3> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x == f64::INFINITY {
            return outside();
        }
        let [concentration, sharpness, scale] = *p;
        let l = ln_ratio(x, scale);
        let w = sharpness * l;
        // d ln p/dw
        let slope = concentration * sigmoid(-w) - sigmoid(w);
        let ln_cdf = -softplus(-w);
        Partials {
            value: sharpness.ln() + concentration.ln() - x.ln() - softplus(w)
                + concentration * ln_cdf,
            point: (slope * sharpness - 1.0) / x,
            parameters: [
                concentration.recip() + ln_cdf,
                sharpness.recip() + slope * l,
                -slope * sharpness / scale,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 3]) -> f64 {
        let [concentration, sharpness, scale] = *p;
        if x <= 0.0 {
            return 0.0;
        }
        (-concentration * softplus(-sharpness * ln_ratio(x, scale))).exp()
    }

    fn quantile(u: f64, p: &[f64; 3]) -> f64 {
        let [concentration, sharpness, scale] = *p;
        // softplus(−w) = −ln(u)/concentration, inverted.
        let ln_u = if u < 0.5 { u.ln() } else { (u - 1.0).ln_1p() };
        let s = -ln_u / concentration;
        let w = if s > 1.0 {
            -s - (-(-s).exp()).ln_1p()
        } else {
            -s.exp_m1().ln()
        };
        bounded((scale * (w / sharpness).exp()).max(f64::MIN_POSITIVE))
    }

    fn cdf_partials(x: f64, p: &[f64; 3]) -> [f64; 3] {
        if x <= 0.0 {
            return [0.0; 3];
        }
        let f = x * density::<Self, 3>(x, p);
        let l = ln_ratio(x, p[2]);
        [
            -Self::cdf(x, p) * softplus(-p[1] * l),
            f * l / p[1],
            -f / p[2],
        ]
    }

    fn mean(p: &[f64; 3]) -> f64 {
        let [concentration, sharpness, scale] = *p;
        if sharpness > 1.0 {
            scale * raw_moment(concentration, sharpness.recip())
        } else {
            f64::INFINITY
        }
    }

    fn variance(p: &[f64; 3]) -> f64 {
        let [concentration, sharpness, scale] = *p;
        if sharpness > 2.0 {
            let mean = raw_moment(concentration, sharpness.recip());
            scale * scale * (raw_moment(concentration, 2.0 / sharpness) - mean * mean)
        } else {
            f64::INFINITY
        }
    }

    fn entropy(p: &[f64; 3]) -> f64 {
        let [concentration, sharpness, scale] = *p;
        // E ln(x/b)·a = ψ(p) + γ, E softplus(−w) = 1/p
        let w = digamma(concentration) + EULER_GAMMA;
        -(sharpness.ln() + concentration.ln() - scale.ln())
            + w / sharpness
            + w
            + concentration.recip()
            + 1.0
    }
}
