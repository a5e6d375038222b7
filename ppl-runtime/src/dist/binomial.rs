//! The binomial distribution, by probability and by logit.

use super::binomial_rows::{SharedProbability, rising_trials};
use super::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, rows_by_lanes,
};
use super::shared::{
    cornish_fisher, finite, is_count, least_count, outside, probability, size, undefined,
};
use crate::random::Rng;
use crate::real::kernels;
use crate::real::special::{beta_lower, beta_upper, ln_beta_kernel, log_sigmoid, sigmoid};
use crate::support::{Seq, Support};
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

impl Family<2> for Binomial {
    const NAME: &'static str = "Binomial";
    const PARAMETERS: [&'static str; 2] = ["n", "probability"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        size(p, 0)?;
        probability(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) || x > p[0] {
            return f64::NEG_INFINITY;
        }
        ln_beta_kernel(x, p[0] - x, p[1], 1.0 - p[1])
    }

    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        let [n, probability] = *p;
        if !is_count(x) || x > n {
            return outside();
        }
        let q = 1.0 - probability;
        let slope = if x == 0.0 {
            -n / q
        } else if x == n {
            n / probability
        } else {
            // k − n p with one rounding: the terms are nearly equal where the mass is.
            (-n).mul_add(probability, x) / probability / q
        };
        Partials {
            value: ln_beta_kernel(x, n - x, probability, q),
            point: 0.0,
            parameters: [0.0, slope],
        }
    }

    fn rows<const GRADIENT: bool>(
        x: &[f64],
        p: &[&[f64]; 2],
        values: &mut [f64],
        partials: &mut [&mut [f64]; 2],
    ) {
        if let ([probability], n) = (p[1], p[0]) {
            let (p, q) = (*probability, 1.0 - probability);
            let shared = SharedProbability {
                logarithms: [p.ln(), (-p).ln_1p()],
                slopes: [1.0 / p, 1.0 / q],
            };
            if rising_trials(x, n, &shared, values, partials) {
                return;
            }
        }
        rows_by_lanes::<Self, 2, GRADIENT>(x, p, values, partials);
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        cdf(x, p[0], p[1], 1.0 - p[1])
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        quantile(u, p[0], p[1], 1.0 - p[1])
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        draw(rng, p[0], p[1])
    }

    fn mean(p: &[f64; 2]) -> f64 {
        p[0] * p[1]
    }

    fn variance(p: &[f64; 2]) -> f64 {
        p[0] * p[1] * (1.0 - p[1])
    }
}

/// Whether the kernel serves: counts of which none is larger than its trials, logits whose probabilities are numbers.
fn regular(x: &[f64], [n, logit]: &[&[f64]; 2]) -> bool {
    let fits = x.iter().zip(*n).fold(true, |all, (x, n)| all & (x <= n));
    fits && kernels::are_counts(x)
        && kernels::are_counts(n)
        && kernels::are_within(logit, -600.0, 600.0)
}

/// ln P(k) by the logit.
fn ln_p_logit(k: f64, n: f64, logit: f64) -> f64 {
    if logit.abs() < 600.0 {
        return ln_beta_kernel(k, n - k, sigmoid(logit), sigmoid(-logit));
    }
    // p or 1 − p underflows: the coefficient from an even coin.
    let coefficient = ln_beta_kernel(k, n - k, 0.5, 0.5) + n * std::f64::consts::LN_2;
    coefficient + k * log_sigmoid(logit) + (n - k) * log_sigmoid(-logit)
}

impl Family<2> for BinomialLogit {
    const NAME: &'static str = "Binomial::logit";
    const PARAMETERS: [&'static str; 2] = ["n", "logit"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        size(p, 0)?;
        finite(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) || x > p[0] {
            return f64::NEG_INFINITY;
        }
        ln_p_logit(x, p[0], p[1])
    }

    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        let [n, logit] = *p;
        if !is_count(x) || x > n {
            return outside();
        }
        // k − n p = k (1 − p) − (n − k) p
        let slope = x * sigmoid(-logit) - (n - x) * sigmoid(logit);
        Partials {
            value: ln_p_logit(x, n, logit),
            point: 0.0,
            parameters: [0.0, slope],
        }
    }

    fn rows<const GRADIENT: bool>(
        x: &[f64],
        p: &[&[f64]; 2],
        values: &mut [f64],
        partials: &mut [&mut [f64]; 2],
    ) {
        if let ([logit], n) = (p[1], p[0]) {
            let shared = SharedProbability {
                logarithms: [log_sigmoid(*logit), log_sigmoid(-logit)],
                slopes: [sigmoid(-logit), sigmoid(*logit)],
            };
            if rising_trials(x, n, &shared, values, partials) {
                return;
            }
        }
        rows_by_lanes::<Self, 2, GRADIENT>(x, p, values, partials);
    }

    fn block(x: &[f64], p: &[&[f64]; 2]) -> f64 {
        if !regular(x, p) {
            return block_by_points::<Self, 2>(x, p);
        }
        kernels::binomial_logit(x, p[0], p[1])
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 2], partials: &mut [&mut [f64]; 2]) -> f64 {
        if !regular(x, p) {
            return block_partials_by_points::<Self, 2>(x, p, partials);
        }
        let [by_n, by_logit] = partials;
        by_n.fill(0.0);
        kernels::binomial_logit_partials(x, p[0], p[1], by_logit)
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        cdf(x, p[0], sigmoid(p[1]), sigmoid(-p[1]))
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        quantile(u, p[0], sigmoid(p[1]), sigmoid(-p[1]))
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        draw(rng, p[0], sigmoid(p[1]))
    }

    fn mean(p: &[f64; 2]) -> f64 {
        p[0] * sigmoid(p[1])
    }

    fn variance(p: &[f64; 2]) -> f64 {
        p[0] * sigmoid(p[1]) * sigmoid(-p[1])
    }
}
