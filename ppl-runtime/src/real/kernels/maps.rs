//! Elementwise maps and looks at whole blocks.

use super::elementary::{exp_lane, ln_lane};

/// The number that all are, if they are one to the bit and have a finite inverse: then what depends on it alone is
/// computed once.
#[inline(always)]
pub fn shared(x: &[f64]) -> Option<f64> {
    let first = *x.first()?;
    let differ = x.iter().fold(0, |d, x| d | (x.to_bits() ^ first.to_bits()));
    (differ == 0 && (1.0 / first).is_finite()).then_some(first)
}

#[inline(always)]
fn ln_body<const FUSED: bool>(x: &[f64], values: &mut [f64]) {
    if let Some(first) = shared(x) {
        values.fill(ln_lane::<FUSED>(first));
        return;
    }
    for (v, x) in values.iter_mut().zip(x) {
        *v = ln_lane::<FUSED>(*x);
    }
}

#[inline(always)]
fn exp_body<const FUSED: bool>(x: &mut [f64]) {
    for x in x {
        let e = exp_lane::<FUSED>(x.clamp(-708.0, 709.0));
        let e = if *x < -708.0 { 0.0 } else { e };
        let e = if *x > 709.0 { f64::INFINITY } else { e };
        *x = if x.is_nan() { *x } else { e };
    }
}

#[inline(always)]
fn numbers_body(counts: &[usize], values: &mut [f64]) {
    for (v, count) in values.iter_mut().zip(counts) {
        *v = *count as f64;
    }
}

/// Numbers that are ready.
const READY: usize = 2048;

static COUNTING: [f64; READY] = {
    let (mut numbers, mut k) = ([0.0; READY], 0);
    while k < READY {
        numbers[k] = k as f64;
        k += 1;
    }
    numbers
};

/// `n` counts from `first` on as numbers, where they are ready.
#[inline]
pub fn counting(first: usize, n: usize) -> Option<&'static [f64]> {
    COUNTING.get(first..first.checked_add(n)?)
}

/// Whether these are numbers that [`counting`] gave: known without a look at them.
#[inline]
pub fn are_counting(x: &[f64]) -> bool {
    let first = x.first().map_or(READY, |first| *first as usize);
    counting(first, x.len()).is_some_and(|ready| std::ptr::eq(ready, x))
}

super::dispatch_plain! {
    /// Counts as numbers.
    pub fn numbers = numbers_body(counts: &[usize], values: &mut [f64]);
}
dispatch! {
    /// e^x of each, to about 1 ulp; 0 below −708 and ∞ above 709.
    pub fn exp = exp_body(x: &mut [f64]);
}
dispatch! {
    /// ln x of each, to about 1 ulp.
    pub fn ln = ln_body(x: &[f64], values: &mut [f64]);
}
#[inline(always)]
fn are_within_body<const FUSED: bool>(x: &[f64], low: f64, high: f64) -> bool {
    x.iter()
        .fold(true, |all, x| all & (*x >= low) & (*x < high))
}

#[inline(always)]
fn are_counts_body<const FUSED: bool>(x: &[f64]) -> bool {
    const ROUND: f64 = 4_503_599_627_370_496.0;
    // Adding 2⁵² rounds: no call to a library where the instruction set has no rounding.
    x.iter().fold(true, |all, x| {
        all & (*x >= 0.0) & (*x < 4e15) & ((x + ROUND) - ROUND == *x)
    })
}

dispatch! {
    /// Whether all numbers are in \[low, high).
    pub fn are_within = are_within_body(x: &[f64], low: f64, high: f64) -> bool;
}
dispatch! {
    /// Whether all numbers are counts small enough for their bits to be integers.
    pub fn are_counts = are_counts_body(x: &[f64]) -> bool;
}
