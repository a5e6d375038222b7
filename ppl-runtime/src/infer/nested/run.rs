//! The loop of a run.

use super::checkpoint::{Checkpoint, Identity};
use super::course::{Course, Step};
use super::dynamic::range;
use super::evaluator::Benches;
use super::replace::{Slots, replace};
use super::sampler::Sampler;
use super::settings::{Allocation, Plan};
use super::start::{from_prior, on_contour};
use super::status::{Status, Termination};
use super::{Likelihood, NestedError, Record, Settings};
use std::sync::atomic::{AtomicBool, Ordering};

/// What surrounds a run and does not change its numbers: a checkpoint, and a way to stop it.
#[derive(Clone, Debug, Default)]
pub struct Control<'a> {
    /// The file in which the state of the run is kept. If it exists the run goes on from there.
    pub checkpoint: Option<Checkpoint>,
    /// Once this is true the run ends after the batch in hand, with a checkpoint if there is one. Set it from a signal
    /// handler of your own, or from another thread.
    pub stop: Option<&'a AtomicBool>,
}

/// Runs the nested sampler.
///
/// `on_status` is called after each batch, for a progress line.
///
/// # Errors
/// [`NestedError::Setting`] if a setting cannot work, [`NestedError::NoDimensions`] if there is nothing to sample,
/// [`NestedError::NoFinitePoint`] if the likelihood is not finite often enough under the prior.
pub fn run<L: Likelihood>(
    likelihood: &L,
    settings: &Settings,
    on_status: &mut dyn FnMut(&Status),
) -> Result<Record, NestedError> {
    run_with(likelihood, settings, &Control::default(), on_status)
}

/// Runs the nested sampler with a checkpoint or a way to stop it.
///
/// A run that was interrupted, by [`Control::stop`], by a signal or by a loss of power, goes on from its checkpoint
/// and ends with the same bits as one that was not. A run that had ended goes on if its settings now ask for more.
///
/// # Errors
/// Those of [`run`], and [`NestedError::Checkpoint`] if the file is damaged or of another model or of other settings
/// (it is left as it is), or cannot be written.
pub fn run_with<L: Likelihood>(
    likelihood: &L,
    settings: &Settings,
    control: &Control<'_>,
    on_status: &mut dyn FnMut(&Status),
) -> Result<Record, NestedError> {
    let plan = settings.plan_of(likelihood)?;
    let benches = Benches::new(likelihood);
    let with_identity = |checkpoint| (checkpoint, Identity::of(likelihood, settings));
    let file = control.checkpoint.as_ref().map(with_identity);
    let mut course = match &file {
        Some((checkpoint, identity)) => checkpoint.resume(identity)?,
        None => None,
    }
    .unwrap_or_else(|| Course::new(&plan));
    let mut written = course.evaluations();
    let mut slots = Slots::default();
    let reasons = loop {
        match course.next(&plan) {
            Step::Begin => begin(likelihood, &plan, &benches, &mut course)?,
            Step::End(reasons) => break reasons,
            Step::Batch => {
                let stopped = control.stop.is_some_and(|s| s.load(Ordering::Relaxed));
                if stopped {
                    break vec![Termination::Stopped];
                }
                if let Some((checkpoint, identity)) = &file
                    && checkpoint.is_due(written, course.evaluations())
                {
                    checkpoint.write(identity, &course)?;
                    written = course.evaluations();
                }
                let Some(sampler) = &mut course.sampler else {
                    continue;
                };
                let count = plan.batch_of(sampler.live().len());
                let job = sampler.begin_batch(&plan);
                replace(likelihood, &benches, &job, count, &mut slots);
                sampler.finish_batch(&mut slots.new, &slots.u);
                if let Some(status) = course.status() {
                    on_status(&status);
                }
            }
        }
    };
    if let Some((checkpoint, identity)) = &file {
        checkpoint.write(identity, &course)?;
    }
    Ok(course.finish(reasons))
}

/// Starts a climb: from the prior, or where the climbs before lack points.
fn begin<L: Likelihood>(
    likelihood: &L,
    plan: &Plan,
    benches: &Benches<L::Worker>,
    course: &mut Course,
) -> Result<(), NestedError> {
    let before = course.before();
    let foot = match (&course.done, plan.settings.allocation) {
        (Some(done), Allocation::Dynamic { posterior }) => {
            let range = range(done, posterior);
            let mut foot = if range.first == 0 {
                let k = plan.strands();
                let mut foot = from_prior(likelihood, plan, benches, &course.effort, (k, before))?;
                foot.renumber(done.id.iter().max().map_or(0, |id| id + 1));
                foot
            } else {
                on_contour(
                    likelihood,
                    plan,
                    benches,
                    &course.effort,
                    (done, range.first),
                )
            };
            foot.ceiling = Some(range.ceiling);
            foot
        }
        _ => from_prior(
            likelihood,
            plan,
            benches,
            &course.effort,
            (plan.live, before),
        )?,
    };
    let sampler = Sampler::new(plan, course.effort.clone(), foot);
    course.begin(sampler);
    Ok(())
}
