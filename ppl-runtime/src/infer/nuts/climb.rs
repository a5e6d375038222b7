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

/// Places from which a chain may begin.
const PLACES: usize = 4;

/// Where a chain begins, and the last points of the way there; the number of evaluations.
///
/// A climb may end in a mode that is hopelessly low, where the chain would stay. So there are several, from random points,
/// and the first counts that ends as high as the best of them but for what chance makes: which one of modes that are alike in height is
/// still left to chance.
pub(super) fn start<L: LogDensity>(
    density: &L,
    worker: &mut L::Worker,
    settings: &Settings,
    chain: usize,
    state: &mut State,
) -> Result<(Vec<State>, u64), NutsError> {
    let mut evaluations = initial::find(density, worker, settings, chain, 0, state)?;
    let mut places: Vec<(State, Vec<State>)> = Vec::with_capacity(PLACES);
    for candidate in 0..PLACES {
        let mut at = state.clone();
        if candidate > 0 {
            match initial::find(density, worker, settings, chain, candidate, &mut at) {
                Ok(more) => evaluations += more,
                Err(_) => continue,
            }
        }
        let (way, more) = climb(density, worker, &mut at);
        evaluations += more;
        places.push((at, way));
    }
    let heights = places.iter().map(|(at, _)| at.log_density);
    let near = heights.fold(f64::NEG_INFINITY, f64::max) - NEAR * expected(state.q.len());
    let found = places.into_iter().find(|(at, _)| at.log_density >= near);
    Ok(match found {
        Some((at, way)) => {
            state.copy_position(&at);
            (way, evaluations)
        }
        None => (Vec::new(), evaluations),
    })
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
