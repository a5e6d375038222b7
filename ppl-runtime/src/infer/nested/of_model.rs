//! The nested sampler of a model.

use super::gibbs::{LEAST_FOR_PLATES, Sweep, pays, whole};
use super::result::NestedRun;
use super::{Allocation, Checkpoint, Condition, Control, Likelihood, NestedError};
use super::{Proposal, Settings, run_with};
use crate::error::Error;
use crate::model::coordinates::Coordinates;
use crate::model::impossible::with_cause;
use crate::model::parts::{Parts, Values};
use crate::model::{Evaluator, Layout, Model};
use crate::output::{Progress, nearest::nearest};
use std::sync::atomic::AtomicBool;

/// Nested sampling of a model: its evidence, and weighted draws from its posterior.
///
/// The prior is mapped from the unit cube, so priors must be proper; what the model `factor`s belongs to the
/// likelihood. Discrete latents are coordinates of the cube like any others. The same seed gives the same bits with
/// any number of threads.
pub struct NestedSampler<'m, M> {
    model: &'m M,
    settings: Settings,
    progress: bool,
    checkpoint: Option<Checkpoint>,
    stop_flag: Option<&'m AtomicBool>,
    refine: Option<usize>,
}

// Derived, these would ask of the model what only a reference to it needs.
impl<M> Clone for NestedSampler<'_, M> {
    fn clone(&self) -> Self {
        NestedSampler {
            model: self.model,
            settings: self.settings.clone(),
            progress: self.progress,
            checkpoint: self.checkpoint.clone(),
            stop_flag: self.stop_flag,
            refine: self.refine,
        }
    }
}
impl<M> std::fmt::Debug for NestedSampler<'_, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NestedSampler")
            .field("settings", &self.settings)
            .field("progress", &self.progress)
            .field("checkpoint", &self.checkpoint)
            .field("refine", &self.refine)
            .finish_non_exhaustive()
    }
}

