//! A group of points cut in two by k-means.

use super::super::linear::{LANES, moments};
use super::cloud::block;
use super::mask::{self, Mask};
use crate::real::kernels::dispatch_plain;

/// Two centres.
pub(super) type Seeds = (Vec<f64>, Vec<f64>);

const LLOYD_STEPS: usize = 10;

/// The points of a group, gathered from among all, row by row and in columns of whole blocks of lanes.
pub(super) struct Gathered<'a> {
    dim: usize,
    rows: &'a [usize],
    points: Vec<f64>,
    columns: Vec<f64>,
    mean: Vec<f64>,
    variance: Vec<f64>,
    /// Fourth moments about the mean.
    fourth: Vec<f64>,
}

impl<'a> Gathered<'a> {
    /// The points named by `rows`.
    pub(super) fn new(all: &[f64], dim: usize, rows: &'a [usize]) -> Self {
        let stride = rows.len().next_multiple_of(LANES);
        let mut points = Vec::with_capacity(rows.len() * dim);
        let mut columns = vec![0.0; stride * dim];
        for (k, r) in rows.iter().enumerate() {
            let point = &all[r * dim..(r + 1) * dim];
            points.extend_from_slice(point);
            for (i, x) in point.iter().enumerate() {
                columns[i * stride + k] = *x;
            }
        }
        let n = rows.len() as f64;
        let mut mean = vec![0.0; dim];
        add_rows(&points, &mut mean);
        mean.iter_mut().for_each(|m| *m /= n);
        let (mut variance, mut fourth) = (vec![0.0; dim], vec![0.0; dim]);
        add_powers(&points, &mean, &mut variance, &mut fourth);
        variance.iter_mut().chain(&mut fourth).for_each(|v| *v /= n);
        Gathered {
            dim,
            rows,
            points,
            columns,
            mean,
            variance,
            fourth,
        }
    }

    /// Two centres on the longest axis of the points, each coordinate measured by its standard deviation.
    pub(super) fn principal_axis(&self) -> Seeds {
        let dim = self.dim;
        let rows: Vec<usize> = (0..self.rows.len()).collect();
        let (mut mean, mut covariance) = (Vec::new(), Vec::new());
        moments(&self.points, dim, &rows, &mut mean, &mut covariance);
        let sd: Vec<f64> = (0..dim)
            .map(|i| covariance[i * dim + i].sqrt().max(1e-150))
            .collect();
        let mut axis: Vec<f64> = (0..dim).map(|i| 1.0 + 0.1 * i as f64).collect();
        for _ in 0..20 {
            let next: Vec<f64> = (0..dim)
                .map(|i| {
                    (0..dim)
                        .map(|j| covariance[i * dim + j] / (sd[i] * sd[j]) * axis[j])
                        .sum()
                })
                .collect();
            let norm = next
                .iter()
                .map(|x: &f64| x * x)
                .sum::<f64>()
                .sqrt()
                .max(1e-150);
            axis = next.into_iter().map(|x| x / norm).collect();
        }
        let at = |sign: f64| (0..dim).map(|i| mean[i] + sign * axis[i] * sd[i]).collect();
        (at(-1.0), at(1.0))
    }

    /// Two centres along the coordinate of least kurtosis, where two separated modes show most.
    pub(super) fn flattest_coordinate(&self) -> Seeds {
        let kurtosis = |i: usize| self.fourth[i] / self.variance[i].powi(2).max(1e-300);
        let best = (0..self.dim)
            .min_by(|&a, &b| kurtosis(a).total_cmp(&kurtosis(b)))
            .unwrap_or(0);
        let sd = self.variance[best].sqrt();
        let at = |sign: f64| {
            let mut center = self.mean.clone();
            center[best] += sign * sd;
            center
        };
        (at(-1.0), at(1.0))
    }

    /// The rows of the two halves, by Lloyd's iterations for two centres, each coordinate measured by its standard deviation.
    pub(super) fn halves(&self, (mut a, mut b): Seeds) -> (Vec<usize>, Vec<usize>) {
        let (dim, n) = (self.dim, self.rows.len());
        let weight: Vec<f64> = self
            .variance
            .iter()
            .map(|v| v.max(1e-300).recip())
            .collect();
        let mut masks = vec![0; n.div_ceil(LANES)];
        let mut before = 0;
        let mut left = 0;
        for _ in 0..LLOYD_STEPS {
            nearer(&self.columns, (&a, &b), &weight, &mut masks);
            let is_left = |k: usize| mask::has(masks[k / LANES], k % LANES);
            left = (0..n).filter(|&k| is_left(k)).count();
            if left == before || left == 0 || left == n {
                break;
            }
            before = left;
            (a, b) = (vec![0.0; dim], vec![0.0; dim]);
            for (k, point) in self.points.chunks_exact(dim).enumerate() {
                let sum = if is_left(k) { &mut a } else { &mut b };
                sum.iter_mut().zip(point).for_each(|(s, x)| *s += x);
            }
            a.iter_mut().for_each(|x| *x /= left as f64);
            b.iter_mut().for_each(|x| *x /= (n - left) as f64);
        }
        let mut halves = (Vec::with_capacity(left), Vec::with_capacity(n - left));
        for (k, &r) in self.rows.iter().enumerate() {
            match mask::has(masks[k / LANES], k % LANES) {
                true => halves.0.push(r),
                false => halves.1.push(r),
            }
        }
        halves
    }
}

