//! Elementary functions of one lane, branch-free, so that loops over them run in lanes.

use super::LANES;

/// a·b + c, fused where the instruction set has it (without, a library call would cost more than the kernel).
#[inline(always)]
pub(super) fn fma<const FUSED: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
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
pub(super) fn exp_lane<const FUSED: bool>(x: f64) -> f64 {
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

/// Where ln(1 + e) is taken relative to ln 2.
const LARGE: f64 = std::f64::consts::SQRT_2 - 1.0;

/// ln(1 + e) for e in [0, 1], by the series of 2·artanh(f / (2 + f)), and 1/(1 + e): to about 2 ulp, with one division
/// for both.
#[inline(always)]
pub(super) fn ln_1p_and_share<const FUSED: bool>(e: f64) -> (f64, f64) {
    let large = e > LARGE;
    // With f = (e − 1)/2 it is f/(2 + f) = (e − 1)/(3 + e).
    let (top, bottom) = if large {
        (e - 1.0, 3.0 + e)
    } else {
        (e, 2.0 + e)
    };
    let one = 1.0 + e;
    let r = 1.0 / (one * bottom);
    // 2·artanh of this is the logarithm.
    let s = top * (one * r);
    let z = s * s;
    let mut p = 2.0 / 21.0;
    let mut k = 10;
    while k > 1 {
        k -= 1;
        p = fma::<FUSED>(p, z, 2.0 / (2 * k + 1) as f64);
    }
    let ln = fma::<FUSED>(s * z, p, 2.0 * s);
    let ln = if large {
        ln + std::f64::consts::LN_2
    } else {
        ln
    };
    (ln, bottom * r)
}

/// min(z, 0), but NaN stays NaN.
#[inline(always)]
pub(super) fn negative_part(z: f64) -> f64 {
    if z >= 0.0 { 0.0 } else { z }
}

/// Sums eight partial sums in a fixed order.
#[inline(always)]
pub(super) fn total(sums: [f64; 8]) -> f64 {
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

/// ln x for x > 0, to about 1 ulp; −∞ at 0, NaN below and for NaN. x = 2^k·m with m in [√½, √2), then the series of
/// ln m in s = (m − 1)/(m + 1).
#[inline(always)]
pub(super) fn ln_lane<const FUSED: bool>(x: f64) -> f64 {
    const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
    const TWO_54: f64 = 18_014_398_509_481_984.0;
    let tiny = x < f64::MIN_POSITIVE;
    let scaled = if tiny { x * TWO_54 } else { x };
    let bits = scaled.to_bits();
    // The exponent relative to √½, as a number: its bits are put into the mantissa of 2⁵².
    let shifted = bits.wrapping_sub(SQRT_HALF_BITS).wrapping_add(1 << 62) >> 52;
    let k = f64::from_bits(shifted | 0x4330_0000_0000_0000) - 4_503_599_627_370_496.0 - 1024.0;
    let m = f64::from_bits(bits.wrapping_sub(shifted.wrapping_sub(1024) << 52));
    let k = if tiny { k - 54.0 } else { k };
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    // In pairs (Estrin): for few points nothing else is there to do while a sum waits for the one before.
    let (z2, mut pairs) = (z * z, [0.0; 5]);
    let mut j = 0;
    while j < 5 {
        let (even, odd) = (2.0 / (4 * j + 3) as f64, 2.0 / (4 * j + 5) as f64);
        pairs[j] = fma::<FUSED>(odd, z, even);
        j += 1;
    }
    let z4 = z2 * z2;
    let low = fma::<FUSED>(pairs[1], z2, pairs[0]);
    let high = fma::<FUSED>(pairs[4], z4, fma::<FUSED>(pairs[3], z2, pairs[2]));
    let p = fma::<FUSED>(high, z4, low);
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let low = fma::<FUSED>(s * z, p, k * LN_2_LOW) + 2.0 * s;
    let ln = fma::<FUSED>(k, LN_2_HIGH, low);
    let ln = if x > f64::MAX { x } else { ln };
    if x > 0.0 {
        ln
    } else if x == 0.0 {
        f64::NEG_INFINITY
    } else {
        f64::NAN
    }
}

/// Points that fill no eight, and others.
#[inline(always)]
pub(super) fn padded(points: &[f64], with: f64) -> [f64; 8] {
    let mut eight = [with; 8];
    for k in 0..8 {
        // Not a copy of so many: that would be a call.
        if k < points.len() {
            eight[k] = points[k];
        }
    }
    eight
}

/// Sums terms in a fixed order that runs in lanes.
#[inline(always)]
pub(super) fn sum(terms: &[f64; LANES]) -> f64 {
    let mut sums = [0.0; 8];
    for chunk in terms.chunks_exact(8) {
        for k in 0..8 {
            sums[k] += chunk[k];
        }
    }
    total(sums)
}

/// ln(1 + t) for t ≥ 0, to about 2 ulp: where 1 + t rounds, ln is corrected by what was lost.
#[inline(always)]
pub(super) fn ln_1p_positive_lane<const FUSED: bool>(t: f64) -> f64 {
    let y = 1.0 + t;
    let lost = if y < 1e16 { (t - (y - 1.0)) / y } else { 0.0 };
    ln_lane::<FUSED>(y) + lost
}

/// Whether the series of [`bd0_near`] serves.
#[inline(always)]
pub(super) fn bd0_is_near(x: f64, m: f64) -> bool {
    m > 0.6 * x && m < 1.65 * x
}

/// The deviance x ln(x/m) + m − x for m near x > 0 (Loader 2000, eq. 5): with r = (m − x)/(m + x) it is
/// r ((m − x) − 2 x r² (1/3 + r²/5 + ...)).
#[inline(always)]
pub(super) fn bd0_near<const FUSED: bool>(x: f64, m: f64) -> f64 {
    let d = m - x;
    let r = d / (m + x);
    let r2 = r * r;
    let mut p = 1.0 / 27.0;
    let mut n = 13;
    while n > 1 {
        n -= 1;
        p = fma::<FUSED>(p, r2, 1.0 / (2 * n + 1) as f64);
    }
    r * fma::<FUSED>(-2.0 * x * r2, p, d)
}

/// The deviance x ln(x/m) + m − x for x, m > 0, without cancellation where they are close.
#[inline(always)]
pub(super) fn bd0_lane<const FUSED: bool>(x: f64, m: f64) -> f64 {
    let far = fma::<FUSED>(-x, ln_lane::<FUSED>(m / x), m - x);
    if bd0_is_near(x, m) {
        bd0_near::<FUSED>(x, m)
    } else {
        far
    }
}

/// The series of the error of Stirling's formula at z ≥ 8, to 1e-16.
#[inline(always)]
pub(super) fn stirling_series<const FUSED: bool>(z: f64) -> f64 {
    let i = 1.0 / z;
    let i2 = i * i;
    let mut p = 43867.0 / 244_188.0;
    p = fma::<FUSED>(-i2, p, 3617.0 / 122_400.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 156.0);
    p = fma::<FUSED>(-i2, p, 691.0 / 360_360.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 1188.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 1680.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 1260.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 360.0);
    i * fma::<FUSED>(-i2, p, 1.0 / 12.0)
}

/// The error of Stirling's formula for n > 0: below 16 through n + 8 by the recurrence of Γ.
#[inline(always)]
pub(super) fn stirling_error_lane<const FUSED: bool>(n: f64) -> f64 {
    let small = n < 16.0;
    let m = n + 8.0;
    let product = ((n + 1.0) * (n + 2.0))
        * ((n + 3.0) * (n + 4.0))
        * (((n + 5.0) * (n + 6.0)) * ((n + 7.0) * (n + 8.0)));
    let shift = (m + 0.5) * ln_lane::<FUSED>(m)
        - (n + 0.5) * ln_lane::<FUSED>(n)
        - ln_lane::<FUSED>(product)
        - 8.0;
    let series = stirling_series::<FUSED>(if small { m } else { n });
    if small { series + shift } else { series }
}

/// ψ(x) for x > 0, through x + 8.
#[inline(always)]
pub(super) fn digamma_lane<const FUSED: bool>(x: f64) -> f64 {
    let mut shift = 0.0;
    let mut j = 8;
    while j > 0 {
        j -= 1;
        shift += 1.0 / (x + j as f64);
    }
    let z = x + 8.0;
    let i = 1.0 / z;
    let i2 = i * i;
    let mut p = 43867.0 / 14364.0;
    p = fma::<FUSED>(-i2, p, 3617.0 / 8160.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 12.0);
    p = fma::<FUSED>(-i2, p, 691.0 / 32_760.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 132.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 240.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 252.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 120.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 12.0);
    ln_lane::<FUSED>(z) - 0.5 * i - i2 * p - shift
}
