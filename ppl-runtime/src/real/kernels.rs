//! Array kernels: branch-free polynomial code over blocks, compiled for several instruction sets and chosen at
//! run time, so that a plain release build is fast.
//!
//! A kernel gives the same bits for a given instruction set; between sets the last bit may differ, since only
//! some have fused multiply–add.

/// Elements of a block.
pub const LANES: usize = 64;

/// a·b + c, fused where the instruction set has it (without, a library call would cost more than the kernel).
#[inline(always)]
fn fma<const FUSED: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// Compiles a generic body for AVX-512, AVX2 and the baseline, and picks the best that the machine has.
macro_rules! dispatch {
    ($(#[$doc:meta])* pub fn $name:ident = $body:ident($($arg:ident: $type:ty),*) $(-> $result:ty)?;) => {
        $(#[$doc])*
        #[inline]
        pub fn $name($($arg: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
                fn avx512($($arg: $type),*) $(-> $result)? { $body::<true>($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($arg: $type),*) $(-> $result)? { $body::<true>($($arg),*) }
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("fma")
                {
                    // SAFETY: the machine has every feature that the function is compiled for.
                    return unsafe { avx512($($arg),*) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: as above.
                    return unsafe { avx2($($arg),*) };
                }
            }
            $body::<{ cfg!(target_arch = "aarch64") }>($($arg),*)
        }
    };
}

/// 1/k! for k = 0..=13.
const INVERSE_FACTORIAL: [f64; 14] = {
    let mut a = [1.0; 14];
    let mut k = 1;
    while k < 14 {
        a[k] = a[k - 1] / k as f64;
        k += 1;
    }
    a
};

/// e^x for x in [−708, 709], to about 1 ulp: reduction by ln 2, then the Taylor polynomial of degree 13.
#[inline(always)]
fn exp_lane<const FUSED: bool>(x: f64) -> f64 {
    // Adding 1.5·2⁵² rounds to an integer and leaves that integer in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let t = fma::<FUSED>(x, std::f64::consts::LOG2_E, ROUND);
    let n = t - ROUND;
    let r = fma::<FUSED>(n, -LN_2_LOW, fma::<FUSED>(n, -LN_2_HIGH, x));
    let mut p = INVERSE_FACTORIAL[13];
    let mut k = 13;
    while k > 0 {
        k -= 1;
        p = fma::<FUSED>(p, r, INVERSE_FACTORIAL[k]);
    }
    f64::from_bits(p.to_bits().wrapping_add(t.to_bits() << 52))
}

/// ln(1 + e) for e in [0, 1], to about 1 ulp: 2·artanh(f / (2 + f)) by its series.
#[inline(always)]
fn ln_1p_lane<const FUSED: bool>(e: f64) -> f64 {
    let large = e > std::f64::consts::SQRT_2 - 1.0;
    let f = if large { 0.5 * (e - 1.0) } else { e };
    let s = f / (2.0 + f);
    let z = s * s;
    let mut p = 2.0 / 21.0;
    let mut k = 10;
    while k > 1 {
        k -= 1;
        p = fma::<FUSED>(p, z, 2.0 / (2 * k + 1) as f64);
    }
    let ln = fma::<FUSED>(s * z, p, 2.0 * s);
    if large {
        ln + std::f64::consts::LN_2
    } else {
        ln
    }
}

/// min(z, 0), but NaN stays NaN.
#[inline(always)]
fn negative_part(z: f64) -> f64 {
    if z >= 0.0 { 0.0 } else { z }
}

/// Sums eight partial sums in a fixed order.
#[inline(always)]
fn total(sums: [f64; 8]) -> f64 {
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

#[inline(always)]
fn log_sigmoid_sum_body<const FUSED: bool>(z: &[f64; LANES], n: usize) -> f64 {
    let mut terms = [0.0; LANES];
    for i in 0..LANES {
        let e = exp_lane::<FUSED>((-z[i].abs()).max(-708.0));
        terms[i] = negative_part(z[i]) - ln_1p_lane::<FUSED>(e);
    }
    sum_first(&terms, n)
}

#[inline(always)]
fn sum_first(terms: &[f64; LANES], n: usize) -> f64 {
    let mut sums = [0.0; 8];
    if n == LANES {
        for chunk in terms.chunks_exact(8) {
            for k in 0..8 {
                sums[k] += chunk[k];
            }
        }
    } else {
        for (i, t) in terms[..n].iter().enumerate() {
            sums[i % 8] += t;
        }
    }
    total(sums)
}

#[inline(always)]
fn log_sigmoid_partials_body<const FUSED: bool>(
    z: &[f64; LANES],
    n: usize,
    slope: &mut [f64; LANES],
) -> f64 {
    let mut terms = [0.0; LANES];
    for i in 0..LANES {
        let e = exp_lane::<FUSED>((-z[i].abs()).max(-708.0));
        let r = 1.0 / (1.0 + e);
        terms[i] = negative_part(z[i]) - ln_1p_lane::<FUSED>(e);
        slope[i] = if z[i] >= 0.0 { e * r } else { r };
    }
    sum_first(&terms, n)
}

dispatch! {
    /// Σ ln σ(z\[i\]) over the first `n` elements, σ the logistic function. NaN gives NaN.
    pub fn log_sigmoid_sum = log_sigmoid_sum_body(z: &[f64; LANES], n: usize) -> f64;
}
dispatch! {
    /// As [`log_sigmoid_sum`], with the derivative σ(−z\[i\]) of each term.
    pub fn log_sigmoid_partials =
        log_sigmoid_partials_body(z: &[f64; LANES], n: usize, slope: &mut [f64; LANES]) -> f64;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_sigmoid_agrees_with_scalar_code_over_the_whole_range() {
        for k in -7200..7200 {
            let x = f64::from(k) * 0.1 + 0.013;
            let mut z = [0.0; LANES];
            z[3] = x;
            let mut slope = [0.0; LANES];
            let other = 4.0 * -std::f64::consts::LN_2;
            let got = log_sigmoid_partials(&z, 4, &mut slope) - other * 0.75;
            let want = x.min(0.0) - (-x.abs()).exp().ln_1p();
            assert!(
                (got - want).abs() <= 4e-16 * (1.0 + want.abs()) + 1e-15,
                "{x}: {got} {want}"
            );
            let sigma = if x > 0.0 {
                (-x).exp() / (1.0 + (-x).exp())
            } else {
                1.0 / (1.0 + x.exp())
            };
            assert!((slope[3] - sigma).abs() <= 1e-15 * sigma + 1e-300, "{x}");
            assert_eq!(
                log_sigmoid_sum(&z, 4),
                log_sigmoid_partials(&z, 4, &mut slope)
            );
        }
    }

    #[test]
    fn nan_is_not_hidden() {
        let mut z = [0.0; LANES];
        z[5] = f64::NAN;
        assert!(log_sigmoid_sum(&z, 6).is_nan());
        assert!(log_sigmoid_partials(&z, 6, &mut [0.0; LANES]).is_nan());
    }
}
