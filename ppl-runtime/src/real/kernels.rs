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
    ($(#[$doc:meta])* $visible:vis fn $name:ident = $body:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)?;) => {
        $(#[$doc])*
        #[inline]
        $visible fn $name($($arg: $type),*) $(-> $result)? {
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

/// As `dispatch!`, for a body without arithmetic of its own choice between fused and not.
macro_rules! dispatch_plain {
    ($(#[$doc:meta])* $visible:vis fn $name:ident $(<const $n:ident: usize>)? =
        $body:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)?;) => {
        $(#[$doc])*
        #[inline]
        $visible fn $name $(<const $n: usize>)? ($($arg: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
                fn avx512 $(<const $n: usize>)? ($($arg: $type),*) $(-> $result)? { $body($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                fn avx2 $(<const $n: usize>)? ($($arg: $type),*) $(-> $result)? { $body($($arg),*) }
                match $crate::real::kernels::level() {
                    // SAFETY: the machine has every feature that the function is compiled for.
                    $crate::real::kernels::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::real::kernels::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::real::kernels::Level::Baseline => {}
                }
            }
            $body($($arg),*)
        }
    };
}
pub(crate) use dispatch_plain;

/// The instruction sets that code is compiled for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// AVX-512 with fused multiply–add.
    Avx512,
    /// AVX2 with fused multiply–add.
    Avx2,
    /// What every machine of the target has.
    Baseline,
}

/// The best that the machine has.
#[inline]
pub fn level() -> Level {
    #[cfg(target_arch = "x86_64")]
    {
        let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        if avx2
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
        {
            return Level::Avx512;
        }
        if avx2 {
            return Level::Avx2;
        }
    }
    Level::Baseline
}

#[inline(always)]
fn add_rows_body<const N: usize>(rows: &[[f64; N]], weights: &[f64], sum: &mut [f64; N]) {
    // Four sums, because one would wait for itself.
    let mut sums = [[0.0; N]; 4];
    let n = rows.len().min(weights.len());
    let (rows, weights) = (&rows[..n], &weights[..n]);
    let whole = n - n % 4;
    for i in (0..whole).step_by(4) {
        for k in 0..4 {
            for j in 0..N {
                sums[k][j] += weights[i + k] * rows[i + k][j];
            }
        }
    }
    for i in whole..n {
        for j in 0..N {
            sums[0][j] += weights[i] * rows[i][j];
        }
    }
    for j in 0..N {
        sum[j] += (sums[0][j] + sums[1][j]) + (sums[2][j] + sums[3][j]);
    }
}

dispatch_plain! {
    /// sum\[j\] += Σ weights\[i\]·rows\[i\]\[j\].
    pub fn add_rows<const N: usize> =
        add_rows_body(rows: &[[f64; N]], weights: &[f64], sum: &mut [f64; N]);
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

/// ln x for x > 0, to about 1 ulp; −∞ at 0, NaN below and for NaN. x = 2^k·m with m in [√½, √2), then the series of
/// ln m in s = (m − 1)/(m + 1).
#[inline(always)]
fn ln_lane<const FUSED: bool>(x: f64) -> f64 {
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
    let mut p = 2.0 / 21.0;
    let mut j = 10;
    while j > 1 {
        j -= 1;
        p = fma::<FUSED>(p, z, 2.0 / (2 * j + 1) as f64);
    }
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

/// Sums terms in a fixed order that runs in lanes.
#[inline(always)]
fn sum(terms: &[f64; LANES]) -> f64 {
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
fn ln_1p_positive_lane<const FUSED: bool>(t: f64) -> f64 {
    let y = 1.0 + t;
    let lost = if y < 1e16 { (t - (y - 1.0)) / y } else { 0.0 };
    ln_lane::<FUSED>(y) + lost
}

/// Whether the series of [`bd0_near`] serves.
#[inline(always)]
fn bd0_is_near(x: f64, m: f64) -> bool {
    m > 0.6 * x && m < 1.65 * x
}

/// The deviance x ln(x/m) + m − x for m near x > 0 (Loader 2000, eq. 5): with r = (m − x)/(m + x) it is
/// r ((m − x) − 2 x r² (1/3 + r²/5 + ...)).
#[inline(always)]
fn bd0_near<const FUSED: bool>(x: f64, m: f64) -> f64 {
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
fn bd0_lane<const FUSED: bool>(x: f64, m: f64) -> f64 {
    let far = fma::<FUSED>(-x, ln_lane::<FUSED>(m / x), m - x);
    if bd0_is_near(x, m) {
        bd0_near::<FUSED>(x, m)
    } else {
        far
    }
}

/// The series of the error of Stirling's formula at z ≥ 8, to 1e-16.
#[inline(always)]
fn stirling_series<const FUSED: bool>(z: f64) -> f64 {
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
fn stirling_error_lane<const FUSED: bool>(n: f64) -> f64 {
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
fn digamma_lane<const FUSED: bool>(x: f64) -> f64 {
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

// The loops below are written out, not passed as closures: a closure is compiled without the instruction set of the
// function that it ends up in.

#[inline(always)]
fn bernoulli_logit_body<const FUSED: bool>(x: &[f64], logit: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    for ((term, x), logit) in terms.iter_mut().zip(x).zip(logit) {
        let z = (2.0 * x - 1.0) * logit;
        let e = exp_lane::<FUSED>((-z.abs()).max(-708.0));
        *term = negative_part(z) - ln_1p_lane::<FUSED>(e);
    }
    sum(&terms)
}

#[inline(always)]
fn bernoulli_logit_partials_body<const FUSED: bool>(
    x: &[f64],
    logit: &[f64],
    slope: &mut [f64],
) -> f64 {
    let mut terms = [0.0; LANES];
    for (((term, x), logit), slope) in terms.iter_mut().zip(x).zip(logit).zip(slope) {
        let sign = 2.0 * x - 1.0;
        let z = sign * logit;
        let e = exp_lane::<FUSED>((-z.abs()).max(-708.0));
        let r = 1.0 / (1.0 + e);
        *slope = sign * if z >= 0.0 { e * r } else { r };
        *term = negative_part(z) - ln_1p_lane::<FUSED>(e);
    }
    sum(&terms)
}

/// (Σ(x − m), Σ(x − m)²).
#[inline(always)]
fn moments_body<const FUSED: bool>(x: &[f64], m: f64) -> (f64, f64) {
    let mut squares = [0.0; 8];
    let whole = x.len() - x.len() % 8;
    let mut sums = [0.0; 8];
    for chunk in x[..whole].chunks_exact(8) {
        for k in 0..8 {
            let d = chunk[k] - m;
            sums[k] += d;
            squares[k] = fma::<FUSED>(d, d, squares[k]);
        }
    }
    for (k, x) in x[whole..].iter().enumerate() {
        let d = x - m;
        sums[k] += d;
        squares[k] = fma::<FUSED>(d, d, squares[k]);
    }
    (total(sums), total(squares))
}

/// The number that all are, if they are one to the bit and have a finite inverse: then what depends on it alone is
/// computed once.
#[inline(always)]
pub fn shared(x: &[f64]) -> Option<f64> {
    let first = *x.first()?;
    let differ = x.iter().fold(0, |d, x| d | (x.to_bits() ^ first.to_bits()));
    (differ == 0 && (1.0 / first).is_finite()).then_some(first)
}

#[inline(always)]
fn normal_body<const FUSED: bool>(x: &[f64], location: &[f64], scale: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    if let Some(first) = shared(scale) {
        let r = 1.0 / first;
        for ((term, x), location) in terms.iter_mut().zip(x).zip(location) {
            let z = (x - location) * r;
            *term = -0.5 * z * z;
        }
        return sum(&terms) - x.len() as f64 * ln_lane::<FUSED>(first);
    }
    for (((term, x), location), scale) in terms.iter_mut().zip(x).zip(location).zip(scale) {
        let z = (x - location) / scale;
        *term = -0.5 * z * z - ln_lane::<FUSED>(*scale);
    }
    sum(&terms)
}

#[inline(always)]
fn normal_partials_body<const FUSED: bool>(
    x: &[f64],
    location: &[f64],
    scale: &[f64],
    by_location: &mut [f64],
    by_scale: &mut [f64],
) -> f64 {
    let mut terms = [0.0; LANES];
    let n = x.len().min(LANES);
    let (x, location, scale) = (&x[..n], &location[..n], &scale[..n]);
    let (by_location, by_scale) = (&mut by_location[..n], &mut by_scale[..n]);
    if let Some(first) = shared(scale) {
        let r = 1.0 / first;
        for i in 0..n {
            let z = (x[i] - location[i]) * r;
            by_location[i] = z * r;
            by_scale[i] = fma::<FUSED>(z, z, -1.0) * r;
            terms[i] = -0.5 * z * z;
        }
        return sum(&terms) - n as f64 * ln_lane::<FUSED>(first);
    }
    for i in 0..n {
        let r = 1.0 / scale[i];
        let z = (x[i] - location[i]) * r;
        by_location[i] = z * r;
        by_scale[i] = fma::<FUSED>(z, z, -1.0) * r;
        terms[i] = -0.5 * z * z - ln_lane::<FUSED>(scale[i]);
    }
    sum(&terms)
}

#[inline(always)]
fn normal_lanes_body<const FUSED: bool>(
    x: &[f64],
    location: &[f64],
    scale: &[f64],
    values: &mut [f64],
    by_location: &mut [f64],
    by_scale: &mut [f64],
) {
    let n = x.len().min(LANES);
    let (x, location, scale) = (&x[..n], &location[..n], &scale[..n]);
    let (values, by_location, by_scale) =
        (&mut values[..n], &mut by_location[..n], &mut by_scale[..n]);
    if let Some(first) = shared(scale) {
        let (r, ln) = (1.0 / first, ln_lane::<FUSED>(first));
        for i in 0..n {
            let z = (x[i] - location[i]) * r;
            by_location[i] = z * r;
            by_scale[i] = fma::<FUSED>(z, z, -1.0) * r;
            values[i] = -0.5 * z * z - ln;
        }
        return;
    }
    for i in 0..n {
        let r = 1.0 / scale[i];
        let z = (x[i] - location[i]) * r;
        by_location[i] = z * r;
        by_scale[i] = fma::<FUSED>(z, z, -1.0) * r;
        values[i] = -0.5 * z * z - ln_lane::<FUSED>(scale[i]);
    }
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
fn log_sum_exp_lanes_body<const FUSED: bool>(terms: &mut [[f64; LANES]], n: usize) -> f64 {
    let n = n.min(LANES);
    let mut max = [f64::NEG_INFINITY; LANES];
    for row in terms.iter() {
        for i in 0..n {
            max[i] = if row[i] > max[i] { row[i] } else { max[i] };
        }
    }
    for m in &mut max {
        *m = if *m == f64::NEG_INFINITY { 0.0 } else { *m };
    }
    let mut sums = [0.0; LANES];
    for row in terms.iter_mut() {
        for i in 0..n {
            let d = row[i] - max[i];
            let e = exp_lane::<FUSED>(d.max(-708.0));
            // What is too small for a number is nothing; NaN stays NaN.
            let e = if d < -708.0 { 0.0 } else { e };
            row[i] = if d.is_nan() { d } else { e };
            sums[i] += row[i];
        }
    }
    let mut results = [0.0; LANES];
    for i in 0..n {
        results[i] = max[i] + ln_lane::<FUSED>(sums[i]);
        sums[i] = if sums[i] == 0.0 { 0.0 } else { 1.0 / sums[i] };
    }
    for row in terms.iter_mut() {
        for i in 0..n {
            row[i] *= sums[i];
        }
    }
    sum(&results)
}

dispatch! {
    /// −½((x − location)/scale)² − ln scale of each, without the constant −½ ln 2π, and the partial derivatives.
    pub fn normal_lanes = normal_lanes_body(
        x: &[f64], location: &[f64], scale: &[f64],
        values: &mut [f64], by_location: &mut [f64], by_scale: &mut [f64]
    );
}
dispatch! {
    /// e^x of each, to about 1 ulp; 0 below −708 and ∞ above 709.
    pub fn exp = exp_body(x: &mut [f64]);
}
dispatch! {
    /// ln x of each, to about 1 ulp.
    pub fn ln = ln_body(x: &[f64], values: &mut [f64]);
}
dispatch! {
    /// Σ_i ln Σ_k e^(terms\[k\]\[i\]) over the first `n` lanes i. Leaves in each term its weight, e^term over their sum.
    pub fn log_sum_exp_lanes = log_sum_exp_lanes_body(terms: &mut [[f64; LANES]], n: usize) -> f64;
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
dispatch! {
    /// Σ ln p(x\[i\]) of Bernoulli variables x (0 or 1) by their logits.
    pub fn bernoulli_logit = bernoulli_logit_body(x: &[f64], logit: &[f64]) -> f64;
}
dispatch! {
    /// As [`bernoulli_logit`], with the partial derivative by each logit.
    pub fn bernoulli_logit_partials =
        bernoulli_logit_partials_body(x: &[f64], logit: &[f64], slope: &mut [f64]) -> f64;
}
dispatch! {
    /// (Σ(x − m), Σ(x − m)²).
    pub fn moments = moments_body(x: &[f64], m: f64) -> (f64, f64);
}
dispatch! {
    /// Σ −½((x − location)/scale)² − ln scale, without the constant −½ ln 2π of each term.
    pub fn normal = normal_body(x: &[f64], location: &[f64], scale: &[f64]) -> f64;
}
dispatch! {
    /// As [`normal`], with the partial derivatives by each location and scale.
    pub fn normal_partials = normal_partials_body(
        x: &[f64], location: &[f64], scale: &[f64], by_location: &mut [f64], by_scale: &mut [f64]
    ) -> f64;
}

mod counts;
mod tails;

pub use counts::{
    negative_binomial, negative_binomial_partials, poisson_log, poisson_log_partials,
};
pub use tails::{
    exponential, exponential_partials, gamma, gamma_partials, laplace, laplace_partials, student_t,
    student_t_partials,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bernoulli_agrees_with_scalar_code_over_the_whole_range() {
        for k in -7200..7200 {
            let logit = [f64::from(k) * 0.1 + 0.013];
            for x in [0.0, 1.0] {
                let z: f64 = (2.0 * x - 1.0) * logit[0];
                let want = z.min(0.0) - (-z.abs()).exp().ln_1p();
                let mut slope = [0.0];
                let got = bernoulli_logit_partials(&[x], &logit, &mut slope);
                assert!(
                    (got - want).abs() <= 4e-16 * want.abs() + 1e-307,
                    "{z}: {got} {want}"
                );
                let p = if z > 0.0 {
                    (-z).exp() / (1.0 + (-z).exp())
                } else {
                    1.0 / (1.0 + z.exp())
                };
                assert!((slope[0].abs() - p).abs() <= 1e-15 * p + 1e-300, "{z}");
                assert_eq!(bernoulli_logit(&[x], &logit), got);
            }
        }
    }

    #[test]
    fn exponentials_agree_with_scalar_code() {
        for k in -7090..7080 {
            let at = f64::from(k) * 0.1 + 0.013;
            let mut x = [at, 0.0, f64::NAN, f64::NEG_INFINITY, -1e300];
            exp(&mut x);
            let want = if at < -708.0 { 0.0 } else { at.exp() };
            assert!((x[0] - want).abs() <= 4e-16 * want, "{at}: {} {want}", x[0]);
            assert!(x[1] == 1.0 && x[2].is_nan() && x[3] == 0.0 && x[4] == 0.0);
        }
    }

    #[test]
    fn every_length_of_a_block_gives_the_sum_of_its_terms() {
        let x: Vec<f64> = (0..LANES)
            .map(|i| f64::from(u8::from(i % 3 == 0)))
            .collect();
        let logit: Vec<f64> = (0..LANES).map(|i| (i as f64 * 0.7).sin() * 5.0).collect();
        for n in 0..=LANES {
            let whole = bernoulli_logit(&x[..n], &logit[..n]);
            let parts: f64 = (0..n)
                .map(|i| bernoulli_logit(&x[i..=i], &logit[i..=i]))
                .sum();
            assert!((whole - parts).abs() < 1e-13, "{n}");
        }
    }

    #[test]
    fn ln_agrees_with_the_library_everywhere() {
        let ln = |x: f64| -normal(&[0.0], &[0.0], &[x]);
        let mut x = 1e-300;
        while x < 1e300 {
            assert!(
                (ln(x) - x.ln()).abs() <= 3e-16 * x.ln().abs() + 1e-17,
                "{x}: {} {}",
                ln(x),
                x.ln()
            );
            x *= 1.37;
        }
        for x in [
            1.0,
            1.0 + 1e-15,
            1.0 - 1e-15,
            0.7071067811865475,
            std::f64::consts::SQRT_2,
            5e-324,
            1e-310,
            f64::MAX,
        ] {
            assert!(
                (ln(x) - x.ln()).abs() <= 3e-16 * x.ln().abs() + 1e-30,
                "{x}: {} {}",
                ln(x),
                x.ln()
            );
        }
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan());
    }

    #[test]
    fn sums_of_exponentials_with_terms_of_no_weight() {
        let none = f64::NEG_INFINITY;
        let mut terms = [[none; LANES], [none; LANES], [none; LANES]];
        // All without weight; one with; equal ones; far apart; NaN last, so that sums before it can be looked at.
        terms[1][1] = -3.0;
        (terms[0][2], terms[1][2], terms[2][2]) = (700.0, 700.0, 700.0);
        (terms[0][3], terms[1][3]) = (-2000.0, 5.0);
        let mut copy = terms;
        let one = |lane: usize| {
            let mut column = [[none; LANES]; 3];
            for (c, t) in column.iter_mut().zip(&terms) {
                c[0] = t[lane];
            }
            log_sum_exp_lanes(&mut column, 1)
        };
        assert_eq!(one(0), none);
        assert_eq!(one(1), -3.0);
        assert!((one(2) - (700.0 + 3f64.ln())).abs() < 1e-12);
        assert_eq!(one(3), 5.0);
        assert_eq!(log_sum_exp_lanes(&mut copy, 4), none);
        assert_eq!([copy[0][0], copy[0][1], copy[1][1]], [0.0, 0.0, 1.0]);
        assert!((copy[2][2] - 1.0 / 3.0).abs() < 1e-15);
        assert_eq!([copy[0][3], copy[1][3]], [0.0, 1.0]);
        terms[2][1] = f64::NAN;
        assert!(log_sum_exp_lanes(&mut terms, 4).is_nan());
    }

    #[test]
    fn exponentials_over_the_whole_range() {
        for k in -7600..7200 {
            let x = f64::from(k) * 0.1 + 0.037;
            let mut got = [x];
            exp(&mut got);
            let want = if x < -708.0 {
                0.0
            } else if x > 709.0 {
                f64::INFINITY
            } else {
                x.exp()
            };
            assert!(
                got[0] == want || (got[0] - want).abs() <= 4e-16 * want,
                "{x}: {got:?} {want}"
            );
        }
        let mut odd = [f64::NAN, f64::NEG_INFINITY, f64::INFINITY];
        exp(&mut odd);
        assert!(odd[0].is_nan() && odd[1] == 0.0 && odd[2] == f64::INFINITY);
    }

    #[test]
    fn nan_is_not_hidden() {
        assert!(bernoulli_logit(&[1.0, 0.0], &[0.0, f64::NAN]).is_nan());
        assert!(bernoulli_logit_partials(&[1.0, 0.0], &[0.0, f64::NAN], &mut [0.0; 2]).is_nan());
        assert!(moments(&[1.0, f64::NAN], 0.0).0.is_nan());
        assert!(normal(&[1.0], &[f64::NAN], &[1.0]).is_nan());
    }
}
