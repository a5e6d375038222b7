//! Points by columns, so that what bounds need of all of them is done eight points at a time.

use super::super::linear::LANES;
use crate::real::kernels::dispatch_plain;

/// Coordinates of points around their mean: `dim` columns, filled up with zeros to whole blocks of lanes.
pub(super) struct Cloud {
    pub dim: usize,
    pub count: usize,
    pub mean: Vec<f64>,
    padded: usize,
    columns: Vec<f64>,
}

/// What is computed of a cloud, in memory that is used again.
#[derive(Default)]
pub(super) struct Work {
    pub mean: Vec<f64>,
    pub covariance: Vec<f64>,
    /// Squared distances, one a point and more for what fills the columns up.
    pub distances: Vec<f64>,
    scratch: Vec<f64>,
    white: Vec<[f64; LANES]>,
}

impl Cloud {
    /// The points named by `rows`.
    pub(super) fn new(points: &[f64], dim: usize, rows: &[usize]) -> Cloud {
        let n = rows.len().max(1) as f64;
        let mut mean = vec![0.0; dim];
        for &r in rows {
            let point = &points[r * dim..(r + 1) * dim];
            mean.iter_mut().zip(point).for_each(|(m, x)| *m += x / n);
        }
        let padded = rows.len().next_multiple_of(LANES);
        let mut columns = vec![0.0; dim * padded];
        for (k, &r) in rows.iter().enumerate() {
            for i in 0..dim {
                columns[i * padded + k] = points[r * dim + i] - mean[i];
            }
        }
        Cloud {
            dim,
            count: rows.len(),
            mean,
            padded,
            columns,
        }
    }

    /// Weights of nothing.
    pub(super) fn none(&self) -> Vec<f64> {
        vec![0.0; self.padded]
    }

    /// Weights of one for every point, none for what fills the columns up.
    pub(super) fn ones(&self) -> Vec<f64> {
        let mut weights = self.none();
        weights[..self.count].fill(1.0);
        weights
    }

    /// Weighted mean, and weighted covariance of columns that are centred already but for that mean.
    pub(super) fn moments(&self, weights: &[f64], work: &mut Work) {
        let d = self.dim;
        for (sums, len) in [
            (&mut work.mean, d),
            (&mut work.covariance, d * d),
            (&mut work.scratch, self.padded),
        ] {
            sums.clear();
            sums.resize(len, 0.0);
        }
        let (mean, covariance) = (&mut work.mean, &mut work.covariance);
        weighted_sums(&self.columns, weights, &mut work.scratch, mean, covariance);
        let total: f64 = weights.iter().sum();
        let total = total.max(1.0);
        mean.iter_mut().for_each(|m| *m /= total);
        for i in 0..d {
            for j in 0..=i {
                let c = covariance[i * d + j] / total - mean[i] * mean[j];
                covariance[i * d + j] = c;
                covariance[j * d + i] = c;
            }
        }
    }

    /// ‖L⁻¹(x − c)‖² of every point, c the mean in `work`; `pivots` are the reciprocals of the diagonal of `factor`.
    pub(super) fn distances(&self, factor: &[f64], pivots: &[f64], work: &mut Work) {
        work.distances.resize(self.padded, 0.0);
        work.white.resize(self.dim, [0.0; LANES]);
        solve_columns(
            &self.columns,
            (&work.mean, factor, pivots),
            &mut work.white,
            None,
            &mut work.distances,
        );
    }

    /// The same points as L⁻¹x.
    pub(super) fn whitened(&self, factor: &[f64], pivots: &[f64]) -> Cloud {
        let mut columns = vec![0.0; self.columns.len()];
        let mut out = vec![0.0; self.padded];
        let mut white = vec![[0.0; LANES]; self.dim];
        let origin = vec![0.0; self.dim];
        let metric = (&origin[..], factor, pivots);
        solve_columns(
            &self.columns,
            metric,
            &mut white,
            Some(&mut columns),
            &mut out,
        );
        Cloud {
            columns,
            mean: origin,
            ..*self
        }
    }

    /// All coordinates, and how far those of one point are apart.
    pub(super) fn columns(&self) -> (&[f64], usize) {
        (&self.columns, self.padded)
    }

    /// Coordinate `i` of every point.
    pub(super) fn column(&self, i: usize) -> &[f64] {
        &self.columns[i * self.padded..(i + 1) * self.padded]
    }
}

/// Sums of weight times coordinate, and of weight times products of coordinates, the lower triangle.
#[inline(always)]
fn weighted_sums_body(
    columns: &[f64],
    weights: &[f64],
    scratch: &mut [f64],
    sums: &mut [f64],
    products: &mut [f64],
) {
    let (n, d) = (weights.len(), sums.len());
    if n == 0 {
        return;
    }
    for (i, x) in columns.chunks_exact(n).enumerate() {
        let mut lanes = [0.0; LANES];
        let blocks = scratch.as_chunks_mut::<LANES>().0.iter_mut();
        let (x, w) = (x.as_chunks::<LANES>().0, weights.as_chunks::<LANES>().0);
        for ((s, x), w) in blocks.zip(x).zip(w) {
            for k in 0..LANES {
                s[k] = x[k] * w[k];
                lanes[k] += s[k];
            }
        }
        sums[i] = total(lanes);
        let s = scratch.as_chunks::<LANES>().0;
        for (j, y) in columns.chunks_exact(n).take(i + 1).enumerate() {
            let mut lanes = [0.0; LANES];
            for (s, y) in s.iter().zip(y.as_chunks::<LANES>().0) {
                for k in 0..LANES {
                    lanes[k] += s[k] * y[k];
                }
            }
            products[i * d + j] = total(lanes);
        }
    }
}

