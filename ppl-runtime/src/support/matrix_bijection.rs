//! Bijections from R^n to constrained vectors and matrices, with the logarithms of their Jacobians.

use super::constrained::{CorrelationAt, CovarianceAt};
use crate::real::special::ln_gamma;
use crate::real::{Mode, Real};
use std::f64::consts::LN_2;

/// Adds to a sum that may not have begun: a constant 0 would cost a node.
fn add<M: Mode>(sum: &mut Option<Real<M>>, x: Real<M>) {
    *sum = Some(sum.map_or(x, |s| s + x));
}

/// Positive ordered numbers: x₀ = e^{u₀}, x_k = x_{k−1} + e^{u_k}; ln Jacobian Σ u.
pub fn positive_ordered_from_line<M: Mode, const N: usize>(
    mut u: impl FnMut() -> Real<M>,
) -> ([Real<M>; N], Option<Real<M>>) {
    let (mut jacobian, mut last): (Option<Real<M>>, Option<Real<M>>) = (None, None);
    let x = std::array::from_fn(|_| {
        let u = u();
        add(&mut jacobian, u);
        let x = last.map_or(u.exp(), |before| before + u.exp());
        last = Some(x);
        x
    });
    (x, jacobian)
}

/// Numbers that sum to zero, from N − 1 coordinates by an orthonormal basis of that plane, so that the volume is that of
/// the plane and there is no Jacobian: coordinate k (from 1) moves the first k numbers up by u/√(k(k + 1)) and the
/// next one down by k times that (Helmert's basis).
pub fn zero_sum_from_line<M: Mode, const N: usize>(mut u: impl FnMut() -> Real<M>) -> [Real<M>; N] {
    let mut x = [Real::constant(0.0); N];
    let mut steps = [Real::constant(0.0); N];
    for (k, step) in steps.iter_mut().enumerate().skip(1) {
        *step = u() / ((k * (k + 1)) as f64).sqrt();
    }
    let mut above = Real::constant(0.0);
    for k in (0..N).rev() {
        // Number k goes up with the coordinates k + 1, ..., and down with coordinate k.
        x[k] = if k == 0 {
            above
        } else {
            above - steps[k] * k as f64
        };
        above += steps[k];
    }
    x
}

/// A unit vector u/|u|. The length |u|, which does not matter, is given the density proportional to
/// r^(n−1) exp(−r²/2), so that densities on the sphere by its surface stay densities:
/// ln "Jacobian" −|u|²/2 − (n/2 − 1) ln 2 − ln Γ(n/2).
pub fn unit_vector_from_line<M: Mode, const N: usize>(
    mut u: impl FnMut() -> Real<M>,
) -> ([Real<M>; N], Real<M>) {
    let u: [Real<M>; N] = std::array::from_fn(|_| u());
    // Scaled by the largest, so that the squares can't overflow.
    let largest = u
        .iter()
        .fold(f64::MIN_POSITIVE, |m, v| m.max(v.value().abs()));
    let squares: Real<M> = u.iter().map(|v| (*v / largest) * (*v / largest)).sum();
    let length = squares.sqrt() * largest;
    let half = 0.5 * N as f64;
    let jacobian = -0.5 * (squares * (largest * largest)) - (half - 1.0) * LN_2 - ln_gamma(half);
    (u.map(|v| v / length), jacobian)
}

/// A lower triangular matrix: row by row, the diagonal e^u; ln Jacobian the sum of the diagonal's u.
pub fn cholesky_from_line<M: Mode, const N: usize>(
    mut u: impl FnMut() -> Real<M>,
) -> ([[Real<M>; N]; N], Option<Real<M>>) {
    let mut jacobian = None;
    let mut l = [[Real::constant(0.0); N]; N];
    for (i, row) in l.iter_mut().enumerate() {
        for x in &mut row[..i] {
            *x = u();
        }
        let u = u();
        add(&mut jacobian, u);
        row[i] = u.exp();
    }
    (l, jacobian)
}

/// ln(1 − tanh² u) = −2 ln cosh u, without overflow.
fn ln_sech_square<M: Mode>(u: Real<M>) -> Real<M> {
    let v = u.value();
    let a = v.abs();
    let value = 2.0 * (LN_2 - a - (-2.0 * a).exp().ln_1p());
    Real::lift(value, [(u, -2.0 * v.tanh())])
}

/// The factor of a correlation matrix: the partial correlations z = tanh u fill it row by row,
/// L_ij = z_ij √(1 − Σ_{k<j} L_ik²); ln Jacobian (by the elements below the diagonal)
/// Σ ln(1 − z_ij²) + ½ ln(1 − Σ_{k<j} L_ik²) (Stan reference manual, "Cholesky factors of correlation matrices").
pub fn correlation_cholesky_from_line<M: Mode, const N: usize>(
    mut u: impl FnMut() -> Real<M>,
) -> ([[Real<M>; N]; N], Option<Real<M>>) {
    let mut jacobian = None;
    let mut l = [[Real::constant(0.0); N]; N];
    for (i, row) in l.iter_mut().enumerate() {
        // ½ ln of what is left of the row's length keeps its precision where little is left.
        let mut left: Option<Real<M>> = None;
        for x in &mut row[..i] {
            let u = u();
            let ln_rest = ln_sech_square(u);
            add(&mut jacobian, ln_rest);
            *x = match left {
                None => u.tanh(),
                Some(left) => {
                    add(&mut jacobian, left);
                    u.tanh() * left.exp()
                }
            };
            left = Some(left.map_or(0.5 * ln_rest, |l| l + 0.5 * ln_rest));
        }
        row[i] = left.map_or(Real::constant(1.0), |l| l.exp());
    }
    (l, jacobian)
}

/// A correlation matrix L Lᵀ through its factor; ln Jacobian that of the factor and Σ (n − 1 − i) ln L_ii (i from 0).
pub fn correlation_from_line<M: Mode, const N: usize>(
    u: impl FnMut() -> Real<M>,
) -> (CorrelationAt<M, N>, Option<Real<M>>) {
    let (factor, mut jacobian) = correlation_cholesky_from_line::<M, N>(u);
    for (i, row) in factor.iter().enumerate().skip(1) {
        if i + 1 < N {
            add(&mut jacobian, row[i].ln() * (N - 1 - i) as f64);
        }
    }
    (CorrelationAt::of_factor(factor), jacobian)
}

/// A covariance matrix L Lᵀ through its factor; ln Jacobian that of the factor and n ln 2 + Σ (n − i) ln L_ii.
pub fn covariance_from_line<M: Mode, const N: usize>(
    u: impl FnMut() -> Real<M>,
) -> (CovarianceAt<M, N>, Option<Real<M>>) {
    let (factor, mut jacobian) = cholesky_from_line::<M, N>(u);
    for (i, row) in factor.iter().enumerate() {
        add(&mut jacobian, row[i].ln() * (N - i) as f64 + LN_2);
    }
    (CovarianceAt::of_factor(factor), jacobian)
}
