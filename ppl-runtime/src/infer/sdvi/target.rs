//! One straight-line program, as its guide sees it.

use crate::infer::svi::LogDensity;
use crate::model::{Evaluator, Model, Place};

/// A model with the values of its `#[branch]` sites fixed.
pub(super) struct Target<'a, M> {
    pub model: &'a M,
    pub values: &'a [f64],
    /// Coordinates that the guide gives.
    pub dim: usize,
    /// Whether these are the latents themselves, not their images on the line.
    pub given: bool,
}

impl<M: Model> Target<'_, M> {
    pub fn at<'u>(&'u self, u: &'u [f64]) -> Place<'u> {
        Place::of_program(u, self.values, self.given)
    }
    /// The log density alone.
    pub fn value(&self, evaluator: &mut Evaluator, u: &[f64]) -> f64 {
        evaluator.log_density(self.model, self.at(u)).total()
    }
}

impl<M: Model + Sync> LogDensity for Target<'_, M> {
    type Worker = Evaluator;
    fn dim(&self) -> usize {
        self.dim
    }
    fn worker(&self) -> Evaluator {
        Evaluator::new()
    }
    fn log_density_and_gradient(
        &self,
        evaluator: &mut Evaluator,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        evaluator.gradient_at(self.model, self.at(u), gradient)
    }
}
