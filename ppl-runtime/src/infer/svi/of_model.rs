//! Variational inference of a model.

use super::elbo::Elbo;
use super::engine::{Course, Engine};
use super::fit::{Fitted, GuidePosterior, SviFit};
use super::guide::{Guide, GuideFor};
use super::optimiser::Optimiser;
use super::state::FitState;
use super::target::OnLine;
use crate::error::Error;
use crate::model::{Layout, Model};
use crate::output::Progress;
use std::fmt;

/// Stochastic variational inference: one guide, fitted to the posterior of a model.
///
/// ```ignore
/// let fit = Svi::new(&model, AutoNormal::new(), Adam::new(1e-2)).run(2000, seed)?;
/// let draws = fit.draws(1000, seed)?;
/// ```
pub struct Svi<'m, M, G, O> {
    model: &'m M,
    batches: &'m [M],
    guide: G,
    optimiser: O,
    elbo: Elbo,
    draws: usize,
    progress: bool,
}

// A derived one would ask the model to be `Clone`, of which this holds a reference.
impl<M, G: Clone, O: Clone> Clone for Svi<'_, M, G, O> {
    fn clone(&self) -> Self {
        Svi {
            model: self.model,
            guide: self.guide.clone(),
            optimiser: self.optimiser.clone(),
            ..*self
        }
    }
}

impl<'m, M: Model + Sync, G: GuideFor<M>, O: Optimiser> Svi<'m, M, G, O>
where
    G::Guide: 'm,
{
    /// With the trace bound and one draw a step.
    pub fn new(model: &'m M, guide: G, optimiser: O) -> Self {
        Svi {
            model,
            batches: &[],
            guide,
            optimiser,
            elbo: Elbo::default(),
            draws: 1,
            progress: false,
        }
    }
    /// The bound on the evidence that is made large.
    pub fn elbo(mut self, elbo: Elbo) -> Self {
        self.elbo = elbo;
        self
    }
    /// Draws from the guide a step; 1 by default.
    pub fn elbo_draws(mut self, draws: usize) -> Self {
        self.draws = draws;
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
    pub fn run(&self, steps: u64, seed: u64) -> Result<SviFit<'m, M::Draw>, Error> {
        let state = self.init(seed)?;
        self.resume(&state, steps)
    }

    /// The state that [`run`](Self::run) starts from.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn init(&self, seed: u64) -> Result<FitState, Error> {
        let (target, guide) = self.bind()?;
        self.engine(&target, &guide)
            .init(seed)
            .map_err(|e| failed(M::NAME, "variational inference", e))
    }

    /// Goes on from a state for a number of steps, with the same bits as if it had never stopped.
    ///
    /// # Errors
    /// As [`run`](Self::run), and if the state is not one of this fit.
    pub fn resume(&self, state: &FitState, steps: u64) -> Result<SviFit<'m, M::Draw>, Error> {
        let (target, guide) = self.bind()?;
        let (state, course) = self.advance(&target, &guide, state, steps)?;
        let fail = |e| failed(M::NAME, "variational inference", e);
        let thetas = vec![state.values.clone()];
        let posterior = GuidePosterior::new(&target, guide, &thetas).map_err(fail)?;
        Ok(SviFit(Fitted::new(
            posterior,
            &|_| false,
            thetas,
            course,
            state,
        )))
    }

    /// One step from a state: the state after it and the loss. Each call binds the model anew; many steps are faster by
    /// [`run`](Self::run) and [`resume`](Self::resume).
    ///
    /// # Errors
    /// As [`resume`](Self::resume).
    pub fn update(&self, state: &FitState) -> Result<(FitState, f64), Error> {
        let (target, guide) = self.bind()?;
        let (state, course) = self.advance(&target, &guide, state, 1)?;
        Ok((state, course.losses[0]))
    }

    /// Goes on from a state for a number of steps.
    fn advance(
        &self,
        target: &OnLine<'m, M>,
        guide: &G::Guide,
        state: &FitState,
        steps: u64,
    ) -> Result<(FitState, Course), Error> {
        check_state::<G::Guide, O>(guide, state)?;
        let mut line = line(self.progress);
        let mut state = state.clone();
        let mut show = |step, loss: f64| {
            if self.progress {
                line.update(&format!("step {step}, loss {loss:.4}"));
            }
        };
        let course = self
            .engine(target, guide)
            .run(&mut state, steps, &mut show)
            .map_err(|e| failed(M::NAME, "variational inference", e))?;
        line.finish();
        Ok((state, course))
    }

    /// The loss at a state, estimated by draws of its own.
    ///
    /// # Errors
    /// As [`resume`](Self::resume).
    pub fn evaluate(&self, state: &FitState, seed: u64) -> Result<f64, Error> {
        let (target, guide) = self.bind()?;
        check_state::<G::Guide, O>(&guide, state)?;
        Ok(self.engine(&target, &guide).evaluate(state, seed))
    }

    fn engine<'e>(
        &'e self,
        target: &'e OnLine<'m, M>,
        guide: &'e G::Guide,
    ) -> Engine<'e, OnLine<'m, M>, G::Guide, O> {
        Engine {
            target,
            guide,
            optimiser: &self.optimiser,
            elbo: self.elbo,
            draws: self.draws,
        }
    }

    fn bind(&self) -> Result<(OnLine<'m, M>, G::Guide), Error> {
        let (target, guide) = bind((self.model, self.batches), &self.guide)?;
        positive("elbo_draws", self.draws)?;
        match self.elbo {
            Elbo::Renyi { alpha } if !alpha.is_finite() => Err(Error::Setting {
                argument: "elbo",
                problem: format!("has order {alpha}, but it must be finite"),
            }),
            Elbo::MeanField if guide.entropy(&guide.prepared()).is_none() => Err(Error::Setting {
                argument: "elbo",
                problem: "is the mean-field bound, but this guide has no entropy in closed form"
                    .into(),
            }),
            _ => Ok((target, guide)),
        }
    }
}

