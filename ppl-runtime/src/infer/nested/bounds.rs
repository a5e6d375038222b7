//! The bound of ellipsoids, made anew as the region shrinks: beside the replacement of a batch, for the next.

use super::circle::{turned, turned_by};
use super::ellipsoid::MultiEllipsoid;
use super::live::LiveSet;
use super::rejection::Bound;
use super::settings::Plan;
use super::status::Phase;
use serde::{Deserialize, Serialize};

/// What a proposal from ellipsoids that needs no evaluation counts for, in evaluations: as if one took some microseconds.
pub(super) const FREE: f64 = 1.0 / 32.0;

/// The bound, and when it is due to be made anew.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Bounds {
    pub bound: Bound,
    log_volume: f64,
    since_bound: usize,
    /// Replacements since islands and clusters were looked for.
    since_islands: usize,
    /// To be made at once, islands and all.
    hurries: bool,
    /// What was made beside the last batch.
    next: Option<Made>,
}

/// A bound that was made beside a batch.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Made {
    bound: MultiEllipsoid,
    turns: Vec<(usize, f64)>,
    /// Whether islands and clusters were looked for.
    is_whole: bool,
}

/// The points `rows` of a region of volume e^`log_x`.
#[derive(Copy, Clone)]
pub(super) struct Region<'a> {
    pub live: &'a LiveSet,
    pub rows: &'a [usize],
    pub log_x: f64,
}

impl Bounds {
    pub(super) fn new(live: usize) -> Self {
        Bounds {
            bound: Bound::Cube,
            log_volume: 0.0,
            since_bound: live,
            since_islands: live,
            hurries: false,
            next: None,
        }
    }

    /// Goes over to the bound that was made beside the last batch, or makes one if that is to be done at once; whether there was
    /// one. The randomness of what is made is that of batch `key`.
    pub(super) fn renew(
        &mut self,
        plan: &Plan,
        region: Region<'_>,
        key: u64,
        phase: Phase,
    ) -> bool {
        let batch = plan.batch_of(region.live.len());
        self.since_bound = self.since_bound.saturating_add(batch);
        self.since_islands = self.since_islands.saturating_add(batch);
        let mut made = self.next.take();
        let is_whole = made.as_ref().is_some_and(|made| made.is_whole);
        let hurries = std::mem::take(&mut self.hurries) && !is_whole;
        if hurries {
            self.since_islands = usize::MAX;
        }
        let pace = Pace::of(plan, batch, phase);
        if hurries || !pace.is_aside && self.since_bound >= pace.replacements {
            made = Some(self.make(plan, region, key, (phase, self.since_islands)));
        }
        let Some(made) = made else {
            return false;
        };
        self.since_bound = 0;
        if made.is_whole {
            self.since_islands = 0;
        }
        // The region has shrunk since the last bound was made, so that this one still holds it.
        if made.bound.log_volume < self.log_volume {
            self.log_volume = made.bound.log_volume;
            self.bound = Bound::Ellipsoids(made.bound, made.turns);
        }
        true
    }

    /// A bound for the next batch, if it is time and may be made beside this one.
    pub(super) fn ahead(
        &self,
        plan: &Plan,
        region: Region<'_>,
        key: u64,
        phase: Phase,
    ) -> Option<Made> {
        let batch = plan.batch_of(region.live.len());
        let pace = Pace::of(plan, batch, phase);
        let since = |count: usize| count.saturating_add(batch);
        let is_due = pace.is_aside && since(self.since_bound) >= pace.replacements;
        is_due.then(|| self.make(plan, region, key, (phase, since(self.since_islands))))
    }

    /// `since` is the number of replacements since islands were looked for.
    fn make(
        &self,
        plan: &Plan,
        region: Region<'_>,
        key: u64,
        (phase, since): (Phase, usize),
    ) -> Made {
        let key = (plan.settings.seed, key);
        let Region { live, rows, log_x } = region;
        let (bound, turns, is_whole) = match &self.bound {
            // The islands are those of before for a while.
            Bound::Ellipsoids(old, turns) if phase == Phase::Ellipsoids && since < plan.live => {
                let points = turned_by(turns, &live.u, plan.dim);
                let bound = old.tightened(&points, plan.dim, rows, log_x, key);
                (bound, turns.clone(), false)
            }
            before => {
                let (turns, points) = turned(&live.u, plan.dim, rows, &plan.periodic);
                let before = match before {
                    Bound::Ellipsoids(before, _) => Some(before),
                    Bound::Cube => None,
                };
                let bound = MultiEllipsoid::new(&points, plan.dim, rows, log_x, before, key);
                (bound, turns, true)
            }
        };
        Made {
            bound,
            turns,
            is_whole,
        }
    }

    /// Keeps a bound for the next batch, if one was made.
    pub(super) fn keep(&mut self, made: Option<Made>) {
        self.next = made;
    }

    /// Evaluations that a replacement from a region of volume e^`log_x` may be expected to take.
    pub(super) fn promised(&self, log_x: f64) -> f64 {
        let free = match &self.bound {
            Bound::Ellipsoids(ellipsoids, _) => ellipsoids.kept.recip() - 1.0,
            Bound::Cube => 0.0,
        };
        (self.log_volume - log_x).exp() * (1.0 + FREE * free)
    }

    /// Whether nothing better is to be had now.
    pub(super) fn is_new(&self) -> bool {
        self.since_islands == 0 || matches!(self.bound, Bound::Cube)
    }

    /// Has the bound made anew with the next batch, before it.
    pub(super) fn hurry(&mut self) {
        self.hurries = true;
    }
}

/// When bounds are made.
struct Pace {
    /// Replacements between two.
    replacements: usize,
    /// Beside a batch, for the next.
    is_aside: bool,
}

impl Pace {
    /// A bound costs more to make in more dimensions; an old one is only larger than it need be. While slices are in use it is made
    /// to see whether it would be better. What serves for several batches may as well be a batch older.
    fn of(plan: &Plan, batch: usize, phase: Phase) -> Pace {
        let replacements = match phase {
            Phase::Ellipsoids => plan.live * plan.dim.clamp(4, 20) / 20,
            Phase::Slices => plan.live,
        };
        Pace {
            replacements,
            is_aside: replacements > batch,
        }
    }
}
