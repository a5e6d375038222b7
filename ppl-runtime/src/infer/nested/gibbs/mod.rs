//! Chains for models with plates: slices of the shared coordinates, which evaluate the whole model, in turn with sweeps
//! over the elements, each of which evaluates one element at a time.
//!
//! The region L > L* is sampled by Gibbs' scheme (Neal 2003, §4, a slice for each conditional distribution). Given the
//! shared coordinates an element changes its own term of ln L = base + Σ terms alone, so that a slice along it needs that
//! term, and the sum of the others as it was. A whole sweep takes about as many executions of each element as one slice
//! of the whole model.
//!
//! What makes such a scheme slow is that elements depend on what they share. On the cube a hierarchy is non-centred:
//! where data say much of each element they hold its value, and not its coordinate. So shared coordinates move in three
//! ways: alone; with the elements in tow, each by its regression on them; and with the values of the elements' latents
//! held, as in the centred hierarchy (the interweaving of Yu & Meng 2011). Lines are laid in z = Φ⁻¹(u), where the prior
//! is a standard normal, normal hierarchies are linear, and the cube has no faces that the first of hundreds of elements
//! would run into.

mod moments;
mod rounds;
mod shared;
mod sweep;

use super::Likelihood;
use super::evaluator::{Bench, Contour, Tally};
use super::live::LiveSet;
use super::slice::{MAX_SHRINKS, WIDE};
use crate::model::parts::Values;
use crate::random::Rng;
use crate::real::special::normal_quantile;
pub(super) use moments::{Moments, Shape};
pub(super) use rounds::Rounds;
pub(super) use sweep::Buffers;
pub use sweep::Sweep;

/// Sweeps over the elements after each round of slices of what they share.
const ELEMENT_SWEEPS: usize = 2;

/// Kinds of slices, which have widths of their own.
pub(super) const KINDS: usize = 4;

/// What the chains of a batch share.
pub(super) struct PlateSlices<'a> {
    pub threshold: Contour,
    pub shape: &'a Shape,
    pub live: &'a LiveSet,
    /// Widths of most brackets in standard deviations: of shared coordinates with the elements in tow, of shared
    /// coordinates alone, of elements, and of shared coordinates that leave the values of the elements where they are.
    pub widths: [f64; KINDS],
    pub rounds: usize,
}

/// Σ of all parts: the log likelihood of these chains, always summed in this order, so that equal values are equal.
pub(super) fn whole(base: f64, terms: impl Iterator<Item = f64>) -> f64 {
    // Adding zero turns −0 into 0, which would not tie in the total order.
    base + terms.sum::<f64>() + 0.0
}

/// Scratch of one worker thread.
#[derive(Default)]
pub(super) struct Scratch {
    /// Terms of the elements where the chain is, and where it might go.
    terms: Vec<f64>,
    trial_terms: Vec<f64>,
    /// The values of the elements' latents.
    values: Vec<f64>,
    trial_values: Vec<f64>,
    z: Vec<f64>,
    trial_z: Vec<f64>,
    /// Random directions of the shared coordinates.
    basis: Vec<f64>,
    sweep: Buffers,
}

/// Runs the chain of one slot from survivor `start`, whose coordinates are in `u`. Returns the contour of the last
/// point, and the means of the logarithms of the lengths to which brackets of each kind shrank.
pub(super) fn chain<L: Likelihood>(
    likelihood: &L,
    bench: &mut Bench<L::Worker>,
    slices: &PlateSlices<'_>,
    start: usize,
    rng: &mut Rng,
    u: &mut [f64],
    tally: &mut Tally,
) -> (Contour, [f64; KINDS]) {
    let scratch = &mut bench.gibbs;
    let blocks = likelihood.parts().map_or(0, |p| p.blocks().len());
    scratch.terms.resize(blocks, 0.0);
    scratch.trial_terms.resize(blocks, 0.0);
    scratch.values.resize(u.len(), 0.0);
    scratch.trial_values.resize(u.len(), 0.0);
    scratch.trial_z.resize(u.len(), 0.0);
    scratch.z.clear();
    scratch.z.extend(u.iter().map(|&u| normal_quantile(u)));
    tally.evaluations += 1;
    let noted = Values::Noted(&mut scratch.values);
    let base = likelihood.evaluate_parts(&mut bench.worker, u, &mut scratch.terms, None, noted);
    let mut at = At {
        base,
        log_l: slices.live.contour[start].log_l,
    };
    let mut reach = [[0.0; 2]; KINDS];
    for _ in 0..slices.rounds {
        let mut chain = shared::Chain {
            likelihood,
            slices,
            rng,
            tally,
        };
        chain.slices(bench, &mut at, u, &mut reach);
        chain.slices_of_values(bench, &mut at, u, &mut reach[3]);
        for _ in 0..ELEMENT_SWEEPS {
            chain.sweep(bench, &mut at, u, &mut reach[2]);
        }
        for &[start, end] in likelihood.parts().map_or(&[][..], |p| p.blocks()) {
            let z = bench.gibbs.z[start..end].iter_mut();
            z.zip(&u[start..end])
                .for_each(|(z, u)| *z = normal_quantile(*u));
        }
    }
    let label = slices.threshold.fresh_label(at.log_l, rng);
    let log_l = at.log_l;
    (
        Contour { log_l, label },
        reach.map(|[sum, n]| if n > 0.0 { sum / n } else { f64::NAN }),
    )
}

/// Where a chain is: the log likelihood outside of the elements, and all of it.
struct At {
    base: f64,
    log_l: f64,
}

impl<L: Likelihood> shared::Chain<'_, '_, L> {
    /// Slices along the coordinates of every element.
    fn sweep(
        &mut self,
        bench: &mut Bench<L::Worker>,
        at: &mut At,
        u: &mut [f64],
        reach: &mut [f64; 2],
    ) {
        let Scratch {
            terms,
            values,
            sweep,
            ..
        } = &mut bench.gibbs;
        let slices = self.slices;
        let mut sweep = Sweep::new(
            slices.shape,
            slices.threshold,
            slices.widths[2],
            self.rng,
            sweep,
        );
        (sweep.base, sweep.total) = (at.base, at.log_l);
        let noted = Values::Noted(values);
        self.likelihood
            .evaluate_parts(&mut bench.worker, u, terms, Some(&mut sweep), noted);
        at.log_l = whole(at.base, terms.iter().copied());
        *self.rng = sweep.rng;
        self.tally.evaluations += sweep.trials.div_ceil(terms.len().max(1) as u64);
        self.tally.invalid.nan += sweep.invalid.nan;
        self.tally.invalid.infinite += sweep.invalid.infinite;
        if let (Some((block, x)), Some(parts)) = (sweep.example, self.likelihood.parts()) {
            self.tally.invalid.example.get_or_insert_with(|| {
                let mut point = u.to_vec();
                let [start, end] = parts.blocks()[block];
                point[start..end].copy_from_slice(&x);
                point
            });
        }
        reach[0] += sweep.reach[0];
        reach[1] += sweep.reach[1];
    }
}
