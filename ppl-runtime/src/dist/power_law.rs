//! Power laws, truncated below or on both sides.

use super::family::{Domain, Family, Invalid, Partials};
use super::pareto::Pareto;
use super::shared::{density, finite, outside, positive, require, score_integral, undefined};
use super::weibull::ln_ratio;
use crate::support::Support;

/// Power law above a bound: p(x) ∝ x^exponent for x ≥ low > 0, with exponent < −1. A [`Pareto`] of shape −1 − exponent.
///
/// Support: x ≥ low, for an exponent below −1. Mean: low (e + 1)/(e + 2) for an exponent e < −2. Variance: finite for e < −3. Entropy: closed.
///
/// Source: Clauset, Shalizi & Newman, "Power-law distributions in empirical data" (2009), eq. 2.2.
///
/// ```
/// use ppl_runtime::dist::{LowerTruncatedPowerLaw, family::Family};
/// assert_eq!(<LowerTruncatedPowerLaw>::log_density(1.0, &[-2.0, 1.0]), 0.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct LowerTruncatedPowerLaw<A = (), B = ()> {
    pub(crate) exponent: A,
    pub(crate) low: B,
}

impl<A, B> LowerTruncatedPowerLaw<A, B> {
    /// The power law of this exponent above this bound.
    pub fn new(exponent: A, low: B) -> Self {
        LowerTruncatedPowerLaw { exponent, low }
    }
}

impl Family<2> for LowerTruncatedPowerLaw {
    const NAME: &'static str = "LowerTruncatedPowerLaw";
    const PARAMETERS: [&'static str; 2] = ["exponent", "low"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        positive(p, 1)?;
        require(p[0] < -1.0, 0, "below −1")
    }

    fn support(p: &[f64; 2]) -> Support {
        Support::Above(p[1])
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < p[1] || x == f64::INFINITY {
            return outside();
        }
        let [exponent, low] = *p;
        let pareto = <Pareto>::partials(x, &[low, -1.0 - exponent]);
        let [by_low, by_shape] = pareto.parameters;
        Partials {
            value: pareto.value,
            point: pareto.point,
            parameters: [-by_shape, by_low],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [exponent, low] = *p;
        <Pareto>::cdf(x, &[low, -1.0 - exponent])
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [exponent, low] = *p;
        <Pareto>::quantile(u, &[low, -1.0 - exponent])
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        let [by_low, by_shape] = <Pareto>::cdf_partials(x, &[p[1], -1.0 - p[0]]);
        [-by_shape, by_low]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [exponent, low] = *p;
        <Pareto>::mean(&[low, -1.0 - exponent])
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [exponent, low] = *p;
        <Pareto>::variance(&[low, -1.0 - exponent])
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [exponent, low] = *p;
        <Pareto>::entropy(&[low, -1.0 - exponent])
    }
}

/// Power law between two bounds: p(x) ∝ x^exponent for 0 < low ≤ x ≤ high, with any exponent; −1 is the log-uniform
/// distribution and is no singularity.
///
/// With b = exponent + 1 and t = ln(x/low) it is exp(b t)/∫₀ᴸ exp(b s) ds on 0 ≤ t ≤ L = ln(high/low).
///
/// Support: low ≤ x ≤ high. Mean: the ratio of ∫ x^(exponent + 1) to ∫ x^exponent. Variance: likewise. Entropy: closed.
///
/// Source: Clauset, Shalizi & Newman, "Power-law distributions in empirical data" (2009), section 2, truncated above.
///
/// ```
/// use ppl_runtime::dist::{DoublyTruncatedPowerLaw, family::Family};
/// assert!((<DoublyTruncatedPowerLaw>::log_density(1.5, &[0.0, 1.0, 3.0]) + 2.0_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct DoublyTruncatedPowerLaw<A = (), B = (), C = ()> {
    pub(crate) exponent: A,
    pub(crate) low: B,
    pub(crate) high: C,
}

impl<A, B, C> DoublyTruncatedPowerLaw<A, B, C> {
    /// The power law of this exponent between these bounds.
    pub fn new(exponent: A, low: B, high: C) -> Self {
        DoublyTruncatedPowerLaw {
            exponent,
            low,
            high,
        }
    }
}

impl Family<3> for DoublyTruncatedPowerLaw {
    const NAME: &'static str = "DoublyTruncatedPowerLaw";
    const PARAMETERS: [&'static str; 3] = ["exponent", "low", "high"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 3]) -> Result<(), Invalid> {
        finite(p, 0)?;
        positive(p, 1)?;
        positive(p, 2)?;
        require(p[1] < p[2], 2, "above `low`")
    }

