//! Replacement by rejection: independent draws from a bound, until one lies above the contour.

use super::Likelihood;
use super::circle::place;
use super::ellipsoid::MultiEllipsoid;
use super::evaluator::{Bench, Contour, Tally, evaluate, in_cube};
use crate::random::Rng;
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// Where candidates are drawn from.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Bound {
    /// The whole cube.
    Cube,
    /// Ellipsoids around the live points, and how far coordinates were turned back before.
    Ellipsoids(MultiEllipsoid, Vec<(usize, f64)>),
}

/// Proposals that cost no evaluation, outside the cube or in an overlap, per evaluation that is allowed.
const FREE_PROPOSALS: u64 = 50;

/// Draws from the bound until a point lies above `threshold`, at most `limit` evaluations long. The point is left in
/// `u`; nothing is returned if there was none.
pub(super) fn reject<L: Likelihood>(
    likelihood: &L,
    bench: &mut Bench<L::Worker>,
    (bound, threshold, limit): (&Bound, Contour, u64),
    rng: &mut Rng,
    u: &mut [f64],
    tally: &mut Tally,
) -> Option<Contour> {
    let start = tally.evaluations;
    let mut proposals = 0;
    while tally.evaluations - start < limit && proposals < FREE_PROPOSALS * limit {
        proposals += 1;
        let kept = match bound {
            Bound::Cube => {
                u.iter_mut().for_each(|x| *x = rng.random());
                in_cube(u)
            }
            Bound::Ellipsoids(ellipsoids, turns) => {
                // Beyond the ends in turned coordinates lies what the other end has already.
                let kept = ellipsoids.propose(rng, &mut bench.candidate, u);
                turns
                    .iter()
                    .for_each(|&(i, turn)| u[i] = place(u[i] + turn));
                kept && (turns.is_empty() || in_cube(u))
            }
        };
        if !kept {
            tally.free += 1;
            continue;
        }
        let label: f64 = rng.random();
        let log_l = evaluate(likelihood, &mut bench.worker, u, tally);
        if threshold.is_below(log_l, label) {
            return Some(Contour { log_l, label });
        }
    }
    None
}
