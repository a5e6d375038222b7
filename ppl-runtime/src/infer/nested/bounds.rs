//! The bound of ellipsoids, made anew as the region shrinks.

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
}

impl Bounds {
    pub(super) fn new(live: usize) -> Self {
        Bounds {
            bound: Bound::Cube,
            log_volume: 0.0,
            since_bound: live,
            since_islands: live,
        }
    }

    /// Makes the bound anew if it is time; whether it was. Its randomness is that of batch `key`.
    pub(super) fn rebuild(
        &mut self,
        plan: &Plan,
        live: &LiveSet,
        survivors: &[usize],
        (log_x, key): (f64, u64),
        phase: Phase,
    ) -> bool {
        // A bound costs more to make in more dimensions; an old one is only larger than it need be. While slices are
        // in use it is made to see whether it would be better.
        let batch = plan.batch_of(live.len());
        self.since_bound = self.since_bound.saturating_add(batch);
        self.since_islands = self.since_islands.saturating_add(batch);
        let pace = match phase {
            Phase::Ellipsoids => plan.live * plan.dim.clamp(4, 20) / 20,
            Phase::Slices => plan.live,
        };
        if self.since_bound < pace {
            return false;
        }
        self.since_bound = 0;
        let key = (plan.settings.seed, key);
        let (bound, turns) = match &self.bound {
            // The islands are those of before for a while.
            Bound::Ellipsoids(old, turns)
                if phase == Phase::Ellipsoids && self.since_islands < plan.live =>
            {
                let points = turned_by(turns, &live.u, plan.dim);
                let bound = old.tightened(&points, plan.dim, survivors, log_x, key);
                (bound, turns.clone())
            }
            _ => {
                self.since_islands = 0;
                let (turns, points) = turned(&live.u, plan.dim, survivors, &plan.periodic);
                let bound = MultiEllipsoid::new(&points, plan.dim, survivors, log_x, key);
                (bound, turns)
            }
        };
        // The region has shrunk since the last bound was made, so that this one still holds it.
        if bound.log_volume < self.log_volume {
            self.log_volume = bound.log_volume;
            self.bound = Bound::Ellipsoids(bound, turns);
        }
        true
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

    /// Has the bound made anew with the next batch.
    pub(super) fn hurry(&mut self) {
        (self.since_bound, self.since_islands) = (usize::MAX, usize::MAX);
    }
}
