//! What a run gives.

use super::fit::Fitted;
use super::{GuidedProgram, WeightBy};
use crate::error::Error;
use crate::infer::dcc::{
    Combined, FailedProgram, Found, ProgramError, Unexplored, log_bayes_factor, pick, rule,
};
use crate::model::{Evaluator, Model, Place, Predictive};
use crate::output::{Draws, Estimate, Summary, WeightedDraws};
use crate::random::{Purpose, keyed};
use crate::support::Export;
use rand::RngExt;

/// A run of [`Sdvi`](super::Sdvi), typed by the draws of its model. `Display` is the table of programs with the summary.
#[derive(Clone, Debug)]
pub struct SdviRun<D> {
    model: &'static str,
    pub(super) weights: WeightBy,
    programs: Vec<GuidedProgram<D>>,
    failed: Vec<FailedProgram>,
    unexplored: Unexplored,
    all: Combined<D>,
}

impl<D: Export + Clone + Send + Sync> SdviRun<D> {
    pub(super) fn new<M: Model<Draw = D>>(
        found: Vec<Found>,
        results: Vec<Result<Fitted<D>, ProgramError>>,
        unexplored: Unexplored,
        weights: WeightBy,
    ) -> Result<Self, Error> {
        let mut programs = Vec::new();
        let mut failed = Vec::new();
        for (found, result) in found.into_iter().zip(results) {
            match result.and_then(|fitted| GuidedProgram::new(&found, fitted)) {
                Ok(program) => programs.push(program),
                Err(problem) => failed.push(FailedProgram {
                    name: found.trail.name(),
                    prior_mass: found.prior_mass,
                    problem,
                }),
            }
        }
        let engine = |problem: String| Error::Engine {
            model: M::NAME,
            engine: "SDVI",
            problem,
        };
        if programs.is_empty() {
            let first = failed
                .first()
                .map_or_else(String::new, |f| format!(": `{}`: {}", f.name, f.problem));
            return Err(engine(format!("no program has a fitted guide{first}")));
        }
        let all = Combined::of(&mut programs).map_err(|e| engine(e.to_string()))?;
        Ok(SdviRun {
            model: M::NAME,
            weights,
            programs,
            failed,
            unexplored,
            all,
        })
    }

    /// Draws of equal weight from the mixture of all guides.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn draws(&self, n: usize, seed: u64) -> Result<Draws<D>, Error> {
        self.all.resample(n, seed)
    }

    /// Replicated data with latents from the mixture of all guides, by site: what the model would observe again.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn predictive<M: Model<Draw = D>>(
        &self,
        model: &M,
        n: usize,
        seed: u64,
    ) -> Result<Predictive, Error> {
        rule("n", n > 0, "is 0: no draw was asked for")?;
        let mut evaluator = Evaluator::new();
        let replicates = (0..n as u64)
            .map(|k| {
                let rng = &mut keyed(seed, Purpose::Predictive, k, 0);
                let p = pick(&self.programs, rng);
                let u = match p.points.len().checked_div(p.dim) {
                    None | Some(0) => &[],
                    Some(points) => {
                        let i = rng.random_range(0..points) * p.dim;
                        &p.points[i..i + p.dim]
                    }
                };
                let at = Place::of_program(u, &p.values, p.given);
                evaluator.replicate_at_line(model, at, rng)
            })
            .collect();
        Ok(Predictive::gather(replicates))
    }
}

impl<D: Clone> SdviRun<D> {
    /// The name of the model.
    pub fn model(&self) -> &'static str {
        self.model
    }
    /// The programs, the most probable first.
    pub fn programs(&self) -> &[GuidedProgram<D>] {
        &self.programs
    }
    /// The program of this name, as in `second=true`, if it has a fitted guide.
    pub fn program(&self, name: &str) -> Option<&GuidedProgram<D>> {
        self.programs.iter().find(|p| p.name() == name)
    }
    /// Programs without a fitted guide.
    pub fn failed(&self) -> &[FailedProgram] {
        &self.failed
    }
    /// The prior mass of programs that were not found or left out.
    pub fn unexplored(&self) -> Unexplored {
        self.unexplored
    }
    /// ln Σ exp of what the programs were weighed by: a lower bound on ln Z of the explored programs together, or an
    /// estimate of it by importance.
    pub fn log_evidence(&self) -> Estimate {
        self.all.log_evidence
    }
    /// ln of the Bayes factor of one program over another, by their names, as far as bounds or importance tell: prior
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
    /// At how many draws, of all fits, the density was not finite; see [`GuidedProgram::rejected`].
    pub fn rejected(&self) -> u64 {
        self.programs.iter().map(GuidedProgram::rejected).sum()
    }
    /// Steps of all guides together.
    pub fn steps(&self) -> u64 {
        self.programs.iter().map(|p| p.losses().len() as u64).sum()
    }
}