    fn support(p: &[f64; 3]) -> Support {
        Support::Interval(p[1], p[2])
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 3]) -> Partials<3> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < p[1] || x > p[2] {
            return outside();
        }
        let [exponent, low, high] = *p;
        let (b, t, width) = (exponent + 1.0, ln_ratio(x, low), ln_ratio(high, low));
        let y = b * width;
        let edge = width.recip() + b * slope(y);
        Partials {
            value: b * t - x.ln() - width.ln() - ln_mean_exp(y),
            point: exponent / x,
            parameters: [t - width * slope(y), (edge - b) / low, -edge / high],
        }
    }

    fn cdf(x: f64, p: &[f64; 3]) -> f64 {
        let [exponent, low, high] = *p;
        if x <= low {
            return 0.0;
        }
        if x >= high {
            return 1.0;
        }
        let (b, t, width) = (exponent + 1.0, ln_ratio(x, low), ln_ratio(high, low));
        (t / width) * (ln_mean_exp(b * t) - ln_mean_exp(b * width)).exp()
    }

    fn quantile(u: f64, p: &[f64; 3]) -> f64 {
        let [exponent, low, high] = *p;
        let (b, width) = (exponent + 1.0, ln_ratio(high, low));
        let y = b * width;
        // The share t/width of the way: e^(y share) = 1 + u (e^y − 1), from the end where that is near 1.
        let share = if y == 0.0 {
            u
        } else if y > 0.0 {
            1.0 + ((1.0 - u) * (-y).exp_m1()).ln_1p() / y
        } else {
            (u * y.exp_m1()).ln_1p() / y
        };
        let x = if share < 0.5 || y <= 0.0 {
            low * (width * share).exp()
        } else {
            high * (((1.0 - u) * (-y).exp_m1()).ln_1p() / y * width).exp()
        };
        if x > high {
            high
        } else if x < low {
            low
        } else {
            x
        }
    }

    fn cdf_partials(x: f64, p: &[f64; 3]) -> [f64; 3] {
        if x <= p[1] || x >= p[2] {
            return [0.0; 3];
        }
        let cdf = Self::cdf(x, p);
        [
            score_integral::<Self, 3>(x, p)[0],
            -density::<Self, 3>(p[1], p) * (1.0 - cdf),
            -density::<Self, 3>(p[2], p) * cdf,
        ]
    }

    fn mean(p: &[f64; 3]) -> f64 {
        let [exponent, low, high] = *p;
        let (b, width) = (exponent + 1.0, ln_ratio(high, low));
        low * (ln_mean_exp((b + 1.0) * width) - ln_mean_exp(b * width)).exp()
    }

    fn variance(p: &[f64; 3]) -> f64 {
        let [exponent, low, high] = *p;
        let (b, width) = (exponent + 1.0, ln_ratio(high, low));
        let mean = (ln_mean_exp((b + 1.0) * width) - ln_mean_exp(b * width)).exp();
        let square = (ln_mean_exp((b + 2.0) * width) - ln_mean_exp(b * width)).exp();
        low * low * (square - mean * mean)
    }

    fn entropy(p: &[f64; 3]) -> f64 {
        let [exponent, low, high] = *p;
        let (b, width) = (exponent + 1.0, ln_ratio(high, low));
        // E t = L·slope(bL)
        let t = width * slope(b * width);
        (1.0 - b) * t + low.ln() + width.ln() + ln_mean_exp(b * width)
    }
}

/// ln of ∫₀¹ e^(ys) ds = (e^y − 1)/y.
fn ln_mean_exp(y: f64) -> f64 {
    let a = y.abs();
    if a == 0.0 {
        return 0.0;
    }
    y.max(0.0) + (-(-a).exp_m1() / a).ln()
}

/// The derivative of [`ln_mean_exp`], 1/(1 − e^(−y)) − 1/y; its Taylor series (Bernoulli numbers) near 0.
fn slope(y: f64) -> f64 {
    if y.abs() > 0.5 {
        return -(-y).exp_m1().recip() - y.recip();
    }
    let z = y * y;
    let series = 1.0 / 12.0
        - z * (1.0 / 720.0 - z * (1.0 / 30_240.0 - z * (1.0 / 1_209_600.0 - z / 47_900_160.0)));
    0.5 + y * series
}
