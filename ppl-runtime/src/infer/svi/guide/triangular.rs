//! Lower-triangular matrices, row-major in full n × n storage.

/// Where row `i` of the strictly lower triangle begins when its rows are packed.
pub(super) fn packed(i: usize) -> usize {
    i * i.saturating_sub(1) / 2
}

/// Solves L·x = b in place.
pub(super) fn solve(l: &[f64], n: usize, x: &mut [f64]) {
    for i in 0..n {
        let row = &l[i * n..i * n + i];
        let sum: f64 = row.iter().zip(&x[..i]).map(|(l, x)| l * x).sum();
        x[i] = (x[i] - sum) / l[i * n + i];
    }
}

/// Solves Lᵀ·x = b in place.
pub(super) fn solve_transposed(l: &[f64], n: usize, x: &mut [f64]) {
    for i in (0..n).rev() {
        x[i] /= l[i * n + i];
        let xi = x[i];
        for (x, l) in x[..i].iter_mut().zip(&l[i * n..i * n + i]) {
            *x -= l * xi;
        }
    }
}

/// The Cholesky factor of a symmetric matrix, in place (the upper triangle is cleared); `None` unless it is
/// positive definite.
pub(super) fn cholesky(a: &mut [f64], n: usize) -> Option<()> {
    for i in 0..n {
        for j in 0..=i {
            let mut sum = a[i * n + j];
            for k in 0..j {
                sum -= a[i * n + k] * a[j * n + k];
            }
            if i == j {
                if sum.is_nan() || sum <= 0.0 {
                    return None;
                }
                a[i * n + i] = sum.sqrt();
            } else {
                a[i * n + j] = sum / a[j * n + j];
            }
        }
        a[i * n + i + 1..(i + 1) * n].fill(0.0);
    }
    Some(())
}