impl<M, G: fmt::Debug, O: fmt::Debug> fmt::Debug for Svi<'_, M, G, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Svi")
            .field("guide", &self.guide)
            .field("optimiser", &self.optimiser)
            .field("elbo", &self.elbo)
            .field("draws", &self.draws)
            .finish_non_exhaustive()
    }
}

/// The model as a log density, and the guide of its layout.
pub(in crate::infer) fn bind<'m, M: Model + Sync, G: GuideFor<M>>(
    (model, batches): (&'m M, &'m [M]),
    guide: &G,
) -> Result<(OnLine<'m, M>, G::Guide), Error> {
    let layout = Layout::of(model)?;
    layout.require_continuous(M::NAME)?;
    layout.require_unbiased(M::NAME)?;
    if layout.dim == 0 {
        return Err(Error::NoLatent { model: M::NAME });
    }
    let guide = guide.bind(model, &layout)?;
    let dim = guide.latents();
    if !G::GIVEN && dim != layout.dim {
        let problem = format!(
            "the guide gives {dim} coordinates, the model has {}",
            layout.dim
        );
        return Err(failed(M::NAME, "variational inference", problem));
    }
    let target = OnLine::new((model, batches), &layout, (dim, G::GIVEN))?;
    Ok((target, guide))
}

fn check_state<G: Guide, O: Optimiser>(guide: &G, state: &FitState) -> Result<(), Error> {
    match state.problem(1, guide.parameters(), O::SLOTS) {
        None => Ok(()),
        Some(problem) => Err(Error::Setting {
            argument: "state",
            problem,
        }),
    }
}

/// A count that must not be 0.
fn positive(argument: &'static str, value: usize) -> Result<(), Error> {
    if value > 0 {
        return Ok(());
    }
    Err(Error::Setting {
        argument,
        problem: "is 0, but it must be at least 1".to_string(),
    })
}

pub(in crate::infer) fn line(shown: bool) -> Progress {
    if shown {
        Progress::forced()
    } else {
        Progress::new(false)
    }
}

pub(in crate::infer) fn failed(
    model: &'static str,
    engine: &'static str,
    problem: String,
) -> Error {
    Error::Engine {
        model,
        engine,
        problem,
    }
}
