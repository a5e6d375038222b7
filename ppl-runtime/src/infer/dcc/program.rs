//! One straight-line program of a model, as its chains and estimators see it.

use super::evidence::Target;
use crate::infer::nuts::LogDensity;
use crate::model::{Evaluator, Model, Point};

/// A model with the values of its `#[branch]` sites fixed.
pub(super) struct StraightLine<'m, M> {
    pub model: &'m M,
    pub values: &'m [f64],
    pub dim: usize,
    pub cube_dim: usize,
}

impl<M> StraightLine<'_, M> {
    /// A point of R^n of this program.
    pub fn at<'u>(&'u self, u: &'u [f64]) -> Point<'u> {
        Point {
            u,
            program: self.values,
        }
    }
}

impl<M: Model + Sync> LogDensity for StraightLine<'_, M> {
    type Worker = Evaluator;
    fn dim(&self) -> usize {
        self.dim
    }
    fn worker(&self) -> Evaluator {
        Evaluator::new()
    }
    fn value_and_gradient(
        &self,
        evaluator: &mut Evaluator,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        evaluator.gradient_at(self.model, self.at(u), gradient)
    }
}

impl<M: Model + Sync> Target for StraightLine<'_, M> {
    type Worker = Evaluator;
    fn dim(&self) -> usize {
        self.dim
    }
    fn cube_dim(&self) -> usize {
        self.cube_dim
    }
    fn worker(&self) -> Evaluator {
        Evaluator::new()
    }
    fn log_density(&self, evaluator: &mut Evaluator, u: &[f64]) -> f64 {
        evaluator.log_density(self.model, self.at(u)).total()
    }
    fn log_likelihood(&self, evaluator: &mut Evaluator, u: &[f64]) -> f64 {
        evaluator.log_likelihood_of_program(self.model, self.at(u))
    }
}
