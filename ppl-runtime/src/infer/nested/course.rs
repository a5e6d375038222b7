//! Where a run stands: climbs that are done, and the one in progress. This is what a checkpoint holds.

use super::condition::Standing;
use super::record::Record;
use super::sampler::{Effort, Ranks, Sampler};
use super::settings::{Plan, Proposal};
use super::status::{Status, Termination};
use super::strands;
use serde::{Deserialize, Serialize};

/// Spread of the strands over that of single points from which on chains are too short: they remember their start, and
/// it matters to ln Z.
const EXCESS_LIMIT: f64 = 1.2;

/// Slices of the first chains at least, for one or two sweeps of few dimensions are hardly any.
const FEWEST_SLICES: usize = 8;

/// All that a run is between two batches. What follows depends on nothing else but the likelihood and the settings.
#[derive(Serialize, Deserialize)]
pub(super) struct Course {
    pub effort: Effort,
    /// The climbs that are done, merged.
    pub done: Option<Record>,
    /// Evaluations of attempts that were abandoned since the last climb was done, and how many those were.
    abandoned: (u64, u32),
    /// The climb in progress.
    pub sampler: Option<Sampler>,
}

/// What is to be done next.
pub(super) enum Step {
    /// Start a climb.
    Begin,
    /// Replace a batch of points.
    Batch,
    /// The run is over, for these reasons.
    End(Vec<Termination>),
}

impl Course {
    pub(super) fn new(plan: &Plan) -> Course {
        let settings = &plan.settings;
        Course {
            effort: Effort {
                sweeps: settings.sweeps.max(FEWEST_SLICES.div_ceil(plan.dim)),
                ellipsoids: matches!(settings.proposal, Proposal::Auto | Proposal::Ellipsoids),
                stream: 0,
            },
            done: None,
            abandoned: (0, 0),
            sampler: None,
        }
    }

    /// Whether the parts fit together; what comes from a file may not.
    pub(super) fn is_whole(&self, dim: usize) -> bool {
        let fits = |r: &Record| r.dim == dim && r.is_whole();
        self.done.as_ref().is_none_or(|d| fits(d) && !d.is_empty())
            && self
                .sampler
                .as_ref()
                .is_none_or(|s| fits(&s.record) && s.live().is_whole(dim))
    }

    /// Evaluations before the climb in progress.
    pub(super) fn before(&self) -> u64 {
        self.done.as_ref().map_or(0, |d| d.evaluations) + self.abandoned.0
    }

    pub(super) fn evaluations(&self) -> u64 {
        self.before() + self.sampler.as_ref().map_or(0, |s| s.record.evaluations)
    }

    pub(super) fn status(&self) -> Option<Status> {
        let sampler = self.sampler.as_ref()?;
        Some(sampler.status(self.before()))
    }

    /// Puts a new climb in place. Climbs and attempts draw from streams of their own.
    pub(super) fn begin(&mut self, sampler: Sampler) {
        self.sampler = Some(sampler);
        self.effort.stream += 1 << 40;
    }

    /// Decides what is next.
    pub(super) fn next(&mut self, plan: &Plan) -> Step {
        if let Some(sampler) = &self.sampler {
            if sampler.batches() == 0 {
                return Step::Batch;
            }
            // A batch of dynamic allocation stands on a sound climb.
            let may_restart =
                self.abandoned.1 < plan.settings.max_doublings && sampler.ceiling.is_none();
            match sampler.ranks(plan) {
                Ranks::TooShort if may_restart => {
                    self.effort.sweeps *= 2;
                    return self.abandon(sampler.record.evaluations);
                }
                Ranks::TooTight if may_restart => {
                    self.effort.ellipsoids = false;
                    return self.abandon(sampler.record.evaluations);
                }
                _ => {}
            }
            if !sampler.is_at_top(plan) {
                return self.under_way(sampler, plan);
            }
            // Twice the slices take twice the evaluations: the next attempt must not be cut short.
            let spent = sampler.record.evaluations;
            let affordable = self.before() + 3 * spent < plan.settings.max_evaluations;
            if let Some(forgetful) = self.climbed(may_restart && affordable) {
                self.effort.sweeps *= 2;
                return self.abandon(forgetful);
            }
        }
        match &self.done {
            Some(done) => self.after_climbs(done, plan),
            None => Step::Begin,
        }
    }

    fn abandon(&mut self, spent: u64) -> Step {
        self.abandoned.0 += spent;
        self.abandoned.1 += 1;
        self.sampler = None;
        Step::Begin
    }

    /// Whether a climb in progress goes on.
    fn under_way(&self, sampler: &Sampler, plan: &Plan) -> Step {
        let done = self.done.as_ref();
        let weighs = done.is_none() && plan.stop.weighs();
        let standing = Standing {
            samples: done.map_or(0, Record::len) + sampler.record.len(),
            evaluations: self.evaluations(),
            ..sampler
                .tracker
                .standing(sampler.live(), sampler.threshold.log_l, weighs)
        };
        let mut reasons = Vec::new();
        if plan.stop.holds(&standing, &mut reasons) {
            return Step::End(reasons);
        }
        if standing.evaluations >= plan.settings.max_evaluations {
            return Step::End(vec![Termination::MaxEvaluations]);
        }
        Step::Batch
    }

    /// Whether the climbs so far are enough.
    fn after_climbs(&self, done: &Record, plan: &Plan) -> Step {
        let (weighs, errs) = (plan.stop.weighs(), plan.stop.asks_for_error());
        let standing = Standing {
            remaining: 0.0,
            effective_samples: if weighs {
                done.effective_samples()
            } else {
                0.0
            },
            evidence_sd: if errs {
                done.evidence().sd
            } else {
                f64::INFINITY
            },
            samples: done.len(),
            evaluations: done.evaluations,
            log_l: done.log_l.last().copied().unwrap_or(f64::NEG_INFINITY),
            efficiency: f64::INFINITY,
            live: (f64::NEG_INFINITY, f64::INFINITY),
            below_peak: 0.0,
            climbed: true,
        };
        let mut reasons = Vec::new();
        if plan.stop.holds(&standing, &mut reasons) {
            if reasons.is_empty() {
                reasons.push(Termination::RemainingEvidence);
            }
            return Step::End(reasons);
        }
        if standing.evaluations >= plan.settings.max_evaluations {
            return Step::End(vec![Termination::MaxEvaluations]);
        }
        Step::Begin
    }

    /// Adds the climb to those done, unless its strands show that chains are too short: then what it cost is returned.
    fn climbed(&mut self, may_restart: bool) -> Option<u64> {
        let sampler = self.sampler.take()?;
        let strand = sampler.ceiling.is_some();
        let mut record = sampler.finish();
        if may_restart && record.slices > 0 && strands::excess(&record) >= EXCESS_LIMIT {
            return Some(record.evaluations);
        }
        let (spent, restarts) = std::mem::take(&mut self.abandoned);
        record.evaluations += spent;
        record.restarts = restarts;
        match &mut self.done {
            None => self.done = Some(record),
            Some(done) if strand => done.interleave(record),
            Some(done) => done.merge(record),
        }
        None
    }

    /// The record of the run as it stands.
    pub(super) fn finish(mut self, reasons: Vec<Termination>) -> Record {
        self.climbed(false);
        let mut record = match self.done {
            Some(record) => record,
            None => return Record::new(0, 0, 0, 0),
        };
        if let Some(&last) = reasons.last() {
            record.termination = last;
        }
        record.reasons = reasons;
        record
    }
}
