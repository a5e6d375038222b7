//! Running guides: draws, densities and scores.

use super::source::{GuideSource, Values};
use super::trace::{Collect, ParamNotes, Trace};
use super::{Guide, GuideTrace};
use crate::model::record::Off;
use crate::model::run::{Blind, Run};
use crate::model::sources::{Line, Simulate};
use crate::model::{Evaluator, Model, SiteKind};
use crate::random::{Purpose, Rng, keyed};
use crate::real::{Mode, Real, Reverse, Value, fault, tape};

/// Where the numbers of a guide's latents are in the point of its model.
pub type Order = [usize];

impl Evaluator {
    /// Runs a guide once, from the starts of its parameters.
    ///
    /// # Errors
    /// What is wrong with the guide, in words.
    pub fn trace_guide<G: Guide>(
        &mut self,
        guide: &G,
        rng: &mut Rng,
    ) -> Result<GuideTrace, String> {
        fault::take();
        let (arena, digits) = self.parts();
        let source = GuideSource::new(Values::Drawn(rng), None);
        let notes = ParamNotes {
            params: Vec::new(),
            sites: G::SITES,
        };
        let mut run: Run<'_, Value, _, _, _> =
            Run::new(source, Collect::new(), notes, arena, digits);
        guide.run::<Value, _>(&mut run);
        if let Some(problem) = fault::take() {
            return Err(problem);
        }
        Ok(GuideTrace {
            params: run.watch.params,
            start: run.source.starts,
            latents: run.recorder.sites,
        })
    }

    /// The numbers of a model's latents. A guide gives them all.
    ///
    /// # Errors
    /// In words, where a latent can't be given by its numbers.
    pub fn trace_latents<Md: Model>(&mut self, model: &Md) -> Result<Trace, String> {
        let rng = &mut keyed(0, Purpose::Layout, 0, 0);
        let (arena, digits) = self.parts();
        let mut run: Run<'_, Value, _, _> =
            Run::new(Simulate { rng }, Collect::new(), Blind, arena, digits);
        model.run::<Value, _>(&mut run);
        let name = |site: &u32| Md::SITES.get(*site as usize).map(|s| (s.name, s.kind));
        let mut names = Vec::new();
        for site in &run.recorder.sites {
            match name(site) {
                Some((name, SiteKind::Sample | SiteKind::Impute)) => names.push(name),
                _ => {
                    return Err(
                        "a model with submodels or branches can't be guided yet".to_string()
                    );
                }
            }
        }
        drop(run);
        // What is read in this way must be what was counted: not so for a `Vec` of vectors.
        let zeros = vec![0.5; names.len()];
        let (arena, digits) = self.parts();
        let source = Line {
            given: true,
            ..Line::new(&zeros)
        };
        let mut run: Run<'_, Value, _, _> = Run::new(source, Off, Blind, arena, digits);
        run.model(model);
        if run.source.at != names.len() {
            return Err("a `Vec` of constrained vectors can't be guided yet".to_string());
        }
        Ok(Trace { names })
    }

    /// Draws latents from a guide with parameters `theta` on the line.
    pub fn draw_guide<G: Guide>(
        &mut self,
        guide: &G,
        theta: &[f64],
        order: &Order,
        rng: &mut Rng,
        x: &mut [f64],
    ) {
        let (arena, digits) = self.parts();
        let source = GuideSource::new(Values::Drawn(rng), Some((theta, false)));
        let mut run: Run<'_, Value, _, _> = Run::new(source, Collect::new(), Blind, arena, digits);
        guide.run::<Value, _>(&mut run);
        for (k, v) in order.iter().zip(&run.recorder.numbers) {
            if let Some(x) = x.get_mut(*k) {
                *x = v.value();
            }
        }
    }

    /// Adds weight·(∂x/∂θ)ᵀ·`cotangent` of the draw that `rng` gives to `gradient`.
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a different thing, and one caller has them all at hand"
    )]
    pub fn pull_guide_back<G: Guide>(
        &mut self,
        guide: &G,
        theta: &[f64],
        order: &Order,
        rng: &mut Rng,
        weight: f64,
        cotangent: &[f64],
        gradient: &mut [f64],
    ) {
        tape::begin(theta.len());
        let (arena, digits) = self.parts();
        let source = GuideSource::new(Values::Drawn(rng), Some((theta, true)));
        let mut run: Run<'_, Reverse, _, _> =
            Run::new(source, Collect::new(), Blind, arena, digits);
        guide.run::<Reverse, _>(&mut run);
        let coefficients: Vec<f64> = order
            .iter()
            .map(|k| weight * cotangent.get(*k).copied().unwrap_or(0.0))
            .collect();
        let sum = Reverse::weighted_sum(&run.recorder.numbers, &coefficients);
        add_gradient(sum, gradient);
    }

    /// ln q(x; θ).
    pub fn log_guide<G: Guide>(
        &mut self,
        guide: &G,
        theta: &[f64],
        order: &Order,
        x: &[f64],
    ) -> f64 {
        let (arena, digits) = self.parts();
        let source = GuideSource::new(Values::Given(x, order, false), Some((theta, false)));
        let mut run: Run<'_, Value, _, _> = Run::new(source, Off, Blind, arena, digits);
        guide.run::<Value, _>(&mut run);
        run.prior.value()
    }

    /// Adds weight·∂ln q(x; θ)/∂x to `gradient`, or by θ.
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a different thing, and one caller has them all at hand"
    )]
    pub fn score_guide<G: Guide>(
        &mut self,
        guide: &G,
        theta: &[f64],
        order: &Order,
        x: &[f64],
        by: ScoreBy,
        weight: f64,
        gradient: &mut [f64],
    ) {
        tape::begin(gradient.len());
        let (arena, digits) = self.parts();
        let latents = matches!(by, ScoreBy::Latents);
        let source = GuideSource::new(Values::Given(x, order, latents), Some((theta, !latents)));
        let mut run: Run<'_, Reverse, _, _> = Run::new(source, Off, Blind, arena, digits);
        guide.run::<Reverse, _>(&mut run);
        add_gradient(run.prior * weight, gradient);
    }
}

/// By what the score of a guide is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ScoreBy {
    /// The latents.
    Latents,
    /// The parameters.
    Parameters,
}

fn add_gradient(output: Real<Reverse>, gradient: &mut [f64]) {
    let mut one = vec![0.0; gradient.len()];
    tape::gradient(output, &mut one);
    for (g, o) in gradient.iter_mut().zip(one) {
        *g += o;
    }
}
