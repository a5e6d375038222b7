#![doc = include_str!("../README.md")]

/// The linear algebra of arguments, results and examples.
pub use nalgebra;
pub use ppl_macros::model;
pub use ppl_runtime::error::Error;
pub use ppl_runtime::{dist, infer, model as models, output, random, real, support};

/// Everything that a model and its inference need: `use ppl::prelude::*`.
pub mod prelude {
    pub use crate::statements::{deterministic, factor, markov, observe, plate, sample, submodel};
    pub use ppl_macros::model;
    pub use ppl_runtime::dist::{
        Bernoulli, Beta, Binomial, Categorical, Cauchy, Combine, Dirichlet, Exponential, Gamma,
        HalfCauchy, HalfNormal, InverseGamma, Laplace, LogNormal, MvNormal, Normal, Poisson,
        StudentT, Uniform, each,
    };
    pub use ppl_runtime::infer::nested::{NestedRun, NestedSampler};
    pub use ppl_runtime::infer::nuts::{Hmc, Nuts, NutsRun};
    pub use ppl_runtime::model::Model;
    pub use ppl_runtime::output::{Draws, Estimate};
    pub use ppl_runtime::real::{Mode, Real, dot, log_sum_exp, matvec};
    pub use ppl_runtime::support::{Ordered, Simplex};
}

mod statements;

/// What generated code calls.
#[doc(hidden)]
pub mod __private {
    pub use ppl_runtime::model::{
        ArgumentReport, ByCopy, ByRef, CheckNothing, CheckNumbers, Choose, Evaluator, Frame,
        GradientMode, Interpreter, Model, Pick, Probe, Program, Site, SiteKind, gradient_by_width,
        gradient_width, place,
    };
    pub use ppl_runtime::real::{Mode, Real};
    pub use ppl_runtime::support::{Export, Latent, Sink};
}
