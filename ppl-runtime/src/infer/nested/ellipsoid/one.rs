//! One bounding ellipsoid.

use super::super::linear::{cholesky_floored, dot, moments};
use super::cloud::{Cloud, Work};
use super::resample::expansion;
use serde::{Deserialize, Serialize};

/// The ellipsoid {c + L z: ‖z‖ ≤ 1}.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ellipsoid {
    center: Vec<f64>,
    /// Half the length of its shadow on each axis.
    shadow: Vec<f64>,
    factor: Vec<f64>,
    /// Reciprocals of the diagonal of `factor`.
    pivots: Vec<f64>,
    pub log_volume: f64,
    /// How much longer than those that just enclose its points the bootstrap found its axes to have to be, and how many
    /// points that were; none for what was sized otherwise.
    pub widening: Option<(f64, usize)>,
}

impl Ellipsoid {
    /// The ellipsoid with the shape of the points' covariance that just encloses the points named by `rows`.
    pub(crate) fn enclosing(points: &[f64], dim: usize, rows: &[usize]) -> Ellipsoid {
        let (cloud, mut work) = (Cloud::new(points, dim, rows), Work::default());
        let mut ellipsoid = Ellipsoid::default();
        ellipsoid.take_shape(&cloud, &cloud.ones(), &mut work);
        let reach = work.distances.iter().take(rows.len());
        let reach = reach.fold(0.0, |m: f64, &x| m.max(x));
        ellipsoid.center = cloud.mean;
        ellipsoid.scale(reach.sqrt().max(1e-150));
        ellipsoid
    }

    /// Takes the shape of the weighted points' covariance, and leaves their squared distances in units of its axes in
    /// `work`.
    pub(super) fn take_shape(&mut self, cloud: &Cloud, weights: &[f64], work: &mut Work) {
        cloud.moments(weights, work);
        // Fewer points than a full-rank covariance needs: round it.
        let shrinkage = if cloud.count < cloud.dim + 2 {
            0.5
        } else {
            0.0
        };
        cholesky_floored(&work.covariance, cloud.dim, shrinkage, &mut self.factor);
        self.center.clone_from(&work.mean);
        self.set_pivots();
        cloud.distances(&self.factor, &self.pivots, work);
    }

    /// An ellipsoid of a given covariance's shape around so few points that they do not tell the shape or the size of
    /// what they lie in. The n points may stand for as many as n + 3√n + 3, and their centre be off by three of its
    /// standard deviations. `log_share` is ln of the volume that a point stands for.
    pub(crate) fn around_few(
        points: &[f64],
        dim: usize,
        rows: &[usize],
        covariance: &[f64],
        log_share: f64,
    ) -> Ellipsoid {
        let (mut center, mut own, mut factor) = (Vec::new(), Vec::new(), Vec::new());
        moments(points, dim, rows, &mut center, &mut own);
        cholesky_floored(covariance, dim, 0.0, &mut factor);
        let mut ellipsoid = Ellipsoid {
            center,
            factor,
            ..Ellipsoid::default()
        };
        ellipsoid.refresh();
        let (n, d) = (rows.len() as f64, dim as f64);
        let volume = log_share + (n + 3.0 * n.sqrt() + 3.0).ln();
        let off = 1.0 + (3.0 / (n * (d + 2.0)).sqrt()).min(1.0);
        let radius = off * ((volume - ellipsoid.log_volume) / d).exp();
        let mut scratch = vec![0.0; dim];
        let reach = rows.iter().fold(0.0, |m: f64, &r| {
            m.max(ellipsoid.distance2(&points[r * dim..], &mut scratch))
        });
        ellipsoid.scale(radius.max(1.2 * reach.sqrt()));
        ellipsoid
    }

    /// Squared distance of the centres, in units of this ellipsoid's axes.
    pub(crate) fn separation(&self, other: &Ellipsoid) -> f64 {
        self.distance2(&other.center, &mut vec![0.0; self.dim()])
    }

