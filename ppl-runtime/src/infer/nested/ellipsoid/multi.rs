//! A union of ellipsoids that bounds the live points.

use super::super::evidence::log_sum;
use super::boxes::Boxes;
use super::cluster::{Group, groups};
use super::components::{Metric, components};
use super::one::Ellipsoid;
use super::shape::Shape;
use crate::random::{Purpose, Rng, keyed};
use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Proposals by which the volume of a union within the cube is found, and the slot of their generator.
const TRIALS: usize = 200;
const TRIALS_SLOT: u64 = u64::MAX;

/// Most volume that parts of few points may take, in units of the region's.
const STRAYS: f64 = 1.0;

/// Fewest points of which an ellipsoid takes its shape.
pub(super) fn smallest(dim: usize) -> usize {
    2 * (dim + 2)
}

/// Several ellipsoids, which may overlap (Feroz, Hobson & Bridges 2009).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MultiEllipsoid {
    pub(super) ellipsoids: Vec<Ellipsoid>,
    pub(super) boxes: Boxes,
    /// The ellipsoids once more, for proposals.
    shapes: Vec<Shape>,
    /// Whether the box of an ellipsoid touches no other's.
    alone: Vec<bool>,
    /// Running sum of the volumes, as a share of their total.
    shares: Vec<f64>,
    /// By which islands were told apart.
    pub(super) metric: Metric,
    /// ln of the volume that proposals come from: that of the union within the cube.
    pub log_volume: f64,
    /// Proposals that are neither outside the cube nor dropped for an overlap, as a share of all.
    pub kept: f64,
}

impl MultiEllipsoid {
    /// Bounds the points named by `rows`, drawn from a region of volume e^`log_region`. `before` bounded a region around it, and `key`
    /// is the seed and batch of the bootstrap's randomness.
    pub(crate) fn new(
        points: &[f64],
        dim: usize,
        rows: &[usize],
        log_region: f64,
        before: Option<&MultiEllipsoid>,
        key: (u64, u64),
    ) -> Self {
        let smallest = smallest(dim);
        let log_share = log_region - (rows.len() as f64).ln();
        let before = before.map(|b| &b.metric);
        let (parts, mut metric) = components(points, dim, rows, log_region, before);
        let (few, mut many): (Vec<_>, Vec<_>) = parts.into_iter().partition(|p| p.len() < smallest);
        let around = |rows: &Vec<usize>| {
            Ellipsoid::around_few(points, dim, rows, &metric.covariance, log_share)
        };
        let mut ellipsoids: Vec<Ellipsoid> = few.iter().map(around).collect();
        // Strays that would take as much volume as there is are none.
        let strays: f64 = ellipsoids
            .iter()
            .map(|e| (e.log_volume - log_region).exp())
            .sum();
        if strays > STRAYS {
            many = vec![rows.to_vec()];
            metric = Metric::within(points, dim, &many);
            ellipsoids.clear();
        }
        // Islands of few points take little each; a thread has several. The order is kept.
        let mut groups: Vec<Group> = many
            .into_par_iter()
            .flat_map_iter(|rows| groups(points, dim, rows, (smallest, log_share)))
            .collect();
        groups
            .par_iter_mut()
            .enumerate()
            .with_min_len(4)
            .for_each(|(i, group)| {
                group
                    .ellipsoid
                    .expand_by_bootstrap(points, &group.rows, key, i);
                // No ellipsoid may be smaller than the share of the region that its points stand for.
                let share = log_share + (group.rows.len() as f64).ln();
                group.ellipsoid.grow_to(share);
            });
        ellipsoids.extend(groups.into_iter().map(|g| g.ellipsoid));
        MultiEllipsoid::of(ellipsoids, dim, metric, key)
    }

