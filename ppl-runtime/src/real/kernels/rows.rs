//! Kernels of matrices that are stored by rows.

use super::elementary::{fma, total};

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
fn rows_weighted_body<const FUSED: bool>(x: &[f64], stride: usize, d: &[f64], out: &mut [f64]) {
    let whole = out.len() - out.len() % 8;
    let (blocks, rest) = d.as_chunks::<TOGETHER>();
    let after = &x[blocks.len() * TOGETHER * stride..];
    for j in (0..whole).step_by(8) {
        // Four sums, because one would wait for itself.
        let mut sums = [[0.0; 8]; TOGETHER];
        for (block, d) in blocks.iter().enumerate() {
            let x = &x[block * TOGETHER * stride + j..][..(TOGETHER - 1) * stride + 8];
            for k in 0..TOGETHER {
                for l in 0..8 {
                    sums[k][l] = fma::<FUSED>(d[k], x[k * stride + l], sums[k][l]);
                }
            }
        }
        for (i, d) in rest.iter().enumerate() {
            for l in 0..8 {
                sums[0][l] = fma::<FUSED>(*d, after[i * stride + j + l], sums[0][l]);
            }
        }
        for l in 0..8 {
            out[j + l] += (sums[0][l] + sums[1][l]) + (sums[2][l] + sums[3][l]);
        }
    }
    for (j, out) in out.iter_mut().enumerate().skip(whole) {
        for (i, d) in d.iter().enumerate() {
            *out = fma::<FUSED>(*d, x[i * stride + j], *out);
        }
    }
}

dispatch! {
    /// out\[i\] += Σ_j x\[i·stride + j\]·v\[j\]: a matrix by rows times a vector.
    pub fn rows_times = rows_times_body(x: &[f64], stride: usize, v: &[f64], out: &mut [f64]);
}
dispatch! {
    /// out\[j\] += Σ_i d\[i\]·x\[i·stride + j\]: a vector times a matrix by rows.
    pub fn rows_weighted = rows_weighted_body(x: &[f64], stride: usize, d: &[f64], out: &mut [f64]);
}
