//! Guides that a person writes, as guides of the engines.

use super::{Block, Guide};
use crate::dist::Normal;
use crate::dist::collect::MOST;
use crate::dist::factors::Factor;
use crate::infer::svi::target::LogDensity;
use crate::model::{Evaluator, Guide as Written, ScoreBy};
use crate::random::{Purpose, Rng, keyed};
use std::cell::Cell;

/// A guide function bound to its model: its latents are those of the model themselves, not their images on the line.
#[derive(Clone, Debug)]
pub struct CompiledGuide<G> {
    pub(super) guide: G,
    pub(super) blocks: Vec<Block>,
    /// For each number of the guide's latents, in its order of execution, the place in the model's.
    pub(super) order: Vec<usize>,
    /// The values of the `#[branch]` sites.
    pub(super) program: Vec<f64>,
    /// Whether its latents are independent given the parameters and made of univariate distributions.
    pub(super) factored: bool,
}

/// The parameters of a component, on the line and themselves, and the distributions of its latents where these are
/// independent.
#[derive(Clone, Debug)]
pub struct Parameters {
    line: Vec<f64>,
    pub(super) values: Vec<f64>,
    pub(super) factors: Vec<Factor>,
}

/// Buffers of one particle, and the generator of the last draw.
pub struct Scratch {
    evaluator: Evaluator,
    last: Rng,
    /// The last draw of a factored guide, in its order, and what is to be pulled back to the parameters of its factors.
    drawn: Vec<f64>,
    put_off: Vec<[f64; MOST]>,
}

// Memory for [`Guide::prepare`], which has no scratch.
thread_local! {
    static PREPARING: Cell<Option<Box<Evaluator>>> = const { Cell::new(None) };
}

/// The distributions of a guide's latents by the values of its parameters; false where it can't be taken apart.
pub(super) fn factor<G: Written>(guide: &G, values: &[f64], factors: &mut Vec<Factor>) -> bool {
    let mut evaluator = PREPARING.take().unwrap_or_default();
    let apart = evaluator.factor_guide(guide, values, factors);
    PREPARING.set(Some(evaluator));
    apart
}

impl<G: Written> CompiledGuide<G> {
    /// The parameters themselves.
    pub(super) fn set(&self, theta: &[f64], q: &mut Parameters) {
        q.line.copy_from_slice(theta);
        for block in &self.blocks {
            for i in block.range.clone() {
                q.values[i] = block.value(theta[i]);
            }
        }
    }
}

impl<G: Written> Guide for CompiledGuide<G> {
    type Prepared = Parameters;
    type Scratch = Scratch;
    const SCORES_WITH_DENSITY: bool = true;

