//! Least squares, to nearly twice the digits of a number.

use super::basis::dot;

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
    let root = cholesky(&product, r)?;
    let mut solution = vec![[0.0; 2]; r];
    let mut rest = vec![0.0; y.len()];
    for _ in 0..3 {
        remainders(weights, y, &solution, &mut rest);
        let mut step = vec![0.0; r];
        for (row, e) in weights.chunks_exact(r).zip(&rest) {
            step.iter_mut().zip(row).for_each(|(s, w)| *s += w * e);
        }
        solve(&root, &mut step, r);
        for (t, s) in solution.iter_mut().zip(step) {
            let [high, low] = two_sum(t[0], s);
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

/// The lower factor of a positive definite matrix.
fn cholesky(a: &[f64], r: usize) -> Option<Vec<f64>> {
    let mut l = a.to_vec();
    for i in 0..r {
        for j in 0..=i {
            let sum = l[i * r + j] - dot(&l[i * r..i * r + j], &l[j * r..j * r + j]);
            if i > j {
                l[i * r + j] = sum / l[j * r + j];
            } else if sum > 0.0 {
                l[i * r + i] = sum.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(l)
}

fn solve(l: &[f64], x: &mut [f64], r: usize) {
    for i in 0..r {
        x[i] = (x[i] - dot(&l[i * r..i * r + i], x)) / l[i * r + i];
    }
    for i in (0..r).rev() {
        let below: f64 = (i + 1..r).map(|k| l[k * r + i] * x[k]).sum();
        x[i] = (x[i] - below) / l[i * r + i];
    }
}
