//! Replacement by rejection: independent draws from a bound, until one lies above the contour.

use super::Likelihood;
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
    /// Ellipsoids around the live points.
    Ellipsoids(MultiEllipsoid),
}

/// How much of the region bounds leave out, as the points tell that chains found since a bound was made. Such points had
/// no part in its making.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Leak {
    points: f64,
    outside: f64,
}

/// Points after which bounds may be trusted. Each bound that leaves out a part of the region loses it for good, and there
/// are dozens of bounds in a run: one point in so many outside is too many by the next.
const TRUST: f64 = 1000.0;

impl Leak {
    pub(super) fn look(&mut self, bound: &MultiEllipsoid, u: &[f64]) {
        let dim = bound.dim();
        let mut scratch = vec![0.0; dim];
        for u in u.chunks_exact(dim) {
            self.points += 1.0;
            self.outside += f64::from(u8::from(!bound.holds(u, &mut scratch)));
        }
        // What was long ago is forgotten.
        if self.points > 2.0 * TRUST {
            self.points *= 0.5;
            self.outside *= 0.5;
        }
    }

    /// Whether enough points were looked at, and next to none lay outside.
    pub(super) fn is_tight(&self) -> bool {
        self.points >= TRUST && self.outside <= 1e-3 * self.points
    }
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
                true
            }
            Bound::Ellipsoids(ellipsoids) => ellipsoids.propose(rng, &mut bench.candidate, u),
        };
        if !kept || !in_cube(u) {
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
