//! The unit cube of one straight-line program.

use super::sources::Cube;
use super::{Evaluator, Model, Point};
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::real::{Mode, Real, Value};

/// The unit cube, with the values of the `#[branch]` sites fixed. Their priors count as likelihood.
pub(super) struct Pinned<'u> {
    /// The cube of the other latents.
    pub cube: Cube<'u, false>,
    program: &'u [f64],
    branches: usize,
}

impl<'u> Pinned<'u> {
    pub(super) fn new(at: Point<'u>) -> Self {
        Pinned {
            cube: Cube { u: at.u, at: 0 },
            program: at.program,
            branches: 0,
        }
    }
}

impl<M: Mode> Source<M> for Pinned<'_> {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = false;
    const SIMULATES: bool = false;
    const PINNED: bool = true;
    type Mark = (usize, usize);
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        self.cube.scalar(d)
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        Source::<M>::discrete(&mut self.cube, quantile)
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        let i = self.branches;
        self.branches += 1;
        self.program
            .get(i)
            .copied()
            .unwrap_or_else(|| quantile(0.5))
    }
    fn mark(&self) -> (usize, usize) {
        (self.cube.at, self.branches)
    }
    fn rewind(&mut self, (at, branches): (usize, usize)) {
        (self.cube.at, self.branches) = (at, branches);
    }
    fn jacobian(&self) -> Option<Real<M>> {
        None
    }
    fn uniform(&mut self) -> f64 {
        Source::<M>::uniform(&mut self.cube)
    }
    fn coordinate(&mut self) -> Real<M> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<M>) {}
    fn position(&self) -> usize {
        self.cube.at
    }
    fn seek(&mut self, position: usize) {
        self.cube.at = position;
    }
}

impl Evaluator {
    /// The log likelihood of a straight-line program at a point of its unit cube, with the ln prior of its `#[branch]`
    /// values: exp of it, averaged over the cube, is the program's part of the evidence.
    pub fn log_likelihood_of_program<Md: Model>(&mut self, model: &Md, at: Point<'_>) -> f64 {
        let likelihood = |model: &Md, e: &mut Evaluator| {
            let totals = e.totals::<Value, Md, _, 0>(model, Pinned::new(at), None);
            totals.map(Real::value)
        };
        let [_, likelihood, _] = if self.divides::<Md>() {
            self.divided(model, &mut [], |model, e, _| likelihood(model, e))
        } else {
            likelihood(model, self)
        };
        likelihood
    }
}
