//! What is learnt of the region on the way.

use super::covariance::RunningCovariance;
use super::gibbs::Moments;
use super::live::LiveSet;
use serde::{Deserialize, Serialize};

/// What is learnt of the shape of the region.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Learnt {
    Whole(RunningCovariance),
    ByPlates(Moments),
}

impl Learnt {
    pub(super) fn add(&mut self, u: &[f64]) {
        match self {
            Learnt::Whole(covariance) => covariance.add(u),
            Learnt::ByPlates(moments) => moments.add(u),
        }
    }

    /// How far the live points have come from those of the running average, each coordinate, and how far they would have
    /// in a region that shrinks evenly; not known for slices by plates.
    pub(super) fn drift(&self, live: &LiveSet) -> Option<(Vec<f64>, f64)> {
        match self {
            Learnt::Whole(covariance) => Some((covariance.drift(live), covariance.even_drift())),
            Learnt::ByPlates(_) => None,
        }
    }

    /// The correlation of coordinate `i` between starts and ends of chains. For whole slices the running mean and variance
    /// are the reference, as in their calibration; for slices by plates those of the batch, which have no part in the drift
    /// of the region.
    pub(super) fn correlation(&self, i: usize, pairs: &[(&[f64], &[f64])]) -> f64 {
        match self {
            Learnt::Whole(covariance) => {
                let product =
                    |(a, b): &(&[f64], &[f64])| covariance.standard_product(i, a[i], b[i]);
                pairs.iter().map(product).sum::<f64>() / pairs.len() as f64
            }
            Learnt::ByPlates(_) => correlation(pairs.iter().map(|(a, b)| [a[i], b[i]])),
        }
    }
}

/// The correlation of pairs; 0 of fewer than three, or if nothing varies.
fn correlation(pairs: impl Iterator<Item = [f64; 2]> + Clone) -> f64 {
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
