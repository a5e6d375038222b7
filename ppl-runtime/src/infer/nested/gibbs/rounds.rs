//! How many rounds the chains make: more while they remember where they began, fewer once they do not.

use super::moments::Moments;
use crate::infer::nested::learnt::{End, Ends, correlation};
use crate::real::special::normal_quantile;
use serde::{Deserialize, Serialize};

/// Correlation of a chain's end with its start above which chains get twice as many rounds, and below which half as many.
const LONGER: f64 = 0.2;
const SHORTER: f64 = 0.08;
/// Most rounds that are made, and the fewest, in units of those of the first batches.
const MOST: usize = 64;
const FEWEST: usize = 4;
/// Share of a batch in the running estimates, and batches for which these are left to settle after each change.
const RATE: f64 = 0.1;
const LONGER_AFTER: usize = 5;
const SHORTER_AFTER: usize = 15;

/// The number of rounds, and what is known of the chains' memory.
///
/// The region drifts most, and what the elements share is held most by them, in some part of the climb only: rounds that
/// are needed there would be wasted on the rest. Whatever the number, it follows from batches before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::infer::nested) struct Rounds {
    pub number: usize,
    first: usize,
    /// Running correlations: of each shared coordinate, of ln L, and the mean of those of the elements' coordinates.
    running: Vec<f64>,
    batches: usize,
}

impl Rounds {
    pub(in crate::infer::nested) fn new(number: usize) -> Rounds {
        Rounds {
            number,
            first: number,
            running: Vec::new(),
            batches: 0,
        }
    }

    /// Takes note of the chains of a batch.
    pub(in crate::infer::nested) fn follow(&mut self, moments: &Moments, chains: &[Ends<'_>]) {
        let found = correlations(moments, chains);
        self.running.resize(found.len(), 0.0);
        // The first batches count as much as those after them.
        self.batches += 1;
        for (running, found) in self.running.iter_mut().zip(found) {
            *running += RATE * (found - *running);
        }
        let highest = self.running.iter().fold(0.0, |m: f64, &x| m.max(x));
        let factor = match highest {
            x if x > LONGER && self.batches >= LONGER_AFTER => 2,
            x if x < SHORTER && self.batches >= SHORTER_AFTER => return self.halve(),
            _ => return,
        };
        if self.number < MOST * self.first {
            self.number *= factor;
            // What chains twice as long are expected to remember.
            self.running.iter_mut().for_each(|x| *x *= x.abs());
            self.batches = 0;
        }
    }

    fn halve(&mut self) {
        if self.number >= 2 && FEWEST * self.number > self.first {
            self.number /= 2;
            self.batches = 0;
        }
    }
}

fn correlations(moments: &Moments, chains: &[Ends<'_>]) -> Vec<f64> {
    let of = |f: &dyn Fn(&End<'_>) -> f64| {
        correlation(chains.iter().map(|[start, end]| [f(start), f(end)]))
    };
    // On the cube a coordinate that comes to its end would seem to move.
    let shared = moments
        .shared()
        .iter()
        .map(|&i| of(&|at| normal_quantile(at.0[i])));
    let mut out: Vec<f64> = shared.collect();
    out.push(of(&|at| at.1));
    let elements: Vec<usize> = moments.elements().flat_map(|[a, b]| a..b).collect();
    if !elements.is_empty() {
        let sum: f64 = elements.iter().map(|&i| of(&|at| at.0[i])).sum();
        out.push(sum / elements.len() as f64);
    }
    out
}
