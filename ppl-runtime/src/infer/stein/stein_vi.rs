//! Stein variational inference with mixtures of guides.

use super::engine::Engine;
use super::fit::SteinFit;
use super::kernel::Kernel;
use super::settings::{Attraction, Settings};
use super::split::Split;
use crate::error::Error;
use crate::infer::svi::guide::{Block, Guide};
use crate::infer::svi::{
    Course, FitState, Fitted, GuideFor, GuidePosterior, OnLine, Optimiser, bind, failed, line,
};
use crate::model::Model;
use std::fmt;
use std::sync::Arc;

/// A predicate on names of parameters.
type Outside = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Stein variational inference: a mixture of guides of equal weights, whose parameters are particles that attract
/// each other towards the posterior and repel each other through a kernel (Rønning et al. 2024).
///
/// ```ignore
/// let stein = SteinVi::new(&model, AutoNormal::new(), Adam::new(1e-2), RbfKernel::default())
///     .particles(10)
///     .elbo_draws(10);
/// let fit = stein.run(2000, seed)?;
/// let draws = fit.draws(1000, seed)?;
/// ```
pub struct SteinVi<'m, M, G, O, K> {
    pub(super) model: &'m M,
    pub(super) batches: &'m [M],
    pub(super) guide: G,
    pub(super) optimiser: O,
    pub(super) kernel: K,
    pub(super) settings: Settings,
    outside: Option<Outside>,
    progress: bool,
}

const ENGINE: &str = "Stein variational inference";

