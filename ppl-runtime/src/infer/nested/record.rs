//! What a run leaves behind.

use super::evaluator::{Contour, Tally};
use super::live::{LiveSet, NO_PARENT};
use super::rank_test::RankTest;
use super::status::Termination;

/// Evaluations that gave no usable value. Both kinds are treated as a likelihood of zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Invalid {
    /// Evaluations that gave NaN.
    pub nan: u64,
    /// Evaluations that gave +∞.
    pub infinite: u64,
    /// The first point of the cube that gave either.
    pub example: Option<Vec<f64>>,
}

/// Every point of a run in the order of death, the final live points last.
///
/// All that the run has to say follows from the contours of birth and death: [`live_counts`](Self::live_counts),
/// [`log_weights`](Self::log_weights), [`evidence`](Self::evidence).
#[derive(Clone, Debug)]
pub struct Record {
    /// Number of coordinates.
    pub dim: usize,
    /// Coordinates in the unit cube, `dim` a point.
    pub u: Vec<f64>,
    /// ln L of each point.
    pub log_l: Vec<f64>,
    /// Label of each point: uniform, it orders points of equal likelihood.
    pub label: Vec<f64>,
    /// ln L of the contour above which each point was born; −∞ for the first.
    pub birth_log_l: Vec<f64>,
    /// Label of the contour above which each point was born.
    pub birth_label: Vec<f64>,
    /// Family of each point: all that descend from one independent draw by chains share it.
    pub strand: Vec<u32>,
    /// Number of each point in the order of birth.
    pub id: Vec<u32>,
    /// `id` of the point from which its chain started; `u32::MAX` for an independent draw.
    pub parent: Vec<u32>,
    /// Live points of the run (the sum, where runs are merged).
    pub live_points: usize,
    /// ln of the prior volume with a finite likelihood.
    pub log_volume: f64,
    /// Variance of `log_volume`.
    pub log_volume_variance: f64,
    /// Evaluations of the likelihood, those of runs that were started afresh included.
    pub evaluations: u64,
    /// Evaluations of the runs that this record holds.
    pub kept_evaluations: u64,
    /// Evaluations that gave NaN or +∞.
    pub invalid: Invalid,
    /// Insertion-rank test of the replacements.
    pub rank_test: RankTest,
    /// Slices of one replacement in the end; 0 if none was made by slices.
    pub slices: usize,
    /// Runs that were abandoned because the insertion-rank test failed or the strands spread too much.
    pub restarts: u32,
    /// Why the run ended.
    pub termination: Termination,
    /// Seed of the run.
    pub seed: u64,
    /// Draws of the simulated shrinkage.
    pub shrinkage_draws: usize,
}

impl Record {
    pub(super) fn new(dim: usize, live_points: usize, seed: u64, shrinkage_draws: usize) -> Self {
        Record {
            dim,
            u: Vec::new(),
            log_l: Vec::new(),
            label: Vec::new(),
            birth_log_l: Vec::new(),
            birth_label: Vec::new(),
            strand: Vec::new(),
            id: Vec::new(),
            parent: Vec::new(),
            live_points,
            log_volume: 0.0,
            log_volume_variance: 0.0,
            evaluations: 0,
            kept_evaluations: 0,
            invalid: Invalid::default(),
            rank_test: RankTest::default(),
            slices: 0,
            restarts: 0,
            termination: Termination::RemainingEvidence,
            seed,
            shrinkage_draws,
        }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.log_l.len()
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.log_l.is_empty()
    }

    /// Coordinates of point `i` in the unit cube.
    pub fn point(&self, i: usize) -> &[f64] {
        &self.u[i * self.dim..(i + 1) * self.dim]
    }

    /// Points an evaluation, over the whole run.
    pub fn efficiency(&self) -> f64 {
        self.len() as f64 / self.kept_evaluations.max(1) as f64
    }

    pub(super) fn push(&mut self, live: &LiveSet, slot: usize) {
        self.u.extend_from_slice(live.point(slot));
        self.log_l.push(live.contour[slot].log_l);
        self.label.push(live.contour[slot].label);
        self.birth_log_l.push(live.birth[slot].log_l);
        self.birth_label.push(live.birth[slot].label);
        self.strand.push(live.strand[slot]);
        self.id.push(live.id[slot]);
        self.parent.push(live.parent[slot]);
    }

