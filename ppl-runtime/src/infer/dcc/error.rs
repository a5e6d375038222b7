//! What can go wrong with one program.

use crate::infer::nested::NestedError;
use crate::infer::nuts::NutsError;

/// Why a program has no estimate. The others go on without it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// A latent is discrete, but neither a branch nor summed out.
    #[error("site `{site}` is discrete and has no gradient; sum it out with #[enumerate]")]
    Discrete {
        /// The site.
        site: String,
    },
    /// A program without continuous latents has no finite density.
    #[error("it has no continuous latents and its log density is {value}")]
    NotFinite {
        /// Its log density.
        value: f64,
    },
    /// The chains failed.
    #[error("NUTS: {0}")]
    Nuts(#[from] NutsError),
    /// Chains of another kernel failed.
    #[error("chains: {0}")]
    Chains(&'static str),
    /// The nested sampler failed.
    #[error("nested sampler: {0}")]
    Nested(#[from] NestedError),
    /// An estimate of the evidence cannot be had from these chains.
    #[error("evidence: {0}")]
    Evidence(&'static str),
    /// The guide cannot be fitted.
    #[error("guide: {0}")]
    Guide(String),
    /// The draws cannot be tabulated.
    #[error("draws: {0}")]
    Draws(String),
}
