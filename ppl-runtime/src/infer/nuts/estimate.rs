//! Running estimates of a window's covariance.

use super::inverse_metric::InverseMetric;
use super::low_rank::{FOR_DIRECTIONS, Pairs};
use super::settings::Metric;
use nalgebra::DMatrix;

/// Collects the draws of a window.
#[derive(Clone, Debug)]
pub(super) enum Estimate {
    /// Variances.
    Diagonal(Moments),
    /// Covariances.
    Dense(Moments, DMatrix<f64>),
    /// Draws with their gradients.
    LowRank(Pairs),
}

/// Welford's running mean and sum of squares.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    n: f64,
    mean: Vec<f64>,
    squares: Vec<f64>,
    /// The last draw less the mean before it.
    before: Vec<f64>,
    /// The last draw less the mean after it.
    after: Vec<f64>,
}

impl Moments {
    pub(super) fn new(dim: usize) -> Self {
        let zero = vec![0.0; dim];
        Moments {
            n: 0.0,
            mean: zero.clone(),
            squares: zero.clone(),
            before: zero.clone(),
            after: zero,
        }
    }
    /// How many draws.
    pub(super) fn count(&self) -> usize {
        self.n as usize
    }
    /// Σ (u − ū)², coordinate by coordinate.
    pub(super) fn squares(&self) -> &[f64] {
        &self.squares
    }
    pub(super) fn add(&mut self, u: &[f64]) {
        self.n += 1.0;
        for (i, u) in u.iter().enumerate() {
            self.before[i] = u - self.mean[i];
            self.mean[i] += self.before[i] / self.n;
            self.after[i] = u - self.mean[i];
            self.squares[i] += self.before[i] * self.after[i];
        }
    }
    /// What an estimate from n draws is multiplied by, and what is added to variances: shrinkage towards 10⁻³, as
    /// in Stan, n/(n+5) Σ̂ + 10⁻³ · 5/(n+5) I.
    fn shrinkage(&self) -> (f64, f64) {
        (
            self.n / (self.n + 5.0) / (self.n - 1.0),
            1e-3 * 5.0 / (self.n + 5.0),
        )
    }
}

impl Estimate {
    pub(super) fn new(metric: Metric, dim: usize) -> Self {
        match metric {
            Metric::Auto | Metric::Diagonal => Estimate::Diagonal(Moments::new(dim)),
            Metric::Dense => Estimate::Dense(Moments::new(dim), DMatrix::zeros(dim, dim)),
            Metric::LowRank => Estimate::LowRank(Pairs::new(dim, FOR_DIRECTIONS)),
        }
    }

    /// A draw, and the gradient there.
    pub(super) fn add(&mut self, u: &[f64], gradient: &[f64]) {
        match self {
            Estimate::Diagonal(moments) => moments.add(u),
            Estimate::Dense(moments, products) => {
                moments.add(u);
                // Σ (u − m_before)(u − m_after)ᵀ is symmetric but for rounding; the lower triangle counts.
                let dim = moments.mean.len();
                for (j, column) in products.as_mut_slice().chunks_exact_mut(dim).enumerate() {
                    super::vector::add_scaled(
                        &mut column[j..],
                        moments.before[j],
                        &moments.after[j..],
                    );
                }
            }
            Estimate::LowRank(pairs) => pairs.add(u, gradient),
        }
    }

    /// The metric that the window gives, if it had draws enough, and a fresh start.
    pub(super) fn take(&mut self) -> Option<InverseMetric> {
        match self {
            Estimate::Diagonal(moments) => {
                let moments = std::mem::replace(moments, Moments::new(moments.mean.len()));
                let (times, plus) = moments.shrinkage();
                let variance = moments.squares.iter().map(|s| times * s + plus).collect();
                (moments.n > 1.0).then_some(InverseMetric::Diagonal(variance))
            }
            Estimate::Dense(moments, products) => {
                let dim = moments.mean.len();
                let moments = std::mem::replace(moments, Moments::new(dim));
                let products = std::mem::replace(products, DMatrix::zeros(dim, dim));
                let (times, plus) = moments.shrinkage();
                let covariance = DMatrix::from_fn(dim, dim, |i, j| {
                    times * products[(i.max(j), i.min(j))] + if i == j { plus } else { 0.0 }
                });
                if moments.n > 1.0 {
                    InverseMetric::dense(covariance)
                } else {
                    None
                }
            }
            Estimate::LowRank(pairs) => pairs.take(),
        }
    }
}
