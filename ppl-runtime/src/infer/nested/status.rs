//! How far a run is, and why it ended.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How replacements are being proposed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Rejection from bounding ellipsoids.
    Ellipsoids,
    /// Chains of slices.
    Slices,
}

/// State of a run after a batch, for a progress line.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Dead points so far.
    pub iteration: usize,
    /// Batches so far.
    pub batch: usize,
    /// ln Z of the dead points.
    pub log_evidence: f64,
    /// ln(1 + Z_live/Z): what the live points could still add.
    pub remaining_evidence: f64,
    /// Replacements an evaluation, over the last batch.
    pub efficiency: f64,
    /// Evaluations of the likelihood so far.
    pub evaluations: u64,
    /// How replacements are being proposed.
    pub phase: Phase,
    /// Slices of one replacement, where they are used.
    pub slices: usize,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} dead points, ln Z {:.2}, {:.3} remaining, {} evaluations ({:.1} %)",
            self.iteration,
            self.log_evidence,
            self.remaining_evidence,
            self.evaluations,
            100.0 * self.efficiency
        )
    }
}

/// Why a run ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Termination {
    /// The live points could no longer change ln Z by more than was asked.
    RemainingEvidence,
    /// The effective sample size is reached.
    EffectiveSamples,
    /// The error of ln Z is as small as was asked.
    EvidenceSd,
    /// The number of points is reached.
    Samples,
    /// The number of evaluations is reached that a condition names.
    Evaluations,
    /// The contour has reached a log likelihood.
    LogLikelihood,
    /// Too few points were found an evaluation.
    Efficiency,
    /// The likelihoods of the live points no longer differ.
    LikelihoodSpread,
    /// The bulk of the posterior is passed.
    PeakMass,
    /// The setting `max_evaluations` is reached: the evidence of what was not explored is missing.
    MaxEvaluations,
    /// The caller asked the run to stop: the evidence of what was not explored is missing.
    Stopped,
}

impl fmt::Display for Termination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Termination::RemainingEvidence => "the remaining evidence is negligible",
            Termination::EffectiveSamples => "the effective sample size is reached",
            Termination::EvidenceSd => "the error of the log evidence is small enough",
            Termination::Samples => "the number of points is reached",
            Termination::Evaluations => "the number of evaluations is reached",
            Termination::LogLikelihood => "the contour has reached the log likelihood asked for",
            Termination::Efficiency => "too few points are found an evaluation",
            Termination::LikelihoodSpread => "the likelihoods of the live points no longer differ",
            Termination::PeakMass => "the bulk of the posterior is passed",
            Termination::MaxEvaluations => {
                "the limit of evaluations is reached before the evidence converged"
            }
            Termination::Stopped => "stopped by the caller before the evidence converged",
        })
    }
}
