//! Kernels of sums over discrete values: log-sum-exp with its weights, many sums side by side.

use super::LANES;
use super::elementary::{exp_lane, ln_lane, padded, sum};

/// e^(x − max), 0 where that is too small for a number; NaN stays NaN.
#[inline(always)]
fn share<const FUSED: bool>(x: f64, max: f64) -> f64 {
    let d = x - max;
    let e = exp_lane::<FUSED>(d.max(-708.0));
    let e = if d < -708.0 { 0.0 } else { e };
    if d.is_nan() { d } else { e }
}

/// The largest of each column; 0 where all are −∞.
#[inline(always)]
fn largest(terms: &[f64], width: usize, from: usize, n: usize) -> [f64; LANES] {
    let mut max = [f64::NEG_INFINITY; LANES];
    for row in terms.chunks_exact(width) {
        let row = &row[from..from + n];
        for i in 0..n {
            max[i] = if row[i] > max[i] { row[i] } else { max[i] };
        }
    }
    for m in &mut max {
        *m = if *m == f64::NEG_INFINITY { 0.0 } else { *m };
    }
    max
}

#[inline(always)]
fn log_sum_exp_tile<const FUSED: bool>(
    terms: &mut [f64],
    width: usize,
    from: usize,
    n: usize,
) -> f64 {
    let max = largest(terms, width, from, n);
    let mut sums = [0.0; LANES];
    for row in terms.chunks_exact_mut(width) {
        let row = &mut row[from..from + n];
        for i in 0..n {
            row[i] = share::<FUSED>(row[i], max[i]);
            sums[i] += row[i];
        }
    }
    let mut results = [0.0; LANES];
    for i in 0..n {
        results[i] = max[i] + ln_lane::<FUSED>(sums[i]);
        sums[i] = if sums[i] == 0.0 { 0.0 } else { 1.0 / sums[i] };
    }
    for row in terms.chunks_exact_mut(width) {
        let row = &mut row[from..from + n];
        for i in 0..n {
            row[i] *= sums[i];
        }
    }
    sum(&results)
}

#[inline(always)]
fn log_sum_exp_rows_body<const FUSED: bool>(terms: &mut [f64], width: usize, n: usize) -> f64 {
    let (mut from, mut result) = (0, 0.0);
    while from + LANES <= n {
        // With a constant length the loops need no remainders.
        result += log_sum_exp_tile::<FUSED>(terms, width, from, LANES);
        from += LANES;
    }
    if from < n {
        result += log_sum_exp_tile::<FUSED>(terms, width, from, n - from);
    }
    result
}

dispatch! {
    /// Σ_i ln Σ_k e^(terms\[k\]\[i\]) over the first `n` columns i of rows of `width`. Leaves in each term its weight,
    /// e^term over their sum.
    pub fn log_sum_exp_rows = log_sum_exp_rows_body(terms: &mut [f64], width: usize, n: usize) -> f64;
}

/// Terms so much smaller than the largest have weights below 2⁻¹⁴⁴: in a sum of numbers with 53 bits they are nothing.
const FAR: f64 = -100.0;

#[inline(always)]
fn largest_of_all(terms: &[f64]) -> f64 {
    let mut lanes = [f64::NEG_INFINITY; 16];
    let (whole, rest) = terms.as_chunks::<16>();
    for x in whole {
        for k in 0..16 {
            lanes[k] = if x[k] > lanes[k] { x[k] } else { lanes[k] };
        }
    }
    let larger = |m: f64, x: &f64| if *x > m { *x } else { m };
    lanes.iter().chain(rest).fold(f64::NEG_INFINITY, larger)
}

/// Whether all are below; NaN is not.
#[inline(always)]
fn all_below(terms: &[f64; 16], limit: f64) -> bool {
    let mut below = 1;
    for x in terms {
        below &= u64::from(*x < limit);
    }
    below == 1
}

#[inline(always)]
fn log_sum_exp_all_body<const FUSED: bool>(terms: &mut [f64]) -> f64 {
    let max = largest_of_all(terms);
    let from = if max == f64::NEG_INFINITY { 0.0 } else { max };
    let limit = from + FAR;
    let mut sums = [0.0; 16];
    let (whole, rest) = terms.as_chunks_mut::<16>();
    for terms in whole {
        // Where many values are summed out few have a weight, and those are neighbours.
        if all_below(terms, limit) {
            *terms = [0.0; 16];
            continue;
        }
        for k in 0..16 {
            terms[k] = share::<FUSED>(terms[k], from);
            sums[k] += terms[k];
        }
    }
    // The last ones as eights too: one by one they would cost as much as thirty in lanes.
    for (rest, sums) in rest.chunks_mut(8).zip(sums.as_chunks_mut::<8>().0) {
        let mut last = padded(rest, f64::NEG_INFINITY);
        for k in 0..8 {
            last[k] = share::<FUSED>(last[k], from);
            sums[k] += last[k];
        }
        rest.copy_from_slice(&last[..rest.len()]);
    }
    let total = total_of_sixteen(&sums);
    let by = if total == 0.0 { 0.0 } else { 1.0 / total };
    for term in terms.iter_mut() {
        *term *= by;
    }
    from + total.ln()
}

