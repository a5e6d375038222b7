//! What a warm-up learns.

use super::dual_averaging::DualAveraging;
use super::estimate::Estimate;
use super::fisher::{Fisher, Shape as Learnt};
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

/// Coordinates up to which the whole matrix costs little beside a gradient, and can be told from a warm-up's draws.
const FEW_COORDINATES: usize = 32;

impl Warmup {
    /// A warm-up from an initial point, to which `way` led. Its metric may set the kernel's; then the step size must be searched for, and
    /// [`Warmup::restart`] told of it.
    pub(super) fn new(
        settings: &Settings,
        start: &State,
        way: &[State],
        kernel: &mut Kernel,
    ) -> Self {
        let shape = match (settings.adaptation, settings.metric) {
            (Adaptation::Fisher, metric) => {
                let shape = match metric {
                    Metric::Auto if start.q.len() <= FEW_COORDINATES => Learnt::Whole,
                    Metric::Auto | Metric::Diagonal => Learnt::Variances,
                    Metric::Dense => Learnt::Whole,
                    Metric::LowRank => Learnt::Directions,
                };
                let (fisher, metric) = Fisher::new(settings.warmup, shape, start, way);
                kernel.metric = metric;
                Shape::Sliding(Box::new(fisher))
            }
            (Adaptation::Stan, metric) => Shape::Windows(
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