#[inline(always)]
fn total(x: [f64; LANES]) -> f64 {
    ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]))
}

/// Eight neighbours of a column. Columns are whole blocks, so that none is ever missing.
#[inline(always)]
pub(super) fn block(columns: &[f64], from: usize) -> &[f64; LANES] {
    match columns[from..].first_chunk() {
        Some(block) => block,
        None => &[f64::INFINITY; LANES],
    }
}

/// L⁻¹(x − c) by forward substitution, a block of points at a time, and its squared length.
#[inline(always)]
fn solve_columns_body(
    columns: &[f64],
    (center, factor, pivots): (&[f64], &[f64], &[f64]),
    white: &mut [[f64; LANES]],
    mut keep: Option<&mut Vec<f64>>,
    out: &mut [f64],
) {
    let (n, d) = (out.len(), center.len());
    for (b, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let mut squares = [0.0; LANES];
        for i in 0..d {
            let from = i * n + b * LANES;
            let mut rest = block(columns, from).map(|x| x - center[i]);
            for (l, y) in factor[i * d..i * d + i].iter().zip(&*white) {
                for k in 0..LANES {
                    rest[k] -= l * y[k];
                }
            }
            for k in 0..LANES {
                rest[k] *= pivots[i];
                squares[k] += rest[k] * rest[k];
            }
            white[i] = rest;
            if let Some(keep) = &mut keep {
                keep[from..from + LANES].copy_from_slice(&rest);
            }
        }
        *out = squares;
    }
}

dispatch_plain! {
    fn weighted_sums = weighted_sums_body(
        columns: &[f64],
        weights: &[f64],
        scratch: &mut [f64],
        sums: &mut [f64],
        products: &mut [f64],
    );
}
dispatch_plain! {
    fn solve_columns = solve_columns_body(
        columns: &[f64],
        metric: (&[f64], &[f64], &[f64]),
        white: &mut [[f64; LANES]],
        keep: Option<&mut Vec<f64>>,
        out: &mut [f64],
    );
}
#[cfg(test)]
mod tests {
    use super::super::super::linear::{moments, solve_lower};
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;

    #[test]
    fn columns_and_rows_agree() {
        let mut rng = keyed(5, Purpose::User, 0, 0);
        for (dim, n) in [(1, 3), (3, 8), (7, 61)] {
            let points: Vec<f64> = (0..dim * n).map(|_| rng.random()).collect();
            // Each second point, once or twice.
            let rows: Vec<usize> = (0..n).step_by(2).collect();
            let twice: Vec<usize> = rows.iter().flat_map(|&r| vec![r; 1 + r % 4 / 2]).collect();
            let cloud = Cloud::new(&points, dim, &rows);
            let mut weights = cloud.ones();
            rows.iter()
                .zip(&mut weights)
                .for_each(|(&r, w)| *w = (1 + r % 4 / 2) as f64);
            let mut work = Work::default();
            cloud.moments(&weights, &mut work);
            let (mean, covariance) = (&work.mean, &work.covariance);
            let (mut want, mut want_covariance) = (Vec::new(), Vec::new());
            moments(&points, dim, &twice, &mut want, &mut want_covariance);
            for i in 0..dim {
                assert!((cloud.mean[i] + mean[i] - want[i]).abs() < 1e-14);
                for j in 0..dim {
                    assert!((covariance[i * dim + j] - want_covariance[i * dim + j]).abs() < 1e-14);
                }
            }
            let factor: Vec<f64> = (0..dim * dim)
                .map(|k| if k % dim == k / dim { 1.5 } else { 0.3 })
                .collect();
            let pivots = vec![1.0 / 1.5; dim];
            let white = cloud.whitened(&factor, &pivots);
            work.mean.fill(0.25);
            cloud.distances(&factor, &pivots, &mut work);
            let distances = &work.distances;
            for (k, &r) in rows.iter().enumerate() {
                let mut y = vec![0.0; dim];
                let x: Vec<f64> = (0..dim)
                    .map(|i| points[r * dim + i] - cloud.mean[i])
                    .collect();
                solve_lower(&factor, &x, &mut y);
                (0..dim).for_each(|i| assert!((white.column(i)[k] - y[i]).abs() < 1e-13));
                let shifted: Vec<f64> = x.iter().map(|x| x - 0.25).collect();
                solve_lower(&factor, &shifted, &mut y);
                let square: f64 = y.iter().map(|y| y * y).sum();
                assert!((distances[k] - square).abs() < 1e-12 * (1.0 + square));
            }
        }
    }
}
