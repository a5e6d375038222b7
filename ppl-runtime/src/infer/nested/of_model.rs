//! The nested sampler of a model.

use super::on_cube::{OnCube, Slope};
use super::result::NestedRun;
use super::{Allocation, Checkpoint, Condition, Control, NestedError};
use super::{Proposal, Settings, run_with};
use crate::error::Error;
use crate::model::Model;
use crate::model::impossible::with_cause;
use crate::output::Progress;
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
    slope: Option<Slope<M>>,
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
            slope: self.slope,
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
            slope: None,
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
    /// Slices with which chains begin, in sweeps of as many slices as there are coordinates: 2 at least, and by default. Chains are made
    /// longer while they are seen to remember where they began; where the posterior is long and thin in ways that squares of its
    /// coordinates do not straighten, that may be too late, and 8 are better. Evaluations grow by less than as much.
    ///
    /// ```no_run
    /// # use ppl_runtime::model::Model;
    /// # fn of_a_thin_one<M: Model + Sync>(model: &M) -> Result<(), ppl_runtime::error::Error> {
    /// use ppl_runtime::infer::nested::NestedSampler;
    /// let run = NestedSampler::new(model).sweeps(8).run()?;
    /// println!("{}", run.log_evidence());
    /// # Ok(())
    /// # }
    /// ```
    pub fn sweeps(mut self, sweeps: usize) -> Self {
        self.settings.sweeps = sweeps;
        self
    }
    /// How new points are proposed.
    pub fn proposal(mut self, proposal: Proposal) -> Self {
        self.settings.proposal = proposal;
        self
    }
    /// Proposes new points by chains that go straight on and are reflected by the contour, about the gradient of the
    /// likelihood ([`Proposal::Reflections`]): for smooth likelihoods of some dozens of dimensions and more. The evidence is
    /// the same; which takes fewer evaluations has to be tried (`docs/nested.md`).
    ///
    /// Gradients go through univariate latents; discrete ones, and vectors that are mapped from the cube as a whole, take no
    /// part in the reflection, which costs evaluations and biases nothing.
    ///
    /// ```no_run
    /// # use ppl_runtime::model::Model;
    /// # fn reflected<M: Model + Sync>(model: &M) -> Result<(), ppl_runtime::error::Error> {
    /// use ppl_runtime::infer::nested::NestedSampler;
    /// let run = NestedSampler::new(model).reflections().run()?;
    /// println!("{}", run.log_evidence());
    /// # Ok(())
    /// # }
    /// ```
    pub fn reflections(mut self) -> Self {
        self.settings.proposal = Proposal::Reflections;
        self.slope = Some(|evaluator, model, u, gradient| {
            evaluator.gradient_at_cube(model, u, gradient);
        });
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
            .with_slope(self.slope)
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
            if self.progress {
                line.update(&status.to_string());
            }
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
