//! Slices along what the elements share.

use super::{At, MAX_SHRINKS, PlateSlices, Scratch, WIDE, whole};
use crate::infer::nested::Likelihood;
use crate::infer::nested::evaluator::{Bench, Tally, in_cube, refuse};
use crate::infer::nested::linear::{dot, random_basis};
use crate::infer::nested::slice::WIDTH;
use crate::model::parts::{Parts, Values};
use crate::random::Rng;
use crate::real::special::{normal_cdf, normal_quantile};
use rand::RngExt;

/// Share of the slices in which the elements' coordinates stay where they are.
const ALONE: f64 = 0.5;

/// A chain's way to its likelihood.
pub(super) struct Chain<'c, 's, L> {
    pub likelihood: &'c L,
    pub slices: &'c PlateSlices<'s>,
    pub rng: &'c mut Rng,
    pub tally: &'c mut Tally,
}

/// A slice of the density φ(z) along a line in z = Φ⁻¹(u), within which the prior is a standard normal.
struct Line {
    lo: f64,
    hi: f64,
    t: f64,
}

impl Line {
    /// The bracket around the point, and how far below its log density the slice lies.
    fn new(rng: &mut Rng, width: f64) -> (Line, f64) {
        let width = if rng.random::<f64>() < WIDE {
            WIDTH
        } else {
            width
        };
        let lo = -width * rng.random::<f64>();
        let (hi, t) = (lo + width, 0.0);
        // The level is ln(1 − uniform) below: Exp(1).
        (Line { lo, hi, t }, -(1.0 - rng.random::<f64>()).ln())
    }
    /// Cuts the bracket to where −½|z + tv|² > −½|z|² − level.
    fn cut(&mut self, z: &[f64], v: &[f64], level: f64) {
        let (a, b) = (dot(v, v), dot(z, v));
        let root = (b * b + 2.0 * a * level).sqrt();
        self.lo = self.lo.max((-b - root) / a);
        self.hi = self.hi.min((-b + root) / a);
    }
    fn propose(&mut self, rng: &mut Rng) -> f64 {
        self.t = self.lo + (self.hi - self.lo) * rng.random::<f64>();
        self.t
    }
    fn shrink(&mut self) {
        if self.t < 0.0 {
            self.lo = self.t;
        } else {
            self.hi = self.t;
        }
    }
    fn note(&self, reach: &mut [f64; 2]) {
        reach[0] += (self.hi - self.lo).max(1e-300).ln();
        reach[1] += 1.0;
    }
}

