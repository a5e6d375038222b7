//! Sums of products of numbers on the tape, and where they lie on it.

use super::Reverse;
use crate::real::Real;
use crate::real::kernels::{Level, level};
use crate::real::tape::{CONSTANT, Tape};

/// Whether nodes lie side by side on the tape.
#[inline(always)]
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

/// The node and the value of Σ coefficients\[i\]·x\[i\] for equally many of both.
#[inline]
pub(super) fn long_sum(tape: &mut Tape, x: &[Real<Reverse>], coefficients: &[f64]) -> (u32, f64) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2,fma")]
        fn avx2(tape: &mut Tape, x: &[Real<Reverse>], c: &[f64]) -> (u32, f64) {
            long_sum_body(tape, x, c)
        }
        match level() {
            Level::Avx512 => {
                // SAFETY: the machine has every feature that the function is compiled for, and there are as many numbers.
                return unsafe { long_sum_512(tape, x, coefficients.as_ptr(), coefficients.len()) };
            }
            // SAFETY: as for AVX-512.
            Level::Avx2 => return unsafe { avx2(tape, x, coefficients) },
            Level::Baseline => {}
        }
    }
    long_sum_body(tape, x, coefficients)
}

#[inline(always)]
fn long_sum_body(tape: &mut Tape, x: &[Real<Reverse>], coefficients: &[f64]) -> (u32, f64) {
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
    let sum = ((a + e) + (b + f)) + ((c + g) + (d + h));
    if !side_by_side(x) {
        return (apart(tape, x, coefficients), sum);
    }
    tape.begin_node();
    tape.run(x[0].0.index(), coefficients);
    (tape.node(), sum)
}

/// The node where the operands do not lie side by side.
#[cold]
fn apart(tape: &mut Tape, x: &[Real<Reverse>], coefficients: &[f64]) -> u32 {
    tape.begin_node();
    for (x, c) in x.iter().zip(coefficients) {
        tape.edge(x.0.index(), *c);
    }
    tape.node()
}

/// The same with eight numbers at once: values and nodes, which alternate in memory, are told apart in registers, and the
/// coefficients go to the tape as they are read.
///
/// # Safety
///
/// From `from` on there are `len` numbers. It is not a slice, of which the compiler knows that nothing else is written to
/// it: it would make a call of `memcpy` of the way to the tape, which costs more than the sum.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
unsafe fn long_sum_512(
    tape: &mut Tape,
    x: &[Real<Reverse>],
    from: *const f64,
    len: usize,
) -> (u32, f64) {
    use std::arch::x86_64::*;
    let n = x.len().min(len);
    let first = x.first().map_or(u64::from(CONSTANT), |x| x.0.index);
    let even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    let odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    let eight = _mm512_set1_epi64(8);
    let mut expected = _mm512_add_epi64(
        _mm512_set1_epi64(first as i64),
        _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7),
    );
    let (mut sum, mut differ) = (_mm512_setzero_pd(), _mm512_setzero_si512());
    let room = tape.room(n);
    let to = room.as_mut_ptr();
    // A number is a node and its value, eight bytes each.
    let pairs = x.as_ptr().cast::<i64>();
    let whole = n - n % 8;
    for i in (0..whole).step_by(8) {
        // SAFETY: `x` and the coefficients have eight elements from `i` on, and the room has too.
        let (low, high, c) = unsafe {
            let c = _mm512_loadu_pd(from.add(i));
            _mm512_storeu_pd(to.add(i), c);
            let at = pairs.add(2 * i);
            (_mm512_loadu_epi64(at), _mm512_loadu_epi64(at.add(8)), c)
        };
        let values = _mm512_castsi512_pd(_mm512_permutex2var_epi64(low, odd, high));
        let nodes = _mm512_permutex2var_epi64(low, even, high);
        sum = _mm512_fmadd_pd(values, c, sum);
        differ = _mm512_or_si512(differ, _mm512_xor_si512(nodes, expected));
        expected = _mm512_add_epi64(expected, eight);
    }
    if whole < n {
        let rest = n - whole;
        let mask = 0xff_u8 >> (8 - rest);
        let halves = 0xffff_u16 >> (16 - 2 * rest);
        // SAFETY: only the `rest` elements that are left are read; the room has eight.
        let (low, high, c) = unsafe {
            let c = _mm512_maskz_loadu_pd(mask, from.add(whole));
            _mm512_storeu_pd(to.add(whole), c);
            let at = pairs.add(2 * whole);
            (
                _mm512_maskz_loadu_epi64(halves as u8, at),
                _mm512_maskz_loadu_epi64((halves >> 8) as u8, at.wrapping_add(8)),
                c,
            )
        };
        let values = _mm512_castsi512_pd(_mm512_permutex2var_epi64(low, odd, high));
        let nodes = _mm512_permutex2var_epi64(low, even, high);
        sum = _mm512_fmadd_pd(values, c, sum);
        differ = _mm512_or_si512(differ, _mm512_maskz_xor_epi64(mask, nodes, expected));
    }
    let together = _mm512_test_epi64_mask(differ, differ) == 0;
    let value = _mm512_reduce_add_pd(sum);
    if !together || first >= u64::from(CONSTANT) - n as u64 {
        // SAFETY: as above.
        let coefficients = unsafe { std::slice::from_raw_parts(from, n) };
        return (apart(tape, x, coefficients), value);
    }
    (tape.node_of_run(first as u32, n), value)
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
