//! Models some of whose latents are given.

use super::parallel::{Part, on_threads};
use super::pins::{Partial, Pins};
use super::{ArgumentReport, Evaluator, Frame, Interpreter, Model, Site};
use crate::dist::reduced::Reduction;
use crate::real::Mode;

/// Giving some of a model's latents. What comes out is a model again, for every engine.
///
/// `Partial` is a plain type that `#[model]` writes, `CoinPartial` for `coin`: each latent is an `Option` (a `Vec` of
/// them in a plate or loop, of which an empty one gives nothing), and `..Default::default()` leaves out the rest. An
/// enumerated site can be given too: it is then not summed out. That values fit (the length of a `Vec`, the support of
/// the site's distribution) is looked at when an engine binds the model.
pub trait Condition: Model + Sized {
    /// Some of the latents.
    type Partial: Partial;

    /// Takes these values for observed: their density counts as likelihood.
    fn condition(self, values: Self::Partial) -> Conditioned<Self> {
        Conditioned {
            pins: Pins::new(&values, true),
            model: self,
        }
    }
    /// Takes these values as they are, whatever their density: an intervention, `do(x)`.
    fn fix(self, values: Self::Partial) -> Conditioned<Self> {
        Conditioned {
            pins: Pins::new(&values, false),
            model: self,
        }
    }
}

/// A model some of whose latents are given; made by [`Condition`]. They are constant in its draws.
#[derive(Clone, Debug)]
pub struct Conditioned<M> {
    model: M,
    pins: Pins,
}

impl<M: Condition + Sync> Condition for Conditioned<M> {
    type Partial = M::Partial;
}
impl<M: Condition + Sync> Condition for &M {
    type Partial = M::Partial;
}

#[diagnostic::do_not_recommend]
impl<Md: Model + Sync> Model for Conditioned<Md> {
    type Draw = Md::Draw;
    type Latents = Md::Latents;
    type Output<'a, M: Mode> = Md::Output<'a, M>;
    const NAME: &'static str = Md::NAME;
    const SITES: &'static [Site] = Md::SITES;
    // What is given has no coordinates.
    const DIM: Option<usize> = None;
    const SUMS: bool = Md::SUMS;
    const PARALLEL: bool = Md::PARALLEL;

    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) -> Md::Output<'a, M> {
        i.given(&self.pins, |i| Model::run::<M, I>(&self.model, i))
    }
    fn decode(frame: Frame<'_>) -> Md::Draw {
        Md::decode(frame)
    }
    fn check(&self, report: &mut ArgumentReport) {
        self.model.check(report);
    }
    fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], gradient: &mut [f64]) -> f64 {
        e.gradient_at(self, u, gradient)
    }
    fn on_threads(&self, parts: &mut [Part], f: impl Fn(&Self, &mut Part) + Sync) {
        on_threads(self, parts, f);
    }
}

#[diagnostic::do_not_recommend]
impl<Md: Model + Sync> Model for &Md {
    type Draw = Md::Draw;
    type Latents = Md::Latents;
    type Output<'a, M: Mode> = Md::Output<'a, M>;
    const NAME: &'static str = Md::NAME;
    const SITES: &'static [Site] = Md::SITES;
    const DIM: Option<usize> = Md::DIM;
    const SUMS: bool = Md::SUMS;
    const PARALLEL: bool = Md::PARALLEL;

    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) -> Md::Output<'a, M> {
        Model::run::<M, I>(*self, i)
    }
    fn decode(frame: Frame<'_>) -> Md::Draw {
        Md::decode(frame)
    }
    fn check(&self, report: &mut ArgumentReport) {
        (**self).check(report);
    }
    fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], gradient: &mut [f64]) -> f64 {
        (**self).log_density_and_gradient(e, u, gradient)
    }
    fn statistics(&self) -> Option<&[Option<Reduction>]> {
        (**self).statistics()
    }
    fn on_threads(&self, parts: &mut [Part], f: impl Fn(&Self, &mut Part) + Sync) {
        on_threads(self, parts, f);
    }
}
