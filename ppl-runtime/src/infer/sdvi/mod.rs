//! Support Decomposition Variational Inference (Reichelt, Ong & Rainforth 2022, "Rethinking Variational Inference for
//! Probabilistic Programs with Stochastic Support"): a guide for each straight-line program of a model.
//!
//! The posterior of a model with `#[branch]` sites is a mixture over its programs, q(x) = Σ λ_k q_k(x). Given the bounds
//! L_k = E\[ln p_k − ln q_k\] of the programs' guides, the mixture's own bound is greatest, ln Σ exp L_k, where
//! λ_k ∝ exp L_k (their proposition 1). So the guides are fitted apart, in parallel, and weighed afterwards, by their bounds
//! or by importance sampling from the guides, which is right even where they are not. Most steps go to the programs that
//! promise most, by successive halving.

mod fit;
mod halving;
mod of_model;
mod program;
mod report;
mod result;
mod settings;
mod target;
mod weighing;

pub use halving::Halving;
pub use of_model::Sdvi;
pub use program::GuidedProgram;
pub use result::SdviRun;
pub use settings::{Settings, WeightBy};
pub use weighing::Importance;
