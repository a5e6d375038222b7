//! Calls of the likelihood, with a tally of what they cost and what they gave.

use super::bends::Bent;
use super::gibbs::Scratch;
use super::linear::LANES;
use super::{Invalid, Likelihood, reflect};
use crate::random::Rng;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, TryLockError};

/// A contour: a log likelihood and the label that breaks ties on it. Contours are ordered by both.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Contour {
    pub log_l: f64,
    pub label: f64,
}

impl Contour {
    /// Below every point.
    pub(super) const BOTTOM: Contour = Contour {
        log_l: f64::NEG_INFINITY,
        label: -1.0,
    };

    pub(super) fn cmp(&self, other: &Contour) -> std::cmp::Ordering {
        self.log_l
            .total_cmp(&other.log_l)
            .then(self.label.total_cmp(&other.label))
    }

    /// Whether a point with this likelihood and label lies strictly above.
    #[inline]
    pub(super) fn is_below(&self, log_l: f64, label: f64) -> bool {
        log_l > self.log_l || (log_l == self.log_l && label > self.label)
    }

    /// A label for a point above the contour whose log likelihood is `log_l`, uniform over those allowed.
    #[inline]
    pub(super) fn fresh_label(&self, log_l: f64, rng: &mut Rng) -> f64 {
        let uniform: f64 = rng.random();
        if log_l > self.log_l {
            uniform
        } else {
            self.label + (1.0 - self.label) * uniform
        }
    }
}

/// What the evaluations of one slot cost and gave.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub evaluations: u64,
    /// Proposals from a bound that needed no evaluation: outside the cube, or dropped for an overlap.
    pub free: u64,
    pub invalid: Invalid,
}

impl Tally {
    pub(super) fn absorb(&mut self, other: &mut Tally) {
        self.evaluations += other.evaluations;
        self.free += other.free;
        self.invalid.nan += other.invalid.nan;
        self.invalid.infinite += other.invalid.infinite;
        if self.invalid.example.is_none() {
            self.invalid.example = other.invalid.example.take();
        }
    }
}

/// One worker thread's buffers: the model's, and scratch points.
pub(super) struct Bench<W> {
    pub worker: W,
    pub candidate: Vec<f64>,
    pub direction: Vec<f64>,
    pub inverse: Vec<f64>,
    pub bent: Bent,
    pub gibbs: Scratch,
    pub reflect: reflect::Scratch,
}

impl<W> Bench<W> {
    fn new<L: Likelihood<Worker = W>>(likelihood: &L) -> Self {
        let scratch = || vec![0.0; likelihood.dim()];
        Bench {
            worker: likelihood.worker(),
            candidate: scratch(),
            direction: scratch(),
            inverse: scratch(),
            bent: Bent::new(likelihood.dim()),
            gibbs: Scratch::default(),
            reflect: reflect::Scratch::new(likelihood.dim()),
        }
    }
}

/// The benches of all threads of the pool, made once a run.
pub(super) struct Benches<W>(Vec<Mutex<Bench<W>>>);

impl<W: Send> Benches<W> {
    pub(super) fn new<L: Likelihood<Worker = W>>(likelihood: &L) -> Self {
        let threads = rayon::current_num_threads().max(1);
        Benches(
            (0..threads)
                .map(|_| Mutex::new(Bench::new(likelihood)))
                .collect(),
        )
    }

    /// Calls `f` with the bench of the current thread.
    pub(super) fn with<L: Likelihood<Worker = W>, R>(
        &self,
        likelihood: &L,
        f: impl FnOnce(&mut Bench<W>) -> R,
    ) -> R {
        let index = rayon::current_thread_index().unwrap_or(0) % self.0.len();
        match self.0[index].try_lock() {
            Ok(mut bench) => f(&mut bench),
            // Buffers hold no state between evaluations, so those of a thread that panicked serve as well.
            Err(TryLockError::Poisoned(bench)) => f(&mut bench.into_inner()),
            // A likelihood that waits for parallel work of its own may be handed another slot meanwhile.
            Err(TryLockError::WouldBlock) => f(&mut Bench::new(likelihood)),
        }
    }
}

/// ln L at `u`; NaN and +∞ are counted and become −∞.
#[inline]
pub(super) fn evaluate<L: Likelihood>(
    likelihood: &L,
    worker: &mut L::Worker,
    u: &[f64],
    tally: &mut Tally,
) -> f64 {
    tally.evaluations += 1;
    let log_l = likelihood.log_likelihood(worker, u);
    // Adding zero turns −0 into 0, which would not tie in the total order.
    if log_l < f64::INFINITY {
        log_l + 0.0
    } else {
        refuse(log_l, u, tally)
    }
}

#[cold]
pub(super) fn refuse(log_l: f64, u: &[f64], tally: &mut Tally) -> f64 {
    if log_l.is_nan() {
        tally.invalid.nan += 1;
    } else {
        tally.invalid.infinite += 1;
    }
    tally.invalid.example.get_or_insert_with(|| u.to_vec());
    f64::NEG_INFINITY
}

/// Whether `u` lies in the open unit cube.
#[inline]
pub(super) fn in_cube(u: &[f64]) -> bool {
    let inside = |x: f64| u64::from((x > 0.0) & (x < 1.0));
    let (blocks, rest) = u.as_chunks::<LANES>();
    let mut all = [1; LANES];
    for u in blocks {
        for k in 0..LANES {
            all[k] &= inside(u[k]);
        }
    }
    let blocks = all.into_iter().fold(1, |a, b| a & b);
    rest.iter().fold(blocks, |a, &x| a & inside(x)) == 1
}
