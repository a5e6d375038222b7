//! Guides that a person writes: `#[guide(model)]` functions with `param` and `sample` statements.

mod evaluate;
mod parameters;
mod source;
mod trace;

pub use evaluate::ScoreBy;
pub use parameters::{
    Constraint, Initial, Interval, Positive, RandomStart, Unconstrained, UnitInterval, init,
};
pub use trace::{GuideParam, GuideTrace, Trace};

use super::Site;
use super::interpreter::Interpreter;
use super::record::{Frame, Recorder};
use super::run::{Run, Watch};
use crate::random::{Purpose, keyed};
use crate::real::{Mode, Value};
use crate::support::Latent;
use source::{GuideSource, Values, on_line};

/// A guide bound to its arguments. `#[guide(model)]` writes this for an annotated function.
pub trait Guide: Clone + Send + Sync {
    /// The latents of the model that it guides.
    type Latents;
    /// Its parameters, as plain values.
    type Params;
    /// The name of the guide.
    const NAME: &'static str;
    /// Its sites in order of appearance.
    const SITES: &'static [Site];
    /// The body.
    fn run<'a, M: Mode, I: GuideInterpreter<'a, M>>(&self, interpreter: &mut I);
    /// The latents of one execution.
    fn decode(frame: Frame<'_>) -> Self::Latents;
    /// The parameters of one execution.
    fn decode_params(frame: Frame<'_>) -> Self::Params;
}

/// The statements of a guide.
pub trait GuideInterpreter<'a, M: Mode>: Interpreter<'a, M> {
    /// A parameter: where it starts, and where its values lie.
    fn param<T: Latent, C: Constraint>(
        &mut self,
        site: u32,
        init: impl Initial<T>,
        constraint: C,
    ) -> T::At<'a, M>;
}

impl<'a, M: Mode, R: Recorder<M>, W: Watch<M>> GuideInterpreter<'a, M>
    for Run<'a, M, GuideSource<'_>, R, W>
{
    fn param<T: Latent, C: Constraint>(
        &mut self,
        site: u32,
        start: impl Initial<T>,
        constraint: C,
    ) -> T::At<'a, M> {
        let (support, arena) = (constraint.support(), self.arena);
        if self.source.theta.is_some() {
            let source = &mut self.source;
            let mut next = || source.parameter(support);
            if T::LEN.is_some() {
                return T::from_reals(&mut next, arena);
            }
            // Only a start tells how long a `Vec` is.
            let shape = start.start(&mut keyed(0, Purpose::Layout, 0, 0));
            return shape.filled::<M>(&mut next, arena);
        }
        let plain = match &mut self.source.values {
            Values::Drawn(rng) => start.start(rng),
            Values::Given(..) => start.start(&mut keyed(0, Purpose::Layout, 0, 0)),
        };
        let mut numbers = Vec::new();
        T::reals::<Value>(&plain.constant::<Value>(arena), &mut numbers);
        self.watch.param(site, numbers.len(), support);
        self.source
            .starts
            .extend(numbers.iter().map(|x| on_line(support, x.value())));
        plain.constant::<M>(arena)
    }
}
