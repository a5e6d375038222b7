//! The directions in which chains move.

use super::bends::Bends;
use super::covariance::RunningCovariance;
use super::linear::{cholesky_floored, lower_times, moments, random_basis};
use super::slice::reciprocal;
use crate::random::{Purpose, Rng, keyed};
use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Slot of the generator of a batch's first sweep, beyond those of its replacements.
const FIRST_SWEEP: u64 = 1 << 40;

/// Directions of one batch: sweeps through orthonormal bases, whitened, with the reciprocals of their
/// components. If the region is bent they are directions of its straight coordinates. All chains of the batch share them; they depend on no chain's position.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Directions {
    dim: usize,
    #[serde(skip)]
    v: Vec<f64>,
    #[serde(skip)]
    inverse: Vec<f64>,
    /// Cholesky factors of the covariances of clusters, and the share of each.
    clusters: Vec<(Vec<f64>, f64)>,
    #[serde(skip)]
    factor: Vec<f64>,
    bends: Bends,
    /// The Cholesky factor of the covariance of the straight coordinates.
    straight: Vec<f64>,
}

impl Directions {
    pub(super) fn new(dim: usize) -> Self {
        Directions {
            dim,
            ..Directions::default()
        }
    }

    /// Takes note of the clusters of live points, for the sweeps that follow a cluster's shape.
    pub(super) fn set_clusters(&mut self, points: &[f64], clusters: &[Vec<usize>]) {
        self.clusters.clear();
        if clusters.len() < 2 {
            return;
        }
        let total: usize = clusters.iter().map(Vec::len).sum();
        let (mut mean, mut covariance) = (Vec::new(), Vec::new());
        for rows in clusters {
            let mut factor = Vec::new();
            moments(points, self.dim, rows, &mut mean, &mut covariance);
            cholesky_floored(&covariance, self.dim, 0.0, &mut factor);
            self.clusters
                .push((factor, rows.len() as f64 / total as f64));
        }
    }

    /// Takes note of the shears that straighten the region, and of the covariance of what is straight, for all sweeps.
    pub(super) fn set_bends(&mut self, bends: Bends, covariance: &[f64]) {
        self.bends = bends;
        if !self.bends.is_empty() {
            cholesky_floored(covariance, self.dim, 0.0, &mut self.straight);
        }
    }

    /// The shears, if the directions are of straight coordinates.
    pub(super) fn bends(&self) -> Option<&Bends> {
        (!self.bends.is_empty()).then_some(&self.bends)
    }

    /// Draws the directions of a batch; `key` is its seed and number.
    pub(super) fn draw(
        &mut self,
        sweeps: usize,
        running: &RunningCovariance,
        periodic: &[usize],
        (seed, batch): (u64, u64),
    ) {
        let d = self.dim;
        let is_bent = !self.bends.is_empty();
        if !is_bent {
            running.factor(&mut self.factor);
        }
        self.v.resize(sweeps * d * d, 0.0);
        self.inverse.resize(sweeps * d * d, 0.0);
        let global = if is_bent {
            &self.straight
        } else {
            &self.factor
        };
        let clusters = &self.clusters;
        let blocks = self
            .v
            .par_chunks_exact_mut(d * d)
            .zip(self.inverse.par_chunks_exact_mut(d * d));
        // Below a few dozen dimensions a sweep is not worth a thread's while.
        let grain = 1 + 20_000 / (d * d * d);
        blocks
            .enumerate()
            .with_min_len(grain)
            .for_each(|(sweep, (block, inverse))| {
                let mut rng = keyed(seed, Purpose::Replace, batch, FIRST_SWEEP + sweep as u64);
                let every_other = sweep % 2 == 1;
                let cluster = every_other.then(|| pick(clusters, &mut rng)).flatten();
                let mut basis = vec![0.0; d * d];
                if is_bent && every_other && cluster.is_none() {
                    // The axes of straight coordinates: a thin end of a valley lies along one of them, about.
                    (0..d).for_each(|i| basis[i * d + i] = 1.0);
                } else {
                    random_basis(&mut rng, d, &mut basis);
                }
                let factor = cluster.unwrap_or(global);
                for (q, v) in basis.chunks_exact(d).zip(block.chunks_exact_mut(d)) {
                    lower_times(factor, q, v);
                }
                inverse
                    .iter_mut()
                    .zip(&*block)
                    .for_each(|(i, &v)| *i = reciprocal(v));
                for inverse in inverse.chunks_exact_mut(d) {
                    periodic.iter().for_each(|&i| inverse[i] = reciprocal(0.0));
                }
            });
    }

    /// Takes the factor of the covariance alone, without drawing directions.
    pub(super) fn take_factor(&mut self, running: &RunningCovariance) {
        running.factor(&mut self.factor);
    }

    /// The lower Cholesky factor of the covariance.
    pub(super) fn factor(&self) -> &[f64] {
        &self.factor
    }

    /// The sweeps, each an iterator over directions and their reciprocals.
    pub(super) fn sweeps(&self) -> impl Iterator<Item = impl Iterator<Item = (&[f64], &[f64])>> {
        let d = self.dim;
        let lines = move |(v, inverse): (_, _)| {
            <[f64]>::chunks_exact(v, d).zip(<[f64]>::chunks_exact(inverse, d))
        };
        self.v
            .chunks_exact(d * d)
            .zip(self.inverse.chunks_exact(d * d))
            .map(lines)
    }
}

fn pick<'a>(clusters: &'a [(Vec<f64>, f64)], rng: &mut Rng) -> Option<&'a Vec<f64>> {
    let mut left: f64 = rng.random();
    let chosen = clusters.iter().find(|(_, share)| {
        left -= share;
        left < 0.0
    });
    chosen.or(clusters.last()).map(|(factor, _)| factor)
}
