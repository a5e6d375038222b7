//! What a run gives for one program.

use super::Importance;
use super::fit::Fitted;
use crate::infer::dcc::{Found, Part, ProgramError};
use crate::infer::svi::GuideParameter;
use crate::output::{Draws, Estimate, OutputError, Table};
use crate::support::{Columns, Export};

/// One straight-line program of a run, with its fitted guide.
#[derive(Clone, Debug)]
pub struct GuidedProgram<D> {
    name: String,
    pub(super) values: Vec<f64>,
    prior_mass: Estimate,
    weight: Estimate,
    log_evidence: Estimate,
    bound: Estimate,
    importance: Option<Importance>,
    params: Vec<GuideParameter>,
    losses: Vec<f64>,
    rejected: u64,
    draws: Draws<D>,
    pub(super) points: Vec<f64>,
    pub(super) dim: usize,
    pub(super) given: bool,
    pub(super) point: bool,
}

impl<D: Export> GuidedProgram<D> {
    pub(super) fn new(found: &Found, fitted: Fitted<D>) -> Result<Self, ProgramError> {
        let problem = |e: OutputError| ProgramError::Draws(e.to_string());
        let columns = Columns::of(&fitted.draws);
        let width = columns.names.len();
        let mut table = Table::new(columns.names).map_err(problem)?;
        for row in columns.values.chunks_exact(width.max(1)) {
            table.push(row).map_err(problem)?;
        }
        Ok(GuidedProgram {
            name: found.trail.name(),
            values: found.trail.values.clone(),
            prior_mass: found.prior_mass,
            weight: Estimate {
                mean: f64::NAN,
                sd: f64::NAN,
            },
            log_evidence: fitted.log_evidence,
            bound: fitted.bound,
            importance: fitted.importance,
            params: fitted.params,
            losses: fitted.losses,
            rejected: fitted.rejected,
            draws: Draws::new(fitted.draws, table).map_err(problem)?,
            points: fitted.points,
            dim: fitted.dim,
            given: fitted.given,
            point: fitted.point,
        })
    }
}

impl<D> GuidedProgram<D> {
    /// The values of its `#[branch]` sites, as in `second=true, k=3`.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The values as numbers, in order of execution; `true` is 1.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
    /// Its weight in the mixture of all guides.
    pub fn weight(&self) -> Estimate {
        self.weight
    }
    /// What it was weighed by: the bound or the estimate by importance. Exact without continuous latents.
    pub fn log_evidence(&self) -> Estimate {
        self.log_evidence
    }
    /// E\[ln p − ln q\], a lower bound on ln of its part of the evidence. The error is that of the average alone.
    pub fn bound(&self) -> Estimate {
        self.bound
    }
    /// ln of its part of the evidence, by importance sampling from the guide; nothing for a point, and without continuous
    /// latents.
    pub fn importance(&self) -> Option<Importance> {
        self.importance
    }
    /// Its prior probability; the error is 0 where that does not depend on other latents.
    pub fn prior_mass(&self) -> Estimate {
        self.prior_mass
    }
    /// The fitted parameters of its guide.
    pub fn params(&self) -> &[GuideParameter] {
        &self.params
    }
    /// The loss of each step: the negative bound, an estimate.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }
    /// At how many draws of the fit the density was not finite: outside the support of a prior, or where a parameter
    /// computed from latents is invalid.
    pub fn rejected(&self) -> u64 {
        self.rejected
    }
    /// Draws from its guide.
    pub fn draws(&self) -> &Draws<D> {
        &self.draws
    }
}

impl<D: Clone> Part for GuidedProgram<D> {
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
