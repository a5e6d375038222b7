//! The log-uniform distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{outside, positive, require, undefined};
use super::weibull::ln_ratio;
use crate::support::Support;

/// Log-uniform (reciprocal) distribution: p(x) = 1/(x ln(high/low)) for 0 < low ≤ x ≤ high.
///
/// Support: low ≤ x ≤ high. Mean: (high − low)/ln(high/low). Variance: (high² − low²)/(2 ln(high/low)) − mean². Entropy: closed.
///
/// Source: R. W. Hamming, "On the distribution of numbers", Bell System Technical Journal 49 (1970), eq. 1.
///
/// ```
/// use ppl_runtime::dist::{LogUniform, family::Family};
/// let e = std::f64::consts::E;
/// assert!(<LogUniform>::log_density(1.0, &[1.0, e]).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct LogUniform<A = (), B = ()> {
    pub(crate) low: A,
    pub(crate) high: B,
}

impl<A, B> LogUniform<A, B> {
    /// The log-uniform distribution between these two positive numbers.
    pub fn new(low: A, high: B) -> Self {
        LogUniform { low, high }
    }
}

impl Family<2> for LogUniform {
    const NAME: &'static str = "LogUniform";
    const PARAMETERS: [&'static str; 2] = ["low", "high"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)?;
        require(p[0] < p[1], 1, "above `low`")
    }

    fn support(p: &[f64; 2]) -> Support {
        Support::Interval(p[0], p[1])
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < p[0] || x > p[1] {
            return outside();
        }
        let [low, high] = *p;
        let width = ln_ratio(high, low);
        Partials {
            value: -x.ln() - width.ln(),
            point: -x.recip(),
            parameters: [(low * width).recip(), -(high * width).recip()],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        if x <= low {
            return 0.0;
        }
        (ln_ratio(x, low) / ln_ratio(high, low)).min(1.0)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        let width = ln_ratio(high, low);
        // From the nearer end, so that either end keeps its digits.
        let x = if u < 0.5 {
            low * (width * u).exp()
        } else {
            high * (-width * (1.0 - u)).exp()
        };
        // Comparisons, not `clamp`, which panics on a NaN or crossed bound.
        if x > high {
            high
        } else if x < low {
            low
        } else {
            x
        }
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= p[0] || x >= p[1] {
            return [0.0; 2];
        }
        let w = ln_ratio(p[1], p[0]);
        [
            -ln_ratio(p[1], x) / w / w / p[0],
            -ln_ratio(x, p[0]) / w / w / p[1],
        ]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        (high - low) / ln_ratio(high, low)
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        let width = ln_ratio(high, low);
        let mean = (high - low) / width;
        mean * (0.5 * (high + low) - mean)
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        ln_ratio(high, low).ln() + 0.5 * (low.ln() + high.ln())
    }
}