    pub(super) fn absorb(&mut self, tally: &mut Tally) {
        self.evaluations += tally.evaluations;
        self.invalid.nan += tally.invalid.nan;
        self.invalid.infinite += tally.invalid.infinite;
        if self.invalid.example.is_none() {
            self.invalid.example = tally.invalid.example.take();
        }
    }

    pub(super) fn death(&self, i: usize) -> Contour {
        Contour {
            log_l: self.log_l[i],
            label: self.label[i],
        }
    }

    pub(super) fn birth(&self, i: usize) -> Contour {
        Contour {
            log_l: self.birth_log_l[i],
            label: self.birth_label[i],
        }
    }

    /// For each point, how many points of the record were born below its contour of birth or on it: the index, in
    /// the order of death, of the first that died while it lived.
    pub(super) fn first_deaths(&self) -> Vec<usize> {
        let deaths: Vec<Contour> = (0..self.len()).map(|i| self.death(i)).collect();
        (0..self.len())
            .map(|i| {
                let birth = self.birth(i);
                deaths.partition_point(|d| d.cmp(&birth).is_le())
            })
            .collect()
    }

    /// Live points at each death, n_i = #{j : L_birth,j < L_i ≤ L_j}, contours ordered by likelihood and label
    /// (Higson et al. 2019, "Dynamic nested sampling", §2).
    pub fn live_counts(&self) -> Vec<usize> {
        let n = self.len();
        let mut born = vec![0usize; n + 1];
        for first in self.first_deaths() {
            born[first] += 1;
        }
        let mut alive = 0;
        (0..n)
            .map(|i| {
                alive += born[i];
                let count = alive;
                alive -= 1;
                count
            })
            .collect()
    }

    /// Merges another run of the same model into this one: their live points add up.
    pub(super) fn merge(&mut self, other: Record) {
        let offset = self.id.iter().max().map_or(0, |id| id + 1);
        let shift = |id: u32| if id == NO_PARENT { id } else { id + offset };
        let first = std::mem::replace(
            self,
            Record::new(self.dim, 0, self.seed, self.shrinkage_draws),
        );
        let (mut i, mut j) = (0, 0);
        while i < first.len() || j < other.len() {
            let take_first = j == other.len()
                || (i < first.len() && first.death(i).cmp(&other.death(j)).is_le());
            let (from, k) = if take_first {
                (&first, &mut i)
            } else {
                (&other, &mut j)
            };
            self.u.extend_from_slice(from.point(*k));
            self.log_l.push(from.log_l[*k]);
            self.label.push(from.label[*k]);
            self.birth_log_l.push(from.birth_log_l[*k]);
            self.birth_label.push(from.birth_label[*k]);
            let rename = |id| if take_first { id } else { shift(id) };
            self.strand.push(rename(from.strand[*k]));
            self.id.push(rename(from.id[*k]));
            self.parent.push(rename(from.parent[*k]));
            *k += 1;
        }
        // The volume is an average of independent estimates, weighted by the live points behind each.
        let (a, b) = (first.live_points as f64, other.live_points as f64);
        let (wa, wb) = (a / (a + b), b / (a + b));
        self.log_volume = (wa * first.log_volume.exp() + wb * other.log_volume.exp()).ln();
        self.log_volume_variance =
            wa * wa * first.log_volume_variance + wb * wb * other.log_volume_variance;
        self.live_points = first.live_points + other.live_points;
        self.evaluations = first.evaluations + other.evaluations;
        self.kept_evaluations = first.kept_evaluations + other.kept_evaluations;
        self.invalid = Invalid {
            nan: first.invalid.nan + other.invalid.nan,
            infinite: first.invalid.infinite + other.invalid.infinite,
            example: first.invalid.example.or(other.invalid.example),
        };
        self.rank_test = first.rank_test.merged(&other.rank_test);
        self.slices = first.slices.max(other.slices);
        self.restarts = first.restarts + other.restarts;
        self.termination = other.termination;
    }
}
