//! Kernels of matrices that are stored by rows.

use super::elementary::{fma, total};

/// A function of so few columns.
macro_rules! few {
    ($f:ident::<$fused:ident>, $n:expr, ($($arg:expr),*)) => {
        match $n {
            1 => Some($f::<$fused, 1>($($arg),*)),
            2 => Some($f::<$fused, 2>($($arg),*)),
            3 => Some($f::<$fused, 3>($($arg),*)),
            4 => Some($f::<$fused, 4>($($arg),*)),
            5 => Some($f::<$fused, 5>($($arg),*)),
            6 => Some($f::<$fused, 6>($($arg),*)),
            7 => Some($f::<$fused, 7>($($arg),*)),
            _ => None,
        }
    };
}

/// Rows that are multiplied together.
const TOGETHER: usize = 4;

/// out\[i\] += Σ_j x\[i·stride + j\]·v\[j\].
#[inline(always)]
fn rows_times_body<const FUSED: bool>(x: &[f64], stride: usize, v: &[f64], out: &mut [f64]) {
    let (mut blocks, mut from) = (out.chunks_exact_mut(TOGETHER), 0);
    for out in &mut blocks {
        let sums = products::<FUSED, TOGETHER>(&x[from..], stride, v);
        for (out, sum) in out.iter_mut().zip(sums) {
            *out += sum;
        }
        from += TOGETHER * stride;
    }
    for out in blocks.into_remainder() {
        let [sum] = products::<FUSED, 1>(&x[from..], stride, v);
        *out += sum;
        from += stride;
    }
}

/// Σ_j x\[k·stride + j\]·v\[j\] for k < N.
#[inline(always)]
fn products<const FUSED: bool, const N: usize>(x: &[f64], stride: usize, v: &[f64]) -> [f64; N] {
    let whole = v.len() - v.len() % 8;
    let mut sums = [[0.0; 8]; N];
    for j in (0..whole).step_by(8) {
        let v = &v[j..j + 8];
        for k in 0..N {
            let x = &x[k * stride + j..][..8];
            for l in 0..8 {
                sums[k][l] = fma::<FUSED>(x[l], v[l], sums[k][l]);
            }
        }
    }
    let mut results = sums.map(total);
    for k in 0..N {
        for j in whole..v.len() {
            results[k] = fma::<FUSED>(x[k * stride + j], v[j], results[k]);
        }
    }
    results
}

/// out\[j\] += Σ_i d\[i\]·x\[i·stride + j\].
#[inline(always)]
fn rows_weighted_body<const FUSED: bool, const WIDE: bool>(
    x: &[f64],
    stride: usize,
    d: &[f64],
    out: &mut [f64],
) {
    // Without rows there is nothing to slice either.
    if d.is_empty() {
        return;
    }
    let mut j = 0;
    while WIDE && j + 24 <= out.len() {
        weighted_columns::<FUSED, 24>(&x[j..], stride, d, &mut out[j..j + 24]);
        j += 24;
    }
    while j + 8 <= out.len() {
        weighted_columns::<FUSED, 8>(&x[j..], stride, d, &mut out[j..j + 8]);
        j += 8;
    }
    if j < out.len() && out.len() >= 8 {
        // The last eight, of which some were there already.
        let from = out.len() - 8;
        let mut last = [0.0; 8];
        weighted_columns::<FUSED, 8>(&x[from..], stride, d, &mut last);
        for (out, last) in out[j..].iter_mut().zip(&last[j - from..]) {
            *out += last;
        }
    }
}

/// As [`rows_times_body`] for `N` columns, fewer than there are lanes.
#[inline(always)]
fn few_times<const FUSED: bool, const N: usize>(
    x: &[f64],
    stride: usize,
    v: &[f64],
    out: &mut [f64],
) {
    let v = &v[..N];
    let (blocks, rest) = out.as_chunks_mut::<8>();
    let after = blocks.len() * 8 * stride;
    for (block, out) in blocks.iter_mut().enumerate() {
        let x = &x[block * 8 * stride..][..7 * stride + N];
        let mut sums = *out;
        for j in 0..N {
            for k in 0..8 {
                sums[k] = fma::<FUSED>(x[k * stride + j], v[j], sums[k]);
            }
        }
        *out = sums;
    }
    for (i, out) in rest.iter_mut().enumerate() {
        let x = &x[after + i * stride..][..N];
        for j in 0..N {
            *out = fma::<FUSED>(x[j], v[j], *out);
        }
    }
}

/// Whether there are so few columns that [`few_times`] has taken them.
#[inline(always)]
fn few_rows_times_body<const FUSED: bool>(
    x: &[f64],
    stride: usize,
    v: &[f64],
    out: &mut [f64],
) -> bool {
    few!(few_times::<FUSED>, v.len(), (x, stride, v, out)).is_some()
}

/// Likewise of [`rows_weighted_body`].
#[inline(always)]
fn few_rows_weighted_body<const FUSED: bool>(
    x: &[f64],
    stride: usize,
    d: &[f64],
    out: &mut [f64],
) -> bool {
    few!(weighted_columns::<FUSED>, out.len(), (x, stride, d, out)).is_some()
}

