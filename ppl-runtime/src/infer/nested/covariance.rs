//! The shape of the live points, and the directions in which chains move.

use super::circle::{self, turned};
use super::learnt::Ends;
use super::linear::{add_outer, cholesky_floored, lower_times, moments, random_basis};
use super::live::LiveSet;
use super::slice::reciprocal;
use crate::random::{Purpose, Rng, keyed};
use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Slot of the generator of a batch's first sweep, beyond those of its replacements.
const FIRST_SWEEP: u64 = 1 << 40;

/// Exponential average of the covariance of replaced points.
///
/// The covariance of the present survivors would be biased: the point from which a chain starts has helped to make
/// it, and so the chain's steps are longest where the point already is. Over several generations of points the part
/// of any one of them is negligible.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RunningCovariance {
    dim: usize,
    mean: Vec<f64>,
    /// Lower triangle.
    covariance: Vec<f64>,
    rate: f64,
    delta: Vec<f64>,
    /// Coordinates that are measured the short way round.
    periodic: Vec<usize>,
}

/// How many generations of points the average holds.
fn memory(dim: usize) -> f64 {
    (dim as f64 / 3.0).clamp(1.0, 10.0)
}

impl RunningCovariance {
    /// Starts from the live points. The memory is K·min(d/3, 10) points, at least K: in more dimensions the region
    /// shrinks less in width for the same volume.
    pub(super) fn new(live: &LiveSet, periodic: &[usize]) -> Self {
        let (dim, n) = (live.dim, live.len());
        let (mut mean, mut covariance) = (Vec::new(), Vec::new());
        moments(&live.u, dim, live.order(), &mut mean, &mut covariance);
        if !periodic.is_empty() {
            let (turns, points) = turned(&live.u, dim, live.order(), periodic);
            moments(&points, dim, live.order(), &mut mean, &mut covariance);
            turns.iter().for_each(|&(i, turn)| mean[i] += turn);
        }
        let memory = n as f64 * memory(dim);
        RunningCovariance {
            dim,
            mean,
            covariance,
            rate: 1.0 / memory.max(50.0),
            delta: vec![0.0; dim],
            periodic: periodic.to_vec(),
        }
    }

    /// a − b, values of coordinate `i`.
    pub(super) fn apart(&self, i: usize, a: f64, b: f64) -> f64 {
        match self.periodic.contains(&i) {
            true => circle::difference(a, b),
            false => a - b,
        }
    }

    /// Puts the means of periodic coordinates where those of the points named by `rows` are. Averages do not find there
    /// by themselves from the other side of the circle.
    pub(super) fn recentre(&mut self, live: &LiveSet, rows: &[usize]) {
        for &i in &self.periodic {
            self.mean[i] = circle::mean(rows.iter().map(|&r| live.point(r)[i]));
        }
    }

    /// Writes how far `u` is from the mean.
    pub(super) fn off(&self, u: &[f64], out: &mut [f64]) {
        for ((out, x), mean) in out.iter_mut().zip(u).zip(&self.mean) {
            *out = x - mean;
        }
        for &i in &self.periodic {
            out[i] -= out[i].round();
        }
    }

    /// Mean and variance of each coordinate of the live points named by `rows`; the mean of one that goes round a circle may
    /// lie beyond its ends.
    pub(super) fn moments_of(&self, live: &LiveSet, rows: &[usize]) -> (Vec<f64>, Vec<f64>) {
        let (dim, n) = (self.dim, rows.len() as f64);
        let mut off = vec![0.0; dim];
        let (mut mean, mut variance) = (vec![0.0; dim], vec![0.0; dim]);
        for &row in rows {
            self.off(live.point(row), &mut off);
            for ((mean, square), off) in mean.iter_mut().zip(&mut variance).zip(&off) {
                *mean += off;
                *square += off * off;
            }
        }
        for i in 0..dim {
            mean[i] /= n;
            variance[i] = (variance[i] / n - mean[i] * mean[i]).max(f64::MIN_POSITIVE);
            mean[i] += self.mean[i];
        }
        (mean, variance)
    }

    /// The correlation between starts and ends of chains, each coordinate: 0 of fewer than three, or if nothing varies.
    pub(super) fn correlations(&self, chains: &[Ends<'_>]) -> Vec<f64> {
        let dim = self.dim;
        let mut off = [vec![0.0; dim], vec![0.0; dim]];
        let mut sums = vec![[0.0; 5]; dim];
        for [start, end] in chains {
            self.off(start.0, &mut off[0]);
            self.off(end.0, &mut off[1]);
            for ((sums, &a), &b) in sums.iter_mut().zip(&off[0]).zip(&off[1]) {
                let terms = [a, b, a * a, b * b, a * b];
                sums.iter_mut().zip(terms).for_each(|(s, t)| *s += t);
            }
        }
        let n = chains.len() as f64;
        let of = |[a, b, aa, bb, ab]: [f64; 5]| {
            let variances = (aa - a * a / n) * (bb - b * b / n);
            if n > 2.0 && variances > 0.0 {
                (ab - a * b / n) / variances.sqrt()
            } else {
                0.0
            }
        };
        sums.into_iter().map(of).collect()
    }

    pub(super) fn add(&mut self, u: &[f64]) {
        for ((d, m), x) in self.delta.iter_mut().zip(&mut self.mean).zip(u) {
            *d = x - *m;
            *m += self.rate * *d;
        }
        for &i in &self.periodic {
            let (whole, mean) = (self.delta[i], &mut self.mean[i]);
            self.delta[i] = whole - whole.round();
            *mean += self.rate * (self.delta[i] - whole);
        }
        let keep = 1.0 - self.rate;
        self.covariance.iter_mut().for_each(|c| *c *= keep);
        add_outer(&mut self.covariance, &self.delta, self.rate * keep);
    }

    fn factor(&self, out: &mut Vec<f64>) {
        cholesky_floored(&self.covariance, self.dim, 0.0, out);
    }
}

/// Directions of one batch: sweeps through random orthonormal bases, whitened, with the reciprocals of their
/// components. All chains of the batch share them; they depend on no chain's position.
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

    /// Draws the directions of a batch; `key` is its seed and number.
    pub(super) fn draw(
        &mut self,
        sweeps: usize,
        running: &RunningCovariance,
        periodic: &[usize],
        (seed, batch): (u64, u64),
    ) {
        let d = self.dim;
        running.factor(&mut self.factor);
        self.v.resize(sweeps * d * d, 0.0);
        self.inverse.resize(sweeps * d * d, 0.0);
        let (clusters, global) = (&self.clusters, &self.factor);
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
                let factor = if sweep % 2 == 1 {
                    pick(clusters, &mut rng)
                } else {
                    None
                }
                .unwrap_or(global);
                let mut basis = vec![0.0; d * d];
                random_basis(&mut rng, d, &mut basis);
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
