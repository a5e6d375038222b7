//! Support Decomposition Variational Inference of a model.

use super::fit::{Fit, Fitted};
use super::halving::rounds;
use super::{Halving, SdviRun, Settings, WeightBy};
use crate::error::Error;
use crate::infer::dcc::{Discovery, Found, ProgramError, discover, exact_program, rule, seed_of};
use crate::infer::svi::{Elbo, GuideFor, Optimiser, line};
use crate::model::{Layout, Model};
use rayon::prelude::*;
use std::fmt;

/// Support Decomposition Variational Inference of a model whose `#[branch]` sites decide which others run: a guide for
/// each straight-line program, and the programs' weights. The programs are found as by [`Dcc`](crate::infer::dcc::Dcc).
///
/// The guide is any that [`Svi`](crate::infer::svi::Svi) takes, bound to each program anew. A written one has the shape of
/// its model: its `#[branch]` sites, in the same order, take the values of the program, and what distribution they have
/// there does not count.
///
/// ```ignore
/// let run = Sdvi::new(&model, AutoNormal::new(), Adam::new(0.01)).seed(1).run()?;
/// println!("{run}"); // programs with their weights, a row a parameter
/// ```
pub struct Sdvi<'m, M, G, O> {
    model: &'m M,
    guide: G,
    optimiser: O,
    settings: Settings,
    progress: bool,
}

// A derived one would ask the model to be `Clone`, of which this holds a reference.
impl<M, G: Clone, O: Clone> Clone for Sdvi<'_, M, G, O> {
    fn clone(&self) -> Self {
        Sdvi {
            model: self.model,
            guide: self.guide.clone(),
            optimiser: self.optimiser.clone(),
            settings: self.settings.clone(),
            progress: self.progress,
        }
    }
}

impl<M, G: fmt::Debug, O: fmt::Debug> fmt::Debug for Sdvi<'_, M, G, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sdvi")
            .field("guide", &self.guide)
            .field("optimiser", &self.optimiser)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl<'m, M: Model + Sync, G: GuideFor<M> + Sync, O: Optimiser> Sdvi<'m, M, G, O> {
    /// With the default [`Settings`].
    pub fn new(model: &'m M, guide: G, optimiser: O) -> Self {
        Sdvi {
            model,
            guide,
            optimiser,
            settings: Settings::default(),
            progress: false,
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
    /// Steps for each program, on average; 1,000 by default.
    pub fn steps(mut self, steps: u64) -> Self {
        self.settings.steps = steps;
        self
    }
    /// The bound that guides are fitted by.
    pub fn elbo(mut self, elbo: Elbo) -> Self {
        self.settings.elbo = elbo;
        self
    }
    /// Draws from the guide a step; 1 by default.
    pub fn elbo_draws(mut self, draws: usize) -> Self {
        self.settings.elbo_draws = draws;
        self
    }
    /// Programs that are fitted to the end, the others being given up by halves; 10 by default.
    pub fn finalists(mut self, programs: usize) -> Self {
        let finalists = programs;
        self.settings.halving = Some(Halving { finalists });
        self
    }
    /// What programs are weighed by; their bounds by default.
    pub fn weights(mut self, by: WeightBy) -> Self {
        self.settings.weights = by;
        self
    }
    /// Draws from each guide that estimate its bound and importance weights; 1,000 by default.
    pub fn weight_draws(mut self, draws: usize) -> Self {
        self.settings.weight_draws = draws;
        self
    }
    /// Draws of each program that are kept; 1,000 by default.
    pub fn draws(mut self, draws: usize) -> Self {
        self.settings.draws = draws;
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

    /// Finds the programs, fits their guides and weighs them.
    ///
    /// # Errors
    /// Unusable data (naming argument, site and index), unusable settings, sites that depend on a latent which is not
    /// marked, and if no program has a fitted guide.
    pub fn run(&self) -> Result<SdviRun<M::Draw>, Error> {
        self.settings.check()?;
        Layout::of(self.model)?;
        let Discovery { found, unexplored } = discover(self.model, &self.settings.search())?;
        let mut results: Vec<Step<'_, M, G>> = found.iter().map(|p| self.begin(p)).collect();
        if self.settings.elbo == Elbo::MeanField {
            let closed = results.iter().flatten().all(|step| match step {
                Stage::Fit(fit) => fit.has_entropy(),
                Stage::Exact(_) => true,
            });
            let problem = "is the mean-field bound, but this guide has no entropy in closed form";
            rule("elbo", closed, problem)?;
        }
        self.fit(&mut results);
        let fitted = results
            .into_par_iter()
            .with_max_len(1)
            .map(|step| match step? {
                Stage::Exact(fitted) => Ok(*fitted),
                Stage::Fit(fit) => fit.finish(&self.settings),
            })
            .collect();
        SdviRun::new::<M>(found, fitted, unexplored, self.settings.weights)
    }

    fn begin<'a>(&'a self, found: &'a Found) -> Step<'a, M, G> {
        let trail = &found.trail;
        if let Some(site) = trail.discrete.first() {
            let site = site.clone();
            return Err(ProgramError::Discrete { site });
        }
        if trail.dim > 0 {
            let fit = Fit::bind(self.model, found, &self.guide, self.settings.seed)?;
            return Ok(Stage::Fit(Box::new(fit)));
        }
        let seed = seed_of(&trail.values, self.settings.seed);
        let draws = if M::SUMS { self.settings.draws } else { 1 };
        let (log_evidence, draws) = exact_program(self.model, &trail.values, seed, draws)?;
        Ok(Stage::Exact(Box::new(Fitted::exact(log_evidence, draws))))
    }

    /// The rounds of successive halving.
    fn fit(&self, results: &mut [Step<'_, M, G>]) {
        let is_fit = |step: &Step<'_, M, G>| matches!(step, Ok(Stage::Fit(_)));
        let mut active: Vec<usize> = (0..results.len())
            .filter(|k| is_fit(&results[*k]))
            .collect();
        let rounds = rounds(active.len(), self.settings.steps, self.settings.halving);
        let mut line = line(self.progress);
        for (i, (programs, steps)) in rounds.iter().enumerate() {
            if self.progress {
                line.update(&format!(
                    "round {} of {}: {programs} programs, {steps} steps each",
                    i + 1,
                    rounds.len()
                ));
            }
            let last = i + 1 == rounds.len();
            let bounds: Vec<f64> = results
                .par_iter_mut()
                .enumerate()
                .with_max_len(1)
                .map(|(k, step)| {
                    let Ok(Stage::Fit(fit)) = step else {
                        return f64::NEG_INFINITY;
                    };
                    if !active.contains(&k) {
                        return f64::NEG_INFINITY;
                    }
                    match fit.run(&self.settings, &self.optimiser, *steps) {
                        Ok(()) if last => 0.0,
                        Ok(()) => fit.bound(&self.settings),
                        Err(problem) => {
                            *step = Err(problem);
                            f64::NEG_INFINITY
                        }
                    }
                })
                .collect();
            if let Some((left, _)) = rounds.get(i + 1) {
                active.retain(|k| is_fit(&results[*k]));
                // Stable, so that of equal bounds the more probable program stays.
                active.sort_by(|a, b| bounds[*b].total_cmp(&bounds[*a]));
                active.truncate(*left);
                active.sort_unstable();
            }
        }
        line.finish();
    }
}

/// A program on its way.
enum Stage<'a, M: Model, G: GuideFor<M>> {
    Fit(Box<Fit<'a, M, G::Guide>>),
    Exact(Box<Fitted<M::Draw>>),
}

type Step<'a, M, G> = Result<Stage<'a, M, G>, ProgramError>;
