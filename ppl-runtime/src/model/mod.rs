//! Models, their sites and layouts, and the interpreters that run them.

mod argument;
mod bound;
mod chains;
mod columns;
mod condition;
pub(crate) mod coordinates;
mod cube_gradient;
mod digits;
mod division;
mod elements;
mod evaluator;
mod execute;
mod filter;
mod forward;
mod gradient;
mod guide;
pub(crate) mod impossible;
mod imputed;
mod interpreter;
mod lanes;
mod layout;
mod nesting;
mod over;
mod parallel;
pub(crate) mod parts;
mod per_element;
mod pinned;
mod pins;
mod place;
mod plate_of;
mod plates;
mod pointwise;
mod predict;
mod predictive;
mod programs;
mod record;
mod recover;
mod run;
mod second_order;
mod sheet;
mod shelf;
mod site;
mod sources;
mod start;
mod statement;
mod sums;
mod values;
mod watch;

pub use argument::{ArgumentReport, ByCopy, ByRef, CheckNothing, CheckNumbers, Numbers, Probe};
pub use bound::{Bound, Fixed, NotFixed, Plain};
pub use condition::{Condition, Conditioned};
pub use elements::{Batch, Elements};
pub use evaluator::{Density, Evaluator};
pub use gradient::{Choose, GradientMode, Pick, gradient_by_width, gradient_width};
pub use guide::{
    Constraint, Guide, GuideInterpreter, GuideParam, GuideTrace, Initial, Interval, Positive,
    RandomStart, ScoreBy, Trace, Unconstrained, UnitInterval, init,
};
pub use interpreter::{Has, Interpreter, Loop};
pub use layout::Layout;
pub use parallel::{Part, on_threads};
pub use per_element::PerElement;
pub use pins::{Partial, Pinning, Pins};
pub use place::{Given, Place, Point};
pub use pointwise::{Datapoint, PointMark};
pub use predict::Predict;
pub use predictive::{PredictedSite, Predictive, Replicate, Replicated, ReplicatedSite};
pub use programs::Trail;
pub use record::{Frame, Record, Recorder};
pub use site::{Site, SiteKind, place, static_dim, sums};

use crate::dist::reduced::Reduction;
use crate::real::Mode;
use crate::support::Export;

/// A model bound to its data. `#[model]` writes this for an annotated function; a person can write it by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a whole model",
    label = "not a model on its own",
    note = "`#[model]` makes one of a function of data; with an argument of type `Real`, which is a latent of the caller, it can only be a `submodel`"
)]
pub trait Model {
    /// Every named value of one execution, as plain values.
    type Draw: Export + Clone + Send + Sync;
    /// The latents alone: what a guide has to give.
    type Latents;
    /// What the body returns, in mode `M`.
    type Output<'a, M: Mode>;
    /// The name of the model.
    const NAME: &'static str;
    /// Its sites in order of appearance.
    const SITES: &'static [Site];
    /// The number of unconstrained coordinates, where the types alone tell.
    const DIM: Option<usize> = static_dim(Self::SITES);

    /// Whether it may have enumerated sites.
    const SUMS: bool = sums(Self::SITES);

    /// Whether it has plates whose elements are divided among threads, see [`Elements::parallel`].
    const PARALLEL: bool = false;

    /// The body.
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, interpreter: &mut I) -> Self::Output<'a, M>;
    /// A draw from the record of an execution.
    fn decode(frame: Frame<'_>) -> Self::Draw;
    /// Looks at the arguments.
    fn check(&self, report: &mut ArgumentReport);
    /// The log density on R^n, Jacobian included, and its gradient, in the mode that suits the layout.
    fn log_density_and_gradient(
        &self,
        evaluator: &mut Evaluator,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64;
    /// Statistics of the data at sites that are scored from them. `#[model]` keeps them in the bound model, where all arguments are
    /// numbers; without them sites are scored datum by datum.
    fn statistics(&self) -> Option<&[Option<Reduction>]> {
        None
    }
    /// Does the parts of an evaluation. Where [`Model::PARALLEL`] is true `#[model]` writes a call of [`on_threads`],
    /// which needs a model that threads can share; otherwise one is done after the other.
    fn on_threads(&self, parts: &mut [Part], f: impl Fn(&Self, &mut Part) + Sync) {
        parts.iter_mut().for_each(|part| f(self, part));
    }
}

/// What `submodel` takes: a bound model, or a model whose arguments are latents of mode `M`.
pub trait Program<M: Mode> {
    /// Every named value of one execution, as plain values.
    type Draw;
    /// What the body returns.
    type Output<'a>;
    /// Its sites in order of appearance.
    const SITES: &'static [Site];
    /// The body.
    fn run<'a, I: Interpreter<'a, M>>(&self, interpreter: &mut I) -> Self::Output<'a>;
}

impl<M: Mode, T: Model> Program<M> for T {
    type Draw = T::Draw;
    type Output<'a> = T::Output<'a, M>;
    const SITES: &'static [Site] = T::SITES;
    fn run<'a, I: Interpreter<'a, M>>(&self, interpreter: &mut I) -> T::Output<'a, M> {
        Model::run::<M, I>(self, interpreter)
    }
}
