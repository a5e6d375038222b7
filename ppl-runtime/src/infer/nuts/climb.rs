//! From an initial point to where the posterior's mass is.

use super::leapfrog::State;
use super::{LogDensity, NutsError, Settings, initial};
use crate::infer::lbfgs::{Lbfgs, minimise_while};

/// Iterations at most.
const ITERATIONS: usize = 500;
/// Points of the way that are kept.
const KEPT: usize = 10;
/// How far below its end, in gains that chance makes.
const NEAR: f64 = 10.0;

/// Places from which a chain may begin, and so many more if all of them are too low.
const PLACES: usize = 4;
const MORE: usize = 12;
/// How far below the best place of all chains another may lie, in gains that chance makes.
const ALIKE: f64 = 4.0;

/// Where a chain may begin.
///
/// A climb may end in a mode that is hopelessly low, where the chain would stay. So each chain climbs from several random points, and begins
/// in the first place that is as high as the best of all chains' but for what chance makes: which one of modes that are alike in height is
/// still left to chance.
pub(super) struct Places {
    chain: usize,
    /// Each with the last points of the way there.
    found: Vec<(State, Vec<State>)>,
    evaluations: u64,
}

impl Places {
    /// Climbs from a few random points. The first must be found; others may fail.
    pub(super) fn find<L: LogDensity>(
        density: &L,
        settings: &Settings,
        chain: usize,
    ) -> Result<Self, NutsError> {
        let mut places = Places {
            chain,
            found: Vec::with_capacity(PLACES),
            evaluations: 0,
        };
        let worker = &mut density.worker();
        places.climb_from(density, worker, settings, 0)?;
        for candidate in 1..PLACES {
            // A point that can't be found is one place fewer.
            let _ = places.climb_from(density, worker, settings, candidate);
        }
        Ok(places)
    }

    fn climb_from<L: LogDensity>(
        &mut self,
        density: &L,
        worker: &mut L::Worker,
        settings: &Settings,
        candidate: usize,
    ) -> Result<f64, NutsError> {
        let mut at = State::new(density.dim());
        self.evaluations +=
            initial::find(density, worker, settings, self.chain, candidate, &mut at)?;
        let (way, evaluations) = climb(density, worker, &mut at);
        self.evaluations += evaluations;
        let height = at.log_density;
        self.found.push((at, way));
        Ok(height)
    }

    /// The log density of the highest place.
    pub(super) fn height(&self) -> f64 {
        let heights = self.found.iter().map(|(at, _)| at.log_density);
        heights.fold(f64::NEG_INFINITY, f64::max)
    }

    /// Where the chain begins, given the `best` height of all chains: sets its state, and gives the last points of the way there and
    /// the number of evaluations.
    pub(super) fn choose<L: LogDensity>(
        mut self,
        density: &L,
        worker: &mut L::Worker,
        settings: &Settings,
        best: f64,
        state: &mut State,
    ) -> (Vec<State>, u64) {
        let near = best - ALIKE * expected(density.dim());
        for candidate in PLACES..PLACES + MORE {
            if self.height() >= near {
                break;
            }
            let _ = self.climb_from(density, worker, settings, candidate);
        }
        let near = near.min(self.height());
        let mut found = self.found.into_iter();
        match found.find(|(at, _)| at.log_density >= near) {
            Some((at, way)) => {
                state.copy_position(&at);
                (way, self.evaluations)
            }
            None => (Vec::new(), self.evaluations),
        }
    }
}

/// By what chance makes the log density vary in d dimensions, and a bit.
fn expected(dim: usize) -> f64 {
    1.0 + 0.5 * dim as f64
}

/// Climbs the log density by L-BFGS until the gain of two iterations in a row is less than what chance makes of it in the
/// posterior, 1 + d/2, and leaves the chain there. Gives the last points of the way, that one at their end, and the number of evaluations.
///
/// A chain that starts where the log density is −10⁸⁰ needs hundreds of transitions to come down from there, and what it
/// learns on the way is of no use.
pub(super) fn climb<L: LogDensity>(
    density: &L,
    worker: &mut L::Worker,
    state: &mut State,
) -> (Vec<State>, u64) {
    let settings = Lbfgs {
        iterations: ITERATIONS,
        ..Lbfgs::default()
    };
    let expected = expected(state.q.len());
    let mut way = vec![state.clone()];
    let mut small = 0;
    let found = minimise_while(
        &settings,
        &state.q,
        |u, gradient| {
            let value = density.value_and_gradient(worker, u, gradient);
            gradient.iter_mut().for_each(|g| *g = -*g);
            -value
        },
        |now| {
            let mut next = State::new(now.at.len());
            next.q.copy_from_slice(&now.at);
            for (to, g) in next.g.iter_mut().zip(&now.gradient) {
                *to = -g;
            }
            next.log_density = -now.value;
            let gain = way
                .last()
                .map_or(0.0, |last| next.log_density - last.log_density);
            small = if gain < expected { small + 1 } else { 0 };
            if way.len() == KEPT {
                way.remove(0);
            }
            way.push(next);
            small < 2
        },
    );
    if let Some(last) = way.last() {
        state.copy_position(last);
        // Far below, the density has another shape.
        let near = last.log_density - NEAR * expected;
        way.retain(|point| point.log_density >= near);
    }
    (way, found.evaluations as u64)
}
