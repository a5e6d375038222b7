//! Stochastic variational inference (Hoffman et al. 2013; Kucukelbir et al. 2017): a guide q(u; θ) over the
//! unconstrained latents of a model, fitted by stochastic gradients of a bound on the evidence.
//!
//! Here also live the parts that Stein variational inference is made of: guides, optimisers and the gradient of one
//! component of a mixture.

mod elbo;
mod engine;
mod fit;
pub mod guide;
mod mixture;
mod of_model;
pub mod optimiser;
mod report;
mod schedule;
mod state;
mod target;

#[cfg(test)]
pub(in crate::infer) mod tests;

pub use elbo::Elbo;
pub use fit::{GuideParameter, SviFit};
pub use guide::{
    AutoDelta, AutoDiagonalNormal, AutoLaplaceApproximation, AutoLowRankMultivariateNormal,
    AutoMultivariateNormal, AutoNormal, Guide, GuideFor, Init,
};
pub use of_model::Svi;
pub use optimiser::{Adagrad, Adam, AdamW, ClippedAdam, Momentum, Optimiser, RmsProp, Sgd};
pub use schedule::{CosineDecay, ExponentialDecay, LinearDecay, Schedule, Warmup};
pub use state::FitState;
pub use target::LogDensity;

pub(in crate::infer) use engine::{Course, Engine, not_finite};
pub(in crate::infer) use fit::{Fitted, GuidePosterior};
pub(in crate::infer) use mixture::{Seat, component_gradient};
pub(in crate::infer) use of_model::{bind, failed, line};
pub(in crate::infer) use target::OnLine;
