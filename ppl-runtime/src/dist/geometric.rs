//! The geometric distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{LAST_COUNT, is_count, least_count, outside, require, undefined};
use crate::support::Support;

/// Geometric distribution, the failures before the first success: P(k) = (1 − probability)^k probability for k = 0, 1, 2, ...
///
/// Support: 0, 1, 2, .... Mean: (1 − p)/p. Variance: (1 − p)/p². Entropy: closed.
///
/// Source: Johnson, Kemp & Kotz, *Univariate Discrete Distributions* (2005), eq. 5.8 with one success.
///
/// ```
/// use ppl_runtime::dist::{Geometric, family::Family};
/// assert!((<Geometric>::log_density(2.0, &[0.5]) + 8.0_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Geometric<A = ()> {
    pub(crate) probability: A,
}

impl<A> Geometric<A> {
    /// The geometric distribution of this probability of success.
    pub fn new(probability: A) -> Self {
        Geometric { probability }
    }
}

impl Family<1> for Geometric {
    const NAME: &'static str = "Geometric";
    const PARAMETERS: [&'static str; 1] = ["probability"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 1]) -> Result<(), Invalid> {
        require(p[0] > 0.0 && p[0] <= 1.0, 0, "in (0, 1]")
    }

    fn support(_: &[f64; 1]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        let [probability] = *p;
        let fail = if x == 0.0 {
            0.0
        } else {
            x * (-probability).ln_1p()
        };
        // 1/p − k/(1 − p); at p = 1 only k = 0 is possible.
        let slope = if x == 0.0 {
            probability.recip()
        } else {
            (-probability).mul_add(x + 1.0, 1.0) / probability / (1.0 - probability)
        };
        let value = probability.ln() + fail;
        if value == f64::NEG_INFINITY {
            return outside();
        }
        Partials {
            value,
            point: 0.0,
            parameters: [slope],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        let [probability] = *p;
        if x < 0.0 {
            return 0.0;
        }
        -((x.floor() + 1.0) * (-probability).ln_1p()).exp_m1()
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        let [probability] = *p;
        let ln_fail = (-probability).ln_1p();
        let guess = ((-u).ln_1p() / ln_fail).ceil() - 1.0;
        least_count(u, guess, LAST_COUNT, |k| {
            let ln_upper = (k + 1.0) * ln_fail;
            (-ln_upper.exp_m1(), ln_upper.exp())
        })
    }

    fn mean(p: &[f64; 1]) -> f64 {
        let [probability] = *p;
        (1.0 - probability) / probability
    }

    fn variance(p: &[f64; 1]) -> f64 {
        let [probability] = *p;
        (1.0 - probability) / (probability * probability)
    }

    fn entropy(p: &[f64; 1]) -> f64 {
        let [probability] = *p;
        let q = 1.0 - probability;
        let fail = if q > 0.0 {
            q * (-probability).ln_1p()
        } else {
            0.0
        };
        -(fail + probability * probability.ln()) / probability
    }
}
