//! Triangular factors of small matrices, by rows in square arrays, and how derivatives go through them.
//!
//! Source for the derivatives: S. P. Smith, "Differentiation of the Cholesky algorithm", Journal of Computational and
//! Graphical Statistics 4 (1995), section 4; I. Murray, "Differentiation of the Cholesky decomposition" (2016).

#![allow(
    clippy::needless_range_loop,
    reason = "of a matrix the indices say more than iterators over its rows"
)]

/// A square matrix by rows.
pub type Square<const N: usize> = [[f64; N]; N];

/// Turns the lower triangle of a symmetric matrix into its lower Cholesky factor, and clears what is above. False
/// where the matrix is not positive definite.
///
/// ```
/// use ppl_runtime::dist::vector::factor::cholesky;
/// let mut a = [[4.0, f64::NAN], [2.0, 10.0]];
/// assert!(cholesky(&mut a));
/// assert_eq!(a, [[2.0, 0.0], [1.0, 3.0]]);
/// ```
pub fn cholesky<const N: usize>(a: &mut Square<N>) -> bool {
    for i in 0..N {
        for j in 0..=i {
            let rest = (0..j).fold(a[i][j], |r, k| r - a[i][k] * a[j][k]);
            if i > j {
                a[i][j] = rest / a[j][j];
            } else if rest > 0.0 && rest.is_finite() {
                a[i][i] = rest.sqrt();
            } else {
                return false;
            }
        }
        a[i][i + 1..].fill(0.0);
    }
    true
}

/// Turns ∂/∂L into ∂/∂A for A = L Lᵀ, of which the lower triangle is read: an element below the diagonal counts once,
/// for both of its places.
pub fn cholesky_pullback<const N: usize>(l: &Square<N>, by: &mut Square<N>) {
    for k in (0..N).rev() {
        for j in (k + 1..N).rev() {
            for i in (j..N).rev() {
                by[i][k] -= by[i][j] * l[j][k];
                by[j][k] -= by[i][j] * l[i][k];
            }
        }
        for j in k + 1..N {
            by[j][k] /= l[k][k];
            by[k][k] -= l[j][k] * by[j][k];
        }
        by[k][k] *= 0.5 / l[k][k];
    }
}

/// A matrix with its rows and its columns in reverse order.
pub fn reversed<const N: usize>(a: &Square<N>) -> Square<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| a[N - 1 - i][N - 1 - j]))
}

/// The transpose.
pub fn transposed<const N: usize>(a: &Square<N>) -> Square<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| a[j][i]))
}

/// L⁻¹ of a lower triangular L, by forward substitution.
pub fn inverse<const N: usize>(l: &Square<N>) -> Square<N> {
    let mut inverse = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let unit = if i == j { 1.0 } else { 0.0 };
            let rest = (j..i).fold(unit, |r, k| r - l[i][k] * inverse[k][j]);
            inverse[i][j] = rest / l[i][i];
        }
    }
    inverse
}

/// Turns ∂/∂(L⁻¹) into ∂/∂L, both lower triangular: −L⁻ᵀ B L⁻ᵀ, of which the lower triangle is kept.
pub fn inverse_pullback<const N: usize>(inverse: &Square<N>, by: &mut Square<N>) {
    let mut half = [[0.0; N]; N];
    for (i, row) in half.iter_mut().enumerate() {
        for (j, x) in row.iter_mut().enumerate() {
            // (L⁻ᵀ B)_ij; B is lower triangular.
            *x = (i.max(j)..N).map(|k| inverse[k][i] * by[k][j]).sum();
        }
    }
    for i in 0..N {
        for j in 0..N {
            by[i][j] = if j <= i {
                -(0..=j).map(|k| half[i][k] * inverse[j][k]).sum::<f64>()
            } else {
                0.0
            };
        }
    }
}

/// Solves L x = b in place.
pub fn solve<const N: usize>(l: &Square<N>, x: &mut [f64; N]) {
    for i in 0..N {
        let rest = (0..i).fold(x[i], |r, k| r - l[i][k] * x[k]);
        x[i] = rest / l[i][i];
    }
}

/// Solves Lᵀ x = b in place.
pub fn solve_transposed<const N: usize>(l: &Square<N>, x: &mut [f64; N]) {
    for i in (0..N).rev() {
        let rest = (i + 1..N).fold(x[i], |r, k| r - l[k][i] * x[k]);
        x[i] = rest / l[i][i];
    }
}

