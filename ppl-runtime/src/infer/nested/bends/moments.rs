//! Averages of the coordinates and their squares over the last generations of points.

use super::super::linear::{add_outer, average_outer, mirror};
use super::super::live::LiveSet;
use super::Bends;
use super::find::find;
use serde::{Deserialize, Serialize};

/// Exponential average of the moments of `(u, (u − c)²)`, like that of the covariance of `u`, and for the same reason.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::infer::nested) struct CurvedMoments {
    dim: usize,
    centre: Vec<f64>,
    mean: Vec<f64>,
    /// Lower triangle.
    covariance: Vec<f64>,
    /// Points that the average holds.
    memory: usize,
    /// Points since the region was last straightened.
    since: usize,
    #[serde(skip)]
    deltas: Vec<f64>,
}

/// By how much Σ ln of the variances must become less for a density to be fitted to what is straight. A funnel, whose neck follows
/// the squares of its latents a little, is no valley, and mixtures fit it better as it is.
const WORTH: f64 = 1.0;

/// The shears that straighten points with weights that add up to 1.
pub(in crate::infer::nested) fn straightening(
    points: &[f64],
    weights: &[f64],
    dim: usize,
) -> Bends {
    let n = 2 * dim;
    let weighted = || points.chunks_exact(dim).zip(weights);
    let mut centre = vec![0.0; dim];
    for (u, weight) in weighted() {
        centre.iter_mut().zip(u).for_each(|(c, u)| *c += weight * u);
    }
    let mut mean = vec![0.0; n];
    let (mut features, mut covariance) = (vec![0.0; n], vec![0.0; n * n]);
    let look = |u: &[f64], features: &mut [f64]| {
        for (i, (u, c)) in u.iter().zip(&centre).enumerate() {
            features[i] = u - c;
            features[dim + i] = (u - c) * (u - c);
        }
    };
    for (u, weight) in weighted() {
        look(u, &mut features);
        mean.iter_mut()
            .zip(&features)
            .for_each(|(m, x)| *m += weight * x);
    }
    for (u, &weight) in weighted() {
        look(u, &mut features);
        features.iter_mut().zip(&mean).for_each(|(x, m)| *x -= m);
        add_outer(&mut covariance, &features, weight);
    }
    mirror(&mut covariance, n);
    find(&covariance, &centre, WORTH).0
}

/// Writes the coordinates and the squares of their distances from `centre`.
fn features(u: &[f64], centre: &[f64], out: &mut [f64]) {
    let (straight, squares) = out.split_at_mut(u.len());
    straight.copy_from_slice(u);
    for ((out, u), c) in squares.iter_mut().zip(u).zip(centre) {
        *out = (u - c) * (u - c);
    }
}

/// Fewest points that the averages hold: for each coordinate and in all. Of fewer, what bends is not told from chance.
const FEWEST_A_COORDINATE: usize = 20;
const FEWEST: usize = 200;

impl CurvedMoments {
    /// Starts from the live points. One generation of points is what the average holds: the region straightens as it
    /// narrows, and one that is late is straightened too little.
    pub(in crate::infer::nested) fn new(live: &LiveSet) -> Self {
        let (dim, n) = (live.dim, live.len() as f64);
        let mut centre = vec![0.0; dim];
        for u in live.u.chunks_exact(dim) {
            centre.iter_mut().zip(u).for_each(|(c, u)| *c += u / n);
        }
        let mut moments = CurvedMoments {
            dim,
            centre,
            mean: vec![0.0; 2 * dim],
            covariance: vec![0.0; 4 * dim * dim],
            memory: live.len().max(FEWEST_A_COORDINATE * dim).max(FEWEST),
            since: 0,
            deltas: Vec::new(),
        };
        let mut delta = vec![0.0; 2 * dim];
        for u in live.u.chunks_exact(dim) {
            features(u, &moments.centre, &mut delta);
            let added = moments.mean.iter_mut().zip(&delta);
            added.for_each(|(m, x)| *m += x / n);
        }
        for u in live.u.chunks_exact(dim) {
            features(u, &moments.centre, &mut delta);
            let off = delta.iter_mut().zip(&moments.mean);
            off.for_each(|(x, m)| *x -= m);
            add_outer(&mut moments.covariance, &delta, 1.0 / n);
        }
        moments
    }

