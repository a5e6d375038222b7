//! Divide, Conquer and Combine of a model.

use super::discovery::{Discovery, discover};
use super::local::infer;
use super::{BridgeSampling, DccRun, EvidenceEstimator, Settings};
use crate::error::Error;
use crate::infer::nuts;
use crate::model::{Layout, Model};
use crate::output::Progress;
use rayon::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Divide, Conquer and Combine of a model whose `#[branch]` sites decide which others run: a run of NUTS for each
/// straight-line program, and the programs' posterior weights.
///
/// Discrete latents that decide nothing are refused program by program: sum them out with `#[enumerate]`. Priors must be
/// proper, or evidences mean nothing.
#[derive(Clone, Debug)]
pub struct Dcc<'m, M, E = BridgeSampling> {
    model: &'m M,
    settings: Settings,
    estimator: E,
    progress: bool,
}

impl<'m, M: Model + Sync> Dcc<'m, M> {
    /// With the default [`Settings`] and evidences by [`BridgeSampling`].
    pub fn new(model: &'m M) -> Self {
        Dcc {
            model,
            settings: Settings::default(),
            estimator: BridgeSampling::default(),
            progress: false,
        }
    }
}

impl<'m, M: Model + Sync, E: EvidenceEstimator> Dcc<'m, M, E> {
    /// Evidences by another estimator.
    pub fn evidence<F: EvidenceEstimator>(self, estimator: F) -> Dcc<'m, M, F> {
        Dcc {
            model: self.model,
            settings: self.settings,
            estimator,
            progress: self.progress,
        }
    }
    /// The key of all randomness; 0 by default.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }
    /// Draws from the prior that look for programs; 1,000 by default.
    pub fn prior_draws(mut self, draws: usize) -> Self {
        self.settings.prior_draws = draws;
        self
    }
    /// Executions that the enumeration of `#[branch]` values may take; 4,096 by default, 0 switches it off.
    pub fn enumeration(mut self, executions: usize) -> Self {
        self.settings.enumeration = executions;
        self
    }
    /// The most programs to explore; 124 by default.
    pub fn max_programs(mut self, programs: usize) -> Self {
        self.settings.max_programs = programs;
        self
    }
    /// Chains of each program; 4 by default.
    pub fn chains(mut self, chains: usize) -> Self {
        self.settings.mcmc.chains = chains;
        self
    }
    /// Transitions of each chain that learn step size and metric; 1,000 by default.
    pub fn warmup(mut self, transitions: usize) -> Self {
        self.settings.mcmc.warmup = transitions;
        self
    }
    /// Draws of each chain; 1,000 by default.
    pub fn draws(mut self, draws: usize) -> Self {
        self.settings.mcmc.draws = draws;
        self
    }
    /// All settings of the chains but their seed: trajectories, metric, target acceptance.
    pub fn mcmc(mut self, settings: nuts::Settings) -> Self {
        self.settings.mcmc = settings;
        self
    }
    /// All settings at once.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }
    /// Shows a line on stderr while it runs; nothing is shown by default.
    pub fn progress(mut self, shown: bool) -> Self {
        self.progress = shown;
        self
    }

    /// Finds the programs, runs their chains and weighs them.
    ///
    /// # Errors
    /// Unusable data (naming argument, site and index), unusable settings, sites that depend on a latent which is not
    /// marked, and if no program has an estimate.
    pub fn run(&self) -> Result<DccRun<M::Draw>, Error> {
        self.settings.check()?;
        self.estimator.check()?;
        Layout::of(self.model)?;
        let Discovery { found, unexplored } = discover(self.model, &self.settings)?;
        let line = Mutex::new(if self.progress {
            Progress::forced()
        } else {
            Progress::new(false)
        });
        let done = AtomicUsize::new(0);
        let results = found
            .par_iter()
            .with_max_len(1)
            .map(|program| {
                let local = infer(self.model, program, &self.settings, &self.estimator);
                let done = done.fetch_add(1, Relaxed) + 1;
                // A program that finds another one writing leaves the line to it.
                if let Ok(mut line) = line.try_lock() {
                    line.update(&format!("{done}/{} programs", found.len()));
                }
                local
            })
            .collect();
        if let Ok(line) = line.into_inner() {
            line.finish();
        }
        DccRun::new::<M, E>(found, results, unexplored)
    }
}
