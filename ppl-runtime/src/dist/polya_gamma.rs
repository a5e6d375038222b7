//! The truncated Pólya–Gamma distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{density, invert, outside, positive, quantile_moments, undefined};
use crate::real::special::erfc;
use crate::support::Support;
use std::f64::consts::{PI, SQRT_2};

/// Pólya–Gamma distribution PG(1, 0) given that it is below a bound: p(x) = f(x)/F(truncation) for 0 < x < truncation, with
/// f(x) = Σ_j (−1)^j (2j + 1) exp(−(2j + 1)²/(8x))/√(2πx³).
///
/// Shapes: `truncation` is one positive number. NumPyro's is 2.5, beyond which PG(1, 0) has 6e-6 of its mass; its density is not divided by the rest.
/// The series is taken for small x, its theta-function dual 2π Σ_j (−1)^j (2j + 1) exp(−π²(2j + 1)² x/2) for large.
///
/// Source: Polson, Scott & Windle, "Bayesian inference for logistic models using Pólya–Gamma latent variables", JASA 108
/// (2013), eq. 5 and section 4; Devroye, "On exact simulation algorithms for some distributions related to Jacobi theta functions" (2009).
///
/// ```
/// use ppl_runtime::dist::{TruncatedPolyaGamma, family::Family};
/// let p = <TruncatedPolyaGamma>::log_density(0.2, &[2.5]);
/// assert!((p - 0.849_804_545_216_767_7).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct TruncatedPolyaGamma<A = ()> {
    pub(crate) truncation: A,
}

impl<A> TruncatedPolyaGamma<A> {
    /// PG(1, 0) below this bound.
    pub fn new(truncation: A) -> Self {
        TruncatedPolyaGamma { truncation }
    }
}

/// Where the two series change over: four terms of either are enough.
const CHANGE: f64 = 0.16;

/// ln f(x) and its derivative.
fn ln_f(x: f64) -> (f64, f64) {
    let (mut sum, mut slope) = (0.0, 0.0);
    if x < CHANGE {
        // Relative to the first term; e^(−(m² − 1)/(8x)) m, m = 2j + 1.
        for j in 0..8 {
            let m = f64::from(2 * j + 1);
            let excess = (m * m - 1.0) / 8.0;
            let term = m * (-excess / x).exp() * if j % 2 == 0 { 1.0 } else { -1.0 };
            sum += term;
            slope += term * (excess / x / x);
        }
        let ln = sum.ln() - 0.125 / x - 1.5 * x.ln() - 0.5 * (2.0 * PI).ln();
        (ln, slope / sum + 0.125 / x / x - 1.5 / x)
    } else {
        for j in 0..8 {
            let m = f64::from(2 * j + 1);
            let rate = (m * m - 1.0) * 0.5 * PI * PI;
            let term = m * (-rate * x).exp() * if j % 2 == 0 { 1.0 } else { -1.0 };
            sum += term;
            slope -= term * rate;
        }
        let rate = 0.5 * PI * PI;
        (sum.ln() + (2.0 * PI).ln() - rate * x, slope / sum - rate)
    }
}

/// F(x) and 1 − F(x).
fn tails(x: f64) -> (f64, f64) {
    let mut sum = 0.0;
    if x < CHANGE {
        for j in 0..8 {
            let m = f64::from(2 * j + 1);
            let term = 2.0 * erfc(m / (2.0 * SQRT_2 * x.sqrt()));
            sum += if j % 2 == 0 { term } else { -term };
        }
        (sum, 1.0 - sum)
    } else {
        for j in 0..8 {
            let m = f64::from(2 * j + 1);
            let term = 4.0 / (PI * m) * (-0.5 * PI * PI * m * m * x).exp();
            sum += if j % 2 == 0 { term } else { -term };
        }
        (1.0 - sum, sum)
    }
}

impl Family<1> for TruncatedPolyaGamma {
    const NAME: &'static str = "TruncatedPolyaGamma";
    const PARAMETERS: [&'static str; 1] = ["truncation"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 1]) -> Result<(), Invalid> {
        positive(p, 0)
    }

    fn support(p: &[f64; 1]) -> Support {
        Support::Interval(0.0, p[0])
    }

    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x > p[0] {
            return outside();
        }
        let ((ln, point), (mass, _)) = (ln_f(x), tails(p[0]));
        Partials {
            value: ln - mass.ln(),
            point,
            parameters: [-ln_f(p[0]).0.exp() / mass],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        if x <= 0.0 {
            0.0
        } else if x >= p[0] {
            1.0
        } else {
            (tails(x).0 / tails(p[0]).0).min(1.0)
        }
    }

    fn survival(x: f64, p: &[f64; 1]) -> f64 {
        if x <= 0.0 {
            return 1.0;
        }
        if x >= p[0] {
            return 0.0;
        }
        let ((below, above), (mass, beyond)) = (tails(x), tails(p[0]));
        let rest = if above < 0.5 {
            above - beyond
        } else {
            mass - below
        };
        (rest / mass).clamp(0.0, 1.0)
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        let tails = |x: f64| (Self::cdf(x, p), Self::survival(x, p));
        invert(u, 0.0, p[0], tails, |x| Self::log_density(x, p))
    }

    fn cdf_partials(x: f64, p: &[f64; 1]) -> [f64; 1] {
        if x <= 0.0 || x >= p[0] {
            return [0.0];
        }
        [-Self::cdf(x, p) * density::<Self, 1>(p[0], p)]
    }

    fn mean(p: &[f64; 1]) -> f64 {
        quantile_moments::<Self, 1>(p).0
    }

    fn variance(p: &[f64; 1]) -> f64 {
        quantile_moments::<Self, 1>(p).1
    }
}
