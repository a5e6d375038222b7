//! Estimators of a program's part of the evidence. They share nothing but the chains, so that they check each other.

mod bridge;
mod importance;
mod nested;
mod normal;

pub use bridge::BridgeSampling;
pub use importance::{Denominator, MixtureImportance, Scale};
pub use nested::NestedEvidence;

use super::ProgramError;
use crate::error::Error;
use crate::infer::nuts::Chain;
use crate::output::Estimate;

/// What an estimator sees of a program: its density on R^n and its likelihood on the unit cube, which integrate to the
/// same number, the program's part of the evidence.
pub trait Target: Sync {
    /// Buffers of one worker thread.
    type Worker: Send;
    /// Coordinates of R^n; at least one.
    fn dim(&self) -> usize;
    /// Coordinates of the unit cube.
    fn cube_dim(&self) -> usize;
    /// Fresh buffers.
    fn worker(&self) -> Self::Worker;
    /// The log density at a point of R^n: prior, likelihood and Jacobian, and the ln prior of the branch values.
    fn log_density(&self, worker: &mut Self::Worker, u: &[f64]) -> f64;
    /// The log likelihood at a point of the unit cube, with the ln prior of the branch values.
    fn log_likelihood(&self, worker: &mut Self::Worker, u: &[f64]) -> f64;
}

/// An estimate of a program's part of the evidence, and its cost.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct LocalEvidence {
    /// ln Z with its error.
    pub log_evidence: Estimate,
    /// Evaluations of density or likelihood beyond those of the chains.
    pub evaluations: u64,
}

/// Estimates a program's part of the evidence.
pub trait EvidenceEstimator: Sync {
    /// Its name in reports.
    const NAME: &'static str;
    /// Looks at its settings.
    ///
    /// # Errors
    /// The first that is out of range.
    fn check(&self) -> Result<(), Error>;
    /// The estimate. `chains` have the program's density as their target; the bits depend on `seed` and the chains
    /// alone.
    ///
    /// # Errors
    /// If there is no estimate to be had.
    fn estimate<T: Target>(
        &self,
        target: &T,
        chains: &[Chain],
        seed: u64,
    ) -> Result<LocalEvidence, ProgramError>;
}

/// −∞ in place of NaN: a point where the density is not a number has no mass.
fn or_nothing(log_density: f64) -> f64 {
    if log_density.is_nan() {
        f64::NEG_INFINITY
    } else {
        log_density
    }
}

/// The variance of the mean of independent values, over the square of the mean.
fn relative_variance_of_mean(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    squares / (n - 1.0) / n / (mean * mean)
}
