//! Replacement by a chain of hit-and-run slices from a survivor (Neal 2003; Handley, Hobson & Lasenby 2015).

use super::Likelihood;
use super::bends::slice as bent_slice;
use super::circle;
use super::directions::Directions;
use super::evaluator::{Bench, Contour, Tally, evaluate, in_cube};
use super::linear::LANES;
use super::live::LiveSet;
use crate::random::Rng;
use crate::real::kernels::dispatch_plain;
use rand::RngExt;

/// Width of the first bracket in standard deviations of the live points along the direction. The bracket lies at
/// random around the point and is only ever shrunk, never stepped out: that leaves the uniform distribution
/// invariant too (Neal 2003, §4.1, m = 1), and saves the evaluations at its ends.
pub(super) const WIDTH: f64 = 6.0;
/// Share of the slices that begin with that width. The others begin with the width that brackets were found to shrink
/// to in earlier batches: much less in a thin shell.
pub(super) const WIDE: f64 = 0.25;
/// A bracket that has shrunk so often has nothing left between its ends.
pub(super) const MAX_SHRINKS: usize = 200;

/// What the chains of a batch share.
pub(super) struct Slices<'a> {
    pub threshold: Contour,
    pub directions: &'a Directions,
    pub live: &'a LiveSet,
    pub survivors: &'a [usize],
    /// Width of the brackets of most slices, in standard deviations.
    pub width: f64,
    /// Slices along the difference of two live points after each sweep.
    pub pairs: usize,
    /// Coordinates that go on at the other end of the cube.
    pub periodic: &'a [usize],
}

/// Runs the chain of one slot from survivor `start`, whose coordinates are in `u`. Returns the contour of the last
/// point, and the mean of the logarithm of the length to which brackets shrank.
pub(super) fn chain<L: Likelihood>(
    likelihood: &L,
    bench: &mut Bench<L::Worker>,
    slices: &Slices<'_>,
    start: usize,
    rng: &mut Rng,
    u: &mut [f64],
    tally: &mut Tally,
) -> (Contour, f64) {
    let Bench {
        worker,
        candidate,
        direction,
        inverse,
        bent,
        ..
    } = bench;
    let bends = slices.directions.bends();
    let mut log_l = slices.live.contour[start].log_l;
    let mut log_reach = 0.0;
    let mut step = |line: (&[f64], &[f64]), width: f64, log_l: f64, rng: &mut Rng| {
        let place = (&mut *u, &mut **candidate);
        match bends {
            None => {
                let line = (line, width);
                slice(likelihood, worker, slices, line, log_l, rng, place, tally)
            }
            Some(bends) => {
                let line = (bends, line.0, width);
                let place = (place.0, place.1, &mut *bent);
                bent_slice(likelihood, worker, slices, line, log_l, rng, place, tally)
            }
        }
    };
    let mut count = 0.0;
    for sweep in slices.directions.sweeps() {
        for line in sweep {
            let width = if rng.random::<f64>() < WIDE {
                WIDTH
            } else {
                slices.width
            };
            let (found, reach) = step(line, width, log_l, rng);
            log_l = found;
            log_reach += reach.max(1e-300).ln();
            count += 1.0;
        }
        for _ in 0..slices.pairs {
            let width = difference(slices, start, rng, direction, inverse);
            log_l = step((direction, inverse), width, log_l, rng).0;
        }
    }
    let label = slices.threshold.fresh_label(log_l, rng);
    (Contour { log_l, label }, log_reach / count)
}

/// One slice along a direction, given with its reciprocals, from the point in `u`: its log likelihood, and the length to which
/// the bracket shrank.
#[inline]
#[expect(
    clippy::too_many_arguments,
    reason = "a struct of borrowed buffers would be taken apart again at once"
)]
pub(super) fn slice<L: Likelihood>(
    likelihood: &L,
    worker: &mut L::Worker,
    slices: &Slices<'_>,
    ((v, inverse), width): ((&[f64], &[f64]), f64),
    log_l: f64,
    rng: &mut Rng,
    (u, candidate): (&mut [f64], &mut [f64]),
    tally: &mut Tally,
) -> (f64, f64) {
    // The label is a coordinate of its own: drawn afresh given the point, held while the point moves.
    let label = slices.threshold.fresh_label(log_l, rng);
    let left = -width * rng.random::<f64>();
    let (lo, hi) = chord(u, inverse);
    let (mut lo, mut hi) = (lo.max(left), hi.min(left + width));
    for _ in 0..MAX_SHRINKS {
        let t = lo + (hi - lo) * rng.random::<f64>();
        let mut inside = move_along(u, t, v, candidate);
        if !slices.periodic.is_empty() {
            for &i in slices.periodic {
                candidate[i] = circle::place(candidate[i]);
            }
            inside = in_cube(candidate);
        }
        if inside {
            let found = evaluate(likelihood, worker, candidate, tally);
            if slices.threshold.is_below(found, label) {
                u.copy_from_slice(candidate);
                return (found, hi - lo);
            }
        }
        if t < 0.0 { lo = t } else { hi = t }
    }
    (log_l, hi - lo)
}

