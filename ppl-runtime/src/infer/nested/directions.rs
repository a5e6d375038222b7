//! The directions in which chains move.

use super::bends::Bends;
use super::covariance::RunningCovariance;
use super::linear::{cholesky_floored, lower_times, moments, random_basis, transpose};
use super::slice::reciprocal;
use crate::random::{Purpose, keyed};
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

    /// Draws the directions of batch `key`, its seed and number, along `bases`, which are drawn if they are not those of this
    /// batch.
    pub(super) fn draw(
        &mut self,
        bases: &mut Bases,
        sweeps: usize,
        running: &RunningCovariance,
        periodic: &[usize],
        key: (u64, u64),
    ) {
        let d = self.dim;
        bases.draw(d, sweeps, key);
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
            .zip(self.inverse.par_chunks_exact_mut(d * d))
            .zip(&bases.sweeps);
        blocks.enumerate().with_min_len(grain(d)).for_each(
            |(sweep, ((block, inverse), (share, basis)))| {
                let every_other = sweep % 2 == 1;
                let cluster = every_other.then(|| pick(clusters, *share)).flatten();
                let factor = cluster.unwrap_or(global);
                if is_bent && every_other && cluster.is_none() {
                    // The axes of straight coordinates: a thin end of a valley lies along one of them, about.
                    transpose(factor, block, d);
                } else {
                    for (q, v) in basis.chunks_exact(d).zip(block.chunks_exact_mut(d)) {
                        lower_times(factor, q, v);
                    }
                }
                inverse
                    .iter_mut()
                    .zip(&*block)
                    .for_each(|(i, &v)| *i = reciprocal(v));
                for inverse in inverse.chunks_exact_mut(d) {
                    periodic.iter().for_each(|&i| inverse[i] = reciprocal(0.0));
                }
            },
        );
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

fn pick(clusters: &[(Vec<f64>, f64)], mut left: f64) -> Option<&Vec<f64>> {
    let chosen = clusters.iter().find(|(_, share)| {
        left -= share;
        left < 0.0
    });
    chosen.or(clusters.last()).map(|(factor, _)| factor)
}

/// Sweeps that a thread takes at a time, at least: below a few dozen dimensions one is not worth its while.
fn grain(dim: usize) -> usize {
    1 + 20_000 / (dim * dim * dim)
}

/// Orthonormal bases of the sweeps of a batch, each with a uniform number that chooses a cluster for it. Nothing is known of
/// the region here, so that they can be drawn before there is.
#[derive(Default)]
pub(super) struct Bases {
    /// Seed and number of the batch.
    key: (u64, u64),
    /// How many of the sweeps are drawn.
    drawn: usize,
    sweeps: Vec<(f64, Vec<f64>)>,
}

impl Bases {
    /// Draws those of batch `key`, a seed and a number, unless they are here.
    pub(super) fn draw(&mut self, dim: usize, sweeps: usize, key: (u64, u64)) {
        if self.key != key {
            (self.key, self.drawn) = (key, 0);
        }
        if self.sweeps.len() < sweeps {
            self.sweeps.resize(sweeps, Default::default());
        }
        let first = self.drawn.min(sweeps);
        let new = self.sweeps[first..sweeps].par_iter_mut().enumerate();
        new.with_min_len(grain(dim))
            .for_each(|(k, (share, basis))| {
                let sweep = first + k;
                let mut rng = keyed(key.0, Purpose::Replace, key.1, FIRST_SWEEP + sweep as u64);
                if sweep % 2 == 1 {
                    *share = rng.random();
                }
                basis.resize(dim * dim, 0.0);
                random_basis(&mut rng, dim, basis);
            });
        self.drawn = self.drawn.max(sweeps);
    }
}