dispatch! {
    /// ln Σ e^terms\[i\]. Leaves in each term its weight, e^term over the sum; 0 where all terms are −∞, and for most of those
    /// that are 100 below the largest.
    pub fn log_sum_exp_all = log_sum_exp_all_body(terms: &mut [f64]) -> f64;
}

/// [`log_sum_exp_rows`] of rows of [`LANES`].
pub fn log_sum_exp_lanes(terms: &mut [[f64; LANES]], n: usize) -> f64 {
    log_sum_exp_rows(terms.as_flattened_mut(), LANES, n.min(LANES))
}

#[inline(always)]
fn shares_body<const FUSED: bool>(
    terms: &[f64],
    width: usize,
    n: usize,
    shares: &mut [f64],
    max: &mut [f64],
) {
    for from in (0..n).step_by(LANES) {
        let m = (n - from).min(LANES);
        let tile = largest(terms, width, from, m);
        for (row, out) in terms
            .chunks_exact(width)
            .zip(shares.chunks_exact_mut(width))
        {
            for ((out, x), max) in out[from..from + m].iter_mut().zip(&row[from..]).zip(&tile) {
                *out = share::<FUSED>(*x, *max);
            }
        }
        max[from..from + m].copy_from_slice(&tile[..m]);
    }
}

dispatch! {
    /// e^(terms\[k\]\[i\] − max\[i\]) for the first `n` columns of rows of `width`, and the largest of each column (0 where
    /// all are −∞).
    pub fn shares =
        shares_body(terms: &[f64], width: usize, n: usize, shares: &mut [f64], max: &mut [f64]);
}

/// w·b, and 0 where w is: a term without weight has no say, whatever its own derivatives are. By a mask, since the compiler
/// makes branches of a choice, and then nothing runs in lanes.
#[inline(always)]
fn weighted(w: f64, b: f64) -> f64 {
    let mask = u64::from(w != 0.0).wrapping_neg();
    f64::from_bits((w * b).to_bits() & mask)
}

/// Their sum.
#[inline(always)]
pub fn total_of_sixteen(sums: &[f64; 16]) -> f64 {
    let mut eight = [0.0; 8];
    for k in 0..8 {
        eight[k] = sums[k] + sums[k + 8];
    }
    super::total(eight)
}

#[inline(always)]
fn weighted_sum_body(weights: &[f64], by: &[f64]) -> f64 {
    let n = weights.len().min(by.len());
    let (weights, by) = (&weights[..n], &by[..n]);
    let mut sums = [0.0; 16];
    let whole = n - n % 16;
    for (w, b) in weights[..whole].chunks_exact(16).zip(by.chunks_exact(16)) {
        for k in 0..16 {
            sums[k] += weighted(w[k], b[k]);
        }
    }
    for i in whole..n {
        sums[i - whole] += weighted(weights[i], by[i]);
    }
    total_of_sixteen(&sums)
}

dispatch_plain! {
    /// Σ weights\[i\]·by\[i\]; a weight of 0 counts for nothing even where the other factor is infinite or NaN.
    pub fn weighted_sum = weighted_sum_body(weights: &[f64], by: &[f64]) -> f64;
}

#[inline(always)]
fn plain_sum_body(x: &[f64]) -> f64 {
    let mut sums = [0.0; 16];
    let whole = x.len() - x.len() % 16;
    for x in x[..whole].chunks_exact(16) {
        for k in 0..16 {
            sums[k] += x[k];
        }
    }
    for (s, x) in sums.iter_mut().zip(&x[whole..]) {
        *s += x;
    }
    total_of_sixteen(&sums)
}

#[inline(always)]
fn plain_product_body(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    let mut sums = [0.0; 16];
    let whole = n - n % 16;
    for (a, b) in a[..whole].chunks_exact(16).zip(b.chunks_exact(16)) {
        for k in 0..16 {
            sums[k] += a[k] * b[k];
        }
    }
    for i in whole..n {
        sums[i - whole] += a[i] * b[i];
    }
    total_of_sixteen(&sums)
}

dispatch_plain! {
    /// Σ a\[i\]·b\[i\] in lanes.
    pub fn plain_product = plain_product_body(a: &[f64], b: &[f64]) -> f64;
}
dispatch_plain! {
    /// Σ x\[i\] in lanes.
    pub fn plain_sum = plain_sum_body(x: &[f64]) -> f64;
}
