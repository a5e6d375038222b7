//! Whether chains remember where they began, where that matters, and so how long they are to be.
//!
//! Where the region keeps its extent a chain may end near where it began: there points are spread as they were. Where it
//! shrinks or moves they must follow. A coordinate moves if the live points have left the average of the last
//! generations. That average is behind: of a region that has stopped shrinking, a ball that has become a shell, it says so only
//! generations later. So the coordinates that seem to move and are remembered must also move now: the upper half of the
//! live points, by likelihood, is the region as it will be when half of its volume is gone.

use super::covariance::RunningCovariance;
use super::learnt::Ends;
use super::live::LiveSet;
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

/// Correlation of a chain's end with its start, in the coordinate that remembers best, above which chains are made
/// twice as long, and below which half as long.
const LONGER: f64 = 0.25;
const SHORTER: f64 = 0.08;
/// Batches for which the estimates are left to settle after each change.
const LONGER_AFTER: usize = 5;
const SHORTER_AFTER: usize = 15;
/// Separate modes remember for ever, whether or not that matters: above this correlation chains are doubled so often and
/// no more.
const MODES: f64 = 0.8;
const MODES_DOUBLINGS: u32 = 2;
/// Most doublings.
const DOUBLINGS: u32 = 4;
/// Share of a batch in the running estimates.
const RATE: f64 = 0.2;
/// Part of what a region drifts that shrinks evenly in all directions: a coordinate that drifts by less may be
/// remembered.
const DRIFT: f64 = 0.5;

/// What is known of the chains' memory. All but the counts is of each coordinate.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Memory {
    /// Running correlation of start and end of the chains.
    correlation: Vec<f64>,
    /// Mean and variance of the live points, averaged over the last generations.
    mean: Vec<f64>,
    variance: Vec<f64>,
    /// How far the live points have come from these averages: the logarithm of the ratio of variances, and the squared
    /// distance of the means in units of the live points' variance; a running mean.
    drift: Vec<f64>,
    /// The same as the upper half of the live points has it.
    recent: Vec<f64>,
    /// How often chains are twice as long as the first ones, and batches since that changed.
    doublings: u32,
    batches: usize,
    fixed: bool,
}

/// How many generations of points the averages hold: in more dimensions the region shrinks less in width for the same
/// volume.
fn generations(dim: usize) -> f64 {
    (dim as f64 / 6.0).clamp(1.0, 5.0)
}

impl Memory {
    pub(super) fn new(dim: usize) -> Self {
        let none = || vec![0.0; dim];
        Memory {
            correlation: none(),
            mean: Vec::new(),
            variance: Vec::new(),
            drift: none(),
            recent: none(),
            doublings: 0,
            batches: 0,
            fixed: false,
        }
    }

    /// Chains stay as long as they are.
    pub(super) fn fix(&mut self) {
        self.fixed = true;
    }

    /// Takes note of where the chains of a batch of `new` points began, the survivors in `live`, and ended. Returns how many
    /// sweeps they are to have from now on, instead of `sweeps`.
    pub(super) fn follow(
        &mut self,
        (chains, new): (&[Ends<'_>], usize),
        live: &LiveSet,
        covariance: &RunningCovariance,
        sweeps: usize,
    ) -> usize {
        self.measure((chains, new), live, covariance);
        // The other points were drawn from a bound.
        if 2 * chains.len() < new {
            return sweeps;
        }
        self.batches += 1;
        let highest = self.highest(live.dim);
        let may_double = self.doublings < DOUBLINGS
            && (highest < MODES || self.doublings < MODES_DOUBLINGS)
            && !self.fixed;
        if highest > LONGER && self.batches >= LONGER_AFTER && may_double {
            self.doublings += 1;
            self.batches = 0;
            // What chains twice as long are expected to remember.
            self.correlation.iter_mut().for_each(|x| *x *= x.abs());
            return 2 * sweeps;
        }
        let may_halve = self.doublings > 0 && !self.fixed;
        if highest < SHORTER && self.batches >= SHORTER_AFTER && may_halve {
            self.doublings -= 1;
            self.batches = 0;
            return sweeps / 2;
        }
        sweeps
    }

    fn measure(
        &mut self,
        (chains, new): (&[Ends<'_>], usize),
        live: &LiveSet,
        covariance: &RunningCovariance,
    ) {
        let (mean, variance) = covariance.moments_of(live, live.order());
        let upper = &live.order()[live.len() / 2..];
        let (upper_mean, upper_variance) = covariance.moments_of(live, upper);
        if self.mean.is_empty() {
            (self.mean, self.variance) = (mean.clone(), variance.clone());
        }
        let correlations = covariance.correlations(chains);
        let generations = generations(live.dim);
        let share = new as f64 / live.len() as f64 / generations;
        let chained = chains.len() as f64 / new as f64;
        for i in 0..live.dim {
            let shift = covariance.apart(i, mean[i], self.mean[i]);
            let ahead = covariance.apart(i, upper_mean[i], mean[i]);
            let drift = (self.variance[i] / variance[i]).ln() + shift * shift / variance[i];
            let recent = (variance[i] / upper_variance[i]).ln() + shift * ahead / variance[i];
            for (running, found, weight) in [
                (&mut self.correlation[i], correlations[i], chained),
                (&mut self.drift[i], drift, 1.0),
                (&mut self.recent[i], recent * generations / LN_2, 1.0),
            ] {
                *running += RATE * weight * (found - *running);
            }
            self.mean[i] += share * shift;
            self.variance[i] += share * (variance[i] - self.variance[i]);
        }
    }

    /// The highest correlation of a coordinate that moves.
    fn highest(&self, dim: usize) -> f64 {
        // The variances of a region that shrinks evenly go with X^(2/d).
        let limit = DRIFT * 2.0 * generations(dim) / dim as f64;
        let moving = (0..dim).filter(|&i| self.drift[i] > limit);
        let highest = moving
            .clone()
            .fold(0.0, |m: f64, i| m.max(self.correlation[i]));
        let remembered = moving.filter(|&i| self.correlation[i] > LONGER);
        // Together, for one coordinate of half of the points tells little.
        let (sum, count) = remembered.fold((0.0, 0.0), |(s, n), i| (s + self.recent[i], n + 1.0));
        if sum < limit * count { 0.0 } else { highest }
    }
}
