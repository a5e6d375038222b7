//! Draws from guides, their densities and derivatives.

use super::Guide;
use super::source::{GuideSource, Theta, Values};
use super::trace::{Collect, Order};
use crate::dist::distribution::Distribution;
use crate::model::Evaluator;
use crate::model::record::Off;
use crate::model::run::Run;
use crate::model::watch::{Blind, Watch};
use crate::random::Rng;
use crate::real::{Forward, Mode, Real, Reverse, Value, tape};
use crate::support::Latent;
use std::cell::Cell;

// Memory that a fit uses over and over. Numbers on the tape can't leave their thread.
thread_local! {
    static VALUES: Cell<Vec<Real<Value>>> = const { Cell::new(Vec::new()) };
    static NODES: Cell<Vec<Real<Reverse>>> = const { Cell::new(Vec::new()) };
    static GRADIENT: Cell<Vec<f64>> = const { Cell::new(Vec::new()) };
}

/// The log prior of `#[branch]` sites: a guide of one program does not choose it.
struct Choices<M: Mode> {
    prior: Real<M>,
}

impl<M: Mode> Choices<M> {
    fn new() -> Self {
        let prior = Real::constant(0.0);
        Choices { prior }
    }
}

impl<M: Mode> Watch<M> for Choices<M> {
    fn branch<T: Latent, D: Distribution<M, T>>(&mut self, _: u32, d: &D, x: &T::At<'_, M>) {
        self.prior += d.log_prob(x);
    }
}

impl Evaluator {
    /// Draws latents from a guide by the values of its parameters.
    pub fn draw_guide<G: Guide>(
        &mut self,
        guide: &G,
        values: &[f64],
        order: &Order,
        rng: &mut Rng,
        x: &mut [f64],
    ) {
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let theta = Some(Theta::Values(values));
        let source = GuideSource::new(Values::Drawn(rng), theta, &program);
        let collect = Collect::into(VALUES.take(), G::SITES);
        let mut run: Run<'_, Value, _, _> = Run::new(source, collect, Blind, arena, digits);
        guide.run::<Value, _>(&mut run);
        for (k, v) in order.iter().zip(&run.recorder.numbers) {
            if let Some(x) = x.get_mut(*k) {
                *x = v.value();
            }
        }
        VALUES.set(run.recorder.numbers);
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
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let theta = Some(Theta::Variables(theta));
        let source = GuideSource::new(Values::Drawn(rng), theta, &program);
        let collect = Collect::into(NODES.take(), G::SITES);
        let mut run: Run<'_, Reverse, _, _> = Run::new(source, collect, Blind, arena, digits);
        guide.run::<Reverse, _>(&mut run);
        let mut coefficients = GRADIENT.take();
        coefficients.clear();
        let cotangent = |k: &usize| weight * cotangent.get(*k).copied().unwrap_or(0.0);
        coefficients.extend(order.iter().map(cotangent));
        let sum = Reverse::weighted_sum(&run.recorder.numbers, &coefficients);
        NODES.set(run.recorder.numbers);
        GRADIENT.set(coefficients);
        add_gradient(sum, gradient);
    }

    /// ln q(x; θ) by the values of its parameters.
    pub fn log_guide<G: Guide>(
        &mut self,
        guide: &G,
        values: &[f64],
        order: &Order,
        x: &[f64],
    ) -> f64 {
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let given = Values::Given(x, order, false);
        let source = GuideSource::new(given, Some(Theta::Values(values)), &program);
        let mut run: Run<'_, Value, _, _, _> = Run::new(source, Off, Choices::new(), arena, digits);
        guide.run::<Value, _>(&mut run);
        run.prior.value() - run.watch.prior.value()
    }

    /// ln q(x; θ) by the values of its parameters; writes ∂ln q(x; θ)/∂x.
    pub fn log_guide_and_score<G: Guide>(
        &mut self,
        guide: &G,
        values: &[f64],
        order: &Order,
        x: &[f64],
        score: &mut [f64],
    ) -> f64 {
        let program = self.program.clone();
        let given = Values::Given(x, order, true);
        let source = GuideSource::new(given, Some(Theta::Values(values)), &program);
        let (arena, digits) = self.parts();
        if x.len() <= 2 {
            let mut run: Run<'_, Forward<2>, _, _, _> =
                Run::new(source, Off, Choices::new(), arena, digits);
            guide.run::<Forward<2>, _>(&mut run);
            let density = run.prior - run.watch.prior;
            for (s, d) in score.iter_mut().zip(density.gradient()) {
                *s = d;
            }
            return density.value();
        }
        tape::begin(x.len());
        let mut run: Run<'_, Reverse, _, _, _> =
            Run::new(source, Off, Choices::new(), arena, digits);
        guide.run::<Reverse, _>(&mut run);
        let density = run.prior - run.watch.prior;
        tape::gradient(density, score);
        density.value()
    }

    /// Adds weight·∂ln q(x; θ)/∂x to `gradient`, or by θ on the line.
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a different thing, and one caller has them all at hand"
    )]
    pub fn score_guide<G: Guide>(
        &mut self,
        guide: &G,
        (theta, values): (&[f64], &[f64]),
        order: &Order,
        x: &[f64],
        by: ScoreBy,
        weight: f64,
        gradient: &mut [f64],
    ) {
        tape::begin(gradient.len());
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let latents = matches!(by, ScoreBy::Latents);
        let theta = if latents {
            Theta::Values(values)
        } else {
            Theta::Variables(theta)
        };
        let given = Values::Given(x, order, latents);
        let source = GuideSource::new(given, Some(theta), &program);
        let mut run: Run<'_, Reverse, _, _, _> =
            Run::new(source, Off, Choices::new(), arena, digits);
        guide.run::<Reverse, _>(&mut run);
        add_gradient((run.prior - run.watch.prior) * weight, gradient);
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

pub(super) fn add_gradient(output: Real<Reverse>, gradient: &mut [f64]) {
    let mut one = GRADIENT.take();
    one.clear();
    one.resize(gradient.len(), 0.0);
    tape::gradient(output, &mut one);
    for (g, o) in gradient.iter_mut().zip(&one) {
        *g += o;
    }
    GRADIENT.set(one);
}
