//! Kernels of counts.

use super::LANES;
use super::elementary::{
    bd0_is_near, bd0_lane, bd0_near, digamma_lane, exp_lane, fma, ln_lane, stirling_error_lane, sum,
};
use crate::real::special::{LN_SQRT_2PI, digamma, stirling_error};

/// The error of Stirling's formula at 0 (unused), 1, ..., 15.
const STIRLING_ERROR: [f64; 16] = [
    0.0,
    0.081_061_466_795_327_26,
    0.041_340_695_955_409_29,
    0.027_677_925_684_998_34,
    0.020_790_672_103_765_093,
    0.016_644_691_189_821_193,
    0.013_876_128_823_070_748,
    0.011_896_709_945_891_77,
    0.010_411_265_261_972_096,
    0.009_255_462_182_712_733,
    0.008_330_563_433_362_87,
    0.007_573_675_487_951_841,
    0.006_942_840_107_209_53,
    0.006_408_994_188_004_207,
    0.005_951_370_112_758_848,
    0.005_554_733_551_962_801,
];

/// The error of Stirling's formula at a count k ≥ 1.
#[inline(always)]
pub(super) fn stirling_error_count<const FUSED: bool>(k: f64) -> f64 {
    // Adding 2⁵² leaves the integer in the low bits.
    let index = (k + 4_503_599_627_370_496.0).to_bits() & 15;
    // Four terms reach 1e-16 from 16 on.
    let i = 1.0 / k;
    let i2 = i * i;
    let mut p = fma::<FUSED>(-i2, 1.0 / 1188.0, 1.0 / 1680.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 1260.0);
    p = fma::<FUSED>(-i2, p, 1.0 / 360.0);
    let series = i * fma::<FUSED>(-i2, p, 1.0 / 12.0);
    if k < 16.0 {
        STIRLING_ERROR[index as usize]
    } else {
        series
    }
}

/// ln P(k) of a Poisson variable, Loader (2000) eq. 4.
#[inline(always)]
fn poisson_lane<const FUSED: bool>(k: f64, log_rate: f64, rate: f64) -> f64 {
    let positive = if k > 0.0 { k } else { 1.0 };
    let ln_k = ln_lane::<FUSED>(positive);
    let coefficient =
        stirling_error_count::<FUSED>(positive) + fma::<FUSED>(0.5, ln_k, LN_SQRT_2PI);
    // The deviance k ln(k/λ) + λ − k: by its series where λ is near k, else from the logarithms at hand.
    let near = bd0_near::<FUSED>(positive, rate);
    let far = fma::<FUSED>(positive, ln_k - log_rate, rate - positive);
    let deviance = if bd0_is_near(positive, rate) {
        near
    } else {
        far
    };
    let some = -coefficient - deviance;
    if k > 0.0 { some } else { -rate }
}

#[inline(always)]
fn poisson_log_body<const FUSED: bool>(x: &[f64], log_rate: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    for ((term, x), l) in terms.iter_mut().zip(x).zip(log_rate) {
        *term = poisson_lane::<FUSED>(*x, *l, exp_lane::<FUSED>(*l));
    }
    sum(&terms)
}

#[inline(always)]
fn poisson_log_partials_body<const FUSED: bool>(
    x: &[f64],
    log_rate: &[f64],
    slope: &mut [f64],
) -> f64 {
    let mut terms = [0.0; LANES];
    for (((term, x), l), slope) in terms.iter_mut().zip(x).zip(log_rate).zip(slope) {
        let rate = exp_lane::<FUSED>(*l);
        *slope = x - rate;
        *term = poisson_lane::<FUSED>(*x, *l, rate);
    }
    sum(&terms)
}

dispatch! {
    /// Σ ln P(x\[i\]) of Poisson counts below 2⁵² by the logarithms of their rates, within ±700.
    pub fn poisson_log = poisson_log_body(x: &[f64], log_rate: &[f64]) -> f64;
}
dispatch! {
    /// As [`poisson_log`], with the partial derivative by each log rate.
    pub fn poisson_log_partials =
        poisson_log_partials_body(x: &[f64], log_rate: &[f64], slope: &mut [f64]) -> f64;
}

