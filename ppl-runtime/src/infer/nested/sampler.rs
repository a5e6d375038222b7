//! The state of a run between batches. Nothing here evaluates the likelihood.

use super::evaluator::{Contour, Tally};
use super::evidence::log_add;
use super::live::{LiveSet, NO_PARENT};
use super::proposals::{Proposals, Replacement};
use super::rank_test::{RankTest, batch_score};
use super::record::Record;
use super::rejection::Bound;
use super::settings::{Plan, Proposal};
use super::slice::Slices;
use super::status::{Phase, Status, Termination};
use crate::random::{Purpose, keyed};
use rand::RngExt;

/// Slot of the generator that draws what a batch shares.
const SHARED: u64 = u64::MAX;
/// A score of the insertion-rank test that a correct run does not reach.
const RANK_LIMIT: f64 = 4.5;

/// How a run goes about its replacements, and which stream of randomness it has.
#[derive(Clone, Debug)]
pub(super) struct Effort {
    pub sweeps: usize,
    pub ellipsoids: bool,
    /// Added to the batch in every key.
    pub stream: u64,
}

/// What follows a batch.
pub(super) enum Next {
    Continue,
    Done(Termination),
    /// The insertion-rank test failed: the ellipsoids are too tight, or the chains too short.
    TooTight,
    TooShort,
}

/// The points of a run and all that is learnt from them.
pub(super) struct Sampler {
    plan: Plan,
    effort: Effort,
    live: LiveSet,
    pub record: Record,
    proposals: Proposals,
    log_x: f64,
    log_z: f64,
    batch: usize,
    next_id: u32,
    rejection_ranks: RankTest,
    slice_ranks: RankTest,
    threshold: Contour,
    survivors: Vec<usize>,
    dying: Vec<usize>,
    starts: Vec<usize>,
}

/// What replaces the points of a batch, shared by all slots.
pub(super) struct Job<'a> {
    pub rejection: Option<(&'a Bound, Contour, u64)>,
    pub slices: Slices<'a>,
    pub starts: &'a [usize],
    pub seed: u64,
    pub key: u64,
}

impl Sampler {
    pub(super) fn new(plan: &Plan, effort: Effort, live: LiveSet, record: Record) -> Self {
        Sampler {
            proposals: Proposals::new(plan, effort.sweeps, effort.ellipsoids, &live),
            log_x: record.log_volume,
            log_z: f64::NEG_INFINITY,
            batch: 0,
            next_id: live.len() as u32,
            rejection_ranks: RankTest::default(),
            slice_ranks: RankTest::default(),
            threshold: Contour::BOTTOM,
            survivors: Vec::new(),
            dying: Vec::new(),
            starts: Vec::new(),
            plan: plan.clone(),
            effort,
            live,
            record,
        }
    }

