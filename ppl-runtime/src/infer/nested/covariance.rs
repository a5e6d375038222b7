//! The shape of the live points.

use super::bends::{Bends, CurvedMoments};
use super::circle::{self, turned};
use super::learnt::Ends;
use super::linear::{add_outer, cholesky_floored, moments};
use super::live::LiveSet;
use serde::{Deserialize, Serialize};

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
    /// What tells how the region is bent, where no coordinate goes round a circle.
    curved: Option<CurvedMoments>,
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
            curved: periodic.is_empty().then(|| CurvedMoments::new(live)),
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

    /// Once a generation: the shears that straighten the region, and the covariance of what is straight.
    pub(super) fn bends(&mut self) -> Option<(Bends, Vec<f64>)> {
        self.curved.as_mut()?.bends()
    }

    pub(super) fn add(&mut self, u: &[f64]) {
        if let Some(curved) = &mut self.curved {
            curved.add(u);
        }
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

    pub(super) fn factor(&self, out: &mut Vec<f64>) {
        cholesky_floored(&self.covariance, self.dim, 0.0, out);
    }
}
