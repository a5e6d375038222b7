//! The beta negative binomial distribution.

use super::beta::Beta;
use super::family::{Domain, Family, Invalid, Partials};
use super::negative_binomial::NegativeBinomial;
use super::shared::{LAST_COUNT, is_count, least_count, outside, positive, undefined};
use crate::random::Rng;
use crate::real::special::{beta_lower, beta_upper, digamma_difference, ln_beta_kernel, sigmoid};
use crate::support::Support;

/// Beta negative binomial distribution, a [`NegativeBinomial`](super::NegativeBinomial) (failures before the n-th success)
/// whose probability of success is drawn from a [`Beta`](super::Beta):
/// P(k) = Γ(n + k)/(Γ(n) k!) B(a + n, b + k)/B(a, b) for k = 0, 1, 2, ...; its tail falls as k^(−a − 1).
///
/// Shapes: `n`, `a` and `b` are positive numbers. Mean: n b/(a − 1) for a > 1; variance for a > 2. The probability is taken by Bayes' rule at
/// the posterior mean, in Loader's deviance form; the distribution function is P(X > k) = P(P < Q) of independent beta variables P(a, b) and Q(n, k + 1), by
/// quadrature over the narrower one.
///
/// Source: Johnson, Kemp & Kotz, *Univariate Discrete Distributions* (2005), section 6.2.3.
///
/// ```
/// use ppl_runtime::dist::{BetaNegativeBinomial, family::Family};
/// assert!((<BetaNegativeBinomial>::log_density(0.0, &[1.0, 2.0, 1.0]) - (2.0f64 / 3.0).ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct BetaNegativeBinomial<A = (), B = (), C = ()> {
    pub(crate) n: A,
    pub(crate) a: B,
    pub(crate) b: C,
}

impl<A, B, C> BetaNegativeBinomial<A, B, C> {
    /// The failures before the n-th success, its probability from a beta distribution of shapes a and b.
    pub fn new(n: A, a: B, b: C) -> Self {
        BetaNegativeBinomial { n, a, b }
    }
}

/// ln P(k).
fn ln_p(k: f64, [n, a, b]: [f64; 3]) -> f64 {
    let (a1, b1) = (a + n, b + k);
    let sum = a1 + b1;
    let (x, y) = (a1 / sum, b1 / sum);
    let densities = ln_beta_kernel(n, k, x, y) + ln_beta_kernel(a, b, x, y);
    // A beta density is its kernel times ab/(a + b); of n successes the last is the n-th.
    let factor = (a / a1).ln() + (b / b1).ln() - (k / n).ln_1p() + ((n + k) / (a + b)).ln_1p();
    densities - ln_beta_kernel(a1, b1, x, y) + factor
}

/// ∫ density of Beta(a, b) at p times `of`(p, 1 − p), in the coordinate t of ln(p/(1 − p)) = centre + width sinh t.
fn average(a: f64, b: f64, of: impl Fn(f64, f64) -> f64) -> f64 {
    let (centre, width) = ((a / b).ln(), (a.recip() + b.recip()).sqrt());
    const STEPS: i32 = 160;
    let h = 8.0 / f64::from(STEPS);
    let scale = (a.recip() + b.recip()).recip().ln();
    let term = |i: i32| {
        let t = h * f64::from(i);
        let s = centre + width * t.sinh();
        let (p, q) = (sigmoid(s), sigmoid(-s));
        let weight = (ln_beta_kernel(a, b, p, q) + scale).exp() * width * t.cosh() * h;
        if weight > 0.0 { weight * of(p, q) } else { 0.0 }
    };
    (-STEPS..=STEPS).map(term).sum()
}

/// P(X ≤ k) and P(X > k): a sum from 0 for few terms, quadrature for the rest.
fn tails(k: f64, [n, a, b]: [f64; 3]) -> (f64, f64) {
    if k <= 500.0 {
        let (mut term, mut sum, mut j) = (ln_p(0.0, [n, a, b]).exp(), 0.0, 0.0);
        while j <= k {
            sum += term;
            term *= (n + j) / (j + 1.0) * ((b + j) / (a + n + b + j));
            j += 1.0;
        }
        if sum <= 0.9 {
            return (sum, 1.0 - sum);
        }
    }
    let (c, d) = (n, k + 1.0);
    // P(P < Q) with P from Beta(a, b) and Q from Beta(c, d), and its complement.
    let narrow = a.recip() + b.recip() < c.recip() + d.recip();
    let above = if narrow {
        average(a, b, |p, q| beta_upper(c, d, p, q))
    } else {
        average(c, d, |p, q| beta_lower(a, b, p, q))
    };
    let below = if narrow {
        average(a, b, |p, q| beta_lower(c, d, p, q))
    } else {
        average(c, d, |p, q| beta_upper(a, b, p, q))
    };
    (below.min(1.0), above.min(1.0))
}

impl Family<3> for BetaNegativeBinomial {
    const NAME: &'static str = "BetaNegativeBinomial";
    const PARAMETERS: [&'static str; 3] = ["n", "a", "b"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 3]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)?;
        positive(p, 2)
    }

    fn support(_: &[f64; 3]) -> Support {
        Support::Discrete
    }

    fn log_density(x: f64, p: &[f64; 3]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) || x == f64::INFINITY {
            return f64::NEG_INFINITY;
        }
        ln_p(x, *p)
    }

    fn partials(x: f64, p: &[f64; 3]) -> Partials<3> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) || x == f64::INFINITY {
            return outside();
        }
        let [n, a, b] = *p;
        let all = digamma_difference(a + b, n + x);
        Partials {
            value: ln_p(x, *p),
            point: 0.0,
            parameters: [
                digamma_difference(n, x) - digamma_difference(a + n, b + x),
                digamma_difference(a, n) - all,
                digamma_difference(b, x) - all,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 3]) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        if x == f64::INFINITY {
            return 1.0;
        }
        tails(x.floor(), *p).0
    }

    fn survival(x: f64, p: &[f64; 3]) -> f64 {
        if x < 0.0 {
            return 1.0;
        }
        if x == f64::INFINITY {
            return 0.0;
        }
        tails(x.floor(), *p).1
    }

    fn quantile(u: f64, p: &[f64; 3]) -> f64 {
        if Self::check(p).is_err() {
            return f64::NAN;
        }
        let [n, a, b] = *p;
        let success = <Beta>::quantile((1.0 - u).max(f64::MIN_POSITIVE), &[a, b]);
        let guess = n * (1.0 - success) / success;
        least_count(u, guess.min(LAST_COUNT), LAST_COUNT, |k| tails(k, *p))
    }

    fn draw(rng: &mut Rng, p: &[f64; 3]) -> f64 {
        let [n, a, b] = *p;
        let probability = <Beta>::draw(rng, &[a, b]);
        <NegativeBinomial>::draw(rng, &[n, probability]).min(LAST_COUNT)
    }

    fn mean(p: &[f64; 3]) -> f64 {
        let [n, a, b] = *p;
        if a > 1.0 {
            n * b / (a - 1.0)
        } else {
            f64::INFINITY
        }
    }

    fn variance(p: &[f64; 3]) -> f64 {
        let [n, a, b] = *p;
        if a > 2.0 {
            n * (n + a - 1.0) / (a - 1.0) * b / (a - 1.0) * ((a + b - 1.0) / (a - 2.0))
        } else {
            f64::INFINITY
        }
    }
}
