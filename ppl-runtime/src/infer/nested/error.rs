//! What can go wrong in a run of the nested sampler.

use thiserror::Error;

/// Why a run of the nested sampler could not be made.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum NestedError {
    /// A setting has a value that cannot work.
    #[error("setting `{name}` is {value}, but {rule}")]
    Setting {
        /// Name of the setting, as it is written in [`Settings`](super::Settings).
        name: &'static str,
        /// The value that was given.
        value: String,
        /// What a value must fulfil.
        rule: &'static str,
    },
    /// A checkpoint could not be used or written.
    #[error("checkpoint {path}: {problem}")]
    Checkpoint {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The file of a finished run could not be used or written.
    #[error("{path}: {problem}")]
    File {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The likelihood has no parameters: there is nothing to integrate over.
    #[error(
        "the model has no continuous latent: its evidence is its likelihood, there is nothing to sample"
    )]
    NoDimensions,
    /// The prior draws gave no finite likelihood often enough to start from.
    #[error(
        "{finite} of {draws} draws from the prior have a finite likelihood, {wanted} are needed to start: \
         is the likelihood −∞, +∞ or NaN almost everywhere? ({nan} were NaN, {infinite} were +∞)"
    )]
    NoFinitePoint {
        /// Draws that were tried.
        draws: u64,
        /// Draws with a finite log likelihood.
        finite: usize,
        /// Live points that the run needs.
        wanted: usize,
        /// Draws whose log likelihood was NaN.
        nan: u64,
        /// Draws whose log likelihood was +∞.
        infinite: u64,
    },
}
