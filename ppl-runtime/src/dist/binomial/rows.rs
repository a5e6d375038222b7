//! Sums of binomial log densities for many numbers of trials.

use crate::dist::shared::is_count;
use crate::real::kernels::{LANES, dispatch_plain};
use crate::real::special::{FACTORIALS, LN_FACTORIALS};

/// A probability that all rows of [`Family::rows`](crate::dist::family::Family::rows) share.
pub struct SharedProbability {
    /// Of it and of its opposite.
    pub logarithms: [f64; 2],
    /// The derivatives of these.
    pub slopes: [f64; 2],
}

/// [`Family::rows`](crate::dist::family::Family::rows) for numbers of trials that rise by one from row to row. False if
/// they do not, or if a factorial is not in the table: then nothing was done.
pub fn rising_trials(
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
