//! Separate parts of a region: points that neighbours link.
//!
//! The volume of the region is known, and so how far apart its points are: a ball with a few times the volume that
//! one point stands for holds about as many others, and a part of the region falls into pieces only if it is thinner
//! than that.

use super::super::linear::{LANES, cholesky_floored, moments};
use super::cloud::{Cloud, near};
use super::one::log_unit_ball;

/// Points that a ball of the linking length holds in two dimensions, where the region is wider than that, and how
/// many times as many in each further one: the more dimensions, the more of a ball around a point lies outside.
const LINKED: f64 = 10.0;
const LINKED_GROWTH: f64 = 1.35;
/// Rounds in which the metric follows the covariance within the parts.
const ROUNDS: usize = 3;

/// The parts, and the covariance of the points around the centres of theirs.
pub(super) struct Components {
    pub parts: Vec<Vec<usize>>,
    pub covariance: Vec<f64>,
}

/// The linked parts of the points `rows`, drawn from a region of volume e^`log_region`.
pub(super) fn components(
    points: &[f64],
    dim: usize,
    rows: &[usize],
    log_region: f64,
) -> Components {
    let mut parts = vec![rows.to_vec()];
    let cloud = Cloud::new(points, dim, rows);
    let mut factor = Vec::new();
    let mut covariance = within(points, dim, &parts);
    for _ in 0..ROUNDS {
        cholesky_floored(&covariance, dim, 0.0, &mut factor);
        let log_scale: f64 = (0..dim).map(|i| factor[i * dim + i].ln()).sum();
        let pivots: Vec<f64> = (0..dim).map(|i| factor[i * dim + i].recip()).collect();
        let linked_points = LINKED * LINKED_GROWTH.powf(dim as f64 - 2.0);
        let log_ball = linked_points.ln() + log_region - (rows.len() as f64).ln();
        let log_length = (log_ball - log_scale - log_unit_ball(dim)) / dim as f64;
        let white = cloud.whitened(&factor, &pivots);
        let found = linked(&white, rows, (2.0 * log_length).exp());
        let settled = found.len() == parts.len();
        parts = found;
        covariance = within(points, dim, &parts);
        if settled {
            break;
        }
    }
    Components { parts, covariance }
}

/// Covariance around the means of the parts.
fn within(points: &[f64], dim: usize, parts: &[Vec<usize>]) -> Vec<f64> {
    let (mut mean, mut covariance) = (Vec::new(), Vec::new());
    let mut sum = vec![0.0; dim * dim];
    let mut freedom = 0.0;
    for rows in parts {
        moments(points, dim, rows, &mut mean, &mut covariance);
        let n = rows.len() as f64;
        freedom += n - 1.0;
        sum.iter_mut()
            .zip(&covariance)
            .for_each(|(s, c)| *s += n * c);
    }
    sum.iter_mut().for_each(|s| *s /= f64::max(freedom, 1.0));
    sum
}

/// Rows of each part in which points at most √`length2` apart are linked, in the order of their first points.
fn linked(white: &Cloud, rows: &[usize], length2: f64) -> Vec<Vec<usize>> {
    let (dim, n) = (white.dim, white.count);
    let stride = n.next_multiple_of(LANES);
    // The points that belong to no part yet, kept together at the front of each column.
    let mut columns: Vec<f64> = (0..dim).flat_map(|i| white.column(i).to_vec()).collect();
    let mut left: Vec<usize> = (0..n).collect();
    let mut part_of = vec![usize::MAX; n];
    let mut bits = vec![0; stride / LANES];
    let mut point = vec![0.0; dim];
    let (mut parts, mut queue) = (0, Vec::new());
    for first in 0..n {
        if part_of[first] != usize::MAX {
            continue;
        }
        part_of[first] = parts;
        queue.push(first);
        while let Some(next) = queue.pop() {
            for (i, x) in point.iter_mut().enumerate() {
                *x = white.column(i)[next];
            }
            let bits = &mut bits[..left.len().div_ceil(LANES)];
            near(&columns, stride, &point, length2, bits);
            // From the end, so that what takes the place of a point that leaves has been looked at.
            for block in (0..bits.len()).rev().filter(|&b| bits[b] != 0) {
                for k in (0..LANES).rev().map(|k| block * LANES + k) {
                    if bits[block] >> (k % LANES) & 1 == 0 || k >= left.len() {
                        continue;
                    }
                    for column in columns.chunks_exact_mut(stride) {
                        column[k] = column[left.len() - 1];
                    }
                    let found = left.swap_remove(k);
                    if found != first {
                        part_of[found] = parts;
                        queue.push(found);
                    }
                }
            }
        }
        parts += 1;
    }
    let mut out = vec![Vec::new(); parts];
    for (i, part) in part_of.into_iter().enumerate() {
        out[part].push(rows[i]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;

    #[test]
    fn islands_are_told_apart() {
        let mut rng = keyed(8, Purpose::User, 0, 0);
        let mut points = Vec::new();
        // A ring of width 0.1, a disc of radius 0.05 and a lone point.
        for i in 0..400 {
            let angle = std::f64::consts::TAU * rng.random::<f64>();
            let (x, r) = if i < 300 {
                (0.3, 0.2 + 0.1 * rng.random::<f64>())
            } else {
                (0.8, 0.05 * rng.random::<f64>().sqrt())
            };
            points.extend([x + r * angle.cos(), 0.5 + r * angle.sin()]);
        }
        points.extend([0.8, 0.9]);
        let area = std::f64::consts::PI * (0.5 * 0.1 + 0.0025);
        let rows: Vec<usize> = (0..401).collect();
        let found = components(&points, 2, &rows, area.ln());
        // An island may come in parts; none has points of another island.
        let island = |r: usize| usize::from(r >= 300) + usize::from(r >= 400);
        for part in &found.parts {
            assert!(part.iter().all(|&r| island(r) == island(part[0])));
        }
        let sizes: Vec<usize> = found.parts.iter().map(Vec::len).collect();
        assert!(found.parts.iter().any(|p| p[..] == [400]), "{sizes:?}");
    }
}