/// Writes the difference of two survivors other than `start` and its reciprocals; returns a width: half the time
/// one for moves nearby, half the time one that reaches from point to point, and so from mode to mode.
pub(super) fn difference(
    slices: &Slices<'_>,
    start: usize,
    rng: &mut Rng,
    v: &mut [f64],
    inverse: &mut [f64],
) -> f64 {
    let mut pick = || loop {
        let slot = slices.survivors[rng.random_range(0..slices.survivors.len())];
        if slot != start {
            return slot;
        }
    };
    let a = pick();
    let b = loop {
        let b = pick();
        if b != a {
            break b;
        }
    };
    let (a, b) = (slices.live.point(a), slices.live.point(b));
    match slices.directions.bends() {
        // A direction of straight coordinates, of which nothing asks for reciprocals.
        Some(bends) => bends.difference(a, b, v, inverse),
        None => {
            for (i, (x, y)) in a.iter().zip(b).enumerate() {
                v[i] = x - y;
                inverse[i] = reciprocal(v[i]);
            }
        }
    }
    for &i in slices.periodic {
        (v[i], inverse[i]) = (v[i] - v[i].round(), reciprocal(0.0));
    }
    // Whitened, the difference of two points has a length of about √(2d).
    if rng.random::<bool>() {
        slices.width / (2.0 * v.len() as f64).sqrt()
    } else {
        3.0
    }
}

/// 1/v, finite for v = 0 so that the chord below stays free of NaN.
pub(super) fn reciprocal(v: f64) -> f64 {
    if v.abs() > 1e-290 { v.recip() } else { 1e290 }
}

#[inline(always)]
fn move_along_body(u: &[f64], t: f64, v: &[f64], out: &mut [f64]) -> bool {
    let inside = |x: f64| u64::from((x > 0.0) & (x < 1.0));
    let (u, u_rest) = u.as_chunks::<LANES>();
    let (v, v_rest) = v.as_chunks::<LANES>();
    let (out, out_rest) = out.as_chunks_mut::<LANES>();
    let mut all = [1; LANES];
    for ((out, u), v) in out.iter_mut().zip(u).zip(v) {
        for k in 0..LANES {
            out[k] = u[k] + t * v[k];
            all[k] &= inside(out[k]);
        }
    }
    let mut rest = 1;
    for ((out, u), v) in out_rest.iter_mut().zip(u_rest).zip(v_rest) {
        *out = u + t * v;
        rest &= inside(*out);
    }
    all.into_iter().fold(rest, |a, b| a & b) == 1
}

#[inline(always)]
fn chord_body(u: &[f64], inverse: &[f64]) -> (f64, f64) {
    // Comparisons that the processor has for whole registers: nothing here is NaN.
    let larger = |a: f64, b: f64| if a > b { a } else { b };
    let smaller = |a: f64, b: f64| if a < b { a } else { b };
    let ends = |x: f64, inverse: f64| (-x * inverse, (1.0 - x) * inverse);
    let (mut lo, mut hi) = ([f64::NEG_INFINITY; LANES], [f64::INFINITY; LANES]);
    let (u_blocks, u_rest) = u.as_chunks::<LANES>();
    let (inverse_blocks, inverse_rest) = inverse.as_chunks::<LANES>();
    for (u, inverse) in u_blocks.iter().zip(inverse_blocks) {
        for k in 0..LANES {
            let (a, b) = ends(u[k], inverse[k]);
            lo[k] = larger(lo[k], smaller(a, b));
            hi[k] = smaller(hi[k], larger(a, b));
        }
    }
    for (k, (&x, &inverse)) in u_rest.iter().zip(inverse_rest).enumerate() {
        let (a, b) = ends(x, inverse);
        lo[k] = larger(lo[k], smaller(a, b));
        hi[k] = smaller(hi[k], larger(a, b));
    }
    (
        lo.into_iter().fold(f64::NEG_INFINITY, larger),
        hi.into_iter().fold(f64::INFINITY, smaller),
    )
}

dispatch_plain! {
    /// `out = u + t v`, and whether that lies in the open cube.
    fn move_along =
        move_along_body(u: &[f64], t: f64, v: &[f64], out: &mut [f64]) -> bool;
}
dispatch_plain! {
    /// The range of t for which `u + t v` lies in the cube.
    fn chord = chord_body(u: &[f64], inverse: &[f64]) -> (f64, f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_end_on_the_cube() {
        let v = [0.5, -0.25, 0.0];
        let inverse = v.map(reciprocal);
        assert_eq!(chord(&[0.5, 0.5, 0.5], &inverse), (-1.0, 1.0));
        let (lo, hi) = chord(&[0.25, 0.5, 0.5], &inverse);
        assert_eq!((lo, hi), (-0.5, 1.5));
    }
}
