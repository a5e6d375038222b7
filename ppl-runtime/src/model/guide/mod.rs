//! Guides that a person writes: `#[guide(model)]` functions with `param` and `sample` statements.

mod evaluate;
mod factored;
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
use super::record::Frame;
use crate::real::Mode;
use crate::support::Latent;

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
    /// Whether the body reads none of its latents and has no `#[branch]`: the latents are then independent given the
    /// parameters, and engines save work. The macro finds it out.
    const INDEPENDENT: bool = false;
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
