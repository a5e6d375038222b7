//! The triangular distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{finite, outside, require, undefined};
use crate::support::Support;

/// Triangular distribution: p(x) = 2(x − low)/((high − low)(mode − low)) for low ≤ x ≤ mode, falling likewise to 0 at high.
///
/// Support: low ≤ x ≤ high. Mean: (low + mode + high)/3. Variance: (low² + mode² + high² − low·mode − low·high − mode·high)/18. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), section 26.9.
///
/// ```
/// use ppl_runtime::dist::{Triangular, family::Family};
/// assert_eq!(<Triangular>::log_density(1.0, &[0.0, 1.0, 2.0]), 0.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Triangular<A = (), B = (), C = ()> {
    pub(crate) low: A,
    pub(crate) mode: B,
    pub(crate) high: C,
}

impl<A, B, C> Triangular<A, B, C> {
    /// The triangular distribution between `low` and `high`, highest at `mode`.
    pub fn new(low: A, mode: B, high: C) -> Self {
        Triangular { low, mode, high }
    }
}

impl Family<3> for Triangular {
    const NAME: &'static str = "Triangular";
    const PARAMETERS: [&'static str; 3] = ["low", "mode", "high"];
    const DOMAIN: Domain = Domain::Real;

    #[inline]
    fn check(p: &[f64; 3]) -> Result<(), Invalid> {
        finite(p, 0)?;
        finite(p, 1)?;
        finite(p, 2)?;
        require(p[0] < p[2], 2, "above `low`")?;
        require(p[0] <= p[1] && p[1] <= p[2], 1, "between `low` and `high`")
    }

    fn support(p: &[f64; 3]) -> Support {
        Support::Interval(p[0], p[2])
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 3]) -> Partials<3> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= p[0] && x < p[1] || x >= p[2] && x > p[1] || x < p[0] || x > p[2] {
            return outside();
        }
        let [low, mode, high] = *p;
        let width = (high - low).recip();
        if x < mode {
            let (rise, side) = ((x - low).recip(), (mode - low).recip());
            Partials {
                value: (2.0 * (x - low) * width * side).ln(),
                point: rise,
                parameters: [side - rise + width, -side, -width],
            }
        } else if x > mode {
            let (fall, side) = ((high - x).recip(), (high - mode).recip());
            Partials {
                value: (2.0 * (high - x) * width * side).ln(),
                point: -fall,
                parameters: [width, side, fall - side - width],
            }
        } else {
            // The top, 2/(high − low), whichever side it belongs to; the slopes of both sides are its subgradient.
            Partials {
                value: (2.0 * width).ln(),
                point: 0.0,
                parameters: [width, 0.0, -width],
            }
        }
    }

    fn cdf(x: f64, p: &[f64; 3]) -> f64 {
        let [low, mode, high] = *p;
        if x <= low {
            0.0
        } else if x >= high {
            1.0
        } else if x < mode {
            (x - low) / (high - low) * ((x - low) / (mode - low))
        } else {
            // The mass below the mode and from there on, both positive: nothing cancels near low.
            let width = high - low;
            let above = (x - mode) / width * ((high - x + (high - mode)) / (high - mode));
            (mode - low) / width + above
        }
    }

    fn quantile(u: f64, p: &[f64; 3]) -> f64 {
        let [low, mode, high] = *p;
        let width = high - low;
        let x = if u * width < mode - low {
            low + (u * width * (mode - low)).sqrt()
        } else {
            high - ((1.0 - u) * width * (high - mode)).sqrt()
        };
        // Inside, where the density is positive: comparisons, not `clamp`, which panics on crossed bounds.
        if x <= low && low < mode {
            low.next_up()
        } else if x >= high && mode < high {
            high.next_down()
        } else {
            x
        }
    }

    fn cdf_partials(x: f64, p: &[f64; 3]) -> [f64; 3] {
        let [low, mode, high] = *p;
        if x <= low || x >= high {
            return [0.0; 3];
        }
        let width = high - low;
        if x < mode {
            let (d, side) = (x - low, mode - low);
            let cdf = d / width * (d / side);
            [
                cdf / width + cdf / side - 2.0 * d / width / side,
                -cdf / side,
                -cdf / width,
            ]
        } else {
            let (d, side) = (high - x, high - mode);
            let above = d / width * (d / side);
            [
                -above / width,
                -above / side,
                above / width + above / side - 2.0 * d / width / side,
            ]
        }
    }

    fn mean(p: &[f64; 3]) -> f64 {
        let [low, mode, high] = *p;
        (low + mode + high) / 3.0
    }

    fn variance(p: &[f64; 3]) -> f64 {
        let [low, mode, high] = *p;
        let (a, b) = (mode - low, high - mode);
        (a * a + a * b + b * b) / 18.0
    }

    fn entropy(p: &[f64; 3]) -> f64 {
        let [low, _, high] = *p;
        0.5 + (0.5 * (high - low)).ln()
    }
}
