//! What a run gives.

use super::record::{Chain, Divergence, Transition};
use super::{Settings, Trajectory};
use crate::error::Error;
use crate::model::{Evaluator, Model, Predictive};
use crate::output::{Draws, McmcSummary, OutputError, Table};
use crate::random::{Purpose, keyed};
use crate::support::Export;
use rand::RngExt;
use rayon::prelude::*;
use std::fmt;
use std::sync::OnceLock;

/// A run of [`Nuts`](super::Nuts) or [`Hmc`](super::Hmc), typed by the draws of its model. `Display` is the summary.
#[derive(Clone, Debug)]
pub struct NutsRun<D> {
    model: &'static str,
    engine: &'static str,
    chains: Vec<Chain>,
    draws: Draws<D>,
    divergences: Vec<DivergentDraw<D>>,
    /// Those of the places from where trajectories diverged, if any did.
    places: Option<Table>,
    /// After how many doublings a trajectory is cut short; nothing for static ones.
    max_depth: Option<u32>,
    /// Made when it is first asked for: it costs as much as a run of a small model.
    summary: OnceLock<McmcSummary>,
}

/// Where a trajectory diverged.
#[derive(Clone, Debug)]
pub struct DivergentDraw<D> {
    /// Which chain.
    pub chain: usize,
    /// Which of its draws.
    pub draw: usize,
    /// The point from which the step was taken that diverged: many such points near each other show where the posterior
    /// curves too sharply for the step size.
    pub position: D,
    /// By how much that step raised the energy; more than 1,000, or not finite.
    pub energy_error: f64,
}

/// One chain of a run.
#[derive(Copy, Clone, Debug)]
pub struct ChainDraws<'r, D> {
    draws: &'r [D],
    record: &'r Chain,
}

impl<'r, D> ChainDraws<'r, D> {
    /// Its draws, in order.
    pub fn draws(&self) -> &'r [D] {
        self.draws
    }
    /// Depth, acceptance, energy of each draw.
    pub fn transitions(&self) -> &'r [Transition] {
        &self.record.transitions
    }
    /// Its draws on R^n, the warm-up's transitions, and the rest of the record.
    pub fn record(&self) -> &'r Chain {
        self.record
    }
    /// The step size.
    pub fn step_size(&self) -> f64 {
        self.record.step_size
    }
    /// The mean acceptance.
    pub fn acceptance(&self) -> f64 {
        self.record.acceptance()
    }
    /// How often the gradient was evaluated, warm-up included.
    pub fn gradients(&self) -> u64 {
        self.record.gradients
    }
}

impl<D: Export + Clone + Send + Sync> NutsRun<D> {
    pub(super) fn new<M: Model<Draw = D> + Sync>(
        model: &M,
        chains: Vec<Chain>,
        settings: &Settings,
        engine: &'static str,
    ) -> Result<Self, Error> {
        let seed = settings.seed;
        let failed = |e: OutputError| Error::Engine {
            model: M::NAME,
            engine,
            problem: e.to_string(),
        };
        let decoded: Vec<Vec<D>> = chains
            .par_iter()
            .enumerate()
            .map(|(c, chain)| {
                let mut evaluator = Evaluator::new();
                let recovery = |draw: usize| keyed(seed, Purpose::Recover, c as u64, draw as u64);
                chain
                    .positions()
                    .enumerate()
                    .map(|(draw, u)| evaluator.draw_at_line(model, u, &mut recovery(draw)))
                    .collect()
            })
            .collect();
        let mut evaluator = Evaluator::new();
        let mut divergences = Vec::new();
        for (chain, record) in chains.iter().enumerate() {
            for Divergence {
                draw,
                position,
                energy_error,
            } in &record.divergences
            {
                let rng = &mut keyed(seed, Purpose::Recover, chain as u64, *draw as u64);
                let position = evaluator.draw_at_line(model, position, rng);
                divergences.push(DivergentDraw {
                    chain,
                    draw: *draw,
                    position,
                    energy_error: *energy_error,
                });
            }
        }
        let draws: Vec<D> = decoded.into_iter().flatten().collect();
        let table = Table::of_draws(&draws).map_err(failed)?;
        let draws = Draws::new(draws, table).map_err(failed)?;
        let places: Vec<D> = divergences.iter().map(|d| d.position.clone()).collect();
        let places = match places.len() {
            0 => None,
            _ => Some(Table::of_draws(&places).map_err(failed)?),
        };
        let max_depth = match settings.trajectory {
            Trajectory::NoUTurn { max_depth } => Some(max_depth),
            Trajectory::Steps(_) | Trajectory::Length(_) => None,
        };
        Ok(NutsRun {
            model: M::NAME,
            engine,
            chains,
            draws,
            divergences,
            places,
            max_depth,
            summary: OnceLock::new(),
        })
    }