/// L⁻¹ B of two lower triangular matrices.
pub fn solve_lower<const N: usize>(l: &Square<N>, b: &Square<N>) -> Square<N> {
    let mut x = *b;
    for i in 0..N {
        for j in 0..=i {
            let rest = (j..i).fold(x[i][j], |r, k| r - l[i][k] * x[k][j]);
            x[i][j] = rest / l[i][i];
        }
    }
    x
}

/// L⁻ᵀ B of a lower triangular L and any B.
pub fn solve_transposed_all<const N: usize>(l: &Square<N>, b: &Square<N>) -> Square<N> {
    let mut x = *b;
    for j in 0..N {
        for i in (0..N).rev() {
            let rest = (i + 1..N).fold(x[i][j], |r, k| r - l[k][i] * x[k][j]);
            x[i][j] = rest / l[i][i];
        }
    }
    x
}

/// Σ ln L_ii.
pub fn ln_diagonal<const N: usize>(l: &Square<N>) -> f64 {
    l.iter().enumerate().map(|(i, row)| row[i].ln()).sum()
}

/// Whether the diagonal is positive and what is below it finite.
pub fn is_factor<const N: usize>(l: &Square<N>) -> bool {
    let good = |i: usize, row: &[f64; N]| row[i] > 0.0 && row[..=i].iter().all(|x| x.is_finite());
    l.iter().enumerate().all(|(i, row)| good(i, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Square<4> = [
        [4.0, 0.0, 0.0, 0.0],
        [1.0, 3.0, 0.0, 0.0],
        [-0.5, 0.7, 2.0, 0.0],
        [0.3, -0.2, 0.9, 1.5],
    ];
    const WEIGHT: Square<4> = [
        [0.3, 0.0, 0.0, 0.0],
        [-1.0, 0.5, 0.0, 0.0],
        [0.2, 0.8, -0.7, 0.0],
        [1.1, -0.4, 0.6, 0.9],
    ];

    fn weighted(x: &Square<4>) -> f64 {
        let pairs = x.as_flattened().iter().zip(WEIGHT.as_flattened());
        pairs.map(|(x, w)| x * w).sum()
    }

    fn against_differences(by: &Square<4>, f: impl Fn(&Square<4>) -> f64) {
        for i in 0..4 {
            for j in 0..=i {
                let moved = |h: f64| {
                    let mut a = A;
                    a[i][j] += h;
                    f(&a)
                };
                let slope = |h: f64| (moved(h) - moved(-h)) / (2.0 * h);
                let wanted = (4.0 * slope(1e-4) - slope(2e-4)) / 3.0;
                assert!(
                    (by[i][j] - wanted).abs() < 1e-9,
                    "{i},{j}: {} {wanted}",
                    by[i][j]
                );
            }
        }
    }

    #[test]
    fn derivatives_through_a_cholesky_factor() {
        let factor = |a: &Square<4>| {
            let mut l = *a;
            assert!(cholesky(&mut l));
            l
        };
        let mut by = WEIGHT;
        cholesky_pullback(&factor(&A), &mut by);
        against_differences(&by, |a| weighted(&factor(a)));
    }

    #[test]
    fn derivatives_through_an_inverse() {
        let mut by = WEIGHT;
        inverse_pullback(&inverse(&A), &mut by);
        against_differences(&by, |a| weighted(&inverse(a)));
    }

    #[test]
    fn solutions() {
        let unit = solve_lower(&A, &A);
        for (i, row) in unit.iter().enumerate() {
            for (j, x) in row.iter().enumerate().take(i + 1) {
                assert!((x - f64::from(u8::from(i == j))).abs() < 1e-15);
            }
        }
        let x = [1.0, -2.0, 0.5, 3.0];
        let mut b: [f64; 4] = std::array::from_fn(|i| (0..=i).map(|k| A[i][k] * x[k]).sum());
        solve(&A, &mut b);
        let mut c: [f64; 4] = std::array::from_fn(|i| (i..4).map(|k| A[k][i] * x[k]).sum());
        solve_transposed(&A, &mut c);
        for i in 0..4 {
            assert!((b[i] - x[i]).abs() < 1e-14 && (c[i] - x[i]).abs() < 1e-14);
        }
        assert!(!cholesky(&mut [[1.0, 0.0], [2.0, 3.0]]));
    }
}
