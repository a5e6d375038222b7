//! What one thread does while the others replace a batch.

use super::bounds::{Made, Region};
use super::live::LiveSet;
use super::proposals::Proposals;
use super::record::Record;
use super::settings::Plan;
use super::tracker::Tracker;

/// The books of those that die, and a bound for the batch that follows. Nothing of it depends on the replacements, which don't
/// depend on it.
pub(super) struct Aside<'a> {
    pub tracker: &'a mut Tracker,
    pub record: &'a mut Record,
    pub proposals: &'a Proposals,
    pub live: &'a LiveSet,
    pub dying: &'a [usize],
    pub survivors: &'a [usize],
    pub key: u64,
}

impl Aside<'_> {
    /// Buries the dying; the bound, if one is due.
    pub(super) fn run(self, plan: &Plan) -> Option<Made> {
        for (r, &slot) in self.dying.iter().enumerate() {
            let alive = self.live.len() - r;
            self.tracker.bury(self.live.contour[slot].log_l, alive);
            self.record.push(self.live, slot);
        }
        let region = Region {
            live: self.live,
            rows: self.survivors,
            log_x: self.tracker.log_x,
        };
        self.proposals.bound_ahead(plan, region, self.key)
    }
}
