//! How far a run is, and why it ended.

use std::fmt;

/// How replacements are being proposed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
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
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Termination {
    /// The live points could no longer change ln Z by more than the setting `remaining_evidence`.
    RemainingEvidence,
    /// The setting `effective_samples` is reached, and so is `remaining_evidence`.
    EffectiveSamples,
    /// The setting `max_evaluations` is reached: the evidence of what was not explored is missing.
    MaxEvaluations,
}

impl fmt::Display for Termination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Termination::RemainingEvidence => "the remaining evidence is negligible",
            Termination::EffectiveSamples => "the effective sample size is reached",
            Termination::MaxEvaluations => {
                "the limit of evaluations is reached before the evidence converged"
            }
        })
    }
}
