//! Replacement by a chain that goes straight on and is reflected by the contour (Skilling 2012, "Bayesian computation in big
//! spaces: nested sampling and Galilean Monte Carlo"; Feroz & Skilling 2013, "Exploring multi-modal distributions with
//! nested sampling").

use super::Likelihood;
use super::circle;
use super::evaluator::{Bench, Contour, Tally, evaluate, in_cube};
use super::linear::lower_times;
use super::slice::{Slices, difference, slice};
use crate::random::Rng;
use rand::RngExt;
use rand_distr::StandardNormal;

/// Share of the steps that are to be straight: the length of a step follows.
const STRAIGHT: f64 = 0.4;
/// Length of a trajectory, in standard deviations of each coordinate. In a ball the angle at which its surface is met
/// stays the same for all of a trajectory, so that how deep a point lies is drawn afresh but once: it takes many short ones.
const LENGTH: f64 = 0.6;
/// Trajectories for each sweep of slices that there would be.
const TRAJECTORIES: usize = 24;
/// Most steps of a trajectory.
const MOST: f64 = 400.0;

/// What the chains of a batch share.
pub(super) struct Reflections<'a> {
    /// For a slice along the difference of two live points after each trajectory, from mode to mode.
    pub slices: Slices<'a>,
    pub trajectories: usize,
    /// Length of a step in standard deviations of each coordinate.
    pub step: f64,
}

/// Buffers of a worker.
#[derive(Default)]
pub(super) struct Scratch {
    /// Velocity where the region is round, and as it is.
    z: Vec<f64>,
    v: Vec<f64>,
    /// Gradient, and where the region is round.
    gradient: Vec<f64>,
    normal: Vec<f64>,
    beyond: Vec<f64>,
}

impl Scratch {
    pub(super) fn new(dim: usize) -> Self {
        let zeros = || vec![0.0; dim];
        Scratch {
            z: zeros(),
            v: zeros(),
            gradient: zeros(),
            normal: zeros(),
            beyond: zeros(),
        }
    }
}

/// The first length of steps: what keeps a point in a ball about as often as not.
pub(super) fn first_step(dim: usize) -> f64 {
    (dim as f64).sqrt().recip()
}

/// Trajectories of a chain that takes the place of so many sweeps.
pub(super) fn trajectories(sweeps: usize) -> usize {
    TRAJECTORIES * sweeps
}

/// Steps of a trajectory.
pub(super) fn steps(step: f64) -> usize {
    (LENGTH / step).clamp(2.0, MOST).ceil() as usize
}

/// Runs the chain of one slot from survivor `start`, whose coordinates are in `u`. Returns the contour of the last point, and the
/// logarithm of what the length of steps should be, as half of a bracket.
pub(super) fn chain<L: Likelihood>(
    likelihood: &L,
    bench: &mut Bench<L::Worker>,
    reflections: &Reflections<'_>,
    start: usize,
    rng: &mut Rng,
    u: &mut [f64],
    tally: &mut Tally,
) -> (Contour, f64) {
    let Reflections {
        slices,
        trajectories,
        step,
    } = reflections;
    let mut log_l = slices.live.contour[start].log_l;
    let steps = steps(*step);
    let mut straight = 0;
    for _ in 0..*trajectories {
        let length = step * (0.5 + rng.random::<f64>());
        bench
            .reflect
            .z
            .iter_mut()
            .for_each(|z| *z = length * rng.sample::<f64, _>(StandardNormal));
        lower_times(
            slices.directions.factor(),
            &bench.reflect.z,
            &mut bench.reflect.v,
        );
        for _ in 0..steps {
            let label = slices.threshold.fresh_label(log_l, rng);
            let (found, went) = go(likelihood, bench, slices, (log_l, label), u, tally);
            straight += usize::from(went);
            log_l = found;
        }
        for _ in 0..slices.pairs.min(1) {
            let Bench {
                worker,
                candidate,
                direction,
                inverse,
                ..
            } = &mut *bench;
            let width = difference(slices, start, rng, direction, inverse);
            let line = ((&direction[..], &inverse[..]), width);
            let place = (&mut *u, &mut candidate[..]);
            log_l = slice(likelihood, worker, slices, line, log_l, rng, place, tally).0;
        }
    }
    let label = slices.threshold.fresh_label(log_l, rng);
    let share = straight as f64 / (trajectories * steps) as f64;
    let wanted = (0.5 * step).ln() + (share - STRAIGHT);
    (Contour { log_l, label }, wanted)
}

