//! Separate parts of a region: points that neighbours link.
//!
//! The volume of the region is known, and so how far apart its points are: a ball with a few times the volume that
//! one point stands for holds about as many others, and a part of the region falls into pieces only if it is thinner
//! than that.

use super::super::linear::{cholesky_floored, moments};
use super::cloud::Cloud;
use super::linked::linked;
use super::one::log_unit_ball;
use serde::{Deserialize, Serialize};

/// Points that a ball of the linking length holds in two dimensions, where the region is wider than that, and how
/// many times as many in each further one: the more dimensions, the more of a ball around a point lies outside.
const LINKED: f64 = 10.0;
const LINKED_GROWTH: f64 = 1.35;
/// Rounds in which the metric follows the covariance within the parts.
const ROUNDS: usize = 3;

/// What distances are measured by: the covariance of points around the centres of their parts, and how many parts those are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Metric {
    pub covariance: Vec<f64>,
    pub parts: usize,
}

impl Metric {
    /// Covariance around the means of the parts.
    pub(super) fn within(points: &[f64], dim: usize, parts: &[Vec<usize>]) -> Metric {
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
        Metric {
            covariance: sum,
            parts: parts.len(),
        }
    }
}

/// The linked parts of the points `rows`, drawn from a region of volume e^`log_region`, and their metric. `before` is that of a region
/// around this one, from which the search for it starts.
pub(super) fn components(
    points: &[f64],
    dim: usize,
    rows: &[usize],
    log_region: f64,
    before: Option<&Metric>,
) -> (Vec<Vec<usize>>, Metric) {
    let mut parts = Vec::new();
    let mut metric = match before {
        Some(before) => before.clone(),
        None => Metric::within(points, dim, &[rows.to_vec()]),
    };
    // Sorted by their first coordinate they stay so in any metric, for a factor is triangular.
    let firsts = rows.iter().map(|r| points[r * dim]);
    let mut firsts: Vec<(f64, usize)> = firsts.zip(0..).collect();
    firsts.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let order: Vec<usize> = firsts.into_iter().map(|(_, k)| k).collect();
    let sorted: Vec<usize> = order.iter().map(|&k| rows[k]).collect();
    let cloud = Cloud::new(points, dim, &sorted);
    let mut factor = Vec::new();
    for _ in 0..ROUNDS {
        cholesky_floored(&metric.covariance, dim, 0.0, &mut factor);
        let log_scale: f64 = (0..dim).map(|i| factor[i * dim + i].ln()).sum();
        let pivots: Vec<f64> = (0..dim).map(|i| factor[i * dim + i].recip()).collect();
        let linked_points = LINKED * LINKED_GROWTH.powf(dim as f64 - 2.0);
        let log_ball = linked_points.ln() + log_region - (rows.len() as f64).ln();
        let log_length = (log_ball - log_scale - log_unit_ball(dim)) / dim as f64;
        let white = cloud.whitened(&factor, &pivots);
        parts = in_order(&linked(&white, log_length.exp()), &order, rows);
        let settled = parts.len() == metric.parts;
        metric = Metric::within(points, dim, &parts);
        if settled {
            break;
        }
    }
    (parts, metric)
}

/// Rows of each part, in the order of their first points; `parts` are numbers of those of the points in `order`.
fn in_order(parts: &[usize], order: &[usize], rows: &[usize]) -> Vec<Vec<usize>> {
    let mut part_of = vec![0; rows.len()];
    order.iter().zip(parts).for_each(|(&k, &p)| part_of[k] = p);
    let mut place = vec![usize::MAX; rows.len()];
    let mut out: Vec<Vec<usize>> = Vec::new();
    for (&row, part) in rows.iter().zip(part_of) {
        if place[part] == usize::MAX {
            place[part] = out.len();
            out.push(Vec::new());
        }
        out[place[part]].push(row);
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
        let (parts, metric) = components(&points, 2, &rows, area.ln(), None);
        // An island may come in parts; none has points of another island.
        let island = |r: usize| usize::from(r >= 300) + usize::from(r >= 400);
        for part in &parts {
            assert!(part.iter().all(|&r| island(r) == island(part[0])));
        }
        let sizes: Vec<usize> = parts.iter().map(Vec::len).collect();
        assert!(parts.iter().any(|p| p[..] == [400]), "{sizes:?}");
        // What was found is found again from its own metric.
        let again = components(&points, 2, &rows, area.ln(), Some(&metric));
        assert_eq!((again.0, again.1.parts), (parts, metric.parts));
    }
}
