//! The guide of one program, from its start to its draws.

use super::target::Target;
use super::weighing::{Importance, bound, importance};
use super::{Settings, WeightBy};
use crate::infer::dcc::{Found, ProgramError, seed_of};
use crate::infer::svi::guide::Guide;
use crate::infer::svi::{Engine, FitState, GuideFor, GuideParameter, Optimiser};
use crate::model::{Evaluator, Layout, Model};
use crate::output::Estimate;
use crate::random::{Purpose, keyed};

/// A guide under way.
pub(super) struct Fit<'a, M, G> {
    target: Target<'a, M>,
    guide: G,
    state: FitState,
    pub losses: Vec<f64>,
    rejected: u64,
}

/// What a guide ends as.
pub(super) struct Fitted<D> {
    pub log_evidence: Estimate,
    pub bound: Estimate,
    pub importance: Option<Importance>,
    pub params: Vec<GuideParameter>,
    pub losses: Vec<f64>,
    /// Draws of the fit at which the density was not finite.
    pub rejected: u64,
    pub draws: Vec<D>,
    /// Where the draws were made, one after another.
    pub points: Vec<f64>,
    pub dim: usize,
    pub given: bool,
    /// Whether the guide is a point.
    pub point: bool,
}

impl<D> Fitted<D> {
    /// A program without continuous latents.
    pub fn exact(log_evidence: Estimate, draws: Vec<D>) -> Self {
        Fitted {
            log_evidence,
            bound: log_evidence,
            importance: None,
            params: Vec::new(),
            losses: Vec::new(),
            rejected: 0,
            draws,
            points: Vec::new(),
            dim: 0,
            given: false,
            point: false,
        }
    }
}

impl<'a, M: Model + Sync, G: Guide> Fit<'a, M, G> {
    /// Binds the guide to the program.
    pub fn bind<F: GuideFor<M, Guide = G>>(
        model: &'a M,
        found: &'a Found,
        guide: &F,
        seed: u64,
    ) -> Result<Self, ProgramError> {
        let trail = &found.trail;
        let layout = Layout {
            dim: trail.dim,
            cube_dim: trail.cube_dim,
            ..Layout::default()
        };
        let guide = guide
            .bind_program(model, &layout, &trail.values)
            .map_err(|e| ProgramError::Guide(e.to_string()))?;
        let dim = guide.latents();
        if !F::GIVEN && dim != trail.dim {
            return Err(ProgramError::Guide(format!(
                "it gives {dim} coordinates, the program has {}",
                trail.dim
            )));
        }
        Ok(Fit {
            target: Target {
                model,
                values: &trail.values,
                dim,
                given: F::GIVEN,
            },
            state: FitState {
                seed: seed_of(&trail.values, seed),
                step: 0,
                annealing_steps: 0,
                particles: 1,
                values: Vec::new(),
                slots: Vec::new(),
            },
            guide,
            losses: Vec::new(),
            rejected: 0,
        })
    }

    /// Whether the entropy of the guide has a closed form.
    pub fn has_entropy(&self) -> bool {
        self.guide.entropy(&self.guide.prepared()).is_some()
    }

    /// Goes on for some steps.
    pub fn run<O: Optimiser>(
        &mut self,
        settings: &Settings,
        optimiser: &O,
        steps: u64,
    ) -> Result<(), ProgramError> {
        let engine = Engine {
            target: &self.target,
            guide: &self.guide,
            optimiser,
            elbo: settings.elbo,
            draws: settings.elbo_draws,
        };
        if self.state.step == 0 {
            self.state = engine.init(self.state.seed).map_err(ProgramError::Guide)?;
        }
        let course = engine
            .run(&mut self.state, steps, &mut |_, _| ())
            .map_err(ProgramError::Guide)?;
        self.losses.extend(course.losses);
        self.rejected += course.rejected;
        Ok(())
    }

    /// The bound as it is now; −∞ where there is none.
    pub fn bound(&self, settings: &Settings) -> f64 {
        let Ok(q) = self.prepared() else {
            return f64::NEG_INFINITY;
        };
        let mean = bound(
            &self
                .log_weights(&q, settings.weight_draws, self.state.step)
                .0,
        )
        .mean;
        if mean.is_nan() {
            f64::NEG_INFINITY
        } else {
            mean
        }
    }

    fn prepared(&self) -> Result<G::Prepared, ProgramError> {
        let mut q = self.guide.prepared();
        self.guide
            .finish(&self.target, &self.state.values, &mut q)
            .map_err(ProgramError::Guide)?;
        Ok(q)
    }

    /// ln p − ln q at draws from the guide, and whether these are all the same.
    fn log_weights(&self, q: &G::Prepared, draws: usize, batch: u64) -> (Vec<f64>, bool) {
        let (mut evaluator, mut scratch) = (Evaluator::new(), self.guide.scratch());
        let mut u = vec![0.0; self.target.dim];
        let mut first = Vec::new();
        let mut same = true;
        let log_weights = (0..draws as u64)
            .map(|i| {
                let rng = &mut keyed(self.state.seed, Purpose::ProgramBound, batch, i);
                self.guide.sample(q, &mut scratch, rng, &mut u);
                if i == 0 {
                    first.clone_from(&u);
                }
                same &= first == u;
                let log_q = self.guide.log_density(q, &mut scratch, &u);
                self.target.value(&mut evaluator, &u) - log_q
            })
            .collect();
        (log_weights, same)
    }

    /// Weighs the fitted guide and draws from it.
    pub fn finish(self, settings: &Settings) -> Result<Fitted<M::Draw>, ProgramError> {
        let q = self.prepared()?;
        let (log_weights, point) = self.log_weights(&q, settings.weight_draws, u64::MAX);
        let bound = bound(&log_weights);
        // A point where the density is not a number has no mass.
        let known: Vec<f64> = log_weights
            .iter()
            .map(|w| if w.is_nan() { f64::NEG_INFINITY } else { *w })
            .collect();
        let importance = if point { None } else { importance(&known) };
        let log_evidence = match settings.weights {
            WeightBy::Bound => Some(bound).filter(|b| b.mean.is_finite()),
            WeightBy::Importance => importance.map(|i| i.log_evidence),
        };
        let Some(log_evidence) = log_evidence else {
            return Err(ProgramError::Guide(match settings.weights {
                WeightBy::Importance if point => {
                    "a point has no density, so that it can't be weighed by importance".to_string()
                }
                WeightBy::Importance => "it draws no point of finite density".to_string(),
                WeightBy::Bound => {
                    "its bound is not finite: it draws points where the program has no density; \
                     weigh by importance, or choose another guide"
                        .to_string()
                }
            }));
        };
        let (mut evaluator, mut scratch) = (Evaluator::new(), self.guide.scratch());
        let mut points = vec![0.0; self.target.dim * settings.draws];
        let draws = points
            .chunks_exact_mut(self.target.dim)
            .enumerate()
            .map(|(i, u)| {
                let rng = &mut keyed(self.state.seed, Purpose::GuideDraw, i as u64, 0);
                self.guide.sample(&q, &mut scratch, rng, u);
                evaluator.draw_at_line(self.target.model, self.target.at(u), rng)
            })
            .collect();
        let params = self
            .guide
            .blocks()
            .iter()
            .map(|block| GuideParameter {
                name: block.name.clone(),
                values: vec![block.values(&self.state.values)],
            })
            .collect();
        Ok(Fitted {
            log_evidence,
            bound,
            importance,
            params,
            losses: self.losses,
            rejected: self.rejected,
            draws,
            points,
            dim: self.target.dim,
            given: self.target.given,
            point,
        })
    }
}
