//! What draws from a program.

mod barker;
mod scouted;

pub use barker::Barker;
pub use scouted::Scouted;

use super::ProgramError;
use crate::error::Error;
use crate::infer::nuts::{self, Chain, LogDensity, Settings, Trajectory};

/// Draws chains from a program. [`Settings`] say how many, and how many draws; what else of them it uses is its affair.
pub trait LocalKernel: Sync {
    /// Its name in reports.
    const NAME: &'static str;
    /// Looks at its own settings.
    ///
    /// # Errors
    /// The first that is out of range.
    fn check(&self) -> Result<(), Error>;
    /// The chains; their bits depend on the density and the settings, seed included, alone.
    ///
    /// # Errors
    /// If there are no chains to be had.
    fn chains<L: LogDensity>(
        &self,
        density: &L,
        settings: &Settings,
    ) -> Result<Vec<Chain>, ProgramError>;
}

/// The no-U-turn sampler; with a fixed trajectory in the settings, that.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct NoUTurn;

impl LocalKernel for NoUTurn {
    const NAME: &'static str = "NUTS";
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
    fn chains<L: LogDensity>(
        &self,
        density: &L,
        settings: &Settings,
    ) -> Result<Vec<Chain>, ProgramError> {
        Ok(nuts::run(density, settings, &|_| ())?)
    }
}

/// Hamiltonian Monte Carlo with trajectories of one length in time.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct StaticHmc {
    /// The length; 2π by default, as of the reference.
    pub length: f64,
}

impl Default for StaticHmc {
    fn default() -> Self {
        StaticHmc {
            length: std::f64::consts::TAU,
        }
    }
}

impl LocalKernel for StaticHmc {
    const NAME: &'static str = "static HMC";
    fn check(&self) -> Result<(), Error> {
        let usable = self.length > 0.0 && self.length.is_finite();
        super::settings::rule("length", usable, "must be positive")
    }
    fn chains<L: LogDensity>(
        &self,
        density: &L,
        settings: &Settings,
    ) -> Result<Vec<Chain>, ProgramError> {
        let settings = Settings {
            trajectory: Trajectory::Length(self.length),
            ..settings.clone()
        };
        Ok(nuts::run(density, &settings, &|_| ())?)
    }
}
