//! The little linear algebra that bounds and directions need, on flat row-major storage.

use crate::random::Rng;
use crate::real::kernels::dispatch_plain;
use rand::RngExt;
use rand_distr::StandardNormal;

/// Smallest standard deviation of a coordinate: below it neighbouring values of f64 begin to show.
const MIN_SD: f64 = 1e-13;

/// Smallest squared pivot of the factor of a correlation matrix: below it rounding shows.
pub(super) const MIN_PIVOT: f64 = 1e-13;

/// Cholesky factor of a covariance whose eigenvalues are floored: the correlation matrix is mixed with the identity
/// by the smallest ε of 0, 1e-12, 1e-10, … that makes it positive definite. Writes the lower factor to `factor`.
pub(super) fn cholesky_floored(
    covariance: &[f64],
    dim: usize,
    shrinkage: f64,
    factor: &mut Vec<f64>,
) {
    let sd: Vec<f64> = (0..dim)
        .map(|i| covariance[i * dim + i].max(0.0).sqrt().max(MIN_SD))
        .collect();
    let mut mix = shrinkage;
    loop {
        factor.clear();
        factor.resize(dim * dim, 0.0);
        if correlation_factor(covariance, &sd, dim, mix, factor) {
            break;
        }
        mix = if mix < 1e-12 {
            1e-12
        } else {
            (mix * 100.0).min(1.0)
        };
    }
    for (row, sd) in factor.chunks_exact_mut(dim).zip(&sd) {
        row.iter_mut().for_each(|x| *x *= sd);
    }
}

fn correlation_factor(
    covariance: &[f64],
    sd: &[f64],
    dim: usize,
    mix: f64,
    factor: &mut [f64],
) -> bool {
    for i in 0..dim {
        for j in 0..=i {
            let correlation = if i == j {
                1.0
            } else {
                (1.0 - mix) * covariance[i * dim + j] / (sd[i] * sd[j])
            };
            let (done, row) = factor.split_at_mut(i * dim);
            let dot: f64 = if i == j {
                row[..j].iter().map(|x| x * x).sum()
            } else {
                dot(&row[..j], &done[j * dim..j * dim + j])
            };
            let rest = correlation - dot;
            if i == j {
                // With ε mixed in, rounding leaves pivots of about ε.
                if rest.is_nan() || rest <= MIN_PIVOT {
                    return false;
                }
                row[j] = rest.sqrt();
            } else {
                row[j] = rest / done[j * dim + j];
            }
        }
    }
    true
}

/// Lanes of sums and extremes: as many as two registers of four hold.
pub(super) const LANES: usize = 8;

/// Σ a b, summed in lanes.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_blocks, a_rest) = a.as_chunks::<LANES>();
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        for k in 0..LANES {
            lanes[k] += a[k] * b[k];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    lanes.iter().sum::<f64>() + rest
}

/// Mean and covariance (divided by n) of the rows of `points` named by `rows`.
pub(super) fn moments(
    points: &[f64],
    dim: usize,
    rows: &[usize],
    mean: &mut Vec<f64>,
    covariance: &mut Vec<f64>,
) {
    mean.clear();
    mean.resize(dim, 0.0);
    covariance.clear();
    covariance.resize(dim * dim, 0.0);
    let n = rows.len().max(1) as f64;
    for &r in rows {
        mean.iter_mut()
            .zip(&points[r * dim..])
            .for_each(|(m, x)| *m += x / n);
    }
    let mut deltas = Vec::with_capacity(rows.len() * dim);
    for &r in rows {
        let point = &points[r * dim..(r + 1) * dim];
        deltas.extend(point.iter().zip(&*mean).map(|(x, m)| x - m));
    }
    add_outers(covariance, &deltas, dim, (1.0, 1.0 / n));
    mirror(covariance, dim);
}

/// Adds `scale · δ δᵀ` to the lower triangle.
pub(super) fn add_outer(matrix: &mut [f64], delta: &[f64], scale: f64) {
    for (i, row) in matrix.chunks_exact_mut(delta.len()).enumerate() {
        let s = scale * delta[i];
        row[..=i]
            .iter_mut()
            .zip(delta)
            .for_each(|(m, d)| *m += s * d);
    }
}

/// Elements of a row that are kept in registers while all points are added to them.
const BLOCK: usize = 4 * LANES;

#[inline(always)]
fn add_outers_body(matrix: &mut [f64], deltas: &[f64], dim: usize, (keep, scale): (f64, f64)) {
    for i in 0..dim {
        // Whole registers are filled from the upper triangle, which nobody reads.
        let end = ((i + 1).next_multiple_of(LANES)).min(dim);
        let row = &mut matrix[i * dim..i * dim + end];
        let (blocks, rest) = row.as_chunks_mut::<BLOCK>();
        let wide = blocks.len() * BLOCK;
        for (b, block) in blocks.iter_mut().enumerate() {
            add_block(block, deltas, (i, b * BLOCK), dim, (keep, scale));
        }
        let (blocks, rest) = rest.as_chunks_mut::<LANES>();
        let narrow = wide + blocks.len() * LANES;
        for (b, block) in blocks.iter_mut().enumerate() {
            add_block(block, deltas, (i, wide + b * LANES), dim, (keep, scale));
        }
        for (j, x) in rest.iter_mut().enumerate() {
            for delta in deltas.chunks_exact(dim) {
                *x = *x * keep + scale * delta[i] * delta[narrow + j];
            }
        }
    }
}

