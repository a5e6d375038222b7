//! Records put together and taken apart.

use super::Record;
use super::live::NO_PARENT;
use super::record::Invalid;
use thiserror::Error;

/// Why two records cannot be merged.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum MergeError {
    /// They have different numbers of coordinates.
    #[error("one run has {0} coordinates and the other {1}: they are not of the same model")]
    Dimensions(usize, usize),
    /// They share a seed, so they are not independent.
    #[error("both runs have the seed {0}: they are copies of each other, not two runs")]
    Seed(u64),
}

impl Record {
    /// Two runs of the same model as one: their live points add up (Higson et al. 2019, "Dynamic nested sampling",
    /// §2.3).
    ///
    /// # Errors
    /// If the runs cannot be of the same model, or have the same seed.
    pub fn merged(&self, other: &Record) -> Result<Record, MergeError> {
        if self.dim != other.dim {
            return Err(MergeError::Dimensions(self.dim, other.dim));
        }
        if self.seed == other.seed {
            return Err(MergeError::Seed(self.seed));
        }
        let mut record = self.clone();
        record.merge(other.clone());
        Ok(record)
    }

    /// Merges another run of the same model into this one: their live points add up.
    pub(super) fn merge(&mut self, mut other: Record) {
        let offset = self.id.iter().max().map_or(0, |id| id + 1);
        let shift = |id: &mut u32| {
            if *id != NO_PARENT {
                *id += offset;
            }
        };
        other.id.iter_mut().for_each(shift);
        other.parent.iter_mut().for_each(shift);
        other.strand.iter_mut().for_each(shift);
        // The volume is an average of independent estimates, weighted by the live points behind each.
        let (a, b) = (self.live_points as f64, other.live_points as f64);
        let (wa, wb) = (a / (a + b), b / (a + b));
        self.log_volume = (wa * self.log_volume.exp() + wb * other.log_volume.exp()).ln();
        self.log_volume_variance =
            wa * wa * self.log_volume_variance + wb * wb * other.log_volume_variance;
        self.live_points += other.live_points;
        self.interleave(other);
    }

    /// Enters the points of `other`, whose numbers are already of the same count, and adds up the books.
    pub(super) fn interleave(&mut self, other: Record) {
        let mut points = self.without_points();
        let (mut i, mut j) = (0, 0);
        while i < self.len() || j < other.len() {
            let take_first =
                j == other.len() || (i < self.len() && self.death(i).cmp(&other.death(j)).is_le());
            let (from, k) = if take_first {
                (&*self, &mut i)
            } else {
                (&other, &mut j)
            };
            points.copy(from, *k);
            *k += 1;
        }
        points.evaluations = self.evaluations + other.evaluations;
        points.kept_evaluations = self.kept_evaluations + other.kept_evaluations;
        points.invalid = Invalid {
            nan: self.invalid.nan + other.invalid.nan,
            infinite: self.invalid.infinite + other.invalid.infinite,
            example: self.invalid.example.take().or(other.invalid.example),
        };
        points.rank_test = std::mem::take(&mut self.rank_test).merged(&other.rank_test);
        points.slices = self.slices.max(other.slices);
        points.restarts = self.restarts + other.restarts;
        points.termination = other.termination;
        points.reasons = other.reasons;
        *self = points;
    }

    /// The books of this record, without its points.
    fn without_points(&self) -> Record {
        Record {
            log_volume: self.log_volume,
            log_volume_variance: self.log_volume_variance,
            evaluations: self.evaluations,
            kept_evaluations: self.kept_evaluations,
            invalid: self.invalid.clone(),
            rank_test: self.rank_test.clone(),
            slices: self.slices,
            restarts: self.restarts,
            termination: self.termination,
            reasons: self.reasons.clone(),
            ..Record::new(self.dim, self.live_points, self.seed, self.shrinkage_draws)
        }
    }

    fn copy(&mut self, from: &Record, i: usize) {
        self.u.extend_from_slice(from.point(i));
        self.log_l.push(from.log_l[i]);
        self.label.push(from.label[i]);
        self.birth_log_l.push(from.birth_log_l[i]);
        self.birth_label.push(from.birth_label[i]);
        self.strand.push(from.strand[i]);
        self.id.push(from.id[i]);
        self.parent.push(from.parent[i]);
        self.rank.push(from.rank[i]);
        self.cost.push(from.cost[i]);
    }

    /// The strands of the run, each a record of its own with one live point at a time: a point, then the one that
    /// replaced it, and so on (Higson et al. 2019, "Dynamic nested sampling", §2.3). Put together they give the run's
    /// live points again; any choice of them is a run with fewer.
    ///
    /// A point that was born where another died continues the strand of that one. Points that were born at a contour
    /// where none died (the first, and those of dynamic batches) begin strands.
    pub fn strands(&self) -> Vec<Record> {
        let mut strands: Vec<Record> = Vec::new();
        for members in self.strand_members() {
            let mut strand = Record {
                log_volume: self.log_volume,
                log_volume_variance: self.log_volume_variance,
                termination: self.termination,
                slices: self.slices,
                ..Record::new(self.dim, 1, self.seed, self.shrinkage_draws)
            };
            members.iter().for_each(|&i| strand.copy(self, i));
            let cost: f64 = strand.cost.iter().map(|&c| f64::from(c)).sum();
            strand.evaluations = cost as u64;
            strand.kept_evaluations = cost as u64;
            strands.push(strand);
        }
        strands
    }

    /// The points of each strand, in the order of death.
    pub(super) fn strand_members(&self) -> Vec<Vec<usize>> {
        // In the order of birth, each point takes up a strand whose end lies at or below its contour of birth: a
        // batch's dead are as many as those that it bears.
        let first = self.first_deaths();
        let mut births: Vec<usize> = (0..self.len()).collect();
        births.sort_by(|&a, &b| first[a].cmp(&first[b]).then(a.cmp(&b)));
        let (mut members, mut of): (Vec<Vec<usize>>, Vec<usize>) =
            (Vec::new(), vec![0; self.len()]);
        let mut free: std::collections::VecDeque<usize> = std::collections::VecDeque::new();
        let mut died = 0;
        for i in births {
            let beginning = first[i] == 0;
            // The ends of strands that died at or below this contour wait to be taken up.
            while died < first[i] {
                free.push_back(of[died]);
                died += 1;
            }
            let strand = if beginning { None } else { free.pop_front() };
            let strand = strand.unwrap_or_else(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[strand].push(i);
            of[i] = strand;
        }
        members
    }
}
