//! Sums of products of numbers on the tape, and where they lie on it.

use super::Reverse;
use crate::real::Real;
use crate::real::tape::CONSTANT;

/// Whether nodes lie side by side on the tape.
#[inline]
pub(super) fn side_by_side(x: &[Real<Reverse>]) -> bool {
    let Some(first) = x.first() else { return false };
    let first = first.0.index;
    let mut differ = 0;
    for (i, x) in x.iter().enumerate() {
        differ |= x.0.index ^ (first + i as u64);
    }
    differ == 0 && first < u64::from(CONSTANT) - x.len() as u64
}

/// Sums from here on are worth a function compiled for the machine.
pub(super) const LONG: usize = 8;

/// Σ coefficients\[i\]·x\[i\], and the first node if the nodes lie side by side.
#[inline(always)]
fn long_sum_body(x: &[Real<Reverse>], coefficients: &[f64], value: &mut f64) -> Option<u32> {
    let n = x.len().min(coefficients.len());
    let (x, coefficients) = (&x[..n], &coefficients[..n]);
    let first = x.first()?.0.index;
    let mut differ = 0;
    for (i, x) in x.iter().enumerate() {
        differ |= x.0.index ^ (first + i as u64);
    }
    let mut sums = [0.0; 8];
    let (whole, whole_coefficients) = (x.chunks_exact(8), coefficients.chunks_exact(8));
    let rest = whole.remainder().iter().zip(whole_coefficients.remainder());
    for (sum, (x, c)) in sums.iter_mut().zip(rest) {
        *sum = x.0.value * c;
    }
    for (x, c) in whole.zip(whole_coefficients) {
        for k in 0..8 {
            sums[k] += x[k].0.value * c[k];
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    *value = ((a + e) + (b + f)) + ((c + g) + (d + h));
    (differ == 0 && first < u64::from(CONSTANT) - n as u64).then_some(first as u32)
}

crate::real::kernels::dispatch_plain! {
    pub(super) fn long_sum = long_sum_body(
        x: &[Real<Reverse>], coefficients: &[f64], value: &mut f64,
    ) -> Option<u32>;
}

/// weights·x + bias; whether the weights lie side by side on the tape.
#[inline(always)]
fn layer_values_body<const K: usize>(
    weights: &[[Real<Reverse>; K]],
    x: &[f64; K],
    bias: &[Real<Reverse>],
    values: &mut [f64],
) -> bool {
    let Some(first) = weights.first().and_then(|w| w.first()) else {
        return false;
    };
    let (mut next, mut differ) = (first.0.index, 0);
    for ((value, w), b) in values.iter_mut().zip(weights).zip(bias) {
        let (mut products, mut differences) = ([0.0; K], [0; K]);
        for k in 0..K {
            products[k] = w[k].0.value * x[k];
            differences[k] = w[k].0.index ^ (next + k as u64);
        }
        let (mut sums, mut d) = ([0.0; 4], 0);
        for k in 0..K {
            sums[k % 4] += products[k];
            d |= differences[k];
        }
        *value = (sums[0] + sums[2]) + (sums[1] + sums[3]) + b.0.value;
        differ |= d;
        next += K as u64;
    }
    differ == 0 && next < u64::from(CONSTANT)
}

crate::real::kernels::dispatch_plain! {
    pub(super) fn layer_values<const K: usize> = layer_values_body(
        weights: &[[Real<Reverse>; K]], x: &[f64; K], bias: &[Real<Reverse>], values: &mut [f64],
    ) -> bool;
}