impl<'c, L: Likelihood> Chain<'c, '_, L> {
    /// The parts, if anything is shared.
    fn parts(&self) -> Option<&'c Parts> {
        let shared = self.slices.shape.shared;
        self.likelihood.parts().filter(|_| shared > 0)
    }

    fn usable(&mut self, found: f64, u: &[f64]) -> f64 {
        self.tally.evaluations += 1;
        if found < f64::INFINITY {
            found
        } else {
            refuse(found, u, self.tally)
        }
    }

    /// As many slices as there are shared coordinates, in random orthogonal directions; the coordinates of the elements
    /// follow, or stay.
    pub(super) fn slices(
        &mut self,
        bench: &mut Bench<L::Worker>,
        at: &mut At,
        u: &mut [f64],
        reach: &mut [[f64; 2]],
    ) {
        let Some(parts) = self.parts() else { return };
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
            values,
            trial_values,
            z,
            trial_z,
            basis,
            ..
        } = gibbs;
        let (shape, s) = (self.slices.shape, self.slices.shape.shared);
        basis.resize(s * s, 0.0);
        random_basis(self.rng, s, basis);
        for q in basis.chunks_exact(s) {
            let alone = self.rng.random::<f64>() < ALONE;
            direction.fill(0.0);
            if alone {
                for &i in parts.shared() {
                    direction[i] = dot(&shape.follow[i * s..(i + 1) * s], q);
                }
            } else {
                let rows = shape.follow.chunks_exact(s);
                let along = direction.iter_mut().zip(rows);
                along.for_each(|(v, row)| *v = dot(row, q));
            }
            let threshold = &self.slices.threshold;
            let label = threshold.fresh_label(at.log_l, self.rng);
            let kind = usize::from(alone);
            let (mut line, level) = Line::new(self.rng, self.slices.widths[kind]);
            line.cut(z, direction, level);
            for _ in 0..MAX_SHRINKS {
                let t = line.propose(self.rng);
                candidate.copy_from_slice(u);
                for (i, &v) in direction.iter().enumerate() {
                    trial_z[i] = z[i] + t * v;
                    if v != 0.0 {
                        candidate[i] = normal_cdf(trial_z[i]);
                    }
                }
                if in_cube(candidate) {
                    let noted = Values::Noted(trial_values);
                    let base =
                        self.likelihood
                            .evaluate_parts(worker, candidate, trial_terms, None, noted);
                    let found = self.usable(whole(base, trial_terms.iter().copied()), candidate);
                    if threshold.is_below(found, label) {
                        u.copy_from_slice(candidate);
                        std::mem::swap(z, trial_z);
                        std::mem::swap(terms, trial_terms);
                        std::mem::swap(values, trial_values);
                        (at.base, at.log_l) = (base, found);
                        break;
                    }
                }
                line.shrink();
            }
            line.note(&mut reach[kind]);
        }
    }

    /// As many slices again, which leave the values of the elements' latents where they are. Seen from the cube those
    /// move: u′ = F(x | s′), and du′/du is the ratio of the densities p(x | s′)/p(x | s).
    pub(super) fn slices_of_values(
        &mut self,
        bench: &mut Bench<L::Worker>,
        at: &mut At,
        u: &mut [f64],
        reach: &mut [f64; 2],
    ) {
        let Some(parts) = self.parts().filter(|p| p.holds()) else {
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
            values,
            trial_values,
            z,
            trial_z,
            basis,
            ..
        } = gibbs;
        let (shape, s) = (self.slices.shape, self.slices.shape.shared);
        let threshold = &self.slices.threshold;
        random_basis(self.rng, s, basis);
        let mut ln_p = 0.0;
        candidate.copy_from_slice(u);
        let held = Values::Held(values, &mut ln_p);
        self.likelihood
            .evaluate_parts(worker, candidate, trial_terms, None, held);
        self.tally.evaluations += 1;
        trial_z.copy_from_slice(z);
        let mut log_l = at.log_l;
        for q in basis.chunks_exact(s) {
            direction.fill(0.0);
            for &i in parts.shared() {
                direction[i] = dot(&shape.follow[i * s..(i + 1) * s], q);
            }
            let label = threshold.fresh_label(log_l, self.rng);
            let (mut line, level) = Line::new(self.rng, self.slices.widths[3]);
            let (a, b) = (dot(direction, direction), dot(trial_z, direction));
            for _ in 0..MAX_SHRINKS {
                let t = line.propose(self.rng);
                for &i in parts.shared() {
                    candidate[i] = normal_cdf(trial_z[i] + t * direction[i]);
                }
                if parts.shared().iter().all(|&i| in_cube(&candidate[i..=i])) {
                    let mut trial_ln_p = 0.0;
                    let held = Values::Held(values, &mut trial_ln_p);
                    let base =
                        self.likelihood
                            .evaluate_parts(worker, candidate, trial_terms, None, held);
                    let found = self.usable(whole(base, trial_terms.iter().copied()), candidate);
                    let gained = trial_ln_p - ln_p - t * (b + 0.5 * a * t);
                    if gained > -level && threshold.is_below(found, label) {
                        for &i in parts.shared() {
                            trial_z[i] += t * direction[i];
                        }
                        (ln_p, log_l) = (trial_ln_p, found);
                        break;
                    }
                }
                line.shrink();
            }
            for &i in parts.shared() {
                candidate[i] = normal_cdf(trial_z[i]);
            }
            line.note(reach);
        }
        let kept = Values::Kept(values);
        self.likelihood
            .evaluate_parts(worker, candidate, trial_terms, None, kept);
        self.tally.evaluations += 1;
        // What the cube gives now are the values but for rounding, by which the point may fall below the contour.
        let noted = Values::Noted(trial_values);
        let base = self
            .likelihood
            .evaluate_parts(worker, candidate, trial_terms, None, noted);
        let found = self.usable(whole(base, trial_terms.iter().copied()), candidate);
        let label = threshold.fresh_label(log_l, self.rng);
        if in_cube(candidate) && threshold.is_below(found, label) {
            u.copy_from_slice(candidate);
            for (z, u) in z.iter_mut().zip(&*u) {
                *z = normal_quantile(*u);
            }
            std::mem::swap(terms, trial_terms);
            std::mem::swap(values, trial_values);
            (at.base, at.log_l) = (base, found);
        }
    }
}
