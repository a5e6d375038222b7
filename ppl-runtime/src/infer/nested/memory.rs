//! Whether chains remember where they began, where that matters.

use super::covariance::RunningCovariance;
use super::learnt::Ends;
use super::live::LiveSet;
use serde::{Deserialize, Serialize};

/// Correlation of a chain's end with its start, in the coordinate that remembers best, above which chains are made
/// twice as long. Separate modes remember for ever, whether or not that matters: above the second limit chains are
/// not made longer again, and below it only if they keep remembering.
const LIMIT: f64 = 0.25;
const MODES_LIMIT: f64 = 0.8;
/// Batches between the two limits after which chains that are twice as long already are made longer again: more than
/// modes take to part.
const PATIENCE: usize = 10;
/// Most doublings.
const DOUBLINGS: u32 = 4;
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
    /// Running [drift](RunningCovariance::drift) of each coordinate.
    drift: Vec<f64>,
    /// How often the chains were made twice as long, and batches for which they kept remembering since.
    doublings: u32,
    remembering: usize,
}

impl Memory {
    pub(super) fn new(dim: usize) -> Self {
        Memory {
            correlation: vec![0.0; dim],
            drift: vec![0.0; dim],
            doublings: 0,
            remembering: 0,
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
        batches: usize,
    ) -> bool {
        for (i, correlation) in self.correlation.iter_mut().enumerate() {
            *correlation += RATE * (covariance.correlation(i, chains) - *correlation);
        }
        for (running, found) in self.drift.iter_mut().zip(covariance.drift(live)) {
            *running += RATE * (found - *running);
        }
        let limit = DRIFT * covariance.even_drift();
        let moving = self.correlation.iter().zip(&self.drift);
        let moving = moving.filter(|(_, drift)| **drift > limit);
        let highest = moving.fold(0.0, |m: f64, (&x, _)| m.max(x));
        if batches < BATCHES || highest <= LIMIT {
            return false;
        }
        self.remembering += usize::from(highest < MODES_LIMIT);
        let due = match self.doublings {
            0 => true,
            n => n < DOUBLINGS && self.remembering >= PATIENCE,
        };
        if due {
            self.doublings += 1;
            self.remembering = 0;
        }
        due
    }
}
