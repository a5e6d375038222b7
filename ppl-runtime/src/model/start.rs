//! Draws from the prior as points of R^n, for engines that start there.

use super::record::Off;
use super::run::Run;
use super::watch::Blind;
use super::{Evaluator, Model};
use crate::dist::family::Family;
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::random::Rng;
use crate::real::{Mode, Real, Value};
use crate::support::bounds_to_line;
use rand::RngExt;

/// Values drawn from the prior, with their images on the line noted in order.
struct PriorOnLine<'r> {
    rng: &'r mut Rng,
    images: &'r mut Vec<f64>,
}

impl<M: Mode> Source<M> for PriorOnLine<'_> {
    const UNCONSTRAINED: bool = true;
    const PRIOR: bool = false;
    const SIMULATES: bool = false;
    type Mark = usize;
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        let x = draw(d, self.rng);
        self.images.push(bounds_to_line(d.bounds(), x));
        Real::constant(x)
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(0.5)
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(0.5)
    }
    fn mark(&self) -> usize {
        self.images.len()
    }
    fn rewind(&mut self, mark: usize) {
        self.images.truncate(mark);
    }
    fn jacobian(&self) -> Option<Real<M>> {
        None
    }
    fn uniform(&mut self) -> f64 {
        f64::NAN
    }
    fn coordinate(&mut self) -> Real<M> {
        let u = RADIUS * (2.0 * self.rng.random::<f64>() - 1.0);
        self.images.push(u);
        Real::constant(u)
    }
    fn add_jacobian(&mut self, _: Real<M>) {}
}

/// Coordinates of vectors that are constrained as a whole are uniform in (−2, 2), as unconstrained starts are.
const RADIUS: f64 = 2.0;

fn draw<M: Mode, const P: usize, D: Univariate<M, P>>(d: &D, rng: &mut Rng) -> f64 {
    D::Family::draw(rng, &d.values())
}

impl Evaluator {
    /// Appends a draw from the prior as a point of R^n. Coordinates of vectors that are constrained as a whole
    /// (simplexes, ordered vectors, correlations) are uniform in (−2, 2).
    pub(crate) fn prior_on_line<Md: Model>(
        &mut self,
        model: &Md,
        rng: &mut Rng,
        images: &mut Vec<f64>,
    ) {
        let (arena, digits) = self.parts();
        let source = PriorOnLine { rng, images };
        let mut run: Run<'_, Value, _, _> = Run::new(source, Off, Blind, arena, digits);
        run.model(model);
    }
}
