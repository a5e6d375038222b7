//! How far points lie outside the ellipsoids of their resamples: the bootstrap of a bound, eight rounds side by side. Islands of
//! some dozen points are many, and too small to go through them eight points at a time.

use super::super::linear::{LANES, MIN_PIVOT};
use super::cloud::{Cloud, Work};
use super::one::Ellipsoid;
use crate::random::{Purpose, keyed};
use crate::real::kernels::dispatch_plain;
use rand::RngExt;
use rayon::prelude::*;

/// Rounds of the bootstrap.
const ROUNDS: usize = 30;
/// Coordinates of points for which a thread draws and measures resamples, at least.
const GRAIN: usize = 20_000;

/// One number of each round.
type Lanes = [f64; LANES];

/// How often each point is in each resample, and what is computed of them.
struct Resamples {
    times: Vec<Lanes>,
    mean: Vec<Lanes>,
    /// Products of coordinates, then the covariance, then its Cholesky factor: the lower triangle, row by row.
    factor: Vec<Lanes>,
    white: Vec<Lanes>,
    /// What a round needs that goes by itself.
    alone: (Ellipsoid, Work, Vec<f64>),
}

/// Squared distances of the farthest point within and without each resample, in units of its ellipsoid's axes.
struct Reach {
    within: Lanes,
    without: Lanes,
    /// Whether the factor of the round's covariance is sound.
    is_sound: [bool; LANES],
}

/// The largest ratio, of all rounds, of the squared distances of the farthest point left out of a resample and the farthest in it,
/// measured by the ellipsoid of the resample; 1 at least. `number` is that of the ellipsoid.
pub(super) fn expansion(cloud: &Cloud, (seed, batch): (u64, u64), number: usize) -> f64 {
    let (d, n) = (cloud.dim, cloud.count);
    let start = || Resamples {
        times: vec![[0.0; LANES]; n],
        mean: vec![[0.0; LANES]; d],
        factor: vec![[0.0; LANES]; d * d],
        white: vec![[0.0; LANES]; d],
        alone: (Ellipsoid::default(), Work::default(), cloud.none()),
    };
    let rounds = |resamples: &mut Resamples, first: usize| {
        let rounds = first..ROUNDS.min(first + LANES);
        resamples.times.fill([0.0; LANES]);
        for (lane, round) in rounds.clone().enumerate() {
            let slot = (number * ROUNDS + round) as u64;
            let mut rng = keyed(seed, Purpose::Bound, batch, slot);
            for _ in 0..n {
                resamples.times[rng.random_range(0..n)][lane] += 1.0;
            }
        }
        resamples.expansion(cloud, rounds.len())
    };
    // The maximum does not depend on the order.
    (0..ROUNDS.div_ceil(LANES))
        .into_par_iter()
        .with_min_len(1 + GRAIN / (LANES * n * d))
        .map_init(start, |resamples, k| rounds(resamples, k * LANES))
        .reduce(|| 1.0, f64::max)
}

impl Resamples {
    /// The largest ratio of the first `rounds` lanes.
    fn expansion(&mut self, cloud: &Cloud, rounds: usize) -> f64 {
        let reach = reaches(
            cloud.columns(),
            &self.times,
            &mut self.mean,
            &mut self.factor,
            &mut self.white,
        );
        let ratio = |lane: usize| match reach.is_sound[lane] {
            true => reach.without[lane] / reach.within[lane].max(1e-300),
            false => self.ratio_alone(cloud, lane),
        };
        (0..rounds).map(ratio).fold(1.0, f64::max)
    }

    /// The ratio of one round, of which the covariance has to be rounded.
    fn ratio_alone(&mut self, cloud: &Cloud, lane: usize) -> f64 {
        let (ellipsoid, work, times) = &mut self.alone;
        let own = self.times.iter().map(|t| t[lane]);
        times.iter_mut().zip(own).for_each(|(t, own)| *t = own);
        ellipsoid.take_shape(cloud, times, work);
        let (mut within, mut without) = (1e-300, 0.0);
        for (&distance, &times) in work.distances.iter().zip(&*times).take(cloud.count) {
            let reach = if times > 0.0 {
                &mut within
            } else {
                &mut without
            };
            *reach = f64::max(*reach, distance);
        }
        without / within
    }
}

#[inline(always)]
fn reaches_body(
    (columns, stride): (&[f64], usize),
    times: &[Lanes],
    mean: &mut [Lanes],
    factor: &mut [Lanes],
    white: &mut [Lanes],
) -> Reach {
    add_up(columns, stride, times, (mean, factor));
    centre(1.0 / times.len() as f64, mean, factor);
    let is_sound = decompose(factor, mean.len());
    let (mut within, mut without) = ([0.0; LANES], [0.0; LANES]);
    for (k, times) in times.iter().enumerate() {
        let distance = distance2(&columns[k..], stride, (mean, factor), white);
        for l in 0..LANES {
            let (inside, outside) = match times[l] > 0.0 {
                true => (distance[l], 0.0),
                false => (0.0, distance[l]),
            };
            within[l] = if inside > within[l] {
                inside
            } else {
                within[l]
            };
            without[l] = if outside > without[l] {
                outside
            } else {
                without[l]
            };
        }
    }
    Reach {
        within,
        without,
        is_sound,
    }
}

