//! The shape of the live points.

use super::bends::{Bends, CurvedMoments};
use super::circle::{self, turned};
use super::learnt::Ends;
use super::linear::{average_outer, cholesky_floored, moments};
use super::live::LiveSet;
use crate::real::kernels::dispatch_plain;
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
    #[serde(skip)]
    deltas: Vec<f64>,
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
            deltas: Vec::new(),
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

    /// Mean and variance of each coordinate of the live points named by `rows`; the mean of one that goes round a circle may
    /// lie beyond its ends.
    pub(super) fn moments_of(&self, live: &LiveSet, rows: &[usize]) -> (Vec<f64>, Vec<f64>) {
        let (dim, n) = (self.dim, rows.len() as f64);
        let mut off = vec![0.0; dim];
        let (mut mean, mut variance) = (vec![0.0; dim], vec![0.0; dim]);
        let centre = (&self.mean[..], &self.periodic[..]);
        sums(&live.u, rows, centre, &mut off, &mut mean, &mut variance);
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
        let mut sums = [(); 5].map(|()| vec![0.0; dim]);
        let centre = (&self.mean[..], &self.periodic[..]);
        products(chains, centre, &mut off, &mut sums);
        let n = chains.len() as f64;
        let of = |i: usize| {
            let [a, b, aa, bb, ab] = [0, 1, 2, 3, 4].map(|k| sums[k][i]);
            let variances = (aa - a * a / n) * (bb - b * b / n);
            if n > 2.0 && variances > 0.0 {
                (ab - a * b / n) / variances.sqrt()
            } else {
                0.0
            }
        };
        (0..dim).map(of).collect()
    }

    /// Once a generation: the shears that straighten the region, and the covariance of what is straight.
    pub(super) fn bends(&mut self) -> Option<(Bends, Vec<f64>)> {
        self.curved.as_mut()?.bends()
    }

    /// Takes in points, one after the other.
    pub(super) fn add(&mut self, points: &[f64]) {
        if let Some(curved) = &mut self.curved {
            curved.add(points);
        }
        self.deltas.clear();
        self.deltas.extend_from_slice(points);
        for delta in self.deltas.chunks_exact_mut(self.dim) {
            for (d, m) in delta.iter_mut().zip(&mut self.mean) {
                *d -= *m;
                *m += self.rate * *d;
            }
            for &i in &self.periodic {
                let (whole, mean) = (delta[i], &mut self.mean[i]);
                delta[i] = whole - whole.round();
                *mean += self.rate * (delta[i] - whole);
            }
        }
        average_outer(&mut self.covariance, &self.deltas, self.dim, self.rate);
    }

    pub(super) fn factor(&self, out: &mut Vec<f64>) {
        cholesky_floored(&self.covariance, self.dim, 0.0, out);
    }
}

/// A mean, and which of its coordinates are measured the short way round.
type Centre<'a> = (&'a [f64], &'a [usize]);

/// Writes how far `u` is from the centre.
#[inline(always)]
fn off(u: &[f64], (mean, periodic): Centre<'_>, out: &mut [f64]) {
    for ((out, x), mean) in out.iter_mut().zip(u).zip(mean) {
        *out = x - mean;
    }
    for &i in periodic {
        out[i] -= out[i].round();
    }
}

#[inline(always)]
fn sums_body(
    points: &[f64],
    rows: &[usize],
    centre: Centre<'_>,
    scratch: &mut [f64],
    sum: &mut [f64],
    squares: &mut [f64],
) {
    let dim = scratch.len();
    for &row in rows {
        off(&points[row * dim..(row + 1) * dim], centre, scratch);
        for ((sum, square), off) in sum.iter_mut().zip(&mut *squares).zip(&*scratch) {
            *sum += off;
            *square += off * off;
        }
    }
}

#[inline(always)]
fn products_body(
    chains: &[Ends<'_>],
    centre: Centre<'_>,
    [x, y]: &mut [Vec<f64>; 2],
    [a, b, aa, bb, ab]: &mut [Vec<f64>; 5],
) {
    for [start, end] in chains {
        off(start.0, centre, x);
        off(end.0, centre, y);
        let add = |sums: &mut [f64], p: &[f64], q: &[f64]| {
            for ((sum, p), q) in sums.iter_mut().zip(p).zip(q) {
                *sum += p * q;
            }
        };
        let plain = |sums: &mut [f64], p: &[f64]| {
            sums.iter_mut().zip(p).for_each(|(sum, p)| *sum += p);
        };
        plain(a, x);
        plain(b, y);
        add(aa, x, x);
        add(bb, y, y);
        add(ab, x, y);
    }
}

dispatch_plain! {
    /// Adds the distances of points from a centre, and their squares.
    fn sums = sums_body(
        points: &[f64],
        rows: &[usize],
        centre: Centre<'_>,
        scratch: &mut [f64],
        sum: &mut [f64],
        squares: &mut [f64],
    );
}
dispatch_plain! {
    /// Adds, for starts x and ends y of chains, x, y, x², y² and xy.
    fn products = products_body(
        chains: &[Ends<'_>],
        centre: Centre<'_>,
        off: &mut [Vec<f64>; 2],
        sums: &mut [Vec<f64>; 5],
    );
}
