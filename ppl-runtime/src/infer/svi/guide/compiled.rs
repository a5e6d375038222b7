//! Guides that a person writes, as guides of the engines.

use super::{Block, Guide, GuideFor, Role};
use crate::error::Error;
use crate::infer::svi::target::LogDensity;
use crate::model::{Evaluator, Guide as Written, Layout, Model, ScoreBy, Trace};
use crate::random::{Purpose, Rng, keyed};

/// A guide function bound to its model: its latents are those of the model themselves, not their images on the line.
#[derive(Clone, Debug)]
pub struct CompiledGuide<G> {
    guide: G,
    blocks: Vec<Block>,
    /// For each number of the guide's latents, in its order of execution, the place in the model's.
    order: Vec<usize>,
    /// The values of the `#[branch]` sites.
    program: Vec<f64>,
}

/// The parameters of a component, on the line and themselves.
#[derive(Clone, Debug)]
pub struct Parameters {
    line: Vec<f64>,
    values: Vec<f64>,
}

/// Buffers of one particle, and the generator of the last draw.
pub struct Scratch {
    evaluator: Evaluator,
    last: Rng,
}

impl<M: Model, G: Written<Latents = M::Latents>> GuideFor<M> for G {
    type Guide = CompiledGuide<G>;
    const GIVEN: bool = true;

    fn bind(&self, model: &M, layout: &Layout) -> Result<CompiledGuide<G>, Error> {
        self.bind_program(model, layout, &[])
    }

    fn bind_program(
        &self,
        model: &M,
        _: &Layout,
        program: &[f64],
    ) -> Result<CompiledGuide<G>, Error> {
        let fail = |problem: String| Error::Engine {
            model: M::NAME,
            engine: G::NAME,
            problem,
        };
        let mut evaluator = Evaluator::of_program(program);
        let rng = &mut keyed(0, Purpose::Layout, 0, 1);
        let trace = evaluator.trace_guide(self, rng).map_err(fail)?;
        let latents = evaluator.trace_latents(model).map_err(fail)?;
        let order = order::<G>(&latents, &trace).map_err(fail)?;
        let mut at = 0;
        let blocks = trace
            .params
            .into_iter()
            .map(|p| {
                let range = at..at + p.len;
                at = range.end;
                Block {
                    name: p.name,
                    range,
                    role: Role::Other,
                    support: p.support,
                }
            })
            .collect();
        Ok(CompiledGuide {
            guide: self.clone(),
            blocks,
            order,
            program: program.to_vec(),
        })
    }
}

/// Matches the numbers of the latents by name of site, the k-th of one with the k-th of the other.
fn order<G: Written>(
    model: &Trace,
    guide: &crate::model::GuideTrace,
) -> Result<Vec<usize>, String> {
    let name = |site: &u32| G::SITES.get(*site as usize).map_or("?", |s| s.name);
    let branches: Vec<&str> = guide.branches.iter().map(name).collect();
    if branches != model.branches {
        return Err(format!(
            "its #[branch] sites are {branches:?} where the model has {:?}: they must come in the same order",
            model.branches
        ));
    }
    let mut taken = vec![false; model.names.len()];
    let mut order = Vec::with_capacity(guide.latents.len());
    for site in &guide.latents {
        let wanted = name(site);
        let free = model
            .names
            .iter()
            .zip(&taken)
            .position(|(n, t)| !t && *n == wanted);
        let Some(k) = free else {
            let has = model.names.iter().filter(|n| **n == wanted).count();
            return Err(format!(
                "site `{wanted}` has more than the {has} numbers that the model has"
            ));
        };
        taken[k] = true;
        order.push(k);
    }
    match taken.iter().position(|t| !t) {
        Some(k) => Err(format!(
            "site `{}` has fewer numbers than the model has",
            model.names[k]
        )),
        None => Ok(order),
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
        let mut evaluator = Evaluator::new();
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
        }
    }
    fn scratch(&self) -> Scratch {
        let last = keyed(0, Purpose::GuideNoise, 0, 0);
        Scratch {
            evaluator: Evaluator::of_program(&self.program),
            last,
        }
    }
    fn prepare(&self, theta: &[f64], q: &mut Parameters) {
        q.line.copy_from_slice(theta);
        for block in &self.blocks {
            for i in block.range.clone() {
                q.values[i] = block.value(theta[i]);
            }
        }
    }
    fn sample(&self, q: &Parameters, scratch: &mut Scratch, rng: &mut Rng, latents: &mut [f64]) {
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
    fn log_density(&self, q: &Parameters, scratch: &mut Scratch, latents: &[f64]) -> f64 {
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
        let evaluator = &mut scratch.evaluator;
        evaluator.log_guide_and_score(&self.guide, &q.values, &self.order, latents, score)
    }
    fn add_latent_score(
        &self,
        q: &Parameters,
        scratch: &mut Scratch,
        latents: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
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
