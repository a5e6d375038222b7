//! Where chains begin.

use super::error::NotFinite;
use super::leapfrog::State;
use super::{LogDensity, NutsError, Settings};
use crate::random::{Purpose, keyed};
use rand::RngExt;

/// Points that are tried before giving up, as in Stan.
const TRIES: usize = 100;
/// Each coordinate starts from U(−2, 2), as in Stan.
const RADIUS: f64 = 2.0;

/// Sets the initial position of a chain, or another `candidate` for it; gives the number of evaluations.
pub(super) fn find<L: LogDensity>(
    density: &L,
    worker: &mut L::Worker,
    settings: &Settings,
    chain: usize,
    candidate: usize,
    state: &mut State,
) -> Result<u64, NutsError> {
    if let Some(point) = settings
        .initial
        .as_ref()
        .and_then(|points| points.get(chain))
    {
        state.q.copy_from_slice(point);
        state.log_density = NotFinite::check(density, worker, &state.q, &mut state.g)
            .map_err(|found| NutsError::Given { chain, found })?;
        return Ok(1);
    }
    let mut found = NotFinite::Value(f64::NAN);
    for attempt in 0..TRIES {
        let rng = &mut keyed(
            settings.seed,
            Purpose::ChainStart,
            chain as u64,
            (candidate * TRIES + attempt) as u64,
        );
        for q in &mut state.q {
            *q = rng.random_range(-RADIUS..RADIUS);
        }
        match NotFinite::check(density, worker, &state.q, &mut state.g) {
            Ok(log_density) => {
                state.log_density = log_density;
                return Ok(attempt as u64 + 1);
            }
            Err(what) => found = what,
        }
    }
    Err(NutsError::Start {
        chain,
        tries: TRIES,
        found,
    })
}
