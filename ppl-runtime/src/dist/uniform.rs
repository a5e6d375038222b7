//! The continuous uniform distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{finite, outside, require, undefined};
use crate::random::Rng;
use crate::support::Support;
use rand::RngExt;
use rand::distr::Open01;

/// Uniform distribution: p(x) = 1/(high − low) for low ≤ x ≤ high.
///
/// Support: low ≤ x ≤ high. Mean: (low + high)/2. Variance: (high − low)²/12. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), eq. 26.1.
///
/// ```
/// use ppl_runtime::dist::{Uniform, family::Family};
/// assert_eq!(<Uniform>::log_density(1.0, &[0.0, 2.0]), -std::f64::consts::LN_2);
/// assert_eq!(<Uniform>::log_density(3.0, &[0.0, 2.0]), f64::NEG_INFINITY);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Uniform<L = (), H = ()> {
    pub(crate) low: L,
    pub(crate) high: H,
}

impl<L, H> Uniform<L, H> {
    /// The uniform distribution between these two numbers.
    pub fn new(low: L, high: H) -> Self {
        Uniform { low, high }
    }
}

/// From 2⁵² on, numbers are whole.
const INTEGERS: f64 = 4503599627370496.0;

impl Family<2> for Uniform {
    const NAME: &'static str = "Uniform";
    const PARAMETERS: [&'static str; 2] = ["low", "high"];
    const DOMAIN: Domain = Domain::Real;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        finite(p, 1)?;
        require(p[0] < p[1], 1, "above `low`")?;
        require(
            (p[1] - p[0]).is_finite(),
            1,
            "at a finite distance from `low`",
        )
    }

    fn support(p: &[f64; 2]) -> Support {
        Support::Interval(p[0], p[1])
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if x < p[0] || x > p[1] {
            return f64::NEG_INFINITY;
        }
        -(p[1] - p[0]).ln()
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < p[0] || x > p[1] {
            return outside();
        }
        let width = p[1] - p[0];
        Partials {
            value: -width.ln(),
            point: 0.0,
            parameters: [width.recip(), -width.recip()],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        ((x - p[0]) / (p[1] - p[0])).clamp(0.0, 1.0)
    }

    #[inline]
    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        // From the nearer end, so that either end keeps its digits. Rounding tells which one it is, 0 or 1: a branch would be
        // mispredicted every other time.
        let upper = (u + INTEGERS) - INTEGERS;
        let end = (1.0 - upper) * p[0] + upper * p[1];
        let x = end + (p[1] - p[0]) * (u - upper);
        // Comparisons, not `clamp`, which panics on a NaN or crossed bound.
        if x > p[1] { p[1] } else { x }
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let u: f64 = rng.sample(Open01);
        Self::quantile(u, p)
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= p[0] || x >= p[1] {
            return [0.0; 2];
        }
        let w = p[1] - p[0];
        [(x - p[1]) / w / w, (p[0] - x) / w / w]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        p[0] + 0.5 * (p[1] - p[0])
    }

    fn variance(p: &[f64; 2]) -> f64 {
        (p[1] - p[0]).powi(2) / 12.0
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        (p[1] - p[0]).ln()
    }
}
