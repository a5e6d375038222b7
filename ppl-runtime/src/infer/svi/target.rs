//! What the variational engines see of a model.

use crate::error::Error;
use crate::model::{Batch, Evaluator, Given, Layout, Model, Place};
use crate::random::{Purpose, Rng, keyed};
use rand::RngExt;

/// A log density on R^n with its gradient: all that a variational engine sees of a model.
pub trait LogDensity: Sync {
    /// Buffers of one particle.
    type Worker: Send;

    /// Number of coordinates.
    fn dim(&self) -> usize;

    /// Fresh buffers.
    fn worker(&self) -> Self::Worker;

    /// Which part of the data counts from now on; all of them without a choice.
    fn subsample(&self, _worker: &mut Self::Worker, _batch: Option<Batch>) {}

    /// ln p at `u`, up to a constant; writes its gradient.
    fn log_density_and_gradient(
        &self,
        worker: &mut Self::Worker,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64;

    /// Chooses what is random about the density, a minibatch, for all evaluations until the next call. It depends on
    /// seed and step alone, so that all particles and draws of a step see the same.
    fn begin_step(&self, worker: &mut Self::Worker, seed: u64, step: u64) {
        let _ = (worker, seed, step);
    }

    /// Values of each coordinate in `draws` draws from the prior, one draw after the other. False where there is
    /// no prior to draw from.
    fn prior(&self, draws: usize, rng: &mut Rng, values: &mut Vec<f64>) -> bool {
        let _ = (draws, rng, values);
        false
    }

    /// About how many nanoseconds an evaluation takes, from counts of coordinates and data. It decides whether
    /// threads share a step, and nothing else.
    fn cost(&self) -> f64 {
        PER_EVALUATION + PER_COORDINATE * self.dim() as f64
    }
}

/// Measured on models of 1 to 1,000 coordinates and 0 to 10,000 data; factors of three to either side do not matter.
const PER_EVALUATION: f64 = 100.0;
const PER_COORDINATE: f64 = 10.0;
const PER_DATUM: f64 = 5.0;

/// A model as a log density on R^n: prior, likelihood and the Jacobian of the bijections; or, where `given`, on the
/// latents themselves, without the Jacobian.
#[derive(Debug)]
pub(in crate::infer) struct OnLine<'m, M> {
    pub model: &'m M,
    /// The model over parts of its data, one of which is scored at each step.
    pub batches: &'m [M],
    pub dim: usize,
    pub given: bool,
    data: usize,
}

/// Buffers, and the batch of this step.
pub(in crate::infer) struct OnLineWorker {
    evaluator: Evaluator,
    batch: Option<usize>,
}

impl<'m, M: Model> OnLine<'m, M> {
    /// Of a bound model of known layout.
    ///
    /// # Errors
    /// Where a batch can't be bound or has another layout.
    pub(in crate::infer) fn new(
        (model, batches): (&'m M, &'m [M]),
        layout: &Layout,
        (dim, given): (usize, bool),
    ) -> Result<Self, Error> {
        for (k, batch) in batches.iter().enumerate() {
            if Layout::of(batch)? != *layout {
                let problem = format!("have another layout than the model: batch {k} does");
                return Err(Error::Setting {
                    argument: "minibatches",
                    problem,
                });
            }
        }
        let scored = batches.first().unwrap_or(model);
        let rng = &mut keyed(0, Purpose::Layout, 0, 2);
        let at = vec![0.0; layout.dim];
        let replicate = Evaluator::new().replicate_at_line(scored, &at[..], rng);
        Ok(OnLine {
            model,
            batches,
            dim,
            given,
            data: replicate.iter().map(|site| site.numbers.len()).sum(),
        })
    }
}

impl<M: Model + Sync> LogDensity for OnLine<'_, M> {
    type Worker = OnLineWorker;
    fn dim(&self) -> usize {
        self.dim
    }
    fn worker(&self) -> OnLineWorker {
        OnLineWorker {
            evaluator: Evaluator::new(),
            batch: None,
        }
    }
    fn subsample(&self, worker: &mut OnLineWorker, batch: Option<Batch>) {
        worker.evaluator.subsample(batch);
    }
    #[inline]
    fn log_density_and_gradient(
        &self,
        worker: &mut OnLineWorker,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        let batch = worker.batch.and_then(|k| self.batches.get(k));
        let (model, evaluator) = (batch.unwrap_or(self.model), &mut worker.evaluator);
        if self.given {
            return evaluator.gradient_at(model, Given(u), gradient);
        }
        model.log_density_and_gradient(evaluator, u, gradient)
    }
    fn begin_step(&self, worker: &mut OnLineWorker, seed: u64, step: u64) {
        if !self.batches.is_empty() {
            let mut rng = keyed(seed, Purpose::DataBatch, step, 0);
            worker.batch = Some(rng.random_range(0..self.batches.len()));
        }
    }
    fn prior(&self, draws: usize, rng: &mut Rng, values: &mut Vec<f64>) -> bool {
        let mut evaluator = Evaluator::new();
        values.clear();
        for _ in 0..draws {
            evaluator.prior_on_line(self.model, rng, values);
        }
        values.len() == draws * self.dim
    }
    fn cost(&self) -> f64 {
        PER_EVALUATION + PER_COORDINATE * self.dim as f64 + PER_DATUM * self.data as f64
    }
}

/// A point on the line, or of the latents themselves.
pub(in crate::infer) fn place(given: bool, u: &[f64]) -> Place<'_> {
    if given { Given(u).into() } else { u.into() }
}
