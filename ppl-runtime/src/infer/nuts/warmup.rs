//! What a warm-up learns.

use super::approximation::Approximation;
use super::dual_averaging::DualAveraging;
use super::estimate::Estimate;
use super::fisher::{Fisher, Shape as Learnt};
use super::leapfrog::State;
use super::record::Transition;
use super::run::Kernel;
use super::schedule::Schedule;
use super::settings::{Adaptation, Metric, Settings};

/// Step size and metric, while they are learnt.
pub(super) struct Warmup {
    way: Way,
}

/// How both are.
enum Way {
    Windows(DualAveraging, Schedule, Estimate),
    Sliding(Approximation, Box<Fisher>),
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
        let (target, step_size) = (settings.target_acceptance, kernel.step_size);
        let way = match (settings.adaptation, settings.metric) {
            (Adaptation::Fisher, metric) => {
                let shape = match metric {
                    Metric::Auto if start.q.len() <= FEW_COORDINATES => Learnt::Whole,
                    Metric::Auto | Metric::Diagonal => Learnt::Variances,
                    Metric::Dense => Learnt::Whole,
                    Metric::LowRank => Learnt::Directions,
                };
                let (fisher, metric) = Fisher::new(settings.warmup, shape, start, way);
                kernel.metric = metric;
                kernel.most_doublings = fisher.most_doublings(0);
                Way::Sliding(Approximation::new(target, step_size), Box::new(fisher))
            }
            (Adaptation::Stan, metric) => Way::Windows(
                DualAveraging::new(target, step_size),
                Schedule::new(settings.warmup),
                Estimate::new(metric, start.q.len()),
            ),
        };
        Warmup { way }
    }

    /// Learns from transition `t`. Whether the metric is new in kind: then the step size must be searched for, and
    /// [`Warmup::restart`] told of it.
    pub(super) fn learn(
        &mut self,
        t: usize,
        transition: Transition,
        state: &State,
        kernel: &mut Kernel,
    ) -> bool {
        match &mut self.way {
            Way::Sliding(steps, fisher) => {
                kernel.step_size = steps.update(transition.acceptance, transition.diverged);
                if fisher.settles(t) {
                    steps.settle();
                }
                kernel.most_doublings = fisher.most_doublings(t + 1);
                fisher.learn(t, state, &mut kernel.metric)
            }
            Way::Windows(steps, schedule, estimate) => {
                kernel.step_size = steps.update(transition.acceptance);
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

    /// Begins afresh from this step size.
    pub(super) fn restart(&mut self, step_size: f64) {
        match &mut self.way {
            Way::Sliding(steps, _) => steps.restart(step_size),
            Way::Windows(steps, ..) => steps.restart(step_size),
        }
    }

    /// Sets the averaged step size.
    pub(super) fn finish(self, kernel: &mut Kernel) {
        let averaged = match self.way {
            Way::Sliding(steps, _) => steps.averaged(),
            Way::Windows(steps, ..) => steps.averaged(),
        };
        if let Some(step_size) = averaged {
            kernel.step_size = step_size;
        }
    }
}