/// ln P(k) of a negative binomial of mean m and dispersion d, less −δ(d) where δ is the error of Stirling's formula:
/// the binomial form of Loader (2000), eq. 3, of n = d + k trials.
#[inline(always)]
fn negative_binomial_lane<const FUSED: bool>(k: f64, m: f64, d: f64, error: f64) -> f64 {
    let positive = if k > 0.0 { k } else { 1.0 };
    let n = d + positive;
    let (success, failure) = (d / (m + d), m / (m + d));
    let some = stirling_error_lane::<FUSED>(n)
        - error
        - stirling_error_count::<FUSED>(positive)
        - bd0_lane::<FUSED>(d, n * success)
        - bd0_lane::<FUSED>(positive, n * failure)
        - LN_SQRT_2PI
        - 0.5 * ln_lane::<FUSED>(positive / d * n);
    let zero = -d * super::elementary::ln_1p_positive_lane::<FUSED>(m / d);
    // From trials to failures before the last success: d/(d + k) = (d/n), and √(d k/n) above is √(k n/d) here.
    if k > 0.0 { some } else { zero }
}

#[inline(always)]
fn negative_binomial_body<const FUSED: bool>(
    x: &[f64],
    mean: &[f64],
    dispersion: f64,
    error: f64,
) -> f64 {
    let mut terms = [0.0; LANES];
    for ((term, x), m) in terms.iter_mut().zip(x).zip(mean) {
        *term = negative_binomial_lane::<FUSED>(*x, *m, dispersion, error);
    }
    sum(&terms)
}

#[inline(always)]
fn negative_binomial_partials_body<const FUSED: bool>(
    x: &[f64],
    mean: &[f64],
    dispersion: f64,
    constants: (f64, f64),
    by_mean: &mut [f64],
    by_dispersion: &mut [f64],
) -> f64 {
    let (error, psi) = constants;
    let mut terms = [0.0; LANES];
    let n = x.len().min(LANES);
    let (x, mean) = (&x[..n], &mean[..n]);
    let (by_mean, by_dispersion) = (&mut by_mean[..n], &mut by_dispersion[..n]);
    for i in 0..n {
        let (k, m, d) = (x[i], mean[i], dispersion);
        by_mean[i] = d * ((k - m) / m) / (m + d);
        let ln = super::elementary::ln_1p_positive_lane::<FUSED>(m / d);
        let rise = digamma_lane::<FUSED>(d + k) - psi;
        let rise = if k > 0.0 { rise } else { 0.0 };
        by_dispersion[i] = rise - ln + (m - k) / (m + d);
        terms[i] = negative_binomial_lane::<FUSED>(k, m, d, error);
    }
    sum(&terms)
}

dispatch! {
    fn negative_binomial_dispatch =
        negative_binomial_body(x: &[f64], mean: &[f64], dispersion: f64, error: f64) -> f64;
}
dispatch! {
    fn negative_binomial_partials_dispatch = negative_binomial_partials_body(
        x: &[f64], mean: &[f64], dispersion: f64, constants: (f64, f64),
        by_mean: &mut [f64], by_dispersion: &mut [f64]
    ) -> f64;
}

/// Σ ln P(x\[i\]) of negative binomial counts by their means and one dispersion.
pub fn negative_binomial(x: &[f64], mean: &[f64], dispersion: f64) -> f64 {
    negative_binomial_dispatch(x, mean, dispersion, stirling_error(dispersion))
}

/// As [`negative_binomial`], with the partial derivatives by each mean and by the dispersion.
pub fn negative_binomial_partials(
    x: &[f64],
    mean: &[f64],
    dispersion: f64,
    by_mean: &mut [f64],
    by_dispersion: &mut [f64],
) -> f64 {
    let constants = (stirling_error(dispersion), digamma(dispersion));
    negative_binomial_partials_dispatch(x, mean, dispersion, constants, by_mean, by_dispersion)
}