/// Sums of coordinates and of their products, each point as often as it is in the resample.
#[inline(always)]
fn add_up(
    columns: &[f64],
    stride: usize,
    times: &[Lanes],
    (sums, products): (&mut [Lanes], &mut [Lanes]),
) {
    let d = sums.len();
    sums.fill([0.0; LANES]);
    products.fill([0.0; LANES]);
    for (k, times) in times.iter().enumerate() {
        let rows = products.chunks_exact_mut(d).zip(sums.iter_mut());
        for (i, (row, sum)) in rows.enumerate() {
            let x = columns[i * stride + k];
            let own = times.map(|t| t * x);
            for (j, product) in row[..=i].iter_mut().enumerate() {
                let y = columns[j * stride + k];
                for l in 0..LANES {
                    product[l] += own[l] * y;
                }
            }
            for l in 0..LANES {
                sum[l] += own[l];
            }
        }
    }
}

/// Means and covariances from sums, `share` one over their number.
#[inline(always)]
fn centre(share: f64, mean: &mut [Lanes], products: &mut [Lanes]) {
    let d = mean.len();
    for (i, row) in products.chunks_exact_mut(d).enumerate() {
        mean[i] = mean[i].map(|m| m * share);
        for (product, mean_j) in row[..=i].iter_mut().zip(&*mean) {
            for l in 0..LANES {
                product[l] = product[l] * share - mean[i][l] * mean_j[l];
            }
        }
    }
}

/// The Cholesky factor in place of the covariance, with the reciprocals of its diagonal there. Whether that is sound.
#[inline(always)]
fn decompose(factor: &mut [Lanes], d: usize) -> [bool; LANES] {
    let mut is_sound = [true; LANES];
    for i in 0..d {
        let (done, row) = factor.split_at_mut(i * d);
        for j in 0..i {
            let mut rest = row[j];
            for (a, b) in row[..j].iter().zip(&done[j * d..]) {
                for l in 0..LANES {
                    rest[l] -= a[l] * b[l];
                }
            }
            for l in 0..LANES {
                row[j][l] = rest[l] * done[j * d + j][l];
            }
        }
        let variance = row[i];
        let mut rest = variance;
        for a in &row[..i] {
            for l in 0..LANES {
                rest[l] -= a[l] * a[l];
            }
        }
        for l in 0..LANES {
            is_sound[l] &= rest[l] > MIN_PIVOT * variance[l] && variance[l] > f64::MIN_POSITIVE;
            row[i][l] = rest[l].sqrt().recip();
        }
    }
    is_sound
}

/// ‖L⁻¹(x − c)‖² of the point of which coordinates are `stride` apart.
#[inline(always)]
fn distance2(
    x: &[f64],
    stride: usize,
    (mean, factor): (&[Lanes], &[Lanes]),
    white: &mut [Lanes],
) -> Lanes {
    let d = mean.len();
    let mut sum = [0.0; LANES];
    for (i, row) in factor.chunks_exact(d).enumerate() {
        let mut rest = mean[i].map(|m| x[i * stride] - m);
        for (a, y) in row[..i].iter().zip(&*white) {
            for l in 0..LANES {
                rest[l] -= a[l] * y[l];
            }
        }
        for l in 0..LANES {
            rest[l] *= row[i][l];
            sum[l] += rest[l] * rest[l];
        }
        white[i] = rest;
    }
    sum
}

dispatch_plain! {
    /// Means, covariances and their factors of eight resamples, and how far points lie from them.
    fn reaches = reaches_body(
        points: (&[f64], usize),
        times: &[Lanes],
        mean: &mut [Lanes],
        factor: &mut [Lanes],
        white: &mut [Lanes],
    ) -> Reach;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight rounds side by side are what each is by itself.
    #[test]
    fn rounds_side_by_side_are_those_alone() {
        let mut rng = keyed(6, Purpose::User, 0, 0);
        for (dim, n) in [(1, 9), (2, 25), (5, 41), (10, 60)] {
            let points: Vec<f64> = (0..n * dim).map(|_| rng.random()).collect();
            let cloud = Cloud::new(&points, dim, &(0..n).collect::<Vec<_>>());
            let mut resamples = Resamples {
                times: vec![[0.0; LANES]; n],
                mean: vec![[0.0; LANES]; dim],
                factor: vec![[0.0; LANES]; dim * dim],
                white: vec![[0.0; LANES]; dim],
                alone: (Ellipsoid::default(), Work::default(), cloud.none()),
            };
            for lane in 0..LANES {
                // The last has two points alone, which have no shape but on a line.
                for _ in 0..n {
                    let k = rng.random_range(0..n);
                    let k = if lane + 1 == LANES { k % 2 } else { k };
                    resamples.times[k][lane] += 1.0;
                }
            }
            let alone: Vec<f64> = (0..LANES)
                .map(|l| resamples.ratio_alone(&cloud, l))
                .collect();
            let mut largest = 1.0;
            for (lane, alone) in alone.iter().enumerate() {
                largest = f64::max(largest, *alone);
                let found = resamples.expansion(&cloud, lane + 1);
                assert!(
                    (found / largest - 1.0).abs() < 1e-9,
                    "{dim} {lane} {found} {largest}"
                );
            }
        }
    }
}
