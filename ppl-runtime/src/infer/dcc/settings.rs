//! Settings of a run, their defaults and their rules.

use super::Allocation;
use super::discovery::Search;
use crate::error::Error;
use crate::infer::nuts::{self, NutsError};

/// Settings of Divide, Conquer and Combine.
///
/// ```
/// use ppl_runtime::infer::dcc::Settings;
/// assert!(Settings::default().check().is_ok());
/// assert!(Settings { max_programs: 0, ..Settings::default() }.check().is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Key of all randomness. The same seed gives the same bits with any number of threads.
    pub seed: u64,
    /// Draws from the prior that look for programs; 1,000 by default.
    pub prior_draws: usize,
    /// Executions of the model that the enumeration of `#[branch]` values may take; 4,096 by default, 0 switches it off.
    /// Within it, no program is too rare to be found.
    pub enumeration: usize,
    /// The most programs to explore, those of greatest prior mass; 124 by default.
    pub max_programs: usize,
    /// Settings of each program's chains. Their seed is made from [`Settings::seed`] and the program.
    pub mcmc: nuts::Settings,
    /// Further runs for the programs that matter; none by default.
    pub allocation: Option<Allocation>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: 0,
            prior_draws: 1000,
            enumeration: 4096,
            max_programs: 124,
            mcmc: nuts::Settings::default(),
            allocation: None,
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
            "initial",
            self.mcmc.initial.is_none(),
            "is given, but each program has coordinates of its own",
        )?;
        self.allocation.map_or(Ok(()), |a| a.check())?;
        match self.mcmc.check(1) {
            Err(NutsError::Setting { name, value, rule }) => Err(Error::Setting {
                argument: name,
                problem: format!("is {value}, but {rule}"),
            }),
            _ => Ok(()),
        }
    }
}

/// A setting's rule.
pub(in crate::infer) fn rule(
    argument: &'static str,
    holds: bool,
    problem: &str,
) -> Result<(), Error> {
    if holds {
        return Ok(());
    }
    Err(Error::Setting {
        argument,
        problem: problem.to_string(),
    })
}
