//! What a run gives.

use super::build::program;
use super::discovery::Found;
use super::local::Local;
use super::part::{Combined, log_bayes_factor, pick};
use super::{EvidenceEstimator, FailedProgram, LocalKernel, ProgramError, ProgramRun, Unexplored};
use crate::error::Error;
use crate::infer::nuts::Chain;
use crate::model::{Evaluator, Model, Point, Predictive};
use crate::output::{Draws, Estimate, Summary, WeightedDraws};
use crate::random::{Purpose, keyed};
use crate::support::Export;
use rand::RngExt;

/// A run of [`Dcc`](super::Dcc), typed by the draws of its model. `Display` is the table of programs with the summary.
#[derive(Clone, Debug)]
pub struct DccRun<D> {
    model: &'static str,
    pub(super) estimator: &'static str,
    pub(super) kernel: &'static str,
    programs: Vec<ProgramRun<D>>,
    failed: Vec<FailedProgram>,
    unexplored: Unexplored,
    all: Combined<D>,
}

impl<D: Export + Clone + Send + Sync> DccRun<D> {
    pub(super) fn new<M: Model<Draw = D>, E: EvidenceEstimator, K: LocalKernel>(
        found: Vec<Found>,
        results: Vec<Result<Local<D>, ProgramError>>,
        unexplored: Unexplored,
    ) -> Result<Self, Error> {
        let mut programs = Vec::new();
        let mut failed = Vec::new();
        for (found, result) in found.into_iter().zip(results) {
            let prior_mass = found.prior_mass;
            match result.and_then(|local| program(&found, local)) {
                Ok(program) => programs.push(program),
                Err(problem) => failed.push(FailedProgram {
                    name: found.trail.name(),
                    prior_mass,
                    problem,
                }),
            }
        }
        let engine = |problem: String| Error::Engine {
            model: M::NAME,
            engine: "DCC",
            problem,
        };
        if programs.is_empty() {
            let first = failed
                .first()
                .map_or_else(String::new, |f| format!(": `{}`: {}", f.name, f.problem));
            return Err(engine(format!("no program has an estimate{first}")));
        }
        let all = Combined::of(&mut programs).map_err(|e| engine(e.to_string()))?;
        Ok(DccRun {
            model: M::NAME,
            estimator: E::NAME,
            kernel: K::NAME,
            programs,
            failed,
            unexplored,
            all,
        })
    }

    /// Draws of equal weight from the posterior over all programs.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn draws(&self, n: usize, seed: u64) -> Result<Draws<D>, Error> {
        self.all.resample(n, seed)
    }

    /// Replicated data from the posterior over all programs, by site: what the model would observe again.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn predictive<M: Model<Draw = D>>(
        &self,
        model: &M,
        n: usize,
        seed: u64,
    ) -> Result<Predictive, Error> {
        super::settings::rule("n", n > 0, "is 0: no draw was asked for")?;
        let mut evaluator = Evaluator::new();
        let replicates = (0..n as u64)
            .map(|k| {
                let rng = &mut keyed(seed, Purpose::Predictive, k, 0);
                let program = pick(&self.programs, rng);
                let count: usize = program.chains.iter().map(|c| c.transitions.len()).sum();
                let positions = || program.chains.iter().flat_map(Chain::positions);
                let u = match count {
                    0 => &[],
                    n => positions().nth(rng.random_range(0..n)).unwrap_or(&[]),
                };
                let at = Point {
                    u,
                    program: &program.values,
                };
                evaluator.replicate_at_line(model, at, rng)
            })
            .collect();
        Ok(Predictive::gather(replicates))
    }
}

impl<D: Clone> DccRun<D> {
    /// The name of the model.
    pub fn model(&self) -> &'static str {
        self.model
    }
    /// The programs, the most probable first.
    pub fn programs(&self) -> &[ProgramRun<D>] {
        &self.programs
    }
    /// The program of this name, as in `second=true`, if it has an estimate.
    pub fn program(&self, name: &str) -> Option<&ProgramRun<D>> {
        self.programs.iter().find(|p| p.name == name)
    }
    /// Programs without an estimate.
    pub fn failed(&self) -> &[FailedProgram] {
        &self.failed
    }
    /// The prior mass of programs that were not found or left out.
    pub fn unexplored(&self) -> Unexplored {
        self.unexplored
    }
    /// ln Z of the explored programs together, with its error.
    pub fn log_evidence(&self) -> Estimate {
        self.all.log_evidence
    }
    /// ln of the Bayes factor of one program over another, by their names: the ratio of their marginal likelihoods, prior
    /// probabilities divided out.
    pub fn log_bayes_factor(&self, over: &str, under: &str) -> Option<Estimate> {
        log_bayes_factor(&self.programs, over, under)
    }
    /// The draws of all programs with their weights.
    pub fn weighted_draws(&self) -> &WeightedDraws<D> {
        &self.all.draws
    }
    /// A row a parameter, over all programs; a parameter that some programs lack has the probability that it is there.
    pub fn summary(&self) -> &Summary {
        &self.all.summary
    }
    /// Evaluations of density, gradient and likelihood in all programs.
    pub fn evaluations(&self) -> u64 {
        self.programs.iter().map(ProgramRun::evaluations).sum()
    }
}
