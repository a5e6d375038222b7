//! Guides whose latents are independent given the parameters, taken apart into univariate distributions.

use super::Guide;
use super::evaluate::add_gradient;
use super::source::{GuideSource, Theta, Values};
use crate::dist::collect::MOST;
use crate::dist::distribution::Distribution;
use crate::dist::factors::{Factor, Factors};
use crate::dist::univariate::Univariate;
use crate::model::Evaluator;
use crate::model::record::Recorder;
use crate::model::run::Run;
use crate::model::watch::Watch;
use crate::real::{Mode, Real, Reverse, Value, tape};
use crate::support::Latent;
use std::cell::Cell;

/// Hears and scores nothing: the distributions alone are looked at.
struct Deaf;

impl<M: Mode> Recorder<M> for Deaf {
    const ON: bool = false;
    const SCORE: bool = false;
    fn value<T: Latent>(&mut self, _: u32, _: &T::At<'_, M>) {}
    fn enter(&mut self, _: u32) -> usize {
        0
    }
    fn next(&mut self, _: usize) {}
    fn leave(&mut self, _: usize) {}
}

/// Collects the distributions of the latents, in plain numbers.
struct Apart<'f> {
    factors: &'f mut Vec<Factor>,
    all: bool,
}

impl Factors<Value> for Apart<'_> {
    fn factor<const P: usize, D: Univariate<Value, P>>(&mut self, d: &D) {
        self.factors.push(Factor::new::<D::Family, P>(&d.values()));
    }
}

impl Watch<Value> for Apart<'_> {
    fn sample<T: Latent, D: Distribution<Value, T>>(&mut self, _: u32, d: &D) {
        self.all = d.factors(self) && self.all;
    }
}

/// Collects their parameters as variables, each distribution's filled up to [`MOST`].
struct Variables(Vec<Real<Reverse>>);

impl Factors<Reverse> for Variables {
    fn factor<const P: usize, D: Univariate<Reverse, P>>(&mut self, d: &D) {
        self.0.extend(d.reals());
        self.0.extend((P..MOST).map(|_| Real::constant(0.0)));
    }
}

impl Watch<Reverse> for Variables {
    fn sample<T: Latent, D: Distribution<Reverse, T>>(&mut self, _: u32, d: &D) {
        d.factors(self);
    }
}

// Memory that a fit uses over and over. Numbers on the tape can't leave their thread.
thread_local! {
    static NODES: Cell<Vec<Real<Reverse>>> = const { Cell::new(Vec::new()) };
}

impl Evaluator {
    /// The distribution of each number of a guide's latents, by the values of its parameters; false where some site is
    /// not made of univariate ones. The guide must be [`Guide::INDEPENDENT`].
    pub fn factor_guide<G: Guide>(
        &mut self,
        guide: &G,
        values: &[f64],
        factors: &mut Vec<Factor>,
    ) -> bool {
        factors.clear();
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        // The latents are not read.
        let given = Values::Given(&[], &[], false);
        let source = GuideSource::new(given, Some(Theta::Values(values)), &program);
        let watch = Apart { factors, all: true };
        let mut run: Run<'_, Value, _, _, _> = Run::new(source, Deaf, watch, arena, digits);
        guide.run::<Value, _>(&mut run);
        run.watch.all
    }

    /// Adds (∂p/∂θ)ᵀ·`cotangent` to `gradient`, where p are the parameters of all factors and θ those of the guide on
    /// the line.
    pub fn pull_factors_back<G: Guide>(
        &mut self,
        guide: &G,
        theta: &[f64],
        cotangent: &[[f64; MOST]],
        gradient: &mut [f64],
    ) {
        tape::begin(theta.len());
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let given = Values::Given(&[], &[], false);
        let source = GuideSource::new(given, Some(Theta::Variables(theta)), &program);
        let mut nodes = NODES.take();
        nodes.clear();
        let watch = Variables(nodes);
        let mut run: Run<'_, Reverse, _, _, _> = Run::new(source, Deaf, watch, arena, digits);
        guide.run::<Reverse, _>(&mut run);
        let sum = Reverse::weighted_sum(&run.watch.0, cotangent.as_flattened());
        NODES.set(run.watch.0);
        add_gradient(sum, gradient);
    }
}
