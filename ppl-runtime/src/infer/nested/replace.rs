//! The replacement of a batch of points: the only part, with [`slice`](super::slice), [`rejection`](super::rejection)
//! and [`start`](super::start), that evaluates the likelihood.

use super::evaluator::{Benches, Contour, Tally};
use super::gibbs::KINDS;
use super::proposals::{Chains, Replacement};
use super::rejection::reject;
use super::sampler::Job;
use super::{Likelihood, gibbs, reflect, slice};
use crate::random::keyed;
use rayon::prelude::*;

/// Slots that a thread takes at a time, at least, where each takes one evaluation.
pub(super) const GRAIN: usize = 4;
/// Evaluations for which slots are taken together: so few that threads end together, unless one evaluation takes more
/// than what they do, and so many that going to fetch them takes no time.
const TOGETHER: f64 = 64.0;

/// New points and their coordinates, kept from batch to batch.
#[derive(Default)]
pub(super) struct Slots {
    pub new: Vec<Replacement>,
    pub u: Vec<f64>,
}

impl Slots {
    fn resize(&mut self, slots: usize, dim: usize) {
        let empty = Replacement {
            contour: Contour::BOTTOM,
            parent: None,
            log_reach: [f64::NAN; KINDS],
            tally: Tally::default(),
        };
        self.new.resize(slots, empty);
        self.u.resize(slots * dim, 0.0);
    }
}

/// Fills `count` slots, each from its own generator.
pub(super) fn replace<L: Likelihood>(
    likelihood: &L,
    benches: &Benches<L::Worker>,
    job: &Job<'_>,
    count: usize,
    slots: &mut Slots,
) {
    let dim = likelihood.dim();
    slots.resize(count, dim);
    let filled = slots
        .new
        .par_iter_mut()
        .zip(slots.u.par_chunks_exact_mut(dim))
        .enumerate()
        .with_max_len((TOGETHER / job.cost).ceil() as usize);
    filled.for_each(|(slot, (new, u))| {
        let mut rng = keyed(job.seed, job.purpose, job.key, slot as u64);
        let mut tally = Tally::default();
        *new = benches.with(likelihood, |bench| {
            let rejection = job.rejection.as_ref();
            let fresh =
                rejection.and_then(|&r| reject(likelihood, bench, r, &mut rng, u, &mut tally));
            let (contour, parent, log_reach) = match fresh {
                Some(contour) => (contour, None, [f64::NAN; KINDS]),
                None => {
                    let start = job.starts[slot % job.starts.len()];
                    u.copy_from_slice(job.live.point(start));
                    let (rng, tally) = (&mut rng, &mut tally);
                    let (contour, log_reach) = match &job.chains {
                        Chains::Whole(slices) => {
                            let (contour, reach) =
                                slice::chain(likelihood, bench, slices, start, rng, u, tally);
                            let mut reaches = [f64::NAN; KINDS];
                            reaches[0] = reach;
                            (contour, reaches)
                        }
                        Chains::ByPlates(slices) => {
                            gibbs::chain(likelihood, bench, slices, start, rng, u, tally)
                        }
                        Chains::Reflected(reflections) => {
                            let (contour, reach) = reflect::chain(
                                likelihood,
                                bench,
                                reflections,
                                start,
                                rng,
                                u,
                                tally,
                            );
                            let mut reaches = [f64::NAN; KINDS];
                            reaches[0] = reach;
                            (contour, reaches)
                        }
                    };
                    (contour, Some(start), log_reach)
                }
            };
            Replacement {
                contour,
                parent,
                log_reach,
                tally: std::mem::take(&mut tally),
            }
        });
    });
}