#[inline(always)]
fn add_block<const N: usize>(
    block: &mut [f64; N],
    deltas: &[f64],
    (row, first): (usize, usize),
    dim: usize,
    (keep, scale): (f64, f64),
) {
    let mut sum = *block;
    for delta in deltas.chunks_exact(dim) {
        let s = scale * delta[row];
        let Some(delta) = delta[first..].first_chunk::<N>() else {
            return;
        };
        for k in 0..N {
            sum[k] = sum[k] * keep + s * delta[k];
        }
    }
    *block = sum;
}

dispatch_plain! {
    /// For each point δ of `deltas` in turn: `matrix = keep · matrix + scale · δ δᵀ`, in the lower triangle.
    fn add_outers =
        add_outers_body(matrix: &mut [f64], deltas: &[f64], dim: usize, factors: (f64, f64));
}

/// For each point δ of `deltas` in turn: `matrix = (1 − rate) (matrix + rate δ δᵀ)` in the lower triangle, an exponential
/// average of outer products of distances from an exponential average.
pub(super) fn average_outer(matrix: &mut [f64], deltas: &[f64], dim: usize, rate: f64) {
    let keep = 1.0 - rate;
    add_outers(matrix, deltas, dim, (keep, rate * keep));
}

/// Copies the lower triangle to the upper.
pub(super) fn mirror(matrix: &mut [f64], dim: usize) {
    for i in 0..dim {
        for j in 0..i {
            matrix[j * dim + i] = matrix[i * dim + j];
        }
    }
}

/// `out = matrixᵀ`.
pub(super) fn transpose(matrix: &[f64], out: &mut [f64], dim: usize) {
    for (i, out) in out.chunks_exact_mut(dim).enumerate() {
        let column = matrix[i..].iter().step_by(dim);
        out.iter_mut().zip(column).for_each(|(x, m)| *x = *m);
    }
}

/// Overwrites `basis` (dim × dim) with the rows of a random orthonormal basis: Gram–Schmidt, twice, on normals.
pub(super) fn random_basis(rng: &mut Rng, dim: usize, basis: &mut [f64]) {
    for i in 0..dim {
        let (done, rest) = basis.split_at_mut(i * dim);
        let row = &mut rest[..dim];
        // A row that lies in the span of those before it is drawn again; this has probability zero.
        loop {
            row.iter_mut().for_each(|x| *x = rng.sample(StandardNormal));
            let before = dot(row, row);
            for _ in 0..2 {
                for q in done.chunks_exact(dim) {
                    let along = dot(row, q);
                    row.iter_mut().zip(q).for_each(|(x, q)| *x -= along * q);
                }
            }
            let norm2 = dot(row, row);
            if norm2 > 1e-20 * before {
                let scale = norm2.sqrt().recip();
                row.iter_mut().for_each(|x| *x *= scale);
                break;
            }
        }
    }
}

/// `out = L⁻¹ x` for a lower triangular `L`.
pub(super) fn solve_lower(factor: &[f64], x: &[f64], out: &mut [f64]) {
    let dim = x.len();
    for i in 0..dim {
        let row = &factor[i * dim..i * dim + i + 1];
        out[i] = (x[i] - dot(&row[..i], &out[..i])) / row[i];
    }
}

/// `out = L q` for a lower triangular `L`.
pub(super) fn lower_times(factor: &[f64], q: &[f64], out: &mut [f64]) {
    for (i, (row, out)) in factor.chunks_exact(q.len()).zip(out).enumerate() {
        *out = dot(&row[..=i], &q[..=i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};

    #[test]
    fn singular_covariance_is_floored() {
        let mut factor = Vec::new();
        cholesky_floored(&[1.0, 1.0, 1.0, 1.0], 2, 0.0, &mut factor);
        assert!(factor.iter().all(|x| x.is_finite()) && factor[3] > 0.0);
        cholesky_floored(&[0.0; 9], 3, 0.0, &mut factor);
        assert!(factor.iter().all(|x| x.is_finite()) && factor[0] > 0.0);
    }

    #[test]
    fn factor_reproduces_the_covariance() {
        let c = [4.0, 1.2, 1.2, 9.0];
        let mut l = Vec::new();
        cholesky_floored(&c, 2, 0.0, &mut l);
        assert!((l[0] * l[0] - 4.0).abs() < 1e-12);
        assert!((l[0] * l[2] - 1.2).abs() < 1e-12);
        assert!((l[2] * l[2] + l[3] * l[3] - 9.0).abs() < 1e-12);
    }

    #[test]
    fn averages_of_batches_are_those_of_points() {
        let mut rng = keyed(2, Purpose::User, 0, 0);
        for dim in [1, 3, 8, 13, 32, 41, 75] {
            let deltas: Vec<f64> = (0..5 * dim).map(|_| rng.random()).collect();
            let mut once: Vec<f64> = (0..dim * dim).map(|_| rng.random()).collect();
            let mut singly = once.clone();
            average_outer(&mut once, &deltas, dim, 0.01);
            for delta in deltas.chunks_exact(dim) {
                singly.iter_mut().for_each(|x| *x *= 0.99);
                add_outer(&mut singly, delta, 0.01 * 0.99);
            }
            mirror(&mut once, dim);
            mirror(&mut singly, dim);
            assert_eq!(once, singly, "{dim}");
        }
    }

    #[test]
    fn basis_is_orthonormal() {
        let mut rng = keyed(1, Purpose::User, 0, 0);
        let mut basis = vec![0.0; 49];
        random_basis(&mut rng, 7, &mut basis);
        for i in 0..7 {
            for j in 0..7 {
                let expected = f64::from(u8::from(i == j));
                assert!(
                    (dot(&basis[i * 7..i * 7 + 7], &basis[j * 7..j * 7 + 7]) - expected).abs()
                        < 1e-13
                );
            }
        }
    }
}
