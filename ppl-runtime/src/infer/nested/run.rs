//! The loop of a run: the only part, with [`slice`](super::slice) and [`rejection`](super::rejection), that knows
//! the likelihood.

use super::evaluator::{Benches, Contour, Tally, evaluate, in_cube};
use super::live::LiveSet;
use super::proposals::Replacement;
use super::rejection::reject;
use super::sampler::{Effort, Job, Next, Sampler};
use super::settings::{Plan, Proposal};
use super::slice::chain;
use super::status::{Status, Termination};
use super::{Likelihood, NestedError, Record, Settings, strands};
use crate::random::{Purpose, keyed};
use rand::RngExt;
use rayon::prelude::*;

/// Slots that a thread takes at a time, at least.
const GRAIN: usize = 4;
/// Draws from the prior for each live point before the run gives up on finding finite likelihoods.
const PRIOR_ROUNDS: u64 = 10_000;

/// Spread of the strands over that of single points from which on chains are too short: they remember their start, and
/// it matters to ln Z.
const EXCESS_LIMIT: f64 = 1.2;

/// Runs the nested sampler.
///
/// `on_status` is called after each batch, for a progress line.
///
/// # Errors
/// [`NestedError::Setting`] if a setting cannot work, [`NestedError::NoDimensions`] if there is nothing to sample,
/// [`NestedError::NoFinitePoint`] if the likelihood is not finite often enough under the prior.
pub fn run<L: Likelihood>(
    likelihood: &L,
    settings: &Settings,
    on_status: &mut dyn FnMut(&Status),
) -> Result<Record, NestedError> {
    let plan = settings.plan(likelihood.dim())?;
    let benches = Benches::new(likelihood);
    let mut effort = Effort {
        sweeps: settings.sweeps,
        ellipsoids: settings.proposal != Proposal::Slices,
        stream: 0,
    };
    let mut record = converged(likelihood, &plan, &benches, &mut effort, 0, on_status)?;
    if let Some(target) = settings.effective_samples {
        while record.effective_samples() < target
            && record.termination != Termination::MaxEvaluations
        {
            let more = converged(
                likelihood,
                &plan,
                &benches,
                &mut effort,
                record.evaluations,
                on_status,
            )?;
            record.merge(more);
        }
        if record.termination != Termination::MaxEvaluations {
            record.termination = Termination::EffectiveSamples;
        }
    }
    Ok(record)
}

/// One run; it is started afresh with more effort for as long as the insertion-rank test fails or
/// the strands show that chains are too short.
fn converged<L: Likelihood>(
    likelihood: &L,
    plan: &Plan,
    benches: &Benches<L::Worker>,
    effort: &mut Effort,
    mut before: u64,
    on_status: &mut dyn FnMut(&Status),
) -> Result<Record, NestedError> {
    let start = before;
    let mut restarts = 0;
    loop {
        let (live, record) = first_points(likelihood, plan, benches, effort, before)?;
        let mut sampler = Sampler::new(plan, effort.clone(), live, record);
        // Runs and attempts draw from streams of their own.
        effort.stream += 1 << 40;
        let mut u = vec![0.0; plan.batch * plan.dim];
        let mut new = vec![
            Replacement {
                contour: Contour::BOTTOM,
                parent: None,
                log_reach: 0.0,
                tally: Tally::default()
            };
            plan.batch
        ];
        let may_restart = restarts < plan.settings.max_doublings;
        let end = loop {
            let job = sampler.begin_batch();
            replace(likelihood, benches, &job, plan.dim, &mut new, &mut u);
            match sampler.finish_batch(&mut new, &u, before, may_restart, on_status) {
                Next::Done(termination) => break Some(termination),
                Next::TooTight => {
                    effort.ellipsoids = false;
                    break None;
                }
                Next::TooShort => {
                    effort.sweeps *= 2;
                    break None;
                }
                Next::Continue => {}
            }
        };
        let spent = sampler.record.evaluations;
        if let Some(termination) = end {
            let mut record = sampler.finish(termination);
            // Twice the slices take twice the evaluations: the next run must not be cut short.
            let affordable = before + 3 * spent < plan.settings.max_evaluations;
            let forgetful = record.slices == 0 || strands::excess(&record) < EXCESS_LIMIT;
            if forgetful || !affordable || !may_restart {
                record.evaluations += before - start;
                record.restarts = restarts;
                return Ok(record);
            }
            effort.sweeps *= 2;
        }
        before += spent;
        restarts += 1;
    }
}