impl<'m, M: Model + Sync> NestedSampler<'m, M> {
    /// With the default [`Settings`].
    pub fn new(model: &'m M) -> Self {
        NestedSampler {
            model,
            settings: Settings::default(),
            progress: false,
            checkpoint: None,
            stop_flag: None,
            refine: None,
        }
    }
    /// The key of all randomness; 0 by default.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }
    /// Live points; max(500, 5 d) by default. The error of the evidence falls with their square root.
    pub fn live_points(mut self, live_points: usize) -> Self {
        self.settings.live_points = Some(live_points);
        self
    }
    /// Ends the run when ln(1 + Z_live/Z) is below this; 0.01 by default.
    pub fn remaining_evidence(mut self, remaining: f64) -> Self {
        self.settings.remaining_evidence = remaining;
        self
    }
    /// Goes on until the posterior has this many effective draws.
    pub fn effective_samples(mut self, ess: f64) -> Self {
        self.settings.effective_samples = Some(ess);
        self
    }
    /// Ends the run at this many likelihood evaluations, converged or not.
    pub fn max_evaluations(mut self, evaluations: u64) -> Self {
        self.settings.max_evaluations = evaluations;
        self
    }
    /// How new points are proposed.
    pub fn proposal(mut self, proposal: Proposal) -> Self {
        self.settings.proposal = proposal;
        self
    }
    /// The ends of the prior of this site are the same place, as of an angle that is `Uniform` on a turn: proposals go on
    /// from one end at the other. Distributions on the circle, such as `VonMises`, need not be named. In a loop it is
    /// that of all elements.
    ///
    /// [`run`](Self::run) refuses a name that is not a latent's, or not a continuous one's.
    pub fn periodic(mut self, site: &str) -> Self {
        self.settings.periodic.push(site.to_string());
        self
    }
    /// When the run ends, instead of [`remaining_evidence`](Self::remaining_evidence) and
    /// [`effective_samples`](Self::effective_samples): conditions joined by `&` and `|`.
    pub fn stop(mut self, condition: Condition) -> Self {
        self.settings.stop = Some(condition);
        self
    }
    /// Where further points are drawn when the run is to have more than one climb gives.
    pub fn allocation(mut self, allocation: Allocation) -> Self {
        self.settings.allocation = allocation;
        self
    }
    /// For who wants the posterior and has little use for the evidence: half as many live points look for it, and
    /// further ones go where its bulk is until there are `ess` effective samples. The evidence is no less unbiased, but
    /// less precise for the evaluations that it takes.
    pub fn parameter_estimation(mut self, ess: f64) -> Self {
        self.settings.for_parameters = true;
        self.settings.effective_samples = Some(ess);
        self.settings.allocation = Allocation::Dynamic { posterior: 1.0 };
        self
    }
    /// Keeps the state of the run in a file, and goes on from there if the file exists: a run that was interrupted
    /// ends with the bits of one that was not.
    ///
    /// ```no_run
    /// # use ppl_runtime::model::Model;
    /// # fn resumable<M: Model + Sync>(model: &M) -> Result<(), ppl_runtime::error::Error> {
    /// use ppl_runtime::infer::nested::{Checkpoint, NestedSampler};
    /// let run = NestedSampler::new(model).checkpoint(Checkpoint::new("run.nested")).run()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn checkpoint(mut self, checkpoint: Checkpoint) -> Self {
        self.checkpoint = Some(checkpoint);
        self
    }
    /// Once the flag is true the run ends after the batch in hand, with a checkpoint if it keeps one. No signal
    /// handler is installed: set the flag from yours (Ctrl-C), or from another thread.
    pub fn stop_flag(mut self, flag: &'m AtomicBool) -> Self {
        self.stop_flag = Some(flag);
        self
    }
    /// Refines the evidence after the run by so many importance points, if that can be trusted:
    /// [`NestedRun::refined`]. Not by default.
    pub fn refine(mut self, points: usize) -> Self {
        self.refine = Some(points);
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

    /// Runs the sampler.
    ///
    /// # Errors
    /// Unusable data (naming argument, site and index), unusable settings, a model without latents, a likelihood that
    /// is nowhere finite.
    pub fn run(&self) -> Result<NestedRun<M::Draw>, Error> {
        let cube = OnCube::of(self.model)?
            .on_circles(&self.settings.periodic)?
            .in_parts(&self.settings)?;
        let control = Control {
            checkpoint: self.checkpoint.clone(),
            stop: self.stop_flag,
        };
        let mut line = if self.progress {
            Progress::forced()
        } else {
            Progress::new(false)
        };
        let record = run_with(&cube, &self.settings, &control, &mut |status| {
            line.update(&status.to_string())
        })
        .map_err(|e| explain(self.model, e))?;
        line.finish();
        let run = NestedRun::new(self.model, record)?;
        match self.refine {
            Some(points) => run.refined(self.model, points, self.settings.seed),
            None => Ok(run),
        }
    }
}

/// The error, with the datum that is impossible everywhere if that is why.
fn explain<M: Model>(model: &M, error: NestedError) -> Error {
    match error {
        NestedError::NoFinitePoint { .. } => Error::Engine {
            model: M::NAME,
            engine: ENGINE,
            problem: with_cause(model, error.to_string()),
        },
        other => convert(M::NAME, other),
    }
}

const ENGINE: &str = "nested sampler";

pub(super) fn convert(model: &'static str, error: NestedError) -> Error {
    match error {
        NestedError::Setting { name, value, rule } => Error::Setting {
            argument: name,
            problem: format!("is {value}, but {rule}"),
        },
        NestedError::NoDimensions => Error::NoLatent { model },
        NestedError::File { path, problem } | NestedError::Checkpoint { path, problem } => {
            Error::File { path, problem }
        }
        other => Error::Engine {
            model,
            engine: ENGINE,
            problem: other.to_string(),
        },
    }
}

/// A model as a log likelihood on the unit cube.
pub(super) struct OnCube<'m, M> {
    model: &'m M,
    dim: usize,
    parts: Option<Parts>,
    periodic: Vec<usize>,
}

/// Buffers of a thread that evaluates a model.
#[derive(Default)]
pub(super) struct Worker {
    evaluator: Evaluator,
    u: Vec<f64>,
    terms: Vec<f64>,
    values: Vec<f64>,
}

