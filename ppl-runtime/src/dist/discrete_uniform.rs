//! The discrete uniform distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{is_count, least_count, outside, require, size, undefined};
use crate::real::kernels::{are_counts, are_within};
use crate::support::Support;

/// Discrete uniform distribution: P(k) = 1/(high − low + 1) for k = low, ..., high.
///
/// Support: low, ..., high. Mean: (low + high)/2. Variance: ((high − low + 1)² − 1)/12. Entropy: closed.
///
/// Source: Johnson, Kemp & Kotz, *Univariate Discrete Distributions* (2005), section 6.10.1.
///
/// ```
/// use ppl_runtime::dist::{DiscreteUniform, family::Family};
/// assert_eq!(<DiscreteUniform>::log_density(3.0, &[3.0, 4.0]), -std::f64::consts::LN_2);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct DiscreteUniform<A = (), B = ()> {
    pub(crate) low: A,
    pub(crate) high: B,
}

impl<A, B> DiscreteUniform<A, B> {
    /// The uniform distribution over the counts from `low` to `high`, both included.
    pub fn new(low: A, high: B) -> Self {
        DiscreteUniform { low, high }
    }
}

impl Family<2> for DiscreteUniform {
    const NAME: &'static str = "DiscreteUniform";
    const PARAMETERS: [&'static str; 2] = ["low", "high"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        size(p, 0)?;
        size(p, 1)?;
        require(p[0] <= p[1], 1, "at least `low`")
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) || x < p[0] || x > p[1] {
            return outside();
        }
        let [low, high] = *p;
        Partials {
            value: -(high - low + 1.0).ln(),
            point: 0.0,
            parameters: [0.0, 0.0],
        }
    }

    fn column<const GRADIENT: bool>(
        x: &[f64],
        p: &[f64; 2],
        values: &mut [f64],
        partials: &mut [&mut [f64]; 2],
    ) {
        let valid = Self::check(p).is_ok();
        let ln_p = -(p[1] - p[0] + 1.0).ln();
        if valid && are_counts(x) && are_within(x, p[0], p[1] + 0.5) {
            values.iter_mut().for_each(|v| *v += ln_p);
        } else {
            for (value, x) in values.iter_mut().zip(x) {
                *value += Self::log_density(*x, p);
            }
        }
        if GRADIENT {
            let by = if valid { 0.0 } else { f64::NAN };
            partials.iter_mut().for_each(|row| row.fill(by));
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        ((x.floor() - low + 1.0) / (high - low + 1.0)).clamp(0.0, 1.0)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        let n = high - low + 1.0;
        let guess = u * n - 1.0;
        low + least_count(u, guess, high - low, |k| ((k + 1.0) / n, (n - k - 1.0) / n))
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        0.5 * (low + high)
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        let n = high - low + 1.0;
        (n * n - 1.0) / 12.0
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [low, high] = *p;
        (high - low + 1.0).ln()
    }
}
