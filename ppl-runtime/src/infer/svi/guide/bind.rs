//! Binds a guide that a person writes to its model.

use super::compiled::{CompiledGuide, factor};
use super::{Block, Guide, GuideFor, Role};
use crate::error::Error;
use crate::model::{Evaluator, Guide as Written, GuideTrace, Layout, Model, Trace};
use crate::random::{Purpose, keyed};

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
        let blocks: Vec<Block> = trace
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
        let mut bound = CompiledGuide {
            guide: self.clone(),
            blocks,
            order,
            program: program.to_vec(),
            factored: G::INDEPENDENT,
        };
        if bound.factored {
            let mut q = bound.prepared();
            bound.set(&trace.start, &mut q);
            bound.factored = factor(&bound.guide, &q.values, &mut q.factors)
                && q.factors.len() == bound.order.len();
        }
        Ok(bound)
    }
}

/// Matches the numbers of the latents by name of site, the k-th of one with the k-th of the other.
fn order<G: Written>(model: &Trace, guide: &GuideTrace) -> Result<Vec<usize>, String> {
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