    /// The union of these.
    pub(super) fn of(
        ellipsoids: Vec<Ellipsoid>,
        dim: usize,
        metric: Metric,
        key: (u64, u64),
    ) -> Self {
        let logs: Vec<f64> = ellipsoids.iter().map(|e| e.log_volume).collect();
        let log_volume = log_sum(&logs);
        let mut sum = 0.0;
        let shares = logs
            .iter()
            .map(|l| {
                sum += (l - log_volume).exp();
                sum
            })
            .collect();
        let boxes = Boxes::around(&ellipsoids, dim);
        let is_alone = |i| boxes.touching(i).all(|j| j == i || j >= ellipsoids.len());
        let mut bound = MultiEllipsoid {
            alone: (0..ellipsoids.len()).map(is_alone).collect(),
            boxes,
            metric,
            shapes: ellipsoids.iter().map(Shape::of).collect(),
            ellipsoids,
            shares,
            log_volume,
            kept: 1.0,
        };
        bound.kept = bound.kept_share(dim, key);
        bound.log_volume += bound.kept.ln();
        bound
    }

    /// The share of proposals that are kept and lie in the cube, by trying some.
    fn kept_share(&self, dim: usize, (seed, batch): (u64, u64)) -> f64 {
        let mut rng = keyed(seed, Purpose::Bound, batch, TRIALS_SLOT);
        let (mut scratch, mut x) = (vec![0.0; dim], vec![0.0; dim]);
        // Of what lies alone and within the cube all are.
        let is_within = |e: &Ellipsoid| e.sides().all(|(c, half)| c - half > 0.0 && c + half < 1.0);
        let ellipsoids = self.ellipsoids.iter().zip(&self.alone);
        let is_free: Vec<bool> = ellipsoids
            .map(|(e, &alone)| alone && is_within(e))
            .collect();
        let kept = (0..TRIALS)
            .filter(|_| {
                let chosen = self.choose(&mut rng);
                is_free[chosen] || self.propose_from(chosen, &mut rng, &mut scratch, &mut x)
            })
            .count();
        (kept.max(1) as f64) / TRIALS as f64
    }

    /// Proposes a point: uniform over the union within the cube if it is kept whenever this returns true. A point in q
    /// ellipsoids is proposed q times as often as it should, so one in q is kept.
    pub(crate) fn propose(&self, rng: &mut Rng, scratch: &mut [f64], out: &mut [f64]) -> bool {
        let chosen = self.choose(rng);
        self.propose_from(chosen, rng, scratch, out)
    }

    /// An ellipsoid, by its volume.
    fn choose(&self, rng: &mut Rng) -> usize {
        let pick: f64 = rng.random();
        let chosen = self.shares.partition_point(|&s| s < pick);
        chosen.min(self.shapes.len() - 1)
    }