    /// Kills the lowest points and prepares what their replacements need.
    pub(super) fn begin_batch(&mut self) -> Job<'_> {
        let Plan {
            dim,
            batch: m,
            ref settings,
            ..
        } = self.plan;
        let key = self.effort.stream + self.batch as u64;
        let mut rng = keyed(settings.seed, Purpose::Replace, key, SHARED);
        self.live.sort();
        let (dying, survivors) = self.live.order().split_at(m);
        self.dying = dying.to_vec();
        self.survivors = survivors.to_vec();
        self.threshold = self.live.contour[self.dying[m - 1]];
        self.bury();
        // Every survivor is as likely to be a start, and none is one twice before all are one once.
        self.starts.clone_from(&self.survivors);
        let n = self.starts.len();
        for i in 0..m.min(n) {
            let j = rng.random_range(i..n);
            self.starts.swap(i, j);
        }
        let proposals = &mut self.proposals;
        proposals.prepare(&self.plan, &self.live, &self.survivors, (self.log_x, key));
        let proposals = &self.proposals;
        let rejecting = proposals.phase == Phase::Ellipsoids;
        let rejection = rejecting.then(|| {
            (
                &proposals.bound,
                self.threshold,
                proposals.rejection_limit(),
            )
        });
        let pairs = if self.survivors.len() < 4 {
            0
        } else {
            dim.div_ceil(10)
        };
        let slices = Slices {
            threshold: self.threshold,
            directions: &proposals.directions,
            live: &self.live,
            survivors: &self.survivors,
            width: proposals.width,
            pairs,
        };
        Job {
            rejection,
            slices,
            starts: &self.starts,
            seed: self.plan.settings.seed,
            key,
        }
    }

    /// Enters the dying points in the record and shrinks the volume.
    fn bury(&mut self) {
        let live = self.live.len();
        for (r, &slot) in self.dying.iter().enumerate() {
            let step = 1.0 / (live - r) as f64;
            let log_weight = self.live.contour[slot].log_l + self.log_x + (-(-step).exp_m1()).ln();
            self.log_z = log_add(self.log_z, log_weight);
            self.log_x -= step;
            self.record.push(&self.live, slot);
        }
    }

    /// Puts the replacements in the slots of the dead and says what follows.
    pub(super) fn finish_batch(
        &mut self,
        new: &mut [Replacement],
        u: &[f64],
        before: u64,
        may_restart: bool,
        on_status: &mut dyn FnMut(&Status),
    ) -> Next {
        let dim = self.plan.dim;
        let sorted: Vec<Contour> = self
            .survivors
            .iter()
            .map(|&s| self.live.contour[s])
            .collect();
        let z = batch_score(&sorted, new.iter().map(|n| n.contour));
        self.record.rank_test.push(z);
        let ranked = self.proposals.phase;
        let ranks = if ranked == Phase::Slices {
            &mut self.slice_ranks
        } else {
            &mut self.rejection_ranks
        };
        ranks.push(z);
        let passes = ranks.passes(RANK_LIMIT);
        let mut tally = Tally::default();
        for ((&slot, new), u) in self
            .dying
            .iter()
            .zip(new.iter_mut())
            .zip(u.chunks_exact(dim))
        {
            let id = self.next_id;
            self.next_id += 1;
            let parent = new.parent.map(|p| (self.live.id[p], self.live.strand[p]));
            (self.live.parent[slot], self.live.strand[slot]) = parent.unwrap_or((NO_PARENT, id));
            self.live.id[slot] = id;
            self.live.birth[slot] = self.threshold;
            self.live.contour[slot] = new.contour;
            self.live.u[slot * dim..(slot + 1) * dim].copy_from_slice(u);
            if new.parent.is_some() {
                self.record.slices = self.proposals.sweeps * dim;
            }
            tally.absorb(&mut new.tally);
        }
        let spent = tally.evaluations;
        self.record.absorb(&mut tally);
        self.batch += 1;
        let cost = spent as f64 / new.len() as f64;
        let log_live = self.log_x + self.live.log_mean_likelihood();
        let remaining = log_add(0.0, log_live - self.log_z);
        on_status(&Status {
            iteration: self.record.len(),
            batch: self.batch,
            log_evidence: self.log_z,
            remaining_evidence: remaining,
            efficiency: cost.recip(),
            evaluations: before + self.record.evaluations,
            phase: self.proposals.phase,
            slices: self.proposals.sweeps * dim,
        });
        self.proposals.learn(&self.live, new, u, cost);
        let auto = self.plan.settings.proposal == Proposal::Auto;
        match ranked {
            Phase::Slices if !passes && may_restart => return Next::TooShort,
            Phase::Ellipsoids if !passes && may_restart && auto => return Next::TooTight,
            _ => {}
        }
        if remaining < self.plan.settings.remaining_evidence {
            return Next::Done(Termination::RemainingEvidence);
        }
        if before + self.record.evaluations >= self.plan.settings.max_evaluations {
            return Next::Done(Termination::MaxEvaluations);
        }
        Next::Continue
    }

    /// The record with the last live points in it.
    pub(super) fn finish(mut self, termination: Termination) -> Record {
        self.live.sort();
        for &slot in self.live.order() {
            self.record.push(&self.live, slot);
        }
        self.record.termination = termination;
        self.record.kept_evaluations = self.record.evaluations;
        self.record
    }
}
