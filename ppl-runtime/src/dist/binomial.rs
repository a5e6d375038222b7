//! The binomial distribution, by probability and by logit.

use super::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, rows_by_lanes,
};
use super::shared::{
    cornish_fisher, finite, is_count, least_count, outside, probability, size, undefined,
};
use crate::random::Rng;
use crate::real::kernels::{self, LANES, dispatch_plain};
use crate::real::special::{
    FACTORIALS, LN_FACTORIALS, beta_lower, beta_upper, ln_beta_kernel, log_sigmoid, sigmoid,
};
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
    [T] &T => Self, |n| n;
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

/// A probability that all rows of [`Family::rows`] share.
struct SharedProbability {
    /// Of it and of its opposite.
    logarithms: [f64; 2],
    /// The derivatives of these.
    slopes: [f64; 2],
}

/// [`Family::rows`] for numbers of trials that rise by one from row to row. False if they do not, or if a factorial is not in
/// the table: then nothing was done.
fn rising_trials(
    x: &[f64],
    n: &[f64],
    shared: &SharedProbability,
    values: &mut [f64],
    partials: &mut [&mut [f64]; 2],
) -> bool {
    let in_table = |k: f64| is_count(k) && k < FACTORIALS as f64;
    let Some(first) = n.first().copied().filter(|n| in_table(*n)) else {
        return n.is_empty();
    };
    let fits = n.len() == values.len() && n.len() <= FACTORIALS - first as usize;
    if !fits || !shared.logarithms.iter().all(|l| l.is_finite()) || !rise(n) {
        return false;
    }
    if !x.iter().all(|x| in_table(*x)) {
        return false;
    }
    let (mut most, mut terms) = (0, Rising::default());
    for x in x {
        terms.successes += x;
        let x = *x as usize;
        most = most.max(x);
        for (c, table) in terms.constant.iter_mut().zip(&LN_FACTORIALS) {
            *c += table[x];
        }
    }
    let impossible = most.saturating_sub(first as usize).min(n.len());
    terms.first = first as usize + impossible;
    let (none, some) = values.split_at_mut(impossible);
    none.iter_mut().for_each(|v| *v += f64::NEG_INFINITY);
    let [by_n, by_p] = partials;
    by_n.fill(0.0);
    let by_p = match by_p.split_at_mut_checked(impossible) {
        Some((none, some)) => {
            none.fill(0.0);
            some
        }
        None => &mut [],
    };
    add_rising(x, &terms, shared, some, by_p);
    true
}

/// What is worked out once for all rows.
#[derive(Default)]
struct Rising {
    /// The first number of trials.
    first: usize,
    /// Σ x\[j\].
    successes: f64,
    /// Σ ln x\[j\]!.
    constant: [f64; 2],
}

#[inline(always)]
fn rise_body(n: &[f64]) -> bool {
    let mut steps = n.iter().zip(n.get(1..).unwrap_or(&[]));
    steps
        .by_ref()
        .fold(true, |all, (a, b)| all & (a + 1.0 == *b))
}

#[inline(always)]
fn add_rising_body(
    x: &[f64],
    terms: &Rising,
    shared: &SharedProbability,
    values: &mut [f64],
    by: &mut [f64],
) {
    let (m, k) = (x.len() as f64, terms.successes);
    let ([ln_p, ln_q], [by_p, by_q]) = (shared.logarithms, shared.slopes);
    for (block, values) in values.chunks_mut(LANES).enumerate() {
        let first = terms.first + block * LANES;
        let mut sums = [[0.0; LANES]; 2];
        // First parts are summed apart from second ones: nothing is lost where they cancel.
        for part in 0..2 {
            let table = &LN_FACTORIALS[part];
            let (sums, constant) = (&mut sums[part][..values.len()], terms.constant[part]);
            for (sum, n) in sums.iter_mut().zip(&table[first..]) {
                *sum = m * n - constant;
            }
            for x in x {
                for (sum, rest) in sums.iter_mut().zip(&table[first - *x as usize..]) {
                    *sum -= rest;
                }
            }
        }
        for (i, value) in values.iter_mut().enumerate() {
            let failures = m * (first + i) as f64 - k;
            *value += sums[0][i] + sums[1][i] + (k * ln_p + failures * ln_q);
        }
    }
    for (i, by) in by.iter_mut().enumerate() {
        let failures = m * (terms.first + i) as f64 - k;
        *by = k * by_p - failures * by_q;
    }
}

dispatch_plain! {
    /// Whether each number is one more than that before it.
    fn rise = rise_body(n: &[f64]) -> bool;
}
dispatch_plain! {
    /// Adds Σ_j ln P(x\[j\]) for numbers of trials from the first on, and writes the derivatives by the probability, or by its
    /// logit, to `by` if that has room.
    fn add_rising = add_rising_body(
        x: &[f64], terms: &Rising, shared: &SharedProbability, values: &mut [f64], by: &mut [f64],
    );
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
