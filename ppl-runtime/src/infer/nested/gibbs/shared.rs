//! Slices along what the elements share.

use super::{At, MAX_SHRINKS, PlateSlices, Scratch, WIDE, whole};
use crate::infer::nested::Likelihood;
use crate::infer::nested::evaluator::{Bench, Tally, in_cube, refuse};
use crate::infer::nested::linear::{dot, random_basis};
use crate::infer::nested::slice::WIDTH;
use crate::random::Rng;
use crate::real::special::normal_cdf;
use rand::RngExt;

/// Share of the slices in which the elements stay where they are: where the regression is wrong these still move.
const ALONE: f64 = 0.25;

/// As many slices as there are shared coordinates, in random orthogonal directions.
#[allow(clippy::too_many_arguments)]
pub(super) fn slices<L: Likelihood>(
    likelihood: &L,
    bench: &mut Bench<L::Worker>,
    slices: &PlateSlices<'_>,
    at: &mut At,
    rng: &mut Rng,
    u: &mut [f64],
    tally: &mut Tally,
    reach: &mut [[f64; 2]; 3],
) {
    let s = slices.shape.shared;
    let Some(parts) = likelihood.parts().filter(|_| s > 0) else {
        return;
    };
    let Bench {
        worker,
        candidate,
        direction,
        gibbs,
        ..
    } = bench;
    let Scratch {
        terms,
        trial_terms,
        z,
        trial_z,
        basis,
        ..
    } = gibbs;
    trial_z.resize(z.len(), 0.0);
    basis.resize(s * s, 0.0);
    random_basis(rng, s, basis);
    for q in basis.chunks_exact(s) {
        let alone = rng.random::<f64>() < ALONE;
        if alone {
            direction.fill(0.0);
            for &i in parts.shared() {
                direction[i] = dot(&slices.shape.follow[i * s..(i + 1) * s], q);
            }
        } else {
            let rows = slices.shape.follow.chunks_exact(s);
            direction
                .iter_mut()
                .zip(rows)
                .for_each(|(v, row)| *v = dot(row, q));
        }
        let label = slices.threshold.fresh_label(at.log_l, rng);
        let width = if rng.random::<f64>() < WIDE {
            WIDTH
        } else {
            slices.widths[usize::from(alone)]
        };
        let left = -width * rng.random::<f64>();
        // The prior is a normal in z, and the slice of its density is −½|z + tv|² > −½|z|² − E with E ~ Exp(1).
        let level: f64 = -(1.0 - rng.random::<f64>()).ln();
        let (a, b) = (dot(direction, direction), dot(z, direction));
        let root = (b * b + 2.0 * a * level).sqrt();
        let (mut lo, mut hi) = (
            ((-b - root) / a).max(left),
            ((-b + root) / a).min(left + width),
        );
        for _ in 0..MAX_SHRINKS {
            let t = lo + (hi - lo) * rng.random::<f64>();
            candidate.copy_from_slice(u);
            for (i, &v) in direction.iter().enumerate() {
                trial_z[i] = z[i] + t * v;
                if v != 0.0 {
                    candidate[i] = normal_cdf(trial_z[i]);
                }
            }
            if in_cube(candidate) {
                tally.evaluations += 1;
                let base = likelihood.evaluate_parts(worker, candidate, trial_terms, None);
                let mut found = whole(base, trial_terms.iter().copied());
                if found.is_nan() || found == f64::INFINITY {
                    found = refuse(found, candidate, tally);
                }
                if slices.threshold.is_below(found, label) {
                    u.copy_from_slice(candidate);
                    std::mem::swap(z, trial_z);
                    std::mem::swap(terms, trial_terms);
                    (at.base, at.log_l) = (base, found);
                    break;
                }
            }
            if t < 0.0 { lo = t } else { hi = t }
        }
        let kind = &mut reach[usize::from(alone)];
        kind[0] += (hi - lo).max(1e-300).ln();
        kind[1] += 1.0;
    }
}
