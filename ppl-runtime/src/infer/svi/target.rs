//! What the variational engines see of a model.

use crate::model::{Batch, Evaluator, Given, Model};

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
}

/// A model as a log density on R^n: prior, likelihood and the Jacobian of the bijections; or, where `given`, on the
/// latents themselves, without the Jacobian.
#[derive(Clone, Debug)]
pub(in crate::infer) struct OnLine<'m, M> {
    pub model: &'m M,
    pub dim: usize,
    pub given: bool,
}

impl<M: Model + Sync> LogDensity for OnLine<'_, M> {
    type Worker = Evaluator;
    fn dim(&self) -> usize {
        self.dim
    }
    fn worker(&self) -> Evaluator {
        Evaluator::new()
    }
    fn subsample(&self, evaluator: &mut Evaluator, batch: Option<Batch>) {
        evaluator.subsample(batch);
    }
    #[inline]
    fn log_density_and_gradient(
        &self,
        evaluator: &mut Evaluator,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        if self.given {
            let at = Given(u);
            return evaluator.gradient_at(self.model, at, gradient);
        }
        self.model.log_density_and_gradient(evaluator, u, gradient)
    }
}