    /// Replicated data from the posterior, by site: what the model would observe again.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn predictive<M: Model<Draw = D>>(
        &self,
        model: &M,
        n: usize,
        seed: u64,
    ) -> Result<Predictive, Error> {
        if n == 0 {
            let problem = "is 0: no draw was asked for".to_string();
            return Err(Error::Setting {
                argument: "n",
                problem,
            });
        }
        let mut evaluator = Evaluator::new();
        let positions: Vec<&[f64]> = self.chains.iter().flat_map(Chain::positions).collect();
        let replicates = (0..n as u64)
            .map(|k| {
                let rng = &mut keyed(seed, Purpose::Predictive, k, 0);
                let at = rng.random_range(0..positions.len());
                evaluator.replicate_at_line(model, positions[at], rng)
            })
            .collect();
        Ok(Predictive::gather(replicates))
    }
}

impl<D> NutsRun<D> {
    /// The draws of all chains, one chain after the other.
    pub fn draws(&self) -> &Draws<D> {
        &self.draws
    }
    /// The number of chains.
    pub fn chains(&self) -> usize {
        self.chains.len()
    }
    /// One chain, counted from 0, if there are so many.
    pub fn chain(&self, i: usize) -> Option<ChainDraws<'_, D>> {
        let record = self.chains.get(i)?;
        let n = record.transitions.len();
        let draws = self.draws.as_slice().get(i * n..(i + 1) * n)?;
        Some(ChainDraws { draws, record })
    }
    /// Where trajectories diverged, the warm-up's left out.
    pub fn divergences(&self) -> &[DivergentDraw<D>] {
        &self.divergences
    }
    /// How many kept transitions went on to the last doubling that was allowed, so that their trajectories may not have
    /// turned back yet. 0 for static trajectories.
    pub fn cut_short(&self) -> usize {
        let Some(depth) = self.max_depth else {
            return 0;
        };
        let all = self.chains.iter().flat_map(|c| &c.transitions);
        all.filter(|t| t.depth >= depth).count()
    }
    /// How often the gradient was evaluated, in all chains, warm-up included.
    pub fn gradients(&self) -> u64 {
        self.chains.iter().map(|c| c.gradients).sum()
    }
    /// In how many evaluations of the transitions, warm-up included, the log density was not finite; see
    /// [`Chain::rejected`].
    pub fn rejected(&self) -> u64 {
        self.chains.iter().map(|c| c.rejected).sum()
    }
    /// The log density on R^n of each draw: prior, likelihood and Jacobian.
    pub fn log_densities(&self) -> Vec<f64> {
        self.chains
            .iter()
            .flat_map(|c| &c.transitions)
            .map(|t| t.log_density)
            .collect()
    }
    /// A row a parameter, with R̂, effective sample sizes and standard errors; and what is wrong with the run.
    pub fn summary(&self) -> &McmcSummary {
        self.summary.get_or_init(|| {
            let energies: Vec<Vec<f64>> = self.chains.iter().map(Chain::energies).collect();
            let length = self.draws.len() / self.chains.len().max(1);
            let chains = self.draws.table().in_parts(length);
            let tables: Vec<&Table> = chains.iter().collect();
            let mut summary = McmcSummary::new(&tables)
                .expect("chains have the same columns and lengths")
                .with_divergences(self.divergences.len())
                .with_energies(&energies);
            if let Some(places) = &self.places {
                summary = summary.with_divergent_places(places, &tables);
            }
            if let Some(depth) = self.max_depth {
                summary = summary.with_cut_short(self.cut_short(), depth);
            }
            summary
        })
    }
}

impl<D> fmt::Display for NutsRun<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_chain = self.chains.first().map_or(0, |c| c.transitions.len());
        let warmup = self.chains.first().map_or(0, |c| c.warmup.len());
        writeln!(
            f,
            "{} of `{}`: {} chains of {per_chain} draws after {warmup} of warm-up",
            self.engine,
            self.model,
            self.chains.len()
        )?;
        let list = |of: &dyn Fn(&Chain) -> f64| {
            let texts: Vec<String> = self
                .chains
                .iter()
                .map(|c| format!("{:.3}", of(c)))
                .collect();
            texts.join(", ")
        };
        writeln!(f, "  step size     {}", list(&|c| c.step_size))?;
        writeln!(f, "  acceptance    {}", list(&Chain::acceptance))?;
        writeln!(f, "  gradients     {}", self.gradients())?;
        if self.rejected() > 0 {
            let rejected = self.rejected();
            writeln!(
                f,
                "  rejected      {rejected} points where the density is not finite"
            )?;
        }
        writeln!(f, "  divergences   {}", self.divergences.len())?;
        writeln!(f)?;
        write!(f, "{}", self.summary())
    }
}