/// Fills the slots of a batch, each from its own generator.
fn replace<L: Likelihood>(
    likelihood: &L,
    benches: &Benches<L::Worker>,
    job: &Job<'_>,
    dim: usize,
    new: &mut [Replacement],
    u: &mut [f64],
) {
    let slots = new
        .par_iter_mut()
        .zip(u.par_chunks_exact_mut(dim))
        .enumerate()
        .with_min_len(GRAIN);
    slots.for_each(|(slot, (new, u))| {
        let mut rng = keyed(job.seed, Purpose::Replace, job.key, slot as u64);
        let mut tally = Tally::default();
        *new = benches.with(likelihood, |bench| {
            let rejection = job.rejection.as_ref();
            let fresh =
                rejection.and_then(|&r| reject(likelihood, bench, r, &mut rng, u, &mut tally));
            let (contour, parent, log_reach) = match fresh {
                Some(contour) => (contour, None, 0.0),
                None => {
                    let start = job.starts[slot % job.starts.len()];
                    u.copy_from_slice(job.slices.live.point(start));
                    let (contour, log_reach) = chain(
                        likelihood,
                        bench,
                        &job.slices,
                        start,
                        &mut rng,
                        u,
                        &mut tally,
                    );
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

/// Draws from the prior until enough have a finite likelihood.
///
/// The K-th success at draw N estimates the volume of the finite region without bias by (K−1)/(N−1) (Haldane 1945);
/// ln of it has a variance of about (1−p)/K.
fn first_points<L: Likelihood>(
    likelihood: &L,
    plan: &Plan,
    benches: &Benches<L::Worker>,
    effort: &Effort,
    before: u64,
) -> Result<(LiveSet, Record), NestedError> {
    let (dim, k) = (plan.dim, plan.live);
    let settings = &plan.settings;
    let mut record = Record::new(dim, k, settings.seed, settings.shrinkage_draws);
    let (mut points, mut contours) = (Vec::with_capacity(k * dim), Vec::with_capacity(k));
    let mut u = vec![0.0; k * dim];
    let mut drawn = vec![(Contour::BOTTOM, Tally::default()); k];
    let mut draws = 0;
    for round in 0..PRIOR_ROUNDS {
        let slots = drawn
            .par_iter_mut()
            .zip(u.par_chunks_exact_mut(dim))
            .enumerate()
            .with_min_len(GRAIN);
        slots.for_each(|(slot, (drawn, u))| {
            let mut rng = keyed(
                settings.seed,
                Purpose::LivePoints,
                effort.stream + round,
                slot as u64,
            );
            u.iter_mut().for_each(|x| *x = rng.random());
            while !in_cube(u) {
                u.iter_mut().for_each(|x| *x = rng.random());
            }
            let mut tally = Tally::default();
            let log_l = benches.with(likelihood, |bench| {
                evaluate(likelihood, &mut bench.worker, u, &mut tally)
            });
            *drawn = (
                Contour {
                    log_l,
                    label: rng.random(),
                },
                tally,
            );
        });
        for ((contour, tally), u) in drawn.iter_mut().zip(u.chunks_exact(dim)) {
            record.absorb(tally);
            if contours.len() < k {
                draws += 1;
                if contour.log_l > f64::NEG_INFINITY {
                    contours.push(*contour);
                    points.extend_from_slice(u);
                }
            }
        }
        if contours.len() == k || before + record.evaluations >= settings.max_evaluations {
            break;
        }
    }
    if contours.len() < k {
        return Err(NestedError::NoFinitePoint {
            draws,
            finite: contours.len(),
            wanted: k,
            nan: record.invalid.nan,
            infinite: record.invalid.infinite,
        });
    }
    if draws > k as u64 {
        let volume = (k - 1) as f64 / (draws - 1) as f64;
        record.log_volume = volume.ln();
        record.log_volume_variance = (1.0 - volume) / k as f64;
    }
    Ok((LiveSet::new(dim, points, contours), record))
}