    fn latents(&self) -> usize {
        self.order.len()
    }
    fn blocks(&self) -> Vec<Block> {
        self.blocks.clone()
    }
    fn start<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        theta: &mut [f64],
    ) -> Result<(), String> {
        let mut evaluator = Evaluator::of_program(&self.program);
        let mut worker = target.worker();
        let (mut x, mut gradient) = (vec![0.0; self.latents()], vec![0.0; self.latents()]);
        let mut q = self.prepared();
        for _ in 0..TRIES {
            let trace = evaluator.trace_guide(&self.guide, rng)?;
            theta.copy_from_slice(&trace.start);
            self.prepare(theta, &mut q);
            evaluator.draw_guide(&self.guide, &q.values, &self.order, rng, &mut x);
            let value = target.log_density_and_gradient(&mut worker, &x, &mut gradient);
            if value.is_finite() && gradient.iter().all(|g| g.is_finite()) {
                return Ok(());
            }
        }
        Err(format!(
            "in {TRIES} starts the guide drew no point of finite density"
        ))
    }
    fn prepared(&self) -> Parameters {
        let zeros = vec![0.0; self.parameters()];
        Parameters {
            line: zeros.clone(),
            values: zeros,
            factors: Vec::new(),
        }
    }
    fn scratch(&self) -> Scratch {
        let last = keyed(0, Purpose::GuideNoise, 0, 0);
        let apart = if self.factored { self.latents() } else { 0 };
        Scratch {
            evaluator: Evaluator::of_program(&self.program),
            last,
            drawn: vec![0.0; apart],
            put_off: vec![[0.0; MOST]; apart],
        }
    }
    fn prepare(&self, theta: &[f64], q: &mut Parameters) {
        self.set(theta, q);
        if self.factored {
            factor(&self.guide, &q.values, &mut q.factors);
            // A layout that depends on the parameters, against the rules, has no density.
            let undefined = || Factor::new::<Normal, 2>(&[f64::NAN; 2]);
            q.factors.resize_with(self.order.len(), undefined);
        }
    }
    fn sample(&self, q: &Parameters, scratch: &mut Scratch, rng: &mut Rng, latents: &mut [f64]) {
        if self.factored {
            for ((f, x), k) in q.factors.iter().zip(&mut scratch.drawn).zip(&self.order) {
                *x = f.draw(rng);
                latents[*k] = *x;
            }
            return;
        }
        scratch.last = rng.clone();
        scratch
            .evaluator
            .draw_guide(&self.guide, &q.values, &self.order, rng, latents);
    }
    fn pullback(
        &self,
        q: &Parameters,
        scratch: &mut Scratch,
        weight: f64,
        cotangent: &[f64],
        gradient: &mut [f64],
    ) {
        if self.factored {
            // All draws of a step go through the body together.
            let draws = q.factors.iter().zip(&scratch.drawn).zip(&self.order);
            for (((f, x), k), put_off) in draws.zip(&mut scratch.put_off) {
                let by = weight * cotangent[*k];
                for (p, d) in put_off.iter_mut().zip(f.draw_partials(*x)) {
                    *p += by * d;
                }
            }
            return;
        }
        // The draw is made again, from the same generator, this time on the tape.
        let mut rng = scratch.last.clone();
        let evaluator = &mut scratch.evaluator;
        evaluator.pull_guide_back(
            &self.guide,
            &q.line,
            &self.order,
            &mut rng,
            weight,
            cotangent,
            gradient,
        );
    }
    fn finish_pullback(&self, q: &Parameters, scratch: &mut Scratch, gradient: &mut [f64]) {
        if self.factored {
            let (evaluator, put_off) = (&mut scratch.evaluator, &mut scratch.put_off);
            evaluator.pull_factors_back(&self.guide, &q.line, put_off, gradient);
            put_off.fill([0.0; MOST]);
        }
    }
    fn log_density(&self, q: &Parameters, scratch: &mut Scratch, latents: &[f64]) -> f64 {
        if self.factored {
            let each = q.factors.iter().zip(&self.order);
            return each.map(|(f, k)| f.by_point(latents[*k]).0).sum();
        }
        scratch
            .evaluator
            .log_guide(&self.guide, &q.values, &self.order, latents)
    }
    fn log_density_and_score(
        &self,
        q: &Parameters,
        scratch: &mut Scratch,
        latents: &[f64],
        score: &mut [f64],
    ) -> f64 {
        if self.factored {
            let mut total = 0.0;
            for (f, k) in q.factors.iter().zip(&self.order) {
                let (value, slope) = f.by_point(latents[*k]);
                total += value;
                score[*k] = slope;
            }
            return total;
        }
        let evaluator = &mut scratch.evaluator;
        evaluator.log_guide_and_score(&self.guide, &q.values, &self.order, latents, score)
    }
    fn log_densities_and_scores(
        &self,
        mixture: &[Parameters],
        scratch: &mut Scratch,
        latents: &[f64],
        log_densities: &mut [f64],
        scores: &mut [f64],
    ) {
        let n = latents.len().max(1);
        if !self.factored {
            let each = log_densities.iter_mut().zip(mixture);
            for ((log_density, q), score) in each.zip(scores.chunks_exact_mut(n)) {
                *log_density = self.log_density_and_score(q, scratch, latents, score);
            }
            return;
        }
        log_densities.fill(0.0);
        for (i, k) in self.order.iter().enumerate() {
            let x = latents[*k];
            // Components are mostly of one family: what depends on the point alone serves them all.
            let of_point = mixture[0].factors[i].of_point(x);
            let each = log_densities.iter_mut().zip(mixture);
            for ((log_density, q), score) in each.zip(scores.chunks_exact_mut(n)) {
                let (value, slope) = q.factors[i].by_point_with(x, &of_point);
                *log_density += value;
                score[*k] = slope;
            }
        }
    }
    fn add_latent_score(
        &self,
        q: &Parameters,
        scratch: &mut Scratch,
        latents: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
        if self.factored {
            for (f, k) in q.factors.iter().zip(&self.order) {
                gradient[*k] += weight * f.by_point(latents[*k]).1;
            }
            return;
        }
        let by = ScoreBy::Latents;
        scratch.evaluator.score_guide(
            &self.guide,
            (&q.line, &q.values),
            &self.order,
            latents,
            by,
            weight,
            gradient,
        );
    }
    fn add_parameter_score(
        &self,
        q: &Parameters,
        scratch: &mut Scratch,
        latents: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
        let by = ScoreBy::Parameters;
        scratch.evaluator.score_guide(
            &self.guide,
            (&q.line, &q.values),
            &self.order,
            latents,
            by,
            weight,
            gradient,
        );
    }
}

/// Starts that are tried before giving up.
const TRIES: usize = 100;
