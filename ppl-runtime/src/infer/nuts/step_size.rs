//! The first step size of each phase.

use super::leapfrog::{State, arrive, depart};
use super::run::Kernel;
use super::{LogDensity, NutsError};
use crate::random::Rng;

/// The acceptance of one step that the search looks for, as in Stan.
const ACCEPTANCE: f64 = 0.8;
/// Larger steps mean that nothing holds the density together.
const LARGEST: f64 = 1e7;
/// Smaller ones vanish beside the position.
const SMALLEST: f64 = 1e-300;

/// Two points of phase space for the search.
pub(super) struct Search {
    start: State,
    end: State,
}

impl Search {
    pub(super) fn new(dim: usize) -> Self {
        Search {
            start: State::new(dim),
            end: State::new(dim),
        }
    }

    /// Doubles or halves the step size until the acceptance of one step crosses 0.8 (Hoffman & Gelman 2014, algorithm
    /// 4, with Stan's threshold). Gives the number of evaluations.
    pub(super) fn run<L: LogDensity>(
        &mut self,
        density: &L,
        worker: &mut L::Worker,
        from: &State,
        kernel: &mut Kernel,
        chain: usize,
        rng: &mut Rng,
    ) -> Result<u64, NutsError> {
        self.start.copy_position(from);
        let mut evaluations = 0;
        let mut accepted = |kernel: &Kernel| {
            let (start, end) = (&mut self.start, &mut self.end);
            start.refresh(&kernel.metric, rng);
            depart(start, end, &kernel.metric, kernel.step_size);
            let log_density = density.value_and_gradient(worker, &end.q, &mut end.g);
            arrive(end, &kernel.metric, kernel.step_size, log_density);
            evaluations += 1;
            // What is not finite is not accepted.
            end.energy.is_finite() && start.energy - end.energy > ACCEPTANCE.ln()
        };
        let grow = accepted(kernel);
        loop {
            kernel.step_size *= if grow { 2.0 } else { 0.5 };
            if kernel.step_size > LARGEST {
                return Err(NutsError::Improper { chain });
            }
            if kernel.step_size < SMALLEST {
                return Err(NutsError::NoStepSize { chain });
            }
            if accepted(kernel) != grow {
                return Ok(evaluations);
            }
        }
    }
}
