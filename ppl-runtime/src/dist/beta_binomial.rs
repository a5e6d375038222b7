//! The beta-binomial distribution.

use super::beta::Beta;
use super::binomial::Binomial;
use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{is_count, least_count, outside, positive, size, undefined};
use crate::random::Rng;
use crate::real::special::{digamma_difference, ln_beta_kernel};
use crate::support::Support;

/// Beta-binomial distribution, a [`Binomial`](super::Binomial) whose probability is drawn from a [`Beta`](super::Beta):
/// P(k) = C(n, k) B(k + a, n − k + b)/B(a, b) for k = 0, ..., n.
///
/// The probability is taken by Bayes' rule as (binomial)·(prior)/(posterior) at the posterior mean, each in Loader's
/// deviance form, so that nothing large cancels. The distribution function is a sum of up to n terms from the nearer end.
///
/// Support: 0, ..., n. Mean: n a/(a + b). Variance: n a b (a + b + n)/((a + b)² (a + b + 1)). Entropy: not in closed form.
///
/// Source: Johnson, Kemp & Kotz, *Univariate Discrete Distributions* (2005), eq. 6.17.
///
/// ```
/// use ppl_runtime::dist::{BetaBinomial, family::Family};
/// assert!((<BetaBinomial>::log_density(1.0, &[2.0, 1.0, 1.0]) + 3.0_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct BetaBinomial<A = (), B = (), C = ()> {
    pub(crate) n: A,
    pub(crate) a: B,
    pub(crate) b: C,
}

impl<A, B, C> BetaBinomial<A, B, C> {
    /// The beta-binomial distribution of n trials, with a beta distribution of shapes a and b.
    pub fn new(n: A, a: B, b: C) -> Self {
        BetaBinomial { n, a, b }
    }
}

/// ln P(k).
fn ln_p(k: f64, n: f64, a: f64, b: f64) -> f64 {
    let (a1, b1, sum) = (a + k, b + (n - k), a + b + n);
    let (x, y) = (a1 / sum, b1 / sum);
    let densities = ln_beta_kernel(k, n - k, x, y) + ln_beta_kernel(a, b, x, y);
    // A beta density is its kernel times ab/(a + b).
    let factor = (a / a1).ln() + (b / b1).ln() + (n / (a + b)).ln_1p();
    densities - ln_beta_kernel(a1, b1, x, y) + factor
}

/// P(X ≤ k) and P(X > k), the smaller one summed away from k.
fn tails(k: f64, n: f64, a: f64, b: f64) -> (f64, f64) {
    if k >= n {
        return (1.0, 0.0);
    }
    // With both shapes ≥ 1 the probabilities fall away from the mode; otherwise they may rise again at the ends.
    let unimodal = a >= 1.0 && b >= 1.0;
    if k * (a + b) <= n * a {
        let (mut j, mut term, mut sum) = (k, ln_p(k, n, a, b).exp(), 0.0);
        while j >= 0.0 && !(unimodal && term < 1e-18 * sum) {
            sum += term;
            // P(j − 1)/P(j)
            term *= j / (n - j + 1.0) * ((n - j + b) / (j - 1.0 + a));
            j -= 1.0;
        }
        let sum = sum.min(1.0);
        (sum, 1.0 - sum)
    } else {
        let (upper, lower) = tails(n - k - 1.0, n, b, a);
        (lower, upper)
    }
}

impl Family<3> for BetaBinomial {
    const NAME: &'static str = "BetaBinomial";
    const PARAMETERS: [&'static str; 3] = ["n", "a", "b"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 3]) -> Result<(), Invalid> {
        size(p, 0)?;
        positive(p, 1)?;
        positive(p, 2)
    }

    fn support(_: &[f64; 3]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 3]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) || x > p[0] {
            return f64::NEG_INFINITY;
        }
        let [n, a, b] = *p;
        ln_p(x, n, a, b)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 3]) -> Partials<3> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) || x > p[0] {
            return outside();
        }
        let [n, a, b] = *p;
        let all = digamma_difference(a + b, n);
        Partials {
            value: ln_p(x, n, a, b),
            point: 0.0,
            parameters: [
                0.0,
                digamma_difference(a, x) - all,
                digamma_difference(b, n - x) - all,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 3]) -> f64 {
        let [n, a, b] = *p;
        if x < 0.0 {
            return 0.0;
        }
        tails(x.floor(), n, a, b).0
    }

    fn quantile(u: f64, p: &[f64; 3]) -> f64 {
        let [n, a, b] = *p;
        if n.is_nan() || a.is_nan() || b.is_nan() {
            return f64::NAN;
        }
        let guess = n * <Beta>::quantile(u, &[a, b]);
        least_count(u, guess, n, |k| tails(k, n, a, b))
    }

    fn draw(rng: &mut Rng, p: &[f64; 3]) -> f64 {
        let [n, a, b] = *p;
        let probability = <Beta>::draw(rng, &[a, b]);
        <Binomial>::draw(rng, &[n, probability])
    }

    fn mean(p: &[f64; 3]) -> f64 {
        let [n, a, b] = *p;
        n * (a / (a + b))
    }

    fn variance(p: &[f64; 3]) -> f64 {
        let [n, a, b] = *p;
        let sum = a + b;
        n * (a / sum) * (b / sum) * ((sum + n) / (sum + 1.0))
    }
}
