//! Evaluating a bound model: the log density, the cube, records and replicated data.

use super::digits::Digits;
use super::parallel::{Part, Share};
use super::predictive::{Replicate, Simulator};
use super::record::{Off, Record, Recovered};
use super::run::Run;
use super::sources::{Cube, Line, Simulate};
use super::watch::Blind;
use super::{Batch, Model, Place};
use crate::dist::source::Source;
use crate::random::Rng;
#[cfg(target_arch = "x86_64")]
use crate::real::kernels::{Level, level};
use crate::real::{Mode, Real, Value};
use bumpalo::Bump;
use rand::SeedableRng;
use std::sync::Arc;

/// The parts of a log density on R^n.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Density {
    /// Σ ln prior.
    pub prior: f64,
    /// Σ ln likelihood, with what the model `factor`s.
    pub likelihood: f64,
    /// ln |dx/du| of the bijections.
    pub jacobian: f64,
}

impl Density {
    /// The log density on R^n.
    pub fn total(&self) -> f64 {
        self.prior + self.likelihood + self.jacobian
    }
}

/// Runs models; keeps the memory that their data-sized values need. One a thread.
#[derive(Default)]
pub struct Evaluator {
    pub(super) arena: Bump,
    pub(super) digits: Digits,
    /// Whether reverse mode has to keep its whole tape; see [`tape::carried`](crate::real::tape::carried).
    pub(super) keep_all: bool,
    pub(super) batch: Option<Batch>,
    /// Of models with parallel plates: the parts of an evaluation, and how many the last one had.
    pub(super) parts: Vec<Part>,
    pub(super) last_parts: usize,
    /// Which of them this one does, if it does one.
    pub(super) share: Option<Share>,
    /// The values of the `#[branch]` sites of guides.
    pub(super) program: Arc<[f64]>,
}

impl Evaluator {
    /// With no memory yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Which elements of subsampled plates count in log densities from now on; without a choice, all of them.
    pub fn subsample(&mut self, batch: Option<Batch>) {
        self.batch = batch;
    }

    /// For guides of one straight-line program of their model.
    pub fn of_program(values: &[f64]) -> Self {
        Evaluator {
            program: values.into(),
            ..Self::default()
        }
    }

    /// The arena, emptied, and the digits.
    pub(super) fn parts(&mut self) -> (&Bump, &mut Digits) {
        self.arena.reset();
        (&self.arena, &mut self.digits)
    }

    #[inline(always)]
    pub(super) fn line<M: Mode, Md: Model, const LEVEL: u8>(
        &mut self,
        model: &Md,
        place: Place<'_>,
        first: usize,
    ) -> [Real<M>; 3] {
        let source = Line {
            first,
            program: place.point.program,
            given: place.given,
            ..Line::new(place.point.u)
        };
        self.totals::<M, Md, _, LEVEL>(model, source, self.batch)
    }

