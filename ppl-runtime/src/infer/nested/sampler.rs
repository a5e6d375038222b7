//! The state of a climb between batches. Nothing here evaluates the likelihood.

use super::aside::Aside;
use super::bounds::Region;
use super::directions::Bases;
use super::evaluator::{Contour, Tally};
use super::live::{LiveSet, NO_PARENT};
use super::proposals::{Chains, Proposals, Replacement};
use super::rank_test::{RankTest, batch_score};
use super::record::Record;
use super::rejection::Bound;
use super::settings::{Plan, Proposal};
use super::status::{Phase, Status};
use super::tracker::Tracker;
use crate::random::{Purpose, keyed};
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// Slot of the generator that draws what a batch shares.
const SHARED: u64 = u64::MAX;
/// A score of the insertion-rank test that a correct run does not reach.
const RANK_LIMIT: f64 = 4.5;

/// How a climb goes about its replacements, and which stream of randomness it has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Effort {
    pub sweeps: usize,
    pub ellipsoids: bool,
    /// Added to the batch in every key.
    pub stream: u64,
}

/// What the insertion ranks say about a climb.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Ranks {
    Sound,
    /// The ellipsoids are too tight.
    TooTight,
    /// The chains are too short.
    TooShort,
}

/// Where a climb begins.
pub(super) struct Foot {
    pub live: LiveSet,
    /// The books so far, without points.
    pub record: Record,
    pub log_x: f64,
    /// ln of the evidence below.
    pub log_z: f64,
    pub next_id: u32,
    /// A climb that is to end at a contour and not at the top.
    pub ceiling: Option<Contour>,
    /// What is known of the shape of the region, where an earlier climb has passed.
    pub proposals: Option<Proposals>,
}

impl Foot {
    /// Lets the numbers of the points begin at `first`.
    pub(super) fn renumber(&mut self, first: u32) {
        self.live.id.iter_mut().for_each(|id| *id += first);
        self.live.strand.iter_mut().for_each(|id| *id += first);
        self.next_id += first;
    }
}

/// The points of a climb and all that is learnt from them.
#[derive(Serialize, Deserialize)]
pub(super) struct Sampler {
    effort: Effort,
    live: LiveSet,
    pub record: Record,
    pub proposals: Proposals,
    pub tracker: Tracker,
    pub ceiling: Option<Contour>,
    batch: usize,
    next_id: u32,
    rejection_ranks: RankTest,
    slice_ranks: RankTest,
    pub threshold: Contour,
    #[serde(skip)]
    survivors: Vec<usize>,
    #[serde(skip)]
    dying: Vec<usize>,
    #[serde(skip)]
    starts: Vec<usize>,
}

/// What replaces the points of a batch, shared by all slots.
pub(super) struct Job<'a> {
    pub rejection: Option<(&'a Bound, Contour, u64)>,
    pub chains: Chains<'a>,
    /// Those from which chains start.
    pub live: &'a LiveSet,
    pub starts: &'a [usize],
    pub seed: u64,
    pub purpose: Purpose,
    pub key: u64,
    /// Evaluations that a slot takes, about: it is for the sharing of work, and changes no number.
    pub cost: f64,
}

impl Sampler {
    pub(super) fn new(plan: &Plan, effort: Effort, foot: Foot) -> Self {
        let proposals = foot
            .proposals
            .unwrap_or_else(|| Proposals::new(plan, effort.sweeps, effort.ellipsoids, &foot.live));
        Sampler {
            proposals,
            tracker: Tracker::new(foot.log_x, foot.log_z),
            ceiling: foot.ceiling,
            batch: 0,
            next_id: foot.next_id,
            rejection_ranks: RankTest::default(),
            slice_ranks: RankTest::default(),
            threshold: Contour::BOTTOM,
            survivors: Vec::new(),
            dying: Vec::new(),
            starts: Vec::new(),
            effort,
            live: foot.live,
            record: foot.record,
        }
    }

    pub(super) fn live(&self) -> &LiveSet {
        &self.live
    }

    pub(super) fn batches(&self) -> usize {
        self.batch
    }

    /// Stream and number of the batch, for keys.
    fn key(&self) -> u64 {
        self.effort.stream + self.batch as u64
    }

    /// What the bases of the next batch need: the sweeps and the number.
    pub(super) fn ahead(&self) -> (usize, u64) {
        (self.proposals.sweeps_ahead(), self.key() + 1)
    }

    /// Chooses the lowest points to die, and from which of the others chains will start.
    pub(super) fn bury(&mut self, plan: &Plan) {
        let m = plan.batch_of(self.live.len());
        let mut rng = keyed(plan.settings.seed, Purpose::Replace, self.key(), SHARED);
        self.live.sort();
        let (dying, survivors) = self.live.order().split_at(m);
        self.dying = dying.to_vec();
        self.survivors = survivors.to_vec();
        self.threshold = self.live.contour[self.dying[m - 1]];
        // Every survivor is as likely to be a start, and none is one twice before all are one once.
        self.starts.clone_from(&self.survivors);
        let n = self.starts.len();
        for i in 0..m.min(n) {
            let j = rng.random_range(i..n);
            self.starts.swap(i, j);
        }
    }