    fn dim(&self) -> usize {
        self.center.len()
    }

    pub(super) fn center(&self) -> &[f64] {
        &self.center
    }

    /// The lower triangle L, row by row.
    pub(super) fn factor(&self) -> &[f64] {
        &self.factor
    }

    fn refresh(&mut self) {
        let d = self.dim();
        self.set_pivots();
        self.log_volume = log_unit_ball(d) - self.pivots.iter().map(|p| p.ln()).sum::<f64>();
        let rows = self.factor.chunks_exact(d);
        self.shadow = rows.map(|row| dot(row, row).sqrt()).collect();
    }

    fn set_pivots(&mut self) {
        let d = self.dim();
        self.pivots.clear();
        let diagonal = (0..d).map(|i| self.factor[i * d + i].recip());
        self.pivots.extend(diagonal);
    }

    /// Multiplies every axis by `by`.
    pub(crate) fn scale(&mut self, by: f64) {
        self.factor.iter_mut().for_each(|x| *x *= by);
        self.refresh();
    }

    /// ‖L⁻¹(x − c)‖², at most 1 inside.
    pub(crate) fn distance2(&self, x: &[f64], scratch: &mut [f64]) -> f64 {
        let d = self.dim();
        let mut sum = 0.0;
        for i in 0..d {
            let y = (x[i] - self.center[i] - dot(&self.factor[i * d..i * d + i], &scratch[..i]))
                * self.pivots[i];
            scratch[i] = y;
            sum += y * y;
        }
        sum
    }

    /// Centre and half length of its shadow on each axis.
    pub(super) fn sides(&self) -> impl Iterator<Item = (f64, f64)> {
        let halves = self.shadow.iter().copied();
        self.center.iter().copied().zip(halves)
    }

    /// Makes it no smaller than e^`log_volume`.
    pub(crate) fn grow_to(&mut self, log_volume: f64) {
        let short = log_volume - self.log_volume;
        if short > 0.0 {
            self.scale((short / self.dim() as f64).exp());
        }
    }

    /// Widens the ellipsoid as far as a bootstrap of its points finds necessary: the farthest point left out of a
    /// resample, measured by the ellipsoid of the resample, over all rounds (Buchner 2016, "A statistical test for
    /// nested sampling algorithms", §3).
    pub(crate) fn expand_by_bootstrap(
        &mut self,
        points: &[f64],
        rows: &[usize],
        key: (u64, u64),
        number: usize,
    ) {
        let dim = self.dim();
        // Distances in units of a resample's axes are the same in any coordinates.
        let cloud = Cloud::new(points, dim, rows).whitened(&self.factor, &self.pivots);
        let expansion = expansion(&cloud, key, number);
        self.scale(expansion.sqrt());
        self.widening = Some((expansion.sqrt(), rows.len()));
    }
}

/// ln of the volume of the unit ball, π^(d/2)/Γ(d/2 + 1).
pub(super) fn log_unit_ball(dim: usize) -> f64 {
    let half = 0.5 * dim as f64;
    half * std::f64::consts::PI.ln() - libm::lgamma(half + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_balls_have_their_volumes() {
        for (dim, volume) in [
            (1, 2.0),
            (2, std::f64::consts::PI),
            (3, 4.0 * std::f64::consts::PI / 3.0),
        ] {
            assert!((log_unit_ball(dim) - f64::ln(volume)).abs() < 1e-14);
        }
    }

    #[test]
    fn identical_points_and_too_few_points_still_bound() {
        for points in [
            [0.25; 10],
            [0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.3, 0.4, 0.3, 0.4],
        ] {
            let ellipsoid = Ellipsoid::enclosing(&points, 5, &[0, 1]);
            let mut scratch = [0.0; 5];
            assert!(ellipsoid.log_volume.is_finite());
            assert!(ellipsoid.distance2(&points[5..], &mut scratch) <= 1.0 + 1e-9);
        }
    }
}
