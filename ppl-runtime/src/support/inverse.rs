//! The inverses of the bijections from R^n, in plain numbers: where on R^n a value is. Of a [`UnitVector`](super::UnitVector) any multiple is
//! one of its images, itself too; a correlation or covariance matrix goes by its [Cholesky factor](super::cholesky).

use super::{Bounds, Support};
use crate::real::{Mode, Value};

/// The u with x = `constrain`(support, u).
///
/// ```
/// use ppl_runtime::support::{Support, to_line};
/// assert_eq!(to_line(Support::Above(2.0), 3.0), 0.0);
/// ```
pub fn to_line(support: Support, x: f64) -> f64 {
    bounds_to_line::<Value>(support.into(), x)
}

/// The same for bounds that may be latent.
pub(crate) fn bounds_to_line<M: Mode>(bounds: Bounds<M>, x: f64) -> f64 {
    match bounds {
        Bounds::Real => x,
        Bounds::Positive => x.ln(),
        // x + ln(1 − e^−x)
        Bounds::SoftplusPositive => x + (-(-x).exp_m1()).ln(),
        Bounds::Unit => x.ln() - (-x).ln_1p(),
        Bounds::Above(a) => (x - a.value()).ln(),
        Bounds::Below(b) => (b.value() - x).ln(),
        Bounds::Interval(a, b) => ((x - a.value()) / (b.value() - x)).ln(),
    }
}

/// Of increasing numbers: the first, and the logarithms of the gaps.
pub fn ordered_to_line<const N: usize>(x: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|k| if k == 0 { x[0] } else { (x[k] - x[k - 1]).ln() })
}

/// Of positive increasing numbers: the logarithms of the first and of the gaps.
pub fn positive_ordered_to_line<const N: usize>(x: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|k| {
        if k == 0 {
            x[0].ln()
        } else {
            (x[k] - x[k - 1]).ln()
        }
    })
}

/// Of a simplex: u_k = ln(x_k/(what comes after k)) + ln(N − 1 − k), into N − 1 numbers.
pub fn simplex_to_line<const N: usize>(x: &[f64; N], out: &mut [f64]) {
    let mut after = 0.0;
    for k in (0..N).rev() {
        if k + 1 < N {
            out[k] = (x[k] / after).ln() + ((N - 1 - k) as f64).ln();
        }
        after += x[k];
    }
}

/// Of numbers that sum to zero: their coordinates in Helmert's basis, into N − 1 numbers.
pub fn zero_sum_to_line<const N: usize>(x: &[f64; N], out: &mut [f64]) {
    let mut before = 0.0;
    for k in 1..N {
        before += x[k - 1];
        out[k - 1] = (before - k as f64 * x[k]) / ((k * (k + 1)) as f64).sqrt();
    }
}

/// Of a lower triangular matrix: row by row its elements, of the diagonal their logarithms, into N (N + 1)/2 numbers.
pub fn cholesky_to_line<const N: usize>(l: &[[f64; N]; N], out: &mut [f64]) {
    let mut at = 0;
    for (i, row) in l.iter().enumerate() {
        for (j, x) in row.iter().enumerate().take(i + 1) {
            out[at] = if i == j { x.ln() } else { *x };
            at += 1;
        }
    }
}

/// Of the factor of a correlation matrix: the partial correlations z as artanh z, row by row, into N (N − 1)/2 numbers.
pub fn correlation_cholesky_to_line<const N: usize>(l: &[[f64; N]; N], out: &mut [f64]) {
    let mut end = N * N.saturating_sub(1) / 2;
    for (i, row) in l.iter().enumerate().rev() {
        // sinh(artanh z) = z/√(1 − z²) = L_ij/√(what comes after j in the row), which keeps its digits near |z| = 1.
        let mut after = row[i];
        for j in (0..i).rev() {
            end -= 1;
            out[end] = (row[j] / after).asinh();
            after = after.hypot(row[j]);
        }
    }
}
