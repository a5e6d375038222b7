//! Settings of the force.

use super::annealing::Annealing;
use crate::error::Error;

/// Whether attraction is a sum over particles or their mean, where repulsion is always a mean.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Attraction {
    /// A sum: attraction is m times as strong as the mean. This is how `numpyro.contrib.einstein` means its loss and
    /// repulsion temperatures, and so the default of [`SteinVi`](super::SteinVi).
    #[default]
    Sum,
    /// A mean, as in the papers.
    Mean,
}

/// What the loop needs to know besides its parts.
#[derive(Copy, Clone, Debug)]
pub(super) struct Settings {
    pub particles: usize,
    pub draws: usize,
    pub loss_temperature: f64,
    pub repulsion_temperature: f64,
    pub attraction: Attraction,
    pub annealing: Option<Annealing>,
    pub annealing_steps: Option<u64>,
}

impl Settings {
    pub(super) fn check(&self) -> Result<(), Error> {
        let count = |argument, value: usize| {
            if value > 0 {
                return Ok(());
            }
            let problem = "is 0, but it must be at least 1".to_string();
            Err(Error::Setting { argument, problem })
        };
        let temperature = |argument, value: f64| {
            if value >= 0.0 && value.is_finite() {
                return Ok(());
            }
            let problem = format!("is {value}, but it must be finite and not negative");
            Err(Error::Setting { argument, problem })
        };
        count("particles", self.particles)?;
        count("elbo_draws", self.draws)?;
        temperature("loss_temperature", self.loss_temperature)?;
        temperature("repulsion_temperature", self.repulsion_temperature)?;
        if let Some(annealing) = self.annealing {
            count("cycles", usize::from(annealing.cycles > 0))?;
            temperature("transition_speed", annealing.speed)?;
        }
        Ok(())
    }
}
