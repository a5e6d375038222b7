//! Settings of a run, their defaults and their rules.

use super::Halving;
use crate::error::Error;
use crate::infer::dcc::{Search, rule};
use crate::infer::svi::Elbo;

/// What programs are weighed by.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum WeightBy {
    /// The bounds of their guides, as in the paper. A guide that can't follow its program's posterior makes the program
    /// lighter than it is, by the divergence between the two, and the error bar knows nothing of that.
    #[default]
    Bound,
    /// Importance sampling from their guides: right whatever the guide, if it covers the posterior; see
    /// [`Importance::pareto_k`](super::Importance::pareto_k).
    Importance,
}

/// Settings of Support Decomposition Variational Inference.
///
/// ```
/// use ppl_runtime::infer::sdvi::Settings;
/// assert!(Settings::default().check().is_ok());
/// assert!(Settings { weight_draws: 1, ..Settings::default() }.check().is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Key of all randomness. The same seed gives the same bits with any number of threads.
    pub seed: u64,
    /// Draws from the prior that look for programs; 1,000 by default.
    pub prior_draws: usize,
    /// Executions of the model that the enumeration of `#[branch]` values may take; 4,096 by default, 0 switches it off.
    pub enumeration: usize,
    /// The most programs to explore, those of greatest prior mass; 124 by default.
    pub max_programs: usize,
    /// Steps for each program, on average; 1,000 by default.
    pub steps: u64,
    /// The bound that guides are fitted by.
    pub elbo: Elbo,
    /// Draws from the guide a step; 1 by default.
    pub elbo_draws: usize,
    /// How the steps are shared; `None` gives every program the same number.
    pub halving: Option<Halving>,
    /// What programs are weighed by.
    pub weights: WeightBy,
    /// Draws from each guide that estimate its bound and importance weights; 1,000 by default.
    pub weight_draws: usize,
    /// Draws of each program that are kept; 1,000 by default.
    pub draws: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: 0,
            prior_draws: 1000,
            enumeration: 4096,
            max_programs: 124,
            steps: 1000,
            elbo: Elbo::default(),
            elbo_draws: 1,
            halving: Some(Halving::default()),
            weights: WeightBy::default(),
            weight_draws: 1000,
            draws: 1000,
        }
    }
}

impl Settings {
    /// What of them the search for programs needs.
    pub(super) fn search(&self) -> Search {
        Search {
            seed: self.seed,
            prior_draws: self.prior_draws,
            enumeration: self.enumeration,
            max_programs: self.max_programs,
        }
    }

    /// Looks at every setting.
    ///
    /// # Errors
    /// The first that is out of range.
    pub fn check(&self) -> Result<(), Error> {
        self.search().check()?;
        rule(
            "steps",
            self.steps > 0,
            "is 0: a guide needs at least one step",
        )?;
        rule(
            "elbo_draws",
            self.elbo_draws > 0,
            "is 0, but it must be at least 1",
        )?;
        rule(
            "weight_draws",
            self.weight_draws >= 10,
            "is less than 10: too few for an error bar",
        )?;
        rule("draws", self.draws > 0, "is 0: no draw was asked for")?;
        rule(
            "finalists",
            self.halving.is_none_or(|h| h.finalists > 0),
            "is 0: at least one program must be left",
        )?;
        match self.elbo {
            Elbo::Renyi { alpha } => {
                rule("elbo", alpha.is_finite(), "has an order that is not finite")
            }
            _ => Ok(()),
        }
    }
}
