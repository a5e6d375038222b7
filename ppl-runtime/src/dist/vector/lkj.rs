//! The LKJ distribution of correlation matrices: p(R) = |R|^(η − 1)/c, by the Cholesky factor L of R.
//!
//! Source: Lewandowski, Kurowicka & Joe, "Generating random correlation matrices based on vines and extended onion
//! method", Journal of Multivariate Analysis 100 (2009), eq. 16 for c and section 2 for the vine.

use crate::real::special::{beta_inv, digamma, ln_beta};
use std::f64::consts::LN_2;

/// ln c of n × n matrices and its derivative by η: with h = η + (k − 1)/2 for k = 1, ..., n − 1,
/// Σ k ((2h − 1) ln 2 + ln B(h, h)).
pub fn ln_normalisation(n: usize, eta: f64) -> (f64, f64) {
    (1..n).fold((0.0, 0.0), |(value, slope), k| {
        let k = k as f64;
        let h = eta + 0.5 * (k - 1.0);
        (
            value + k * ((2.0 * h - 1.0) * LN_2 + ln_beta(h, h)),
            slope + k * 2.0 * (LN_2 + digamma(h) - digamma(2.0 * h)),
        )
    })
}

/// The power of L_ii (i from 0) in the density: 2(η − 1) of a density by the elements of R below its diagonal; of
/// one by those of L, n − 1 − i more.
pub fn power(n: usize, i: usize, eta: f64, by_factor: bool) -> f64 {
    2.0 * (eta - 1.0) + if by_factor { (n - 1 - i) as f64 } else { 0.0 }
}

/// ln p from the diagonal of the factor; −∞ where the matrix is singular, NaN where η is invalid or a diagonal element is
/// not a number.
///
/// ```
/// use ppl_runtime::dist::vector::lkj;
/// // η = 1 is uniform: a correlation of two is in (−1, 1).
/// assert!((lkj::log_density(&[1.0, 0.6], 1.0, false) + 2.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn log_density(diagonal: &[f64], eta: f64, by_factor: bool) -> f64 {
    let n = diagonal.len();
    if !(eta > 0.0 && eta.is_finite()) || diagonal.iter().any(|d| d.is_nan()) {
        return f64::NAN;
    }
    if diagonal.iter().any(|&d| d <= 0.0) {
        return f64::NEG_INFINITY;
    }
    let powers: f64 = diagonal
        .iter()
        .enumerate()
        .skip(1)
        .map(|(i, d)| power(n, i, eta, by_factor) * d.ln())
        .sum();
    powers - ln_normalisation(n, eta).0
}

/// ln p as [`log_density`]; writes ∂/∂L_ii and returns ∂/∂η too.
pub fn partials(
    diagonal: &[f64],
    eta: f64,
    by_factor: bool,
    by_diagonal: &mut [f64],
) -> (f64, f64) {
    let n = diagonal.len();
    let value = log_density(diagonal, eta, by_factor);
    by_diagonal.fill(0.0);
    if !value.is_finite() {
        return (value, 0.0);
    }
    let mut by_eta = -ln_normalisation(n, eta).1;
    for (i, (by, d)) in by_diagonal.iter_mut().zip(diagonal).enumerate().skip(1) {
        *by = power(n, i, eta, by_factor) / d;
        by_eta += 2.0 * d.ln();
    }
    (value, by_eta)
}

/// The factor at a point of the unit cube, row by row: the partial correlation of i and j given 0, ..., j − 1 is
/// Beta(h, h) on (−1, 1) with h = η + (n − 2 − j)/2, all independent.
pub fn from_cube(eta: f64, mut u: impl FnMut() -> f64, factor: &mut [f64], n: usize) {
    factor.fill(0.0);
    for i in 0..n {
        let mut left = 1.0;
        for j in 0..i {
            let h = eta + 0.5 * (n - 2 - j) as f64;
            let u = u();
            let (x, y) = beta_inv(h, h, u, 1.0 - u);
            factor[i * n + j] = (x - y) * left;
            // 1 − z² = 4 x y
            left *= 2.0 * (x * y).sqrt();
        }
        factor[i * n + i] = left.max(f64::MIN_POSITIVE);
    }
}
