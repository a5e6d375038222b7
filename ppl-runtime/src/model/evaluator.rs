//! Evaluating a bound model: the log density and its gradient, the cube, records and replicated data.

use super::digits::Digits;
use super::predictive::{Replicate, Simulator};
use super::record::{Off, Record, Recovered};
use super::run::{Blind, Run};
use super::sources::{Cube, Line, Simulate};
use super::{Batch, Model, Place};
use crate::dist::source::Source;
use crate::random::Rng;
use crate::real::kernels::{Level, level};
use crate::real::{Forward, Mode, Real, Reverse, Value, tape};
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
    arena: Bump,
    digits: Digits,
    /// Whether reverse mode has to keep its whole tape; see [`tape::carried`].
    keep_all: bool,
    batch: Option<Batch>,
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
    fn line<M: Mode, Md: Model, const LEVEL: u8>(
        &mut self,
        model: &Md,
        place: Place<'_>,
        first: usize,
    ) -> [Real<M>; 3] {
        self.arena.reset();
        let source = Line {
            first,
            program: place.point.program,
            given: place.given,
            ..Line::new(place.point.u)
        };
        let mut run: Run<'_, M, _, _, _> =
            Run::new(source, Off, Blind::<LEVEL>, &self.arena, &mut self.digits);
        run.batch = self.batch;
        run.model(model);
        [run.prior, run.likelihood, run.source.jacobian]
    }

    /// The log density at a point of R^n, in parts.
    pub fn log_density<'u, Md: Model>(&mut self, model: &Md, at: impl Into<Place<'u>>) -> Density {
        let [prior, likelihood, jacobian] = self
            .line::<Value, Md, 0>(model, at.into(), 0)
            .map(Real::value);
        Density {
            prior,
            likelihood,
            jacobian,
        }
    }

    /// The log likelihood at a point of the unit cube.
    #[inline]
    pub fn log_likelihood<Md: Model>(&mut self, model: &Md, u: &[f64]) -> f64 {
        self.arena.reset();
        let source = Cube::<false> { u, at: 0 };
        let mut run: Run<'_, Value, _, _> =
            Run::new(source, Off, Blind, &self.arena, &mut self.digits);
        run.model(model);
        run.likelihood.value()
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

    /// The log density and its gradient in forward mode, `N` derivatives a pass.
    pub fn forward<const N: usize, Md: Model>(
        &mut self,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        self.forward_at::<N, Md>(model, u.into(), gradient)
    }

    fn forward_at<const N: usize, Md: Model>(
        &mut self,
        model: &Md,
        at: Place<'_>,
        gradient: &mut [f64],
    ) -> f64 {
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
            fn avx512<const N: usize, Md: Model>(
                e: &mut Evaluator,
                model: &Md,
                at: Place<'_>,
                gradient: &mut [f64],
            ) -> f64 {
                e.forward_passes::<N, Md, 2>(model, at, gradient)
            }
            #[target_feature(enable = "avx2,fma")]
            fn avx2<const N: usize, Md: Model>(
                e: &mut Evaluator,
                model: &Md,
                at: Place<'_>,
                gradient: &mut [f64],
            ) -> f64 {
                e.forward_passes::<N, Md, 1>(model, at, gradient)
            }
            match level() {
                // SAFETY: the machine has every feature that the function is compiled for.
                Level::Avx512 => return unsafe { avx512::<N, Md>(self, model, at, gradient) },
                // SAFETY: as above.
                Level::Avx2 => return unsafe { avx2::<N, Md>(self, model, at, gradient) },
                Level::Baseline => {}
            }
        }
        self.forward_passes::<N, Md, 0>(model, at, gradient)
    }

    #[inline(always)]
    fn forward_passes<const N: usize, Md: Model, const LEVEL: u8>(
        &mut self,
        model: &Md,
        at: Place<'_>,
        gradient: &mut [f64],
    ) -> f64 {
        let mut value = f64::NAN;
        for first in (0..at.point.u.len().max(1)).step_by(N.max(1)) {
            let [prior, likelihood, jacobian] =
                self.line::<Forward<N>, Md, LEVEL>(model, at, first);
            let total = prior + likelihood + jacobian;
            value = total.value();
            for (g, d) in gradient.iter_mut().skip(first).zip(total.gradient()) {
                *g = d;
            }
        }
        value
    }

    /// The log density and its gradient in reverse mode.
    pub fn reverse<Md: Model>(&mut self, model: &Md, u: &[f64], gradient: &mut [f64]) -> f64 {
        self.reverse_at(model, u.into(), gradient, true)
    }

    /// The log density of a straight-line program and its gradient, in the mode that suits its size.
    pub fn gradient_at<'u, Md: Model>(
        &mut self,
        model: &Md,
        at: impl Into<Place<'u>>,
        gradient: &mut [f64],
    ) -> f64 {
        let at = at.into();
        match at.point.u.len() {
            _ if Md::SUMS => self.reverse_at(model, at, gradient, true),
            0..=2 => self.forward_at::<2, Md>(model, at, gradient),
            3..=4 => self.forward_at::<4, Md>(model, at, gradient),
            5..=8 => self.forward_at::<8, Md>(model, at, gradient),
            _ => self.reverse_at(model, at, gradient, true),
        }
    }

    pub(super) fn reverse_at<Md: Model>(
        &mut self,
        model: &Md,
        at: Place<'_>,
        gradient: &mut [f64],
        with_jacobian: bool,
    ) -> f64 {
        loop {
            tape::keep_all(self.keep_all);
            tape::begin(at.point.u.len());
            let [prior, likelihood, jacobian] = self.line::<Reverse, Md, 0>(model, at, 0);
            let mut total = prior + likelihood;
            if with_jacobian {
                total += jacobian;
            }
            tape::gradient(total, gradient);
            if !tape::carried() || self.keep_all {
                return total.value();
            }
            // The elements of some `each` are not independent: from now on the whole tape is kept.
            self.keep_all = true;
        }
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

/// A mode that gives a whole gradient.
pub trait GradientMode: Mode {
    /// The log density on R^n and its gradient.
    fn log_density_and_gradient<Md: Model>(
        e: &mut Evaluator,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64;
}

impl<const N: usize> GradientMode for Forward<N> {
    fn log_density_and_gradient<Md: Model>(
        e: &mut Evaluator,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        if Md::SUMS {
            return e.reverse(model, u, gradient);
        }
        e.forward::<N, Md>(model, u, gradient)
    }
}

impl GradientMode for Reverse {
    fn log_density_and_gradient<Md: Model>(
        e: &mut Evaluator,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        e.reverse(model, u, gradient)
    }
}

/// Chooses the mode of the gradient from the number of coordinates: `<Pick<{ gradient_width(DIM) }> as Choose>::Mode`.
pub struct Pick<const N: usize>;

/// The choice of [`Pick`].
pub trait Choose {
    /// The mode.
    type Mode: GradientMode;
}

macro_rules! choose {
    ($($n:literal)*) => { $(impl Choose for Pick<$n> { type Mode = Forward<$n>; })* };
}
choose!(1 2 3 4 5 6 7 8);
impl Choose for Pick<0> {
    type Mode = Reverse;
}

/// One forward pass to eight coordinates; 0, which is reverse mode, above and where the number is not constant.
/// A model with sums over discrete sites takes reverse mode at any width: their terms have a derivative by each
/// operand, not by each coordinate.
pub const fn gradient_width(dim: Option<usize>) -> usize {
    match dim {
        Some(n) if n >= 1 && n <= 8 => n,
        _ => 0,
    }
}

/// The log density and its gradient where the number of coordinates is known only when the model is
/// instantiated (const generics): a few widths of forward mode, else reverse mode.
pub fn gradient_by_width<Md: Model>(
    model: &Md,
    e: &mut Evaluator,
    u: &[f64],
    gradient: &mut [f64],
) -> f64 {
    match gradient_width(Md::DIM) {
        0 => e.reverse(model, u, gradient),
        _ if Md::SUMS => e.reverse(model, u, gradient),
        1 | 2 => e.forward::<2, Md>(model, u, gradient),
        3 | 4 => e.forward::<4, Md>(model, u, gradient),
        _ => e.forward::<8, Md>(model, u, gradient),
    }
}