/// N columns of it.
#[inline(always)]
fn weighted_columns<const FUSED: bool, const N: usize>(
    x: &[f64],
    stride: usize,
    d: &[f64],
    out: &mut [f64],
) {
    let (blocks, rest) = d.as_chunks::<TOGETHER>();
    let after = blocks.len() * TOGETHER * stride;
    // Four sums, because one would wait for itself.
    let mut sums = [[0.0; N]; TOGETHER];
    for (block, d) in blocks.iter().enumerate() {
        let x = &x[block * TOGETHER * stride..][..(TOGETHER - 1) * stride + N];
        for k in 0..TOGETHER {
            let x = &x[k * stride..][..N];
            for l in 0..N {
                sums[k][l] = fma::<FUSED>(d[k], x[l], sums[k][l]);
            }
        }
    }
    for (i, d) in rest.iter().enumerate() {
        let x = &x[after + i * stride..][..N];
        for l in 0..N {
            sums[0][l] = fma::<FUSED>(*d, x[l], sums[0][l]);
        }
    }
    let out = &mut out[..N];
    for l in 0..N {
        out[l] += (sums[0][l] + sums[1][l]) + (sums[2][l] + sums[3][l]);
    }
}

/// As [`rows_times_body`], eight rows at once whose sums are added up together.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
fn rows_times_512(x: &[f64], stride: usize, v: &[f64], out: &mut [f64]) {
    const EIGHT: usize = 8;
    let whole = v.len() - v.len() % 8;
    let (blocks, rest) = out.as_chunks_mut::<EIGHT>();
    let mut from = 0;
    for out in blocks {
        let x = &x[from..][..(EIGHT - 1) * stride + v.len()];
        let mut sums = [[0.0; 8]; EIGHT];
        for j in (0..whole).step_by(8) {
            let v = &v[j..j + 8];
            for k in 0..EIGHT {
                let x = &x[k * stride + j..][..8];
                for l in 0..8 {
                    sums[k][l] = x[l].mul_add(v[l], sums[k][l]);
                }
            }
        }
        let mut results = totals_512(sums);
        for j in whole..v.len() {
            for k in 0..EIGHT {
                results[k] = x[k * stride + j].mul_add(v[j], results[k]);
            }
        }
        for k in 0..EIGHT {
            out[k] += results[k];
        }
        from += EIGHT * stride;
    }
    rows_times_body::<true>(&x[from.min(x.len())..], stride, v, rest);
}

/// The total of each of eight sums.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
fn totals_512(sums: [[f64; 8]; 8]) -> [f64; 8] {
    use std::arch::x86_64::{__m512d, _mm512_add_pd, _mm512_permutex2var_pd, _mm512_setr_epi64};
    // SAFETY: both are eight numbers side by side, and any bits are numbers.
    let v = sums.map(|s| unsafe { std::mem::transmute::<[f64; 8], __m512d>(s) });
    let (low, high) = (
        _mm512_setr_epi64(0, 1, 2, 3, 8, 9, 10, 11),
        _mm512_setr_epi64(4, 5, 6, 7, 12, 13, 14, 15),
    );
    let (left, right) = (
        _mm512_setr_epi64(0, 1, 4, 5, 8, 9, 12, 13),
        _mm512_setr_epi64(2, 3, 6, 7, 10, 11, 14, 15),
    );
    let (even, odd) = (
        _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14),
        _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15),
    );
    // Two vectors become one of half as many partial sums of each row, in order of the rows.
    macro_rules! halves {
        ($a:expr, $b:expr, $one:expr, $other:expr) => {
            _mm512_add_pd(
                _mm512_permutex2var_pd($a, $one, $b),
                _mm512_permutex2var_pd($a, $other, $b),
            )
        };
    }
    let four = [
        halves!(v[0], v[1], low, high),
        halves!(v[2], v[3], low, high),
        halves!(v[4], v[5], low, high),
        halves!(v[6], v[7], low, high),
    ];
    let two = [
        halves!(four[0], four[1], left, right),
        halves!(four[2], four[3], left, right),
    ];
    let one = halves!(two[0], two[1], even, odd);
    // SAFETY: as above.
    unsafe { std::mem::transmute::<__m512d, [f64; 8]>(one) }
}

dispatch! {
    fn rows_times_elsewhere = rows_times_body(x: &[f64], stride: usize, v: &[f64], out: &mut [f64]);
}

dispatch! {
    fn few_rows_times = few_rows_times_body(x: &[f64], stride: usize, v: &[f64], out: &mut [f64]) -> bool;
}
dispatch! {
    fn few_rows_weighted = few_rows_weighted_body(x: &[f64], stride: usize, d: &[f64], out: &mut [f64]) -> bool;
}

/// out\[i\] += Σ_j x\[i·stride + j\]·v\[j\]: a matrix by rows times a vector.
#[inline]
pub fn rows_times(x: &[f64], stride: usize, v: &[f64], out: &mut [f64]) {
    if v.len() < 8 && few_rows_times(x, stride, v, out) {
        return;
    }
    #[cfg(target_arch = "x86_64")]
    if super::level() == super::Level::Avx512 {
        // SAFETY: the machine has every feature that the function is compiled for.
        return unsafe { rows_times_512(x, stride, v, out) };
    }
    rows_times_elsewhere(x, stride, v, out);
}
/// out\[j\] += Σ_i d\[i\]·x\[i·stride + j\]: a vector times a matrix by rows.
#[inline]
pub fn rows_weighted(x: &[f64], stride: usize, d: &[f64], out: &mut [f64]) {
    if out.len() < 8 && (d.is_empty() || few_rows_weighted(x, stride, d, out)) {
        return;
    }
    many_rows_weighted(x, stride, d, out);
}

dispatch_wide! {
    fn many_rows_weighted = rows_weighted_body(x: &[f64], stride: usize, d: &[f64], out: &mut [f64]);
}