    /// The log density at a point of R^n, in parts.
    pub fn log_density<'u, Md: Model>(&mut self, model: &Md, at: impl Into<Place<'u>>) -> Density {
        let at = at.into();
        let [prior, likelihood, jacobian] = if self.divides::<Md>() {
            self.divided(model, &mut [], |model, e, _| {
                e.line::<Value, Md, 0>(model, at, 0).map(Real::value)
            })
        } else {
            self.line::<Value, Md, 0>(model, at, 0).map(Real::value)
        };
        Density {
            prior,
            likelihood,
            jacobian,
        }
    }

    /// The log likelihood at a point of the unit cube.
    #[inline]
    pub fn log_likelihood<Md: Model>(&mut self, model: &Md, u: &[f64]) -> f64 {
        if self.divides::<Md>() {
            let [_, likelihood, _] = self.divided(model, &mut [], |model, e, _| {
                let cube = Cube::<false> { u, at: 0 };
                let totals = e.totals::<Value, Md, _, 0>(model, cube, None);
                totals.map(Real::value)
            });
            return likelihood;
        }
        #[cfg(target_arch = "x86_64")]
        if level() != Level::Baseline {
            #[target_feature(enable = "avx2,fma")]
            fn avx2<Md: Model>(e: &mut Evaluator, model: &Md, u: &[f64]) -> f64 {
                e.likelihood_on_cube::<Md, 1>(model, u)
            }
            // SAFETY: the machine has every feature that the function is compiled for.
            return unsafe { avx2(self, model, u) };
        }
        self.likelihood_on_cube::<Md, 0>(model, u)
    }

    #[inline(always)]
    fn likelihood_on_cube<Md: Model, const LEVEL: u8>(&mut self, model: &Md, u: &[f64]) -> f64 {
        let cube = Cube::<false, LEVEL> { u, at: 0 };
        let [_, likelihood, _] = self.totals::<Value, Md, _, LEVEL>(model, cube, None);
        likelihood.value()
    }

    /// The log density of prior times likelihood, in the model's own coordinates, at a point of the unit cube, and how
    /// many coordinates the model read.
    pub fn log_posterior_at_cube<Md: Model>(&mut self, model: &Md, u: &[f64]) -> (f64, usize) {
        self.arena.reset();
        let source = Cube::<true> { u, at: 0 };
        let mut run: Run<'_, Value, _, _> =
            Run::new(source, Off, Blind, &self.arena, &mut self.digits);
        run.model(model);
        (run.prior.value() + run.likelihood.value(), run.source.at)
    }

    fn record<Md: Model>(&mut self, model: &Md, source: impl Source<Value>) -> Record {
        self.arena.reset();
        let mut run: Run<'_, Value, _, _> =
            Run::new(source, Record::new(), Blind, &self.arena, &mut self.digits);
        run.model(model);
        run.recorder
    }

    /// A record in which enumerated sites, where the model has any, are drawn from their conditional distribution
    /// given the rest.
    fn recover<Md: Model>(
        &mut self,
        model: &Md,
        source: impl Source<Value>,
        rng: &mut Rng,
    ) -> Record {
        if !Md::SUMS {
            return self.record(model, source);
        }
        self.arena.reset();
        let mut run: Run<'_, Value, _, _> = Run::new(
            source,
            Recovered::new(rng),
            Blind,
            &self.arena,
            &mut self.digits,
        );
        run.model(model);
        run.recorder.record
    }

    /// A draw from the prior.
    pub fn prior_draw<Md: Model>(&mut self, model: &Md, rng: &mut Rng) -> Md::Draw {
        Md::decode(self.record(model, Simulate { rng }).frame())
    }

    /// The draw at a point of the unit cube; enumerated sites are drawn given the rest.
    pub fn draw_at_cube<Md: Model>(&mut self, model: &Md, u: &[f64], rng: &mut Rng) -> Md::Draw {
        Md::decode(self.recover(model, Cube::<false> { u, at: 0 }, rng).frame())
    }

    /// The draw at a point of R^n; enumerated sites are drawn given the rest.
    pub fn draw_at_line<'u, Md: Model>(
        &mut self,
        model: &Md,
        at: impl Into<Place<'u>>,
        rng: &mut Rng,
    ) -> Md::Draw {
        let at = at.into();
        let source = Line {
            program: at.point.program,
            given: at.given,
            ..Line::new(at.point.u)
        };
        Md::decode(self.recover(model, source, rng).frame())
    }

    /// Replicated data with latents at a point of the unit cube.
    pub fn replicate_at_cube<Md: Model>(
        &mut self,
        model: &Md,
        u: &[f64],
        rng: &mut Rng,
    ) -> Replicate {
        self.replicate(model, Cube::<false> { u, at: 0 }, rng)
    }

    /// Replicated data with latents at a point of R^n.
    pub fn replicate_at_line<'u, Md: Model>(
        &mut self,
        model: &Md,
        at: impl Into<Place<'u>>,
        rng: &mut Rng,
    ) -> Replicate {
        let at = at.into();
        let source = Line {
            program: at.point.program,
            given: at.given,
            ..Line::new(at.point.u)
        };
        self.replicate(model, source, rng)
    }

    /// Replicated data with latents from the prior.
    pub fn replicate_prior<Md: Model>(
        &mut self,
        model: &Md,
        latents: &mut Rng,
        rng: &mut Rng,
    ) -> Replicate {
        self.replicate(model, Simulate { rng: latents }, rng)
    }

    fn replicate<Md: Model>(
        &mut self,
        model: &Md,
        source: impl Source<Value>,
        rng: &mut Rng,
    ) -> Replicate {
        self.arena.reset();
        // Enumerated sites and observations have generators of their own, so that neither disturbs the other.
        let mut states = Rng::from_rng(rng);
        let watch = Simulator::new(Md::SITES, rng);
        let recorder = Recovered::new(&mut states);
        let mut run: Run<'_, Value, _, _, _> =
            Run::new(source, recorder, watch, &self.arena, &mut self.digits);
        run.model(model);
        run.watch.sites
    }
}
