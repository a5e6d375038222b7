//! Sums of binomial log densities for many numbers of trials.

use crate::dist::shared::is_count;
use crate::real::kernels::{LANES, are_counting, dispatch_plain};
use crate::real::special::{FACTORIALS, LN_FACTORIALS};
use std::cell::RefCell;

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
    if !fits || !shared.logarithms.iter().all(|l| l.is_finite()) {
        return false;
    }
    if !are_counting(n) && !rise(n) {
        return false;
    }
    if !x.iter().all(|x| in_table(*x)) {
        return false;
    }
    KEPT.with_borrow_mut(|kept| {
        let rising = kept.of(x, first as usize, n.len());
        let impossible = rising.impossible;
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
        add_rising(rising, shared, some, by_p);
    });
    true
}

thread_local! {
    // Data stay the same from one evaluation to the next.
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept { all: Vec::new(), next: 0 }) };
}

/// What was worked out for the data of the last few statements.
struct Kept {
    all: Vec<Rising>,
    /// Which one gives way.
    next: usize,
}

/// Statements that are remembered.
const REMEMBERED: usize = 4;
impl Kept {
    /// What there is to know of these data and numbers of trials.
    fn of(&mut self, x: &[f64], first: usize, n: usize) -> &Rising {
        let same = |r: &Rising| r.first == first && r.trials == n && r.x == x;
        if let Some(at) = self.all.iter().position(same) {
            return &self.all[at];
        }
        let rising = Rising::of(x, first, n);
        if self.all.len() < REMEMBERED {
            self.all.push(rising);
            return &self.all[self.all.len() - 1];
        }
        let at = self.next;
        self.next = (at + 1) % REMEMBERED;
        self.all[at] = rising;
        &self.all[at]
    }
}

/// What does not depend on the probability.
struct Rising {
    x: Vec<f64>,
    /// The first number of trials, and how many there are.
    first: usize,
    trials: usize,
    /// How many of them are too few.
    impossible: usize,
    /// Σ x\[j\].
    successes: f64,
    /// Σ ln C(n, x\[j\]) of the others.
    coefficients: Vec<f64>,
}

impl Rising {
    fn of(x: &[f64], first: usize, trials: usize) -> Self {
        let (mut most, mut successes, mut constant) = (0, 0.0, [0.0; 2]);
        for x in x {
            successes += x;
            let x = *x as usize;
            most = most.max(x);
            for (c, table) in constant.iter_mut().zip(&LN_FACTORIALS) {
                *c += table[x];
            }
        }
        let impossible = most.saturating_sub(first).min(trials);
        let mut coefficients = vec![0.0; trials - impossible];
        coefficients_of(x, first + impossible, &constant, &mut coefficients);
        Rising {
            x: x.to_vec(),
            first,
            trials,
            impossible,
            successes,
            coefficients,
        }
    }
}

#[inline(always)]
fn rise_body(n: &[f64]) -> bool {
    let mut steps = n.iter().zip(n.get(1..).unwrap_or(&[]));
    steps
        .by_ref()
        .fold(true, |all, (a, b)| all & (a + 1.0 == *b))
}

#[inline(always)]
fn coefficients_of_body(x: &[f64], first: usize, constant: &[f64; 2], values: &mut [f64]) {
    let m = x.len() as f64;
    for (block, values) in values.chunks_mut(LANES).enumerate() {
        let first = first + block * LANES;
        let mut sums = [[0.0; LANES]; 2];
        // First parts are summed apart from second ones: nothing is lost where they cancel.
        for part in 0..2 {
            let table = &LN_FACTORIALS[part];
            let (sums, constant) = (&mut sums[part][..values.len()], constant[part]);
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
            *value = sums[0][i] + sums[1][i];
        }
    }
}

#[inline(always)]
fn add_rising_body(
    rising: &Rising,
    shared: &SharedProbability,
    values: &mut [f64],
    by: &mut [f64],
) {
    let (m, k) = (rising.x.len() as f64, rising.successes);
    let ([ln_p, ln_q], [by_p, by_q]) = (shared.logarithms, shared.slopes);
    let first = rising.first + rising.impossible;
    let coefficients = &rising.coefficients[..values.len()];
    if by.len() < values.len() {
        for i in 0..values.len() {
            let failures = m * (first + i) as f64 - k;
            values[i] += coefficients[i] + (k * ln_p + failures * ln_q);
        }
        return;
    }
    let by = &mut by[..values.len()];
    for i in 0..values.len() {
        let failures = m * (first + i) as f64 - k;
        values[i] += coefficients[i] + (k * ln_p + failures * ln_q);
        by[i] = k * by_p - failures * by_q;
    }
}

dispatch_plain! {
    /// Whether each number is one more than that before it.
    fn rise = rise_body(n: &[f64]) -> bool;
}
dispatch_plain! {
    /// Σ_j ln C(n, x\[j\]) for numbers of trials from the first on.
    fn coefficients_of = coefficients_of_body(
        x: &[f64], first: usize, constant: &[f64; 2], values: &mut [f64],
    );
}
dispatch_plain! {
    /// Adds Σ_j ln P(x\[j\]), and writes the derivatives by the probability, or by its logit, to `by` if that has room.
    fn add_rising = add_rising_body(
        rising: &Rising, shared: &SharedProbability, values: &mut [f64], by: &mut [f64],
    );
}
