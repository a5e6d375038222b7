//! Gradients of log likelihoods on the unit cube.

use super::evaluator::Evaluator;
use super::{Model, sources::Cube};
use crate::dist::family::Family;
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::real::{Lift, Mode, Real, Reverse, tape};

/// The unit cube whose coordinates are independent variables: univariate latents have the derivatives of their quantiles.
/// Discrete latents have none, and neither have vectors that are made of uniform numbers.
struct SlopedCube<'u>(Cube<'u>);

impl Source<Reverse> for SlopedCube<'_> {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = false;
    const SIMULATES: bool = false;
    type Mark = usize;
    fn mark(&self) -> usize {
        self.0.at
    }
    fn rewind(&mut self, mark: usize) {
        self.0.at = mark;
    }
    fn jacobian(&self) -> Option<Real<Reverse>> {
        None
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        self.discrete(quantile)
    }
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<Reverse, P>) -> Real<Reverse> {
        let at = self.0.at;
        let u = self.uniform();
        sloped(d, u, at, at < self.0.u.len())
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(self.uniform())
    }
    fn uniform(&mut self) -> f64 {
        Source::<Reverse>::uniform(&mut self.0)
    }
    fn coordinate(&mut self) -> Real<Reverse> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<Reverse>) {}
    fn position(&self) -> usize {
        self.0.at
    }
    fn seek(&mut self, position: usize) {
        self.0.at = position;
    }
}

/// The quantile of `u`, the coordinate `index`: x = Q(u; θ) has dx/du = 1/p(x), and dx/dθ at a fixed u.
fn sloped<const P: usize, D: Univariate<Reverse, P>>(
    d: &D,
    u: f64,
    index: usize,
    varies: bool,
) -> Real<Reverse> {
    let p = d.values();
    let x = D::Family::quantile(u, &p);
    let finite = |slope: f64| if slope.is_finite() { slope } else { 0.0 };
    let mut lift = <Reverse as Mode>::Lift::begin();
    if varies {
        let slope = (-D::Family::log_density(x, &p)).exp();
        lift.push(Reverse::variable(u, index), finite(slope));
    }
    let reals = d.reals();
    if reals.iter().any(|r| !Reverse::is_constant(r.0)) {
        let partials = D::Family::draw_partials(x, &p);
        for ((real, partial), constant) in reals.iter().zip(partials).zip(D::CONSTANT) {
            if !constant {
                lift.push(*real, finite(partial));
            }
        }
    }
    lift.finish(x)
}

impl Evaluator {
    /// The log likelihood at a point of the unit cube, and its gradient there in reverse mode, as far as there is one:
    /// discrete latents and vectors that are made of uniform numbers (simplices, ordered vectors, correlations) have none.
    pub fn gradient_at_cube<Md: Model>(
        &mut self,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        if self.divides::<Md>() {
            let [value, ..] = self.divided(model, gradient, |model, e, gradient| {
                [e.gradient_at_cube(model, u, gradient), 0.0, 0.0]
            });
            return value;
        }
        loop {
            tape::keep_all(self.keep_all);
            tape::begin(u.len());
            let source = SlopedCube(Cube { u, at: 0 });
            let [_, likelihood, _] = self.totals::<Reverse, Md, _, 0>(model, source, None);
            let zero = Real::constant(0.0);
            tape::gradient_of_sum([likelihood, zero, zero], gradient);
            if !tape::carried() || self.keep_all {
                return likelihood.value();
            }
            // The elements of some `each` are not independent: from now on the whole tape is kept.
            self.keep_all = true;
        }
    }
}
