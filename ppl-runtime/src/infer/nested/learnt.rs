//! What is learnt of the region on the way.

use super::covariance::RunningCovariance;
use super::gibbs::Moments;
use serde::{Deserialize, Serialize};

/// A point, and ln L there.
pub(super) type End<'a> = (&'a [f64], f64);
/// Where a chain began and where it ended.
pub(super) type Ends<'a> = [End<'a>; 2];

/// What is learnt of the shape of the region.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Learnt {
    Whole(RunningCovariance),
    ByPlates(Moments),
}

impl Learnt {
    /// Takes in points of `dim` coordinates, one after the other.
    pub(super) fn add(&mut self, points: &[f64], dim: usize) {
        match self {
            Learnt::Whole(covariance) => covariance.add(points),
            Learnt::ByPlates(moments) => points.chunks_exact(dim).for_each(|u| moments.add(u)),
        }
    }
}

/// The correlation of pairs; 0 of fewer than three, or if nothing varies.
pub(super) fn correlation(pairs: impl Iterator<Item = [f64; 2]> + Clone) -> f64 {
    let n = pairs.clone().count() as f64;
    let mean = |k: usize| pairs.clone().map(|p| p[k]).sum::<f64>() / n;
    let means = [mean(0), mean(1)];
    let sum = |j: usize, k: usize| -> f64 {
        let product = |p: [f64; 2]| (p[j] - means[j]) * (p[k] - means[k]);
        pairs.clone().map(product).sum()
    };
    let variances = sum(0, 0) * sum(1, 1);
    if n > 2.0 && variances > 0.0 {
        sum(0, 1) / variances.sqrt()
    } else {
        0.0
    }
}
