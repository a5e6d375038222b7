//! Divide, Conquer and Combine of a model.

use super::discovery::{Discovery, Found, discover};
use super::local::{Local, infer};
use super::{
    Allocation, BridgeSampling, DccRun, EvidenceEstimator, LocalKernel, NoUTurn, ProgramError,
    Settings,
};
use crate::error::Error;
use crate::infer::nuts;
use crate::model::{Layout, Model};
use crate::output::Progress;
use rayon::prelude::*;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Divide, Conquer and Combine of a model whose `#[branch]` sites decide which others run: a run of NUTS for each
/// straight-line program, and the programs' posterior weights.
///
/// Discrete latents that decide nothing are refused program by program: sum them out with `#[enumerate]`. Priors must be
/// proper, or evidences mean nothing.
///
/// ```
/// use ppl_runtime::dist::{Bernoulli, Normal};
/// use ppl_runtime::infer::dcc::Dcc;
/// use ppl_runtime::model::{ArgumentReport, Evaluator, Frame, Interpreter, Model, Site, SiteKind};
/// use ppl_runtime::real::Mode;
///
/// /// Is the mean of y from N(1, 1) or from N(0, 1)? What `#[model]` writes, shortened.
/// struct TwoPrograms(f64);
/// const fn site(name: &'static str, kind: SiteKind, len: usize, always: bool) -> Site {
///     Site { name, kind, ty: "", line: 0, argument: None, always, len: Some(len), offset: None }
/// }
/// impl Model for TwoPrograms {
///     type Draw = bool;
///     type Latents = ();
///     type Output<'a, M: Mode> = ();
///     const NAME: &'static str = "two_programs";
///     const SITES: &'static [Site] = &[
///         site("second", SiteKind::Branch, 0, true),
///         site("b", SiteKind::Sample, 1, false),
///         site("a", SiteKind::Sample, 1, false),
///         site("y", SiteKind::Observe, 0, true),
///     ];
///     fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
///         let mean = if i.branch::<bool, _>(0, Bernoulli::new(0.5)) {
///             i.sample::<f64, _>(1, Normal::new(1.0, 1.0))
///         } else {
///             i.sample::<f64, _>(2, Normal::new(0.0, 1.0))
///         };
///         i.observe(3, &self.0, Normal::new(mean, 1.0));
///     }
///     fn decode(frame: Frame<'_>) -> bool { frame.one(0) }
///     fn check(&self, _: &mut ArgumentReport) {}
///     fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], g: &mut [f64]) -> f64 {
///         e.reverse(self, u, g)
///     }
/// }
///
/// let run = Dcc::new(&TwoPrograms(0.2)).seed(1).run()?;
/// let second = run.program("second=true").expect("both programs are found").weight();
/// assert!((second.mean - 0.462570).abs() < 5.0 * second.sd);
/// assert!(run.unexplored().exhaustive);
/// # Ok::<(), ppl_runtime::error::Error>(())
/// ```
pub struct Dcc<'m, M, E = BridgeSampling, K = NoUTurn> {
    model: &'m M,
    settings: Settings,
    estimator: E,
    kernel: K,
    progress: bool,
}

// Derived, these would ask of the model what only a reference to it needs.
impl<M, E: Clone, K: Clone> Clone for Dcc<'_, M, E, K> {
    fn clone(&self) -> Self {
        Dcc {
            model: self.model,
            settings: self.settings.clone(),
            estimator: self.estimator.clone(),
            kernel: self.kernel.clone(),
            progress: self.progress,
        }
    }
}
impl<M, E: fmt::Debug, K: fmt::Debug> fmt::Debug for Dcc<'_, M, E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dcc")
            .field("settings", &self.settings)
            .field("estimator", &self.estimator)
            .field("kernel", &self.kernel)
            .finish_non_exhaustive()
    }
}

impl<'m, M: Model + Sync> Dcc<'m, M> {
    /// With the default [`Settings`] and evidences by [`BridgeSampling`].
    pub fn new(model: &'m M) -> Self {
        Dcc {
            model,
            settings: Settings::default(),
            estimator: BridgeSampling::default(),
            kernel: NoUTurn,
            progress: false,
        }
    }
}

impl<'m, M: Model + Sync, E: EvidenceEstimator, K: LocalKernel> Dcc<'m, M, E, K> {
    /// Evidences by another estimator.
    pub fn evidence<F: EvidenceEstimator>(self, estimator: F) -> Dcc<'m, M, F, K> {
        Dcc {
            model: self.model,
            settings: self.settings,
            estimator,
            kernel: self.kernel,
            progress: self.progress,
        }
    }
    /// Chains by another kernel.
    pub fn kernel<L: LocalKernel>(self, kernel: L) -> Dcc<'m, M, E, L> {
        Dcc {
            model: self.model,
            settings: self.settings,
            estimator: self.estimator,
            kernel,
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
    /// Gives more runs to the programs that matter; by default each has one.
    pub fn allocation(mut self, allocation: Allocation) -> Self {
        self.settings.allocation = Some(allocation);
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
        self.kernel.check()?;
        Layout::of(self.model)?;
        let Discovery { found, unexplored } = discover(self.model, &self.settings.search())?;
        let line = Mutex::new(if self.progress {
            Progress::forced()
        } else {
            Progress::new(false)
        });
        let done = AtomicUsize::new(0);
        let mut results: Vec<_> = found
            .par_iter()
            .with_max_len(1)
            .map(|program| {
                let local = self.infer(program, 0);
                let done = done.fetch_add(1, Relaxed) + 1;
                // A program that finds another one writing leaves the line to it.
                if let Ok(mut line) = line.try_lock() {
                    line.update(&format!("{done}/{} programs", found.len()));
                }
                local
            })
            .collect();
        if let Some(allocation) = &self.settings.allocation {
            allocation.refine(&mut results, |k, repetition| {
                self.infer(&found[k], repetition)
            });
        }
        if let Ok(line) = line.into_inner() {
            line.finish();
        }
        DccRun::new::<M, E, K>(found, results, unexplored)
    }

    fn infer(&self, program: &Found, repetition: u64) -> Result<Local<M::Draw>, ProgramError> {
        let by = (&self.kernel, &self.estimator);
        infer(self.model, program, &self.settings, by, repetition)
    }
}
