//! Logarithms of sums of exponentials.

use std::f64::consts::LN_2;

/// ln(1 + e^x), without overflow. Relative error below 1e-15.
#[inline]
pub fn ln_1p_exp(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// ln(1 + e^x): the name of [`ln_1p_exp`] as an activation function.
#[inline]
pub fn softplus(x: f64) -> f64 {
    ln_1p_exp(x)
}

/// ln σ(x) = −ln(1 + e^(−x)). Relative error below 1e-15.
#[inline]
pub fn log_sigmoid(x: f64) -> f64 {
    -ln_1p_exp(-x)
}

/// σ(x) = 1/(1 + e^(−x)), to full relative accuracy in both tails. Relative error below 1e-15.
#[inline]
pub fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if x >= 0.0 {
        1.0 / (1.0 + e)
    } else {
        e / (1.0 + e)
    }
}

/// σ(x) and σ(−x), from one exponential.
#[inline]
pub(crate) fn sigmoids(x: f64) -> (f64, f64) {
    let e = (-x.abs()).exp();
    let (large, small) = (1.0 / (1.0 + e), e / (1.0 + e));
    if x >= 0.0 {
        (large, small)
    } else {
        (small, large)
    }
}

/// ln σ(x) and its derivative σ(−x), from one exponential.
#[inline]
pub(crate) fn log_sigmoid_and_slope(x: f64) -> (f64, f64) {
    let e = (-x.abs()).exp();
    let slope = if x >= 0.0 { e } else { 1.0 } / (1.0 + e);
    (-((-x).max(0.0) + e.ln_1p()), slope)
}

/// ln(1 − e^x) for x ≤ 0. Relative error below 1e-15 for given x.
///
/// M. Mächler, "Accurately computing log(1 − exp(−|a|))" (2012).
#[inline]
pub fn ln_1m_exp(x: f64) -> f64 {
    if x > -LN_2 {
        (-x.exp_m1()).ln()
    } else {
        (-x.exp()).ln_1p()
    }
}

/// ln Σ e^(xᵢ), without overflow; −∞ for no terms. Error below ε·(n + |result|).
///
/// ```
/// use ppl_runtime::real::special::log_sum_exp;
/// assert_eq!(log_sum_exp(&[1000.0, 1000.0]), 1000.0 + std::f64::consts::LN_2);
/// assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
/// ```
pub fn log_sum_exp(terms: &[f64]) -> f64 {
    // `f64::max` drops a NaN, which must come out: the sum sees it again.
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest.is_infinite() {
        return if terms.iter().any(|t| t.is_nan()) {
            f64::NAN
        } else {
            largest
        };
    }
    let sum: f64 = terms.iter().map(|t| (t - largest).exp()).sum();
    largest + sum.ln()
}