impl<'m, M: Model + Sync> OnCube<'m, M> {
    /// Binds the model; it must have one program, proper priors and a latent.
    pub(super) fn of(model: &'m M) -> Result<Self, Error> {
        let layout = Layout::of(model)?;
        layout.require_one_program(M::NAME)?;
        layout.require_proper(M::NAME)?;
        if layout.cube_dim == 0 {
            return Err(Error::NoLatent { model: M::NAME });
        }
        Ok(OnCube {
            model,
            dim: layout.cube_dim,
            parts: None,
            periodic: Vec::new(),
        })
    }

    /// Finds the coordinates that go round a circle: those of angles, and of the sites that are said to.
    fn on_circles(mut self, sites: &[String]) -> Result<Self, Error> {
        let found = Coordinates::of(self.model);
        self.periodic = found.circular;
        for site in sites {
            let mut named = found.sites.iter().filter(|s| s.0 == *site).peekable();
            if named.peek().is_none() {
                let names: Vec<String> = found.sites.iter().map(|s| s.0.clone()).collect();
                let meant = match nearest(site, &names, 1).first() {
                    Some(name) => format!("; is `{name}` meant?"),
                    None => String::new(),
                };
                return Err(Error::Setting {
                    argument: "periodic",
                    problem: format!("names `{site}`, which is no latent of `{}`{meant}", M::NAME),
                });
            }
            for (_, continuous, range) in named {
                if !continuous {
                    return Err(Error::Setting {
                        argument: "periodic",
                        problem: format!("names `{site}`, which is not continuous"),
                    });
                }
                self.periodic.extend(range.clone());
            }
        }
        self.periodic.sort_unstable();
        self.periodic.dedup();
        Ok(self)
    }

    /// Takes the model apart if slices by plates are asked for, or are the cheaper way.
    fn in_parts(mut self, settings: &Settings) -> Result<Self, Error> {
        let parts = || Parts::of::<M, Sweep<'_>>(self.model, self.dim);
        match settings.proposal {
            Proposal::PlateSlices => {
                let parts = parts().map_err(|problem| Error::Setting {
                    argument: "proposal",
                    problem: format!("is PlateSlices, but {problem}"),
                })?;
                self.parts = Some(parts);
            }
            Proposal::Auto if self.dim >= LEAST_FOR_PLATES => {
                self.parts = parts().ok().filter(|p| pays(p.shared().len(), self.dim));
            }
            _ => {}
        }
        Ok(self)
    }
}

impl<M: Model + Sync> Likelihood for OnCube<'_, M> {
    type Worker = Worker;
    fn dim(&self) -> usize {
        self.dim
    }
    fn worker(&self) -> Worker {
        Worker::default()
    }
    fn log_likelihood(&self, worker: &mut Worker, u: &[f64]) -> f64 {
        let Some(parts) = &self.parts else {
            return worker.evaluator.log_likelihood(self.model, u);
        };
        let Worker {
            evaluator,
            u: own,
            terms,
            values,
        } = worker;
        own.clear();
        own.extend_from_slice(u);
        terms.resize(parts.blocks().len(), 0.0);
        values.resize(u.len(), 0.0);
        let noted = Values::Noted(values);
        let base = parts.evaluate::<M, Sweep<'_>>(self.model, evaluator, own, terms, None, noted);
        whole(base, terms.iter().copied())
    }
    fn periodic(&self) -> &[usize] {
        &self.periodic
    }
    fn parts(&self) -> Option<&Parts> {
        self.parts.as_ref()
    }
    fn evaluate_parts(
        &self,
        worker: &mut Worker,
        u: &mut [f64],
        terms: &mut Vec<f64>,
        sweep: Option<&mut Sweep<'_>>,
        values: Values<'_>,
    ) -> f64 {
        match &self.parts {
            Some(parts) => {
                parts.evaluate(self.model, &mut worker.evaluator, u, terms, sweep, values)
            }
            None => worker.evaluator.log_likelihood(self.model, u),
        }
    }
    fn name(&self) -> &str {
        M::NAME
    }
}