    /// Takes in points, one after the other.
    pub(in crate::infer::nested) fn add(&mut self, points: &[f64]) {
        let d = self.dim;
        let rate = 1.0 / self.memory as f64;
        let count = points.len() / d;
        self.since += count;
        self.deltas.resize(2 * d * count, 0.0);
        let rows = self.deltas.chunks_exact_mut(2 * d);
        for (delta, u) in rows.zip(points.chunks_exact(d)) {
            features(u, &self.centre, delta);
            for (d, m) in delta.iter_mut().zip(&mut self.mean) {
                *d -= *m;
                *m += rate * *d;
            }
        }
        average_outer(&mut self.covariance, &self.deltas, 2 * d, rate);
    }

    /// Moves the centres to the means: from far away a square looks straight.
    fn recentre(&mut self) {
        let (d, n) = (self.dim, 2 * self.dim);
        let covariance = &mut self.covariance;
        for i in 0..d {
            // (u − c − shift)² is less by 2 shift u, but for a constant.
            let shift = self.mean[i] - self.centre[i];
            let by = 2.0 * shift;
            let own = covariance[i * n + i];
            let cross = covariance[(d + i) * n + i];
            for b in 0..n {
                let of = covariance[i.max(b) * n + i.min(b)];
                if b != d + i {
                    covariance[(d + i).max(b) * n + (d + i).min(b)] -= by * of;
                }
            }
            covariance[(d + i) * n + d + i] += by * (by * own - 2.0 * cross);
            self.mean[d + i] -= shift * shift;
            self.centre[i] = self.mean[i];
        }
    }

    /// The shears that straighten the region, and the covariance of the straight coordinates; nothing if that was asked less
    /// than a generation ago.
    pub(in crate::infer::nested) fn bends(&mut self) -> Option<(Bends, Vec<f64>)> {
        if self.since < self.memory {
            return None;
        }
        self.since = 0;
        self.recentre();
        let mut whole = self.covariance.clone();
        mirror(&mut whole, 2 * self.dim);
        Some(find(&whole, &self.centre, 0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::evaluator::Contour;
    use super::*;
    use crate::random::{Purpose, Rng, keyed};
    use rand::RngExt;

    /// A narrow bent region about (0.8, 0.3).
    fn bent(rng: &mut Rng) -> [f64; 2] {
        let x = 1e-3 * (rng.random::<f64>() - 0.5);
        let off = 1e-8 * (rng.random::<f64>() - 0.5);
        [0.8 + x, 0.3 + 2.0 * x + 5.0 * x * x + off]
    }

    #[test]
    fn a_region_that_has_become_narrow_is_straightened_once_a_generation() {
        let mut rng = keyed(5, Purpose::User, 0, 0);
        let cube: Vec<f64> = (0..1000).map(|_| rng.random()).collect();
        let live = LiveSet::new(2, cube, vec![Contour::BOTTOM; 500]);
        let mut moments = CurvedMoments::new(&live);
        for _ in 0..499 {
            moments.add(&bent(&mut rng));
        }
        assert!(moments.bends().is_none());
        for _ in 0..30_000 {
            moments.add(&bent(&mut rng));
        }
        let (bends, straight) = moments.bends().unwrap();
        let curve = bends.0[0].curve;
        assert!((curve - 5.0).abs() < 0.01, "{bends:?}");
        // What is left along the line is the offset, uniform of width 1e-8.
        let left = straight[3] - straight[2] * straight[2] / straight[0];
        assert!((left * 12e16 - 1.0).abs() < 0.2, "{left}");
        // Asked again at once, nothing is new.
        assert!(moments.bends().is_none());
    }

    #[test]
    fn weights_count() {
        let mut rng = keyed(6, Purpose::User, 0, 0);
        let (mut points, mut weights) = (Vec::new(), Vec::new());
        for _ in 0..2000 {
            points.extend(bent(&mut rng));
            // As many points of another kind, with no weight.
            points.extend([rng.random::<f64>(), rng.random()]);
            weights.extend([1.0 / 2000.0, 0.0]);
        }
        let bends = straightening(&points, &weights, 2);
        assert!((bends.0[0].curve - 5.0).abs() < 0.01, "{bends:?}");
    }
}
