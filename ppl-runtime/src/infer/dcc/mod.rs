//! Divide, Conquer and Combine (Zhou, Yang, Teh & Rainforth 2020, "Divide, Conquer, and Combine: a New Inference
//! Strategy for Probabilistic Programs with Stochastic Support"): inference over programs whose latents differ from
//! execution to execution.
//!
//! *Divide*: with the values of its `#[branch]` sites fixed, a model is a straight-line program with latents of its own.
//! Programs are found by draws from the prior and by enumeration, which does not lose the rare ones. *Conquer*: the chains
//! of each program draw from its posterior, and an [`EvidenceEstimator`] says how much of the evidence is its. *Combine*:
//! programs weigh as their evidences. Programs and chains run in parallel; the same seed gives the same bits with any
//! number of threads. A program that fails is reported, and the others go on.

mod allocation;
mod build;
mod discovery;
mod enumeration;
mod error;
mod evidence;
mod kernel;
mod local;
mod of_model;
mod part;
mod program;
mod program_run;
mod report;
mod result;
mod settings;
mod weights;

pub use allocation::Allocation;
pub use discovery::Unexplored;
pub use error::ProgramError;
pub use evidence::{
    BridgeSampling, Denominator, EvidenceEstimator, LocalEvidence, MixtureImportance,
    NestedEvidence, Scale, Target,
};
pub use kernel::{Barker, LocalKernel, NoUTurn, Scouted, StaticHmc};
pub use of_model::Dcc;
pub use program_run::{FailedProgram, ProgramRun};
pub use result::DccRun;
pub use settings::Settings;

pub(in crate::infer) use discovery::{Discovery, Found, Search, discover};
pub(in crate::infer) use local::{exact_program, seed_of};
pub(in crate::infer) use part::{Combined, Part, brief, log_bayes_factor, pick, table};
pub(in crate::infer) use settings::rule;
