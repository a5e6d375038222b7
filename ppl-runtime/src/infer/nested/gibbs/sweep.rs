//! Slices along the coordinates of each element of the plates, within one execution of the model.

use super::{MAX_SHRINKS, Shape, WIDE, whole};
use crate::infer::nested::Invalid;
use crate::infer::nested::evaluator::{Contour, in_cube};
use crate::infer::nested::linear::{lower_times, random_basis};
use crate::infer::nested::slice::WIDTH;
use crate::model::parts::Rerun;
use crate::random::Rng;
use rand::RngExt;

/// Relative distance from the contour below which the sum of all terms decides: differences of sums are rounded
/// otherwise, and would break ties.
const NEAR: f64 = 1e-9;

/// A sweep over all elements: each makes as many slices as it has coordinates.
pub struct Sweep<'s> {
    pub(super) shape: &'s Shape,
    pub(super) threshold: Contour,
    pub(super) rng: Rng,
    /// Width of the brackets of most slices, in standard deviations.
    pub(super) width: f64,
    /// The log likelihood outside of the elements.
    pub(super) base: f64,
    /// The whole log likelihood.
    pub(super) total: f64,
    pub(super) buffers: &'s mut Buffers,
    /// Executions of elements so far.
    pub(super) trials: u64,
    pub(super) invalid: Invalid,
    /// The element that gave the first of them, and its coordinates.
    pub(super) example: Option<(usize, Vec<f64>)>,
    /// Σ ln of the lengths to which brackets shrank, and their number.
    pub(super) reach: [f64; 2],
    slice: Bracket,
}

/// The slice under way.
#[derive(Default)]
struct Bracket {
    lo: f64,
    hi: f64,
    t: f64,
    label: f64,
    axis: usize,
    shrinks: usize,
    /// The term where the slice began.
    term: f64,
    /// Whether nothing was found, and the element runs where it was.
    returning: bool,
}

/// Memory that sweeps use over and over.
#[derive(Default)]
pub(in crate::infer::nested) struct Buffers {
    origin: Vec<f64>,
    direction: Vec<f64>,
    basis: Vec<f64>,
}

impl<'s> Sweep<'s> {
    pub(super) fn new(
        shape: &'s Shape,
        threshold: Contour,
        width: f64,
        rng: &Rng,
        buffers: &'s mut Buffers,
    ) -> Self {
        Sweep {
            shape,
            threshold,
            rng: rng.clone(),
            width,
            base: 0.0,
            total: 0.0,
            buffers,
            trials: 0,
            invalid: Invalid::default(),
            example: None,
            reach: [0.0; 2],
            slice: Bracket::default(),
        }
    }

    fn start(&mut self, block: usize, u: &mut [f64]) {
        let (n, axis) = (u.len(), self.slice.axis);
        let Buffers {
            origin,
            direction,
            basis,
        } = &mut *self.buffers;
        let factor = self.shape.factor(block, n);
        origin.clear();
        origin.extend_from_slice(u);
        direction.resize(n, 0.0);
        lower_times(factor, &basis[axis * n..(axis + 1) * n], direction);
        let width = if self.rng.random::<f64>() < WIDE {
            WIDTH
        } else {
            self.width
        };
        let left = -width * self.rng.random::<f64>();
        let (mut lo, mut hi) = (left, left + width);
        for (x, v) in origin.iter().zip(&*direction) {
            let ends = [-x / v, (1.0 - x) / v];
            // Along a coordinate that does not move both ends are infinite, or NaN on a face, which counts for nothing.
            lo = lo.max(ends[0].min(ends[1]));
            hi = hi.min(ends[0].max(ends[1]));
        }
        self.slice.label = self.threshold.fresh_label(self.total, &mut self.rng);
        (self.slice.lo, self.slice.hi) = (lo, hi);
        self.slice.shrinks = 0;
        self.propose(u);
    }

    fn propose(&mut self, u: &mut [f64]) {
        let slice = &mut self.slice;
        while slice.shrinks < MAX_SHRINKS {
            slice.shrinks += 1;
            let t = slice.lo + (slice.hi - slice.lo) * self.rng.random::<f64>();
            slice.t = t;
            let line = self.buffers.origin.iter().zip(&self.buffers.direction);
            u.iter_mut()
                .zip(line)
                .for_each(|(u, (x, v))| *u = x + t * v);
            if in_cube(u) {
                return;
            }
            slice.shrink();
        }
        slice.returning = true;
        u.copy_from_slice(&self.buffers.origin);
    }

    fn is_above(&self, block: usize, terms: &[f64], term: f64, total: f64) -> bool {
        let contour = &self.threshold;
        if (total - contour.log_l).abs() > NEAR * (1.0 + contour.log_l.abs()) {
            return total > contour.log_l;
        }
        let replaced = terms.iter().enumerate();
        let replaced = replaced.map(|(k, &t)| if k == block { term } else { t });
        contour.is_below(whole(self.base, replaced), self.slice.label)
    }
}

impl Bracket {
    fn shrink(&mut self) {
        if self.t < 0.0 {
            self.lo = self.t;
        } else {
            self.hi = self.t;
        }
    }
}

impl Rerun for Sweep<'_> {
    fn begin(&mut self, block: usize, u: &mut [f64], terms: &[f64]) {
        let n = u.len();
        if n == 0 {
            return;
        }
        self.slice.axis = 0;
        self.slice.term = terms[block];
        self.buffers.basis.clear();
        self.buffers.basis.resize(n * n, 1.0);
        if n > 1 {
            random_basis(&mut self.rng, n, &mut self.buffers.basis);
        }
        self.start(block, u);
    }

    fn again(&mut self, block: usize, u: &mut [f64], terms: &[f64], term: f64) -> bool {
        if u.is_empty() {
            return false;
        }
        self.trials += 1;
        if !self.slice.returning {
            let total = self.total - self.slice.term + term;
            let valid = term < f64::INFINITY;
            if !valid {
                self.invalid.nan += u64::from(term.is_nan());
                self.invalid.infinite += u64::from(!term.is_nan());
                self.example.get_or_insert_with(|| (block, u.to_vec()));
            }
            if !(valid && self.is_above(block, terms, term, total)) {
                self.slice.shrink();
                self.propose(u);
                return true;
            }
            (self.total, self.slice.term) = (total, term);
        }
        self.slice.returning = false;
        self.reach[0] += (self.slice.hi - self.slice.lo).max(1e-300).ln();
        self.reach[1] += 1.0;
        self.slice.axis += 1;
        if self.slice.axis == u.len() {
            return false;
        }
        self.start(block, u);
        true
    }
}
