//! Whether chains remember where they began, where that matters.

use super::covariance::RunningCovariance;
use super::learnt::{Ends, correlation};
use super::live::LiveSet;
use serde::{Deserialize, Serialize};

/// Correlation of a chain's end with its start, in the coordinate that remembers best, above which chains are made
/// twice as long.
const LIMIT: f64 = 0.25;
/// Separate modes remember for ever, whether or not that matters: above this correlation chains that are long already are
/// not made longer.
const MODES_LIMIT: f64 = 0.8;
/// If ends agree so well with starts within a batch though chains are eight times as long already, the coordinate is taken
/// to tell modes apart.
const MODES: f64 = 0.9;
const MODES_FROM: u32 = 3;
/// Batches of remembering after which chains that are twice as long already are made longer again: as soon as it shows,
/// then after as many as modes take to part.
const PATIENCE: [usize; 2] = [5, 6];
/// Most doublings.
const DOUBLINGS: u32 = 5;
/// Share of a batch in the running estimates, and batches before they count.
const RATE: f64 = 0.2;
const BATCHES: usize = 5;
/// Part of what a region drifts that shrinks evenly in all directions: a coordinate that drifts by less may be
/// remembered.
const DRIFT: f64 = 0.5;

/// What is known of the chains' memory.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Memory {
    /// Running correlation of start and end of the chains, each coordinate.
    correlation: Vec<f64>,
    /// The same with the mean of each batch as the reference.
    within: Vec<f64>,
    /// Running [drift](RunningCovariance::drift) of each coordinate.
    drift: Vec<f64>,
    /// How often the chains were made twice as long, and batches for which they kept remembering since.
    doublings: u32,
    remembering: usize,
    /// Batches so far.
    batches: usize,
}

impl Memory {
    pub(super) fn new(dim: usize) -> Self {
        Memory {
            correlation: vec![0.0; dim],
            within: vec![0.0; dim],
            drift: vec![0.0; dim],
            doublings: 0,
            remembering: 0,
            batches: 0,
        }
    }

    /// Chains are as long as they are to be.
    pub(super) fn forgive(&mut self) {
        self.doublings = DOUBLINGS;
    }

    /// Compares where the chains of a batch ended with where they began, the survivors in `live`: whether they are to be
    /// twice as long from now on.
    ///
    /// Where the region keeps its extent a chain may end near where it began: there points are spread as they were. Where
    /// the region shrinks or moves they must follow.
    pub(super) fn asks_for_more(
        &mut self,
        chains: &[Ends<'_>],
        live: &LiveSet,
        covariance: &RunningCovariance,
    ) -> bool {
        for (i, running) in self.correlation.iter_mut().enumerate() {
            *running += RATE * (covariance.correlation(i, chains) - *running);
        }
        for (i, running) in self.within.iter_mut().enumerate() {
            let pairs = chains.iter().map(|[start, end]| [start.0[i], end.0[i]]);
            *running += RATE * (correlation(pairs) - *running);
        }
        for (running, found) in self.drift.iter_mut().zip(covariance.drift(live)) {
            *running += RATE * (found - *running);
        }
        let limit = DRIFT * covariance.even_drift();
        let tells_modes = |within: f64| self.doublings >= MODES_FROM && within > MODES;
        let coordinates = self.correlation.iter().zip(&self.within).zip(&self.drift);
        let moving =
            coordinates.filter(|((_, within), drift)| **drift > limit && !tells_modes(**within));
        let highest = moving.fold(0.0, |m: f64, ((&x, _), _)| m.max(x));
        self.batches += 1;
        if self.batches <= BATCHES || highest <= LIMIT {
            return false;
        }
        self.remembering += usize::from(highest < MODES_LIMIT);
        let due = match self.doublings {
            0 => true,
            n => n < DOUBLINGS && self.remembering >= PATIENCE[usize::from(n > 1)],
        };
        if due {
            self.doublings += 1;
            self.remembering = 0;
        }
        due
    }
}