    fn propose_from(
        &self,
        chosen: usize,
        rng: &mut Rng,
        scratch: &mut [f64],
        out: &mut [f64],
    ) -> bool {
        if !self.shapes[chosen].draw(rng, scratch, out) {
            return false;
        }
        if self.alone[chosen] {
            return true;
        }
        let others = self.boxes.holding(out).filter(|&i| i != chosen);
        let overlap = 1 + others
            .filter(|&i| self.shapes[i].holds(out, scratch))
            .count();
        overlap == 1 || rng.random::<f64>() * (overlap as f64) < 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points on a ring and in a far blob.
    fn points(rng: &mut Rng) -> Vec<f64> {
        let mut out = Vec::new();
        for i in 0..400 {
            let angle = std::f64::consts::TAU * rng.random::<f64>();
            let (center, r) = if i < 300 {
                (0.3, 0.2 + 0.01 * rng.random::<f64>())
            } else {
                (0.8, 0.05)
            };
            out.extend([center + r * angle.cos(), center + r * angle.sin()]);
        }
        out
    }

    #[test]
    fn a_ring_and_a_blob_are_bounded_tightly() {
        let mut rng = keyed(8, Purpose::User, 0, 0);
        let points = points(&mut rng);
        let rows: Vec<usize> = (0..400).collect();
        let bound = MultiEllipsoid::new(&points, 2, &rows, -10.0, None, (1, 0));
        let one = Ellipsoid::enclosing(&points, 2, &rows);
        assert!(bound.ellipsoids.len() > 4);
        assert!(bound.log_volume < one.log_volume - 1.0);
        let mut scratch = [0.0; 2];
        for r in rows {
            assert!(
                bound
                    .ellipsoids
                    .iter()
                    .any(|e| e.distance2(&points[2 * r..], &mut scratch) <= 1.0 + 1e-9)
            );
        }
    }

    #[test]
    fn what_sticks_out_of_the_cube_is_counted_and_not_proposed() {
        let mut rng = keyed(10, Purpose::User, 0, 0);
        // Points all over the cube: an ellipsoid around them has most of its volume outside.
        let points: Vec<f64> = (0..3000).map(|_| rng.random()).collect();
        let ellipsoids = vec![Ellipsoid::enclosing(
            &points,
            6,
            &(0..500).collect::<Vec<_>>(),
        )];
        let whole = ellipsoids[0].log_volume;
        let bound = MultiEllipsoid::of(ellipsoids, 6, Metric::default(), (1, 0));
        let (mut scratch, mut x) = ([0.0; 6], [0.0; 6]);
        let (n, mut kept, mut low) = (20_000, 0.0, [0.0; 6]);
        for _ in 0..n {
            if bound.propose(&mut rng, &mut scratch, &mut x) {
                kept += 1.0;
                for (low, x) in low.iter_mut().zip(x) {
                    assert!(x > 0.0 && x < 1.0);
                    *low += f64::from(u8::from(x < 0.5));
                }
            }
        }
        let share: f64 = kept / f64::from(n);
        assert!(share < 0.2, "{share}");
        let trials = TRIALS as f64;
        let sd = (share * (1.0 - share) / trials).sqrt();
        assert!(
            (bound.kept - share).abs() < 4.5 * sd,
            "{share} {}",
            bound.kept
        );
        assert_eq!(bound.log_volume, whole + bound.kept.ln());
        // The cube is symmetric, and the ellipsoid about is.
        for low in low {
            assert!((low / kept - 0.5).abs() < 0.1, "{low} of {kept}");
        }
    }

    #[test]
    fn overlaps_are_corrected() {
        let mut rng = keyed(9, Purpose::User, 0, 0);
        // Two discs of radius ¼ whose centres are ¼ apart.
        let disc = |x: f64| {
            let mut e = Ellipsoid::enclosing(
                &[x - 0.25, 0.5, x + 0.25, 0.5, x, 0.75, x, 0.25],
                2,
                &[0, 1, 2, 3],
            );
            e.scale(1.0);
            e
        };
        let ellipsoids = vec![disc(0.3), disc(0.55)];
        let bound = MultiEllipsoid::of(ellipsoids, 2, Metric::default(), (1, 0));
        let (mut scratch, mut x) = ([0.0; 2], [0.0; 2]);
        let (mut kept, mut lens): (f64, f64) = (0.0, 0.0);
        for _ in 0..200_000 {
            if bound.propose(&mut rng, &mut scratch, &mut x) {
                kept += 1.0;
                lens += f64::from(
                    bound
                        .ellipsoids
                        .iter()
                        .all(|e| e.distance2(&x, &mut scratch) <= 1.0),
                );
            }
        }
        // Area of the lens over the area of the union, r = ¼ and distance ¼.
        let (r, d): (f64, f64) = (0.25, 0.25);
        let area = 2.0 * r * r * (d / (2.0 * r)).acos() - 0.5 * d * (4.0 * r * r - d * d).sqrt();
        let expected: f64 = area / (2.0 * std::f64::consts::PI * r * r - area);
        let sd = (expected * (1.0 - expected) / kept).sqrt();
        let found: f64 = lens / kept;
        assert!((found - expected).abs() < 4.5 * sd, "{found} {expected}");
    }
}