impl<'m, M: Model + Sync, G: GuideFor<M>, O: Optimiser, K: Kernel> SteinVi<'m, M, G, O, K>
where
    G::Guide: 'm,
{
    /// With 10 particles, 10 draws from each a step, both temperatures 1, and attraction as a sum.
    pub fn new(model: &'m M, guide: G, optimiser: O, kernel: K) -> Self {
        SteinVi {
            model,
            batches: &[],
            guide,
            optimiser,
            kernel,
            settings: Settings {
                particles: 10,
                draws: 10,
                loss_temperature: 1.0,
                repulsion_temperature: 1.0,
                attraction: Attraction::Sum,
                annealing: None,
                annealing_steps: None,
            },
            outside: None,
            progress: false,
        }
    }
    /// Number of particles, the components of the mixture.
    pub fn particles(mut self, particles: usize) -> Self {
        self.settings.particles = particles;
        self
    }
    /// Draws from each component a step.
    pub fn elbo_draws(mut self, draws: usize) -> Self {
        self.settings.draws = draws;
        self
    }
    /// Multiplies the log density of the model in the objective.
    pub fn loss_temperature(mut self, temperature: f64) -> Self {
        self.settings.loss_temperature = temperature;
        self
    }
    /// Multiplies the repulsion; 0 leaves particles apart from what the kernel lets them share.
    pub fn repulsion_temperature(mut self, temperature: f64) -> Self {
        self.settings.repulsion_temperature = temperature;
        self
    }
    /// Attraction as a sum, the default, or as a mean.
    pub fn attraction(mut self, attraction: Attraction) -> Self {
        self.settings.attraction = attraction;
        self
    }
    /// Parameters, by name, that all particles share: they follow the plain gradient of the mean objective, outside
    /// the kernel.
    pub fn non_mixture(mut self, outside: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.outside = Some(Arc::new(outside));
        self
    }
    /// Steps by parts of the data: the model over each part, of which every step scores one, chosen at random. Its
    /// observations are `scaled` so that each part stands for all data. Draws, predictions and
    /// [`evaluate`](Self::evaluate) are of the whole model.
    pub fn minibatches(mut self, batches: &'m [M]) -> Self {
        self.batches = batches;
        self
    }
    /// Shows a line on stderr while it runs; nothing is shown by default.
    pub fn progress(mut self, shown: bool) -> Self {
        self.progress = shown;
        self
    }

    /// Runs for a number of steps.
    ///
    /// # Errors
    /// Unusable data or settings, a model without latents or with discrete ones that are not summed out, a density
    /// that is nowhere finite, a gradient that stops being finite.
    pub fn run(&self, steps: u64, seed: u64) -> Result<SteinFit<'m, M::Draw>, Error> {
        let mut state = self.init(seed)?;
        if self.settings.annealing_steps.is_none() && self.settings.annealing.is_some() {
            state.annealing_steps = steps;
        }
        self.resume(&state, steps)
    }

    /// The state that [`run`](Self::run) starts from.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn init(&self, seed: u64) -> Result<FitState, Error> {
        let parts = self.bind()?;
        let annealing = self.settings.annealing_steps.unwrap_or(0);
        let engine = self.engine(&parts, seed)?;
        engine
            .init(seed, annealing)
            .map_err(|e| failed(M::NAME, ENGINE, e))
    }

    /// Goes on from a state for a number of steps, with the same bits as if it had never stopped.
    ///
    /// # Errors
    /// As [`run`](Self::run), and if the state is not one of this fit.
    pub fn resume(&self, state: &FitState, steps: u64) -> Result<SteinFit<'m, M::Draw>, Error> {
        let parts = self.bind()?;
        let fail = |e| failed(M::NAME, ENGINE, e);
        let (state, course) = self.advance(&parts, state, steps)?;
        let Parts {
            target,
            guide,
            split,
        } = parts;
        let theta = |i| {
            let mut theta = vec![0.0; guide.parameters()];
            split.theta(&state.values, i, &mut theta);
            theta
        };
        let thetas: Vec<Vec<f64>> = (0..state.particles).map(theta).collect();
        let posterior = GuidePosterior::new(&target, guide, &thetas).map_err(fail)?;
        let outside = |b: &Block| self.is_outside(b);
        Ok(SteinFit(Fitted::new(
            posterior, &outside, thetas, course, state,
        )))
    }

    /// One step from a state: the state after it and the loss. Each call binds the model anew; many steps are faster by
    /// [`run`](Self::run) and [`resume`](Self::resume).
    ///
    /// # Errors
    /// As [`resume`](Self::resume).
    pub fn update(&self, state: &FitState) -> Result<(FitState, f64), Error> {
        let (state, course) = self.advance(&self.bind()?, state, 1)?;
        Ok((state, course.losses[0]))
    }

    /// Goes on from a state for a number of steps.
    fn advance(
        &self,
        parts: &Parts<'m, M, G::Guide>,
        state: &FitState,
        steps: u64,
    ) -> Result<(FitState, Course), Error> {
        self.check(parts, state)?;
        let (mut line, shown) = (line(self.progress), self.progress);
        let mut show = |step, loss: f64| {
            if shown {
                line.update(&format!("step {step}, loss {loss:.4}"));
            }
        };
        let mut state = state.clone();
        let course = self
            .engine(parts, state.seed)?
            .run(&mut state, steps, &mut show)
            .map_err(|e| failed(M::NAME, ENGINE, e))?;
        line.finish();
        Ok((state, course))
    }

    /// The loss at a state, estimated by draws of its own.
    ///
    /// # Errors
    /// As [`resume`](Self::resume).
    pub fn evaluate(&self, state: &FitState, seed: u64) -> Result<f64, Error> {
        let parts = self.bind()?;
        self.check(&parts, state)?;
        Ok(self.engine(&parts, state.seed)?.evaluate(state, seed))
    }

    fn is_outside(&self, block: &Block) -> bool {
        self.outside.as_ref().is_some_and(|f| f(&block.name))
    }

    fn bind(&self) -> Result<Parts<'m, M, G::Guide>, Error> {
        self.settings.check()?;
        let (target, guide) = bind((self.model, self.batches), &self.guide)?;
        let split = Split::new(guide.blocks(), &|b| self.is_outside(b));
        if split.own.is_empty() {
            return Err(Error::Setting {
                argument: "non_mixture",
                problem: "leaves no parameter in the mixture".to_string(),
            });
        }
        Ok(Parts {
            target,
            guide,
            split,
        })
    }

    fn check(&self, parts: &Parts<'m, M, G::Guide>, state: &FitState) -> Result<(), Error> {
        let m = self.settings.particles;
        match state.problem(m, parts.split.values(m), O::SLOTS) {
            None => Ok(()),
            Some(problem) => Err(Error::Setting {
                argument: "state",
                problem,
            }),
        }
    }

    fn engine<'e>(
        &'e self,
        parts: &'e Parts<'m, M, G::Guide>,
        seed: u64,
    ) -> Result<Engine<'e, OnLine<'m, M>, G::Guide, K, O>, Error> {
        let over = (&parts.target, &parts.guide);
        let (kernel, optimiser) = (&self.kernel, &self.optimiser);
        Engine::new(over, kernel, optimiser, self.settings, &parts.split, seed)
    }
}

// A derived one would ask the model to be `Clone`, of which this holds a reference.
impl<M, G: Clone, O: Clone, K: Clone> Clone for SteinVi<'_, M, G, O, K> {
    fn clone(&self) -> Self {
        SteinVi {
            model: self.model,
            batches: self.batches,
            guide: self.guide.clone(),
            optimiser: self.optimiser.clone(),
            kernel: self.kernel.clone(),
            settings: self.settings,
            outside: self.outside.clone(),
            progress: self.progress,
        }
    }
}

/// What a run works on.
struct Parts<'m, M, G> {
    target: OnLine<'m, M>,
    guide: G,
    split: Split,
}

impl<M, G: fmt::Debug, O: fmt::Debug, K: fmt::Debug> fmt::Debug for SteinVi<'_, M, G, O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SteinVi")
            .field("guide", &self.guide)
            .field("optimiser", &self.optimiser)
            .field("kernel", &self.kernel)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
