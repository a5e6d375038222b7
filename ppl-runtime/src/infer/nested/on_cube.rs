//! A model as the sampler sees it.

use super::gibbs::{Sweep, whole};
use super::{Likelihood, Proposal, Settings};
use crate::error::Error;
use crate::model::coordinates::Coordinates;
use crate::model::parts::{Parts, Values};
use crate::model::{Evaluator, Layout, Model};
use crate::output::nearest::nearest;

/// A model as a log likelihood on the unit cube.
pub(super) struct OnCube<'m, M> {
    model: &'m M,
    dim: usize,
    parts: Option<Parts>,
    periodic: Vec<usize>,
    slope: Option<Slope<M>>,
}

/// Writes the gradient of the log likelihood of a model on the cube. A pointer, so that it is compiled for the models that
/// want it.
pub(super) type Slope<M> = fn(&mut Evaluator, &M, &[f64], &mut [f64]);

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
            slope: None,
        })
    }

    /// Finds the coordinates that go round a circle: those of angles, and of the sites that are said to.
    pub(super) fn on_circles(mut self, sites: &[String]) -> Result<Self, Error> {
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

    /// With its gradient, if that is wanted.
    pub(super) fn with_slope(mut self, slope: Option<Slope<M>>) -> Self {
        self.slope = slope;
        self
    }

    /// Takes the model apart if slices by plates are asked for.
    pub(super) fn in_parts(mut self, settings: &Settings) -> Result<Self, Error> {
        if settings.proposal == Proposal::PlateSlices {
            let parts = Parts::of::<M, Sweep<'_>>(self.model, self.dim);
            self.parts = Some(parts.map_err(|problem| Error::Setting {
                argument: "proposal",
                problem: format!("is PlateSlices, but {problem}"),
            })?);
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
    fn has_gradient(&self) -> bool {
        self.slope.is_some()
    }
    fn gradient(&self, worker: &mut Worker, u: &[f64], gradient: &mut [f64]) {
        match self.slope {
            Some(slope) => slope(&mut worker.evaluator, self.model, u, gradient),
            None => gradient.fill(0.0),
        }
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
