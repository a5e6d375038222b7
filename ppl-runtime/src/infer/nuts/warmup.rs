//! What a warm-up learns.

use super::dual_averaging::DualAveraging;
use super::estimate::Estimate;
use super::fisher::Fisher;
use super::leapfrog::State;
use super::run::Kernel;
use super::schedule::Schedule;
use super::settings::{Adaptation, Metric, Settings};

/// Step size and metric, while they are learnt.
pub(super) struct Warmup {
    averaging: DualAveraging,
    shape: Shape,
}

/// The metric, while it is learnt.
enum Shape {
    Windows(Schedule, Estimate),
    Sliding(Box<Fisher>),
}

impl Warmup {
    /// A warm-up from an initial point. Its metric may set the kernel's; then the step size must be searched for, and
    /// [`Warmup::restart`] told of it.
    pub(super) fn new(settings: &Settings, start: &State, kernel: &mut Kernel) -> Self {
        let shape = match (settings.adaptation, settings.metric) {
            (Adaptation::Fisher, Metric::Diagonal) => {
                let (fisher, metric) = Fisher::new(settings.warmup, start);
                kernel.metric = metric;
                Shape::Sliding(Box::new(fisher))
            }
            (_, metric) => Shape::Windows(
                Schedule::new(settings.warmup),
                Estimate::new(metric, start.q.len()),
            ),
        };
        Warmup {
            averaging: DualAveraging::new(settings.target_acceptance, kernel.step_size),
            shape,
        }
    }

    /// Learns from transition `t`. Whether the metric is new in kind: then the step size must be searched for, and
    /// [`Warmup::restart`] told of it.
    pub(super) fn learn(
        &mut self,
        t: usize,
        acceptance: f64,
        state: &State,
        kernel: &mut Kernel,
    ) -> bool {
        kernel.step_size = self.averaging.update(acceptance);
        match &mut self.shape {
            Shape::Sliding(fisher) => fisher.learn(t, state, &mut kernel.metric),
            Shape::Windows(schedule, estimate) => {
                if schedule.learns(t) {
                    estimate.add(&state.q, &state.g);
                }
                let metric = match schedule.closes(t) {
                    true => estimate.take(),
                    false => None,
                };
                metric.is_some_and(|metric| {
                    kernel.metric = metric;
                    true
                })
            }
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