#[inline(always)]
fn add_rows_body(points: &[f64], sums: &mut [f64]) {
    for point in points.chunks_exact(sums.len()) {
        sums.iter_mut().zip(point).for_each(|(s, x)| *s += x);
    }
}

#[inline(always)]
fn add_powers_body(points: &[f64], mean: &[f64], second: &mut [f64], fourth: &mut [f64]) {
    for point in points.chunks_exact(mean.len()) {
        let sums = second.iter_mut().zip(&mut *fourth);
        for (((second, fourth), x), mean) in sums.zip(point).zip(mean) {
            let square = (x - mean) * (x - mean);
            *second += square;
            *fourth += square * square;
        }
    }
}

/// For each block of points, which of them are no farther from the first centre than from the second.
#[inline(always)]
fn nearer_body(columns: &[f64], (a, b): (&[f64], &[f64]), weight: &[f64], masks: &mut [Mask]) {
    let stride = masks.len() * LANES;
    for (number, mask) in masks.iter_mut().enumerate() {
        let (mut from_a, mut from_b) = ([0.0; LANES], [0.0; LANES]);
        for (i, ((a, b), w)) in a.iter().zip(b).zip(weight).enumerate() {
            let x = block(columns, i * stride + number * LANES);
            for k in 0..LANES {
                from_a[k] += w * (x[k] - a) * (x[k] - a);
                from_b[k] += w * (x[k] - b) * (x[k] - b);
            }
        }
        *mask = mask::at_most(&from_a, &from_b);
    }
}

dispatch_plain! {
    fn add_rows = add_rows_body(points: &[f64], sums: &mut [f64]);
}
dispatch_plain! {
    /// Adds the second and fourth powers of what coordinates are off a mean.
    fn add_powers =
        add_powers_body(points: &[f64], mean: &[f64], second: &mut [f64], fourth: &mut [f64]);
}
dispatch_plain! {
    fn nearer =
        nearer_body(columns: &[f64], centres: (&[f64], &[f64]), weight: &[f64], masks: &mut [Mask]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;

    /// Rows 1, 3, 5, ... of all are in two blobs in turn, the others are of no concern. The blobs differ in these coordinates.
    fn blobs(differ: [f64; 3]) -> (Vec<f64>, Vec<usize>) {
        let mut rng = keyed(4, Purpose::User, 0, 0);
        let all = (0..2 * 101)
            .flat_map(|r| differ.map(|d| if r % 4 < 2 { 0.2 } else { 0.2 + 0.5 * d }))
            .map(|x| x + 0.1 * rng.random::<f64>())
            .collect();
        (all, (0..101).map(|k| 2 * k + 1).collect())
    }

    fn assert_apart(group: &Gathered<'_>, seeds: Seeds) {
        let (a, b) = group.halves(seeds);
        assert_eq!([a.len(), b.len()], [51, 50]);
        assert!(a.iter().all(|r| r % 4 < 2) && b.iter().all(|r| r % 4 >= 2));
    }

    #[test]
    fn two_blobs_are_told_apart() {
        let (all, rows) = blobs([1.0; 3]);
        let group = Gathered::new(&all, 3, &rows);
        assert_apart(&group, group.principal_axis());
        // In one coordinate alone: no axis of the correlations shows it.
        let (all, rows) = blobs([0.0, 0.0, 1.0]);
        let group = Gathered::new(&all, 3, &rows);
        assert_apart(&group, group.flattest_coordinate());
    }

    #[test]
    fn moments_are_those_of_each_coordinate() {
        let mut rng = keyed(5, Purpose::User, 0, 0);
        let all: Vec<f64> = (0..40).map(|_| rng.random()).collect();
        let rows = [0, 2, 3, 7, 9];
        let group = Gathered::new(&all, 4, &rows);
        for i in 0..4 {
            let x: Vec<f64> = rows.iter().map(|r| all[4 * r + i]).collect();
            let mean = x.iter().sum::<f64>() / 5.0;
            let moment = |p| x.iter().map(|x| (x - mean).powi(p)).sum::<f64>() / 5.0;
            assert!((group.mean[i] - mean).abs() < 1e-15);
            assert!((group.variance[i] - moment(2)).abs() < 1e-15);
            assert!((group.fourth[i] - moment(4)).abs() < 1e-15);
        }
    }
}
