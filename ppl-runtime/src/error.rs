//! Errors of binding a model and of running an engine.

use std::fmt;

/// What went wrong, naming argument, site and index.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument of the model is not usable.
    #[error("model `{model}`: argument `{argument}`{index}: {problem}")]
    Argument {
        /// The model.
        model: &'static str,
        /// The argument.
        argument: &'static str,
        /// Where in the argument.
        index: Index,
        /// What is wrong with it.
        problem: String,
    },
    /// The data or the constant parameters of a site are not usable.
    #[error(
        "model `{model}`: site `{site}`{index}{}: {problem}",
        from_argument(argument, site)
    )]
    Site {
        /// The model.
        model: &'static str,
        /// The argument that holds the data, where they come from one.
        argument: Option<&'static str>,
        /// The site.
        site: String,
        /// Where in the site.
        index: Index,
        /// What is wrong.
        problem: String,
    },
    /// Which sites there are depends on a latent.
    #[error(
        "model `{model}`: which sites run depends on a latent: `{site}` ran in one draw from the prior and not, or not as long, in another; mark the site that decides with #[branch]"
    )]
    Layout {
        /// The model.
        model: &'static str,
        /// A site that is not always there.
        site: String,
    },
    /// An engine that needs gradients met a discrete latent.
    #[error(
        "model `{model}`: site `{site}` is discrete and has no gradient; sum it out with #[enumerate]"
    )]
    Discrete {
        /// The model.
        model: &'static str,
        /// The discrete site.
        site: String,
    },
    /// An engine that needs one layout met a site that decides which others run.
    #[error(
        "model `{model}`: site `{site}` decides which sites run, so that there is more than one program; `Dcc` infers each and weighs them"
    )]
    Branch {
        /// The model.
        model: &'static str,
        /// The site.
        site: String,
    },
    /// A stochastic engine met a subsampled plate inside of a sum.
    #[error(
        "model `{model}`: `{plate}` is taken in minibatches and depends on a site that is summed out around it: the logarithm of a sum of parts is no unbiased estimate; leave out `.minibatch(..)`, or move the enumerated site into the plate"
    )]
    Minibatch {
        /// The model.
        model: &'static str,
        /// The plate, with its line.
        plate: String,
    },
    /// The log likelihood of single data was asked for, and all of them depend on a site that is summed out.
    #[error(
        "model `{model}`: all data depend on `{site}`, which is summed out: none has a likelihood of its own; `fix` it, or leave `#[enumerate]` out"
    )]
    Pointwise {
        /// The model.
        model: &'static str,
        /// The enumerated site.
        site: String,
    },
    /// An engine that starts from the prior met an improper one.
    #[error(
        "model `{model}`: the prior of site `{site}` is improper, so that there is no evidence and no draw from it; `Nuts` may still find a proper posterior"
    )]
    Improper {
        /// The model.
        model: &'static str,
        /// The site.
        site: String,
    },
    /// The model has no latent.
    #[error("model `{model}` has no latent to infer")]
    NoLatent {
        /// The model.
        model: &'static str,
    },
    /// An argument of a call is not usable.
    #[error("`{argument}`: {problem}")]
    Setting {
        /// The argument.
        argument: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// An engine could not run the model.
    #[error("model `{model}`: {engine}: {problem}")]
    Engine {
        /// The model.
        model: &'static str,
        /// The engine.
        engine: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// A file could not be written.
    #[error("{path}: {problem}")]
    File {
        /// The file.
        path: String,
        /// What went wrong.
        problem: String,
    },
}

fn from_argument(argument: &Option<&'static str>, site: &str) -> String {
    match argument {
        Some(a) if *a != site => format!(" (argument `{a}`)"),
        Some(_) => " (an argument of the model)".to_string(),
        None => String::new(),
    }
}

/// Where in an argument or a site: `[3][0]`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index(pub Vec<usize>);

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|i| write!(f, "[{i}]"))
    }
}
