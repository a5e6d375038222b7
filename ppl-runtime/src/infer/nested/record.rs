//! What a run leaves behind.

use super::evaluator::{Contour, Tally};
use super::live::{LiveSet, NO_PARENT};
use super::rank_test::RankTest;
use super::status::Termination;
use serde::{Deserialize, Serialize};

/// Evaluations that gave no usable value. Both kinds are treated as a likelihood of zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Insertion rank of each point: the part of the live points that lay below it when it was born; NaN for the
    /// first.
    pub rank: Vec<f32>,
    /// Evaluations that finding each point took.
    pub cost: Vec<f32>,
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
    /// Slices of one replacement, where they were most; 0 if none was made by slices.
    pub slices: usize,
    /// Runs that were abandoned because the insertion-rank test failed or the strands spread too much.
    pub restarts: u32,
    /// Why the run ended.
    pub termination: Termination,
    /// All the conditions that held when it ended.
    pub reasons: Vec<Termination>,
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
            rank: Vec::new(),
            cost: Vec::new(),
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
            reasons: Vec::new(),
            seed,
            shrinkage_draws,
        }
    }

    /// Whether all columns are there and in order, as those of a run are; what comes from a file may not be.
    pub(super) fn is_whole(&self) -> bool {
        let n = self.len();
        let columns = [
            self.label.len(),
            self.birth_log_l.len(),
            self.birth_label.len(),
            self.strand.len(),
            self.id.len(),
            self.parent.len(),
            self.rank.len(),
            self.cost.len(),
        ];
        let births = 2 * n as u64 + 10_000_000;
        self.dim > 0
            && self.u.len() == n * self.dim
            && columns.iter().all(|&len| len == n)
            && (1..n).all(|i| self.death(i - 1).cmp(&self.death(i)).is_le())
            && (0..n).all(|i| self.birth(i).cmp(&self.death(i)).is_lt())
            && self.id.iter().all(|&id| u64::from(id) < births)
            && (0..n).all(|i| self.parent[i] == NO_PARENT || self.parent[i] < self.id[i])
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
        self.rank.push(live.rank[slot]);
        self.cost.push(live.cost[slot]);
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
        // In the order of birth, where those of a batch share their contour and stand together.
        let births = self.id.iter().max().map_or(0, |&id| id as usize + 1);
        let mut of_birth = vec![u32::MAX; births];
        let mut first_deaths = vec![0; self.len()];
        let first = |birth: &Contour| {
            let (mut low, mut high) = (0, self.len());
            while low < high {
                let middle = low.midpoint(high);
                match self.death(middle).cmp(birth).is_le() {
                    true => low = middle + 1,
                    false => high = middle,
                }
            }
            low
        };
        for (i, &id) in self.id.iter().enumerate() {
            let other = std::mem::replace(&mut of_birth[id as usize], i as u32) as usize;
            if other < i {
                first_deaths[other] = first(&self.birth(other));
            }
        }
        let mut last = (Contour::BOTTOM, 0);
        for i in of_birth.into_iter().filter(|&i| i != u32::MAX) {
            let i = i as usize;
            let birth = self.birth(i);
            if birth != last.0 {
                last = (birth, first(&birth));
            }
            first_deaths[i] = last.1;
        }
        first_deaths
    }

    /// Live points at each death, n_i = #{j : L_birth,j < L_i ≤ L_j}, contours ordered by likelihood and label
    /// (Higson et al. 2019, "Dynamic nested sampling", §2).
    pub fn live_counts(&self) -> Vec<usize> {
        self.counts_by(&self.first_deaths())
    }

    pub(super) fn counts_by(&self, first_deaths: &[usize]) -> Vec<usize> {
        let n = self.len();
        let mut born = vec![0usize; n + 1];
        for &first in first_deaths {
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
}