/// One step from the point in `u`, which is there and back the same: on if that is above the contour; else from there by
/// the velocity reflected, if that is above; else nowhere, and the velocity turns round. Returns the log likelihood, and
/// whether it was straight.
fn go<L: Likelihood>(
    likelihood: &L,
    bench: &mut Bench<L::Worker>,
    slices: &Slices<'_>,
    (log_l, label): (f64, f64),
    u: &mut [f64],
    tally: &mut Tally,
) -> (f64, bool) {
    let Bench {
        worker,
        candidate,
        reflect,
        ..
    } = bench;
    let Scratch {
        z,
        v,
        gradient,
        normal,
        beyond,
    } = reflect;
    let mut look = |at: &[f64]| {
        let inside = in_cube(at);
        let found = if inside {
            evaluate(likelihood, worker, at, tally)
        } else {
            f64::NEG_INFINITY
        };
        let above = inside && slices.threshold.is_below(found, label);
        (inside, above.then_some(found))
    };
    moved(u, v, slices.periodic, candidate);
    let (inside, found) = look(candidate);
    if let Some(found) = found {
        u.copy_from_slice(candidate);
        return (found, true);
    }
    // What it is reflected about depends on that place alone, whichever way it was come to: so the way back is the same.
    if inside {
        tally.evaluations += 1;
        likelihood.gradient(worker, candidate, gradient);
    } else {
        for (g, &x) in gradient.iter_mut().zip(&*candidate) {
            *g = f64::from(u8::from(x <= 0.0)) - f64::from(u8::from(x >= 1.0));
        }
    }
    let factor = slices.directions.factor();
    transposed_times(factor, gradient, normal);
    let norm2: f64 = normal.iter().map(|n| n * n).sum();
    let along: f64 = normal.iter().zip(&*z).map(|(n, z)| n * z).sum();
    let twice = 2.0 * along / norm2;
    if twice.is_finite() {
        // The reflected velocity, in place of the normal.
        for (n, z) in normal.iter_mut().zip(&*z) {
            *n = z - twice * *n;
        }
        lower_times(factor, normal, gradient);
        moved(candidate, gradient, slices.periodic, beyond);
        let inside = in_cube(beyond);
        let found = if inside {
            evaluate(likelihood, worker, beyond, tally)
        } else {
            f64::NEG_INFINITY
        };
        if inside && slices.threshold.is_below(found, label) {
            u.copy_from_slice(beyond);
            std::mem::swap(z, normal);
            std::mem::swap(v, gradient);
            return (found, false);
        }
    }
    z.iter_mut().for_each(|z| *z = -*z);
    v.iter_mut().for_each(|v| *v = -*v);
    (log_l, false)
}

/// `out = u + v`, round the circles.
fn moved(u: &[f64], v: &[f64], periodic: &[usize], out: &mut [f64]) {
    for ((out, u), v) in out.iter_mut().zip(u).zip(v) {
        *out = u + v;
    }
    for &i in periodic {
        out[i] = circle::place(out[i]);
    }
}

/// `out = Lᵀ g` for a lower triangular `L`.
fn transposed_times(factor: &[f64], g: &[f64], out: &mut [f64]) {
    out.fill(0.0);
    for (i, (row, g)) in factor.chunks_exact(g.len()).zip(g).enumerate() {
        for (out, l) in out[..=i].iter_mut().zip(row) {
            *out += l * g;
        }
    }
}
