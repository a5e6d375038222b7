//! The loop of a run.

use super::awake::awake;
use super::checkpoint::{Checkpoint, Identity};
use super::course::{Course, Step};
use super::directions::Bases;
use super::dynamic::range;
use super::evaluator::Benches;
use super::replace::{Slots, replace};
use super::sampler::Sampler;
use super::settings::{Allocation, Plan};
use super::start::{from_prior, on_contour};
use super::status::{Status, Termination};
use super::{Likelihood, NestedError, Record, Settings};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What surrounds a run and does not change its numbers: a checkpoint, and a way to stop it.
#[derive(Clone, Debug, Default)]
pub struct Control<'a> {
    /// The file in which the state of the run is kept. If it exists the run goes on from there.
    pub checkpoint: Option<Checkpoint>,
    /// Once this is true the run ends after the batch in hand, with a checkpoint if there is one. Set it from a signal
    /// handler of your own, or from another thread.
    pub stop: Option<&'a AtomicBool>,
}

/// A run leaves the pool of threads to tell how far it is after so many evaluations, if so much time has passed. What the clock
/// says changes no number.
const STRETCH: u64 = 20_000;
const PAUSE: Duration = Duration::from_millis(30);

/// Runs the nested sampler.
///
/// `on_status` is called for each batch, for a progress line: of several at once where a batch takes few evaluations.
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
    let mut march = March {
        likelihood,
        plan: &plan,
        benches: &benches,
        stop: control.stop,
        file: file.as_ref(),
        written: course.evaluations(),
        slots: Slots::default(),
        is_filled: false,
        statuses: Vec::new(),
    };
    let mut bases = Bases::default();
    let reasons = loop {
        // Within the pool a batch costs no change of threads.
        let ended = rayon::scope(|_| march.stretch(&mut course, &mut bases))?;
        march
            .statuses
            .drain(..)
            .for_each(|status| on_status(&status));
        if let Some(reasons) = ended {
            break reasons;
        }
    };
    if let Some((checkpoint, identity)) = &file {
        checkpoint.write(identity, &course)?;
    }
    Ok(course.finish(reasons))
}

/// What a run needs on its way beside its [`Course`].
struct March<'a, L: Likelihood> {
    likelihood: &'a L,
    plan: &'a Plan,
    benches: &'a Benches<L::Worker>,
    stop: Option<&'a AtomicBool>,
    file: Option<&'a (&'a Checkpoint, Identity)>,
    /// Evaluations at the last checkpoint.
    written: u64,
    slots: Slots,
    /// Whether the slots hold the replacements of a batch that is not finished.
    is_filled: bool,
    /// Of the batches since they were last told.
    statuses: Vec<Status>,
}

impl<L: Likelihood> March<'_, L> {
    /// Takes the run as many batches further as [`STRETCH`] says; the reasons if it has ended. `bases` are those of the batch that
    /// comes, if they were drawn.
    fn stretch(
        &mut self,
        course: &mut Course,
        bases: &mut Bases,
    ) -> Result<Option<Vec<Termination>>, NestedError> {
        let plan = self.plan;
        let until = (course.evaluations() + STRETCH, Instant::now() + PAUSE);
        loop {
            let sampler = course.sampler.as_ref().filter(|_| self.is_filled);
            let ahead = sampler.map(Sampler::ahead);
            let draw = || {
                if let Some((sweeps, batch)) = ahead {
                    bases.draw(plan.dim, sweeps, (plan.settings.seed, batch));
                }
            };
            // One thread works here, and the others are kept for what follows at once.
            match awake(|| self.between(course, until), draw)? {
                None => return Ok(None),
                Some(Step::End(reasons)) => return Ok(Some(reasons)),
                Some(Step::Begin) => begin(self.likelihood, plan, self.benches, course)?,
                Some(Step::Batch) => awake(|| self.batch(course, bases), || ()),
            }
        }
    }

    /// Replaces the points that were buried last.
    fn batch(&mut self, course: &mut Course, bases: &mut Bases) {
        let plan = self.plan;
        let Some(sampler) = &mut course.sampler else {
            return;
        };
        let count = plan.batch_of(sampler.live().len());
        let (job, aside) = sampler.job(plan, bases);
        let (likelihood, benches, slots) = (self.likelihood, self.benches, &mut self.slots);
        let (made, ()) = rayon::join(
            || aside.run(plan),
            || replace(likelihood, benches, &job, count, slots),
        );
        sampler.proposals.bounds.keep(made);
        self.is_filled = true;
    }

    /// Puts the replacements of the last batch in place, and decides what is next: of a batch, the points to be replaced are buried.
    /// Nothing if it is time to tell how far the run is.
    fn between(
        &mut self,
        course: &mut Course,
        until: (u64, Instant),
    ) -> Result<Option<Step>, NestedError> {
        if std::mem::take(&mut self.is_filled)
            && let Some(sampler) = &mut course.sampler
        {
            sampler.finish_batch(&mut self.slots.new, &self.slots.u);
            self.statuses.extend(course.status());
        }
        if course.evaluations() >= until.0 && Instant::now() >= until.1 {
            return Ok(None);
        }
        let step = course.next(self.plan);
        if let Step::Batch = step {
            if self.stop.is_some_and(|s| s.load(Ordering::Relaxed)) {
                return Ok(Some(Step::End(vec![Termination::Stopped])));
            }
            self.keep(course)?;
            if let Some(sampler) = &mut course.sampler {
                sampler.bury(self.plan);
            }
        }
        Ok(Some(step))
    }

    /// Writes a checkpoint if one is due.
    fn keep(&mut self, course: &Course) -> Result<(), NestedError> {
        if let Some((checkpoint, identity)) = self.file
            && checkpoint.is_due(self.written, course.evaluations())
        {
            checkpoint.write(identity, course)?;
            self.written = course.evaluations();
        }
        Ok(())
    }
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
