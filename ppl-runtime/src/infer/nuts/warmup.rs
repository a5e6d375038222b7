//! What a warm-up learns.

use super::dual_averaging::DualAveraging;
use super::estimate::Estimate;
use super::leapfrog::State;
use super::run::Kernel;
use super::schedule::Schedule;
use super::settings::Settings;

/// Step size and metric, while they are learnt.
pub(super) struct Warmup {
    schedule: Schedule,
    averaging: DualAveraging,
    estimate: Estimate,
}

impl Warmup {
    pub(super) fn new(settings: &Settings, dim: usize, step_size: f64) -> Self {
        Warmup {
            schedule: Schedule::new(settings.warmup),
            averaging: DualAveraging::new(settings.target_acceptance, step_size),
            estimate: Estimate::new(settings.metric, dim),
        }
    }

    /// Learns from transition `t`. Whether the metric is new: then the step size must be searched for, and
    /// [`Warmup::restart`] told of it.
    pub(super) fn learn(
        &mut self,
        t: usize,
        acceptance: f64,
        state: &State,
        kernel: &mut Kernel,
    ) -> bool {
        kernel.step_size = self.averaging.update(acceptance);
        if self.schedule.learns(t) {
            self.estimate.add(&state.q, &state.g);
        }
        if !self.schedule.closes(t) {
            return false;
        }
        match self.estimate.take() {
            Some(metric) => {
                kernel.metric = metric;
                true
            }
            None => false,
        }
    }

    /// Averages step sizes afresh from this one.
    pub(super) fn restart(&mut self, step_size: f64) {
        self.averaging.restart(step_size);
    }

    /// Sets the averaged step size.
    pub(super) fn finish(self, kernel: &mut Kernel) {
        if let Some(step_size) = self.averaging.averaged() {
            kernel.step_size = step_size;
        }
    }
}