    /// Prepares what the replacements of the dying need, and what is to be done beside.
    pub(super) fn job<'a>(&'a mut self, plan: &'a Plan, bases: &mut Bases) -> (Job<'a>, Aside<'a>) {
        let (key, threshold) = (self.key(), self.threshold);
        let log_x = (self.tracker).log_x_after(self.dying.len(), self.live.len());
        let region = Region {
            live: &self.live,
            rows: &self.survivors,
            log_x,
        };
        self.proposals.prepare(plan, region, key, bases);
        let (proposals, live, survivors) = (&self.proposals, &self.live, &self.survivors[..]);
        let job = Job {
            rejection: proposals.rejection(threshold),
            chains: proposals.chains(live, survivors, threshold, &plan.periodic),
            live,
            starts: &self.starts,
            seed: plan.settings.seed,
            purpose: Purpose::Replace,
            key,
            cost: self.tracker.efficiency.recip(),
        };
        let aside = Aside {
            tracker: &mut self.tracker,
            record: &mut self.record,
            proposals,
            live,
            dying: &self.dying,
            survivors,
            key,
        };
        (job, aside)
    }

    /// Puts the replacements in the slots of the dead.
    pub(super) fn finish_batch(&mut self, new: &mut [Replacement], u: &[f64]) {
        let dim = self.live.dim;
        let sorted: Vec<Contour> = self
            .survivors
            .iter()
            .map(|&s| self.live.contour[s])
            .collect();
        let mut places = Vec::with_capacity(new.len());
        let z = batch_score(&sorted, new.iter().map(|n| n.contour), &mut places);
        self.record.rank_test.push(z);
        match self.proposals.phase {
            Phase::Slices => self.slice_ranks.push(z),
            Phase::Ellipsoids => self.rejection_ranks.push(z),
        }
        let slices = self.proposals.slices(dim);
        let mut tally = Tally::default();
        for (k, (new, u)) in new.iter_mut().zip(u.chunks_exact(dim)).enumerate() {
            let slot = self.dying[k];
            let id = self.next_id;
            self.next_id += 1;
            let parent = new.parent.map(|p| (self.live.id[p], self.live.strand[p]));
            (self.live.parent[slot], self.live.strand[slot]) = parent.unwrap_or((NO_PARENT, id));
            self.live.id[slot] = id;
            self.live.birth[slot] = self.threshold;
            self.live.contour[slot] = new.contour;
            self.live.rank[slot] = places[k];
            self.live.cost[slot] = new.tally.evaluations as f32;
            self.live.u[slot * dim..(slot + 1) * dim].copy_from_slice(u);
            if new.parent.is_some() {
                self.record.slices = self.record.slices.max(slices);
            }
            tally.absorb(&mut new.tally);
        }
        let cost = tally.evaluations as f64 / new.len() as f64;
        self.record.absorb(&mut tally);
        self.batch += 1;
        self.tracker.look(&self.live, cost);
        self.proposals.learn(&self.live, new, u, &tally);
    }

    /// What the insertion ranks say of the way that is in use.
    pub(super) fn ranks(&self, plan: &Plan) -> Ranks {
        if !self.slice_ranks.passes(RANK_LIMIT) {
            Ranks::TooShort
        } else if !self.rejection_ranks.passes(RANK_LIMIT)
            && plan.settings.proposal == Proposal::Auto
        {
            Ranks::TooTight
        } else {
            Ranks::Sound
        }
    }

    pub(super) fn status(&self, before: u64) -> Status {
        Status {
            iteration: self.record.len(),
            batch: self.batch,
            log_evidence: self.tracker.log_z,
            remaining_evidence: self.tracker.remaining(),
            efficiency: self.tracker.efficiency,
            evaluations: before + self.record.evaluations,
            phase: self.proposals.phase,
            slices: self.proposals.slices(self.live.dim),
        }
    }

    /// Whether what lies above is negligible, or the ceiling is reached.
    pub(super) fn is_at_top(&self, plan: &Plan) -> bool {
        let capped = self.ceiling.is_some_and(|c| self.threshold.cmp(&c).is_ge());
        capped || self.batch > 0 && self.tracker.remaining() < plan.top
    }

    /// The record with the last live points in it.
    pub(super) fn finish(mut self) -> Record {
        self.live.sort();
        for &slot in self.live.order() {
            self.record.push(&self.live, slot);
        }
        self.record.kept_evaluations = self.record.evaluations;
        self.record
    }
}
