//! What a run gives for one program.

use super::ProgramError;
use super::part::Part;
use crate::infer::nuts::Chain;
use crate::output::{Draws, Estimate, McmcSummary};

/// One straight-line program of a run.
#[derive(Clone, Debug)]
pub struct ProgramRun<D> {
    pub(super) name: String,
    pub(super) values: Vec<f64>,
    pub(super) prior_mass: Estimate,
    pub(super) weight: Estimate,
    pub(super) log_evidence: Estimate,
    pub(super) evaluations: u64,
    pub(super) chains: Vec<Chain>,
    pub(super) draws: Draws<D>,
    pub(super) summary: Option<McmcSummary>,
}

impl<D> ProgramRun<D> {
    /// The values of its `#[branch]` sites, as in `second=true, k=3`.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The values as numbers, in order of execution; `true` is 1.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
    /// Its posterior probability among the explored programs.
    pub fn weight(&self) -> Estimate {
        self.weight
    }
    /// ln of its part of the evidence, ∫ p(data, latents, branch values); the parts of all programs add up to the
    /// evidence. The error of a program without continuous latents is 0.
    pub fn log_evidence(&self) -> Estimate {
        self.log_evidence
    }
    /// Its prior probability; the error is 0 where that does not depend on other latents.
    pub fn prior_mass(&self) -> Estimate {
        self.prior_mass
    }
    /// Its draws, chain after chain. Those of a program without continuous latents are all equal, and one stands for all.
    pub fn draws(&self) -> &Draws<D> {
        &self.draws
    }
    /// Its chains on R^n; none without continuous latents.
    pub fn chains(&self) -> &[Chain] {
        &self.chains
    }
    /// Transitions that diverged, the warm-up's left out.
    pub fn divergences(&self) -> usize {
        self.chains.iter().map(|c| c.divergences.len()).sum()
    }
    /// R̂, effective sizes and errors of its chains; nothing without continuous latents.
    pub fn summary(&self) -> Option<&McmcSummary> {
        self.summary.as_ref()
    }
    /// Gradients of the chains and evaluations of the evidence's estimator.
    pub fn evaluations(&self) -> u64 {
        self.evaluations + self.chains.iter().map(|c| c.gradients).sum::<u64>()
    }
}

impl<D: Clone> Part for ProgramRun<D> {
    type Draw = D;
    fn name(&self) -> &str {
        &self.name
    }
    fn weight(&self) -> Estimate {
        self.weight
    }
    fn set_weight(&mut self, weight: Estimate) {
        self.weight = weight;
    }
    fn log_evidence(&self) -> Estimate {
        self.log_evidence
    }
    fn prior_mass(&self) -> Estimate {
        self.prior_mass
    }
    fn draws(&self) -> &Draws<D> {
        &self.draws
    }
}

/// A program without an estimate. Whatever posterior mass it has is missing from the weights of the others.
#[derive(Clone, Debug, PartialEq)]
pub struct FailedProgram {
    /// The values of its `#[branch]` sites.
    pub name: String,
    /// Its prior probability.
    pub prior_mass: Estimate,
    /// What went wrong.
    pub problem: ProgramError,
}
