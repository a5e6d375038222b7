//! Least squares, to nearly twice the digits of a number.

use super::basis::dot;
use nalgebra::{Cholesky, DMatrix, DVector};

/// The best fit W·t of y.
pub(super) struct Fit {
    /// WᵀW, by rows.
    pub product: Vec<f64>,
    /// t as a sum of a number and a small one each.
    pub solution: Vec<[f64; 2]>,
    /// Σ (y − W·t)².
    pub squares: f64,
}

/// a + b and what rounding lost.
pub(super) fn two_sum(a: f64, b: f64) -> [f64; 2] {
    let sum = a + b;
    let of_b = sum - a;
    [sum, (a - (sum - of_b)) + (b - of_b)]
}

/// The fit of `y[i]`, a sum of two numbers, by the rows of `weights`, `r` numbers each.
pub(super) fn of(weights: &[f64], y: &[[f64; 2]], r: usize) -> Option<Fit> {
    let mut product = vec![0.0; r * r];
    for row in weights.chunks_exact(r) {
        for i in 0..r {
            for j in 0..r {
                product[i * r + j] += row[i] * row[j];
            }
        }
    }
    let root = Cholesky::new(DMatrix::from_row_slice(r, r, &product))?;
    let mut solution = vec![[0.0; 2]; r];
    let mut rest = vec![0.0; y.len()];
    for _ in 0..3 {
        remainders(weights, y, &solution, &mut rest);
        let mut step = DVector::zeros(r);
        for (row, e) in weights.chunks_exact(r).zip(&rest) {
            step.iter_mut().zip(row).for_each(|(s, w)| *s += w * e);
        }
        root.solve_mut(&mut step);
        for (t, s) in solution.iter_mut().zip(&step) {
            let [high, low] = two_sum(t[0], *s);
            *t = two_sum(high, t[1] + low);
        }
    }
    remainders(weights, y, &solution, &mut rest);
    let squares = dot(&rest, &rest);
    let finite = squares.is_finite() && solution.iter().all(|t| t[0].is_finite());
    finite.then_some(Fit {
        product,
        solution,
        squares,
    })
}

/// y − W·t: products and sums with what rounding lost of them.
fn remainders(weights: &[f64], y: &[[f64; 2]], t: &[[f64; 2]], out: &mut [f64]) {
    for ((out, y), row) in out.iter_mut().zip(y).zip(weights.chunks_exact(t.len())) {
        let [mut high, mut low] = *y;
        for (w, t) in row.iter().zip(t) {
            let product = -w * t[0];
            let lost = (-w).mul_add(t[0], -product);
            let [sum, rounding] = two_sum(high, product);
            high = sum;
            low += rounding + lost - w * t[1];
        }
        *out = high + low;
    }
}
