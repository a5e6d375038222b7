//! The binomial distribution, by probability and by logit.

mod logit;
mod probability;
mod rows;

use super::shared::{cornish_fisher, is_count, least_count};
use crate::random::Rng;
use crate::real::special::{beta_lower, beta_upper};
use crate::support::Seq;
use rand::RngExt;

/// Binomial distribution: P(k) = n!/(k! (n − k)!) p^k (1 − p)^(n − k) for k = 0, ..., n. The partial by n is 0: n is
/// a count, not differentiated.
///
/// Support: 0, ..., n. Mean: n p. Variance: n p (1 − p). Entropy: not in closed form.
///
/// Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000), eq. 3.
///
/// ```
/// use ppl_runtime::dist::{Binomial, family::Family};
/// assert!((<Binomial>::log_density(1.0, &[2.0, 0.5]) + std::f64::consts::LN_2).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Binomial<N = (), P = ()> {
    pub(crate) n: N,
    pub(crate) probability: P,
}

/// Binomial distribution by the logit of its probability. Made by [`Binomial::logit`].
///
/// Support: 0, ..., n. Mean: n σ(logit). Variance: n σ(logit) σ(−logit). Entropy: not in closed form.
///
/// ```
/// use ppl_runtime::dist::{BinomialLogit, family::Family};
/// assert!((<BinomialLogit>::log_density(2.0, &[2.0, -400.0]) + 800.0).abs() < 1e-12);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct BinomialLogit<N = (), L = ()> {
    pub(crate) n: N,
    pub(crate) logit: L,
}

impl Binomial {
    /// The number of successes among `n` trials of this probability.
    pub fn new<N: Trials, P>(n: N, probability: P) -> Binomial<N::Operand, P> {
        Binomial {
            n: n.operand(),
            probability,
        }
    }

    /// The number of successes among `n` trials whose probability has this logit ln(p/(1 − p)).
    pub fn logit<N: Trials, L>(n: N, logit: L) -> BinomialLogit<N::Operand, L> {
        BinomialLogit {
            n: n.operand(),
            logit,
        }
    }
}

/// A number of trials: an integer (a literal `20` too), or a vector of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number of trials",
    note = "write an integer, or a reference to a vector of `usize`, `u32` or `u64`"
)]
pub trait Trials {
    /// The parameter that it is.
    type Operand;
    /// As a parameter.
    fn operand(self) -> Self::Operand;
}
macro_rules! trials {
    ($([$($g:tt)*] $type:ty => $operand:ty, |$x:ident| $e:expr;)*) => { $(
        impl<$($g)*> Trials for $type {
            type Operand = $operand;
            fn operand(self) -> $operand {
                let $x = self;
                $e
            }
        }
    )* };
}
trials! {
    [] usize => usize, |n| n;
    [] u32 => u32, |n| n;
    [] u64 => u64, |n| n;
    [] i32 => f64, |n| f64::from(n);
    [] f64 => f64, |n| n;
    [T: ?Sized] &T => Self, |n| n;
    [T] Vec<T> => Self, |n| n;
    [T, const N: usize] [T; N] => Self, |n| n;
    [T] Seq<'_, T> => Self, |n| n;
}

/// P(X ≤ k) and P(X > k), for whole k.
fn tails(k: f64, n: f64, p: f64, q: f64) -> (f64, f64) {
    if k < 0.0 {
        (0.0, 1.0)
    } else if k >= n {
        (1.0, 0.0)
    } else {
        (
            beta_lower(n - k, k + 1.0, q, p),
            beta_upper(n - k, k + 1.0, q, p),
        )
    }
}

fn cdf(x: f64, n: f64, p: f64, q: f64) -> f64 {
    if x.is_nan() || p.is_nan() {
        f64::NAN
    } else {
        tails(x.floor(), n, p, q).0
    }
}

fn quantile(u: f64, n: f64, p: f64, q: f64) -> f64 {
    if p.is_nan() || !is_count(n) {
        return f64::NAN;
    }
    let sd = (n * p * q).sqrt();
    let skewness = if sd > 0.0 { (q - p) / sd } else { 0.0 };
    least_count(u, cornish_fisher(u, n * p, sd, skewness), n, |k| {
        tails(k, n, p, q)
    })
}

fn draw(rng: &mut Rng, n: f64, p: f64) -> f64 {
    if !is_count(n) {
        return f64::NAN;
    }
    rand_distr::Binomial::new(n as u64, p).map_or(f64::NAN, |d| rng.sample(d) as f64)
}
