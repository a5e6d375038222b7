//! Where climbs begin: with draws from the prior, or on a contour of an earlier climb.

use super::bounds::Region;
use super::directions::Bases;
use super::dynamic::Floor;
use super::evaluator::{Benches, Contour, Tally, evaluate, in_cube};
use super::live::{LiveSet, NO_PARENT};
use super::proposals::Proposals;
use super::rank_test::batch_score;
use super::replace::{GRAIN, Slots, replace};
use super::sampler::{Effort, Foot, Job};
use super::settings::Plan;
use super::{Likelihood, NestedError, Record};
use crate::random::{Purpose, keyed};
use rand::RngExt;
use rand::seq::SliceRandom;
use rayon::prelude::*;

/// Draws from the prior for each live point before the run gives up on finding finite likelihoods.
const PRIOR_ROUNDS: u64 = 10_000;

/// Draws from the prior until `k` have a finite likelihood; `before` counts evaluations already made.
///
/// The K-th success at draw N estimates the volume of the finite region without bias by (K−1)/(N−1) (Haldane 1945);
/// ln of it has a variance of about (1−p)/K.
pub(super) fn from_prior<L: Likelihood>(
    likelihood: &L,
    plan: &Plan,
    benches: &Benches<L::Worker>,
    effort: &Effort,
    (k, before): (usize, u64),
) -> Result<Foot, NestedError> {
    let dim = plan.dim;
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
            let label = rng.random();
            *drawn = (Contour { log_l, label }, tally);
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
    Ok(Foot {
        live: LiveSet::new(dim, points, contours),
        log_x: record.log_volume,
        log_z: f64::NEG_INFINITY,
        record,
        next_id: k as u32,
        ceiling: None,
        proposals: None,
    })
}

/// Draws points above a contour of the record `done`, by chains from those that were alive there.
pub(super) fn on_contour<L: Likelihood>(
    likelihood: &L,
    plan: &Plan,
    benches: &Benches<L::Worker>,
    effort: &Effort,
    (done, first): (&Record, usize),
) -> Foot {
    let Floor {
        contour,
        alive,
        log_x,
        log_z,
        covariance,
    } = Floor::of(done, first, &plan.periodic);
    let (settings, key) = (&plan.settings, effort.stream);
    // Chains were made longer where they needed to be.
    let sweeps = match plan.reflects() {
        true => effort.sweeps,
        false => effort.sweeps.max(done.slices / done.dim),
    };
    let mut proposals = Proposals::new(plan, sweeps, effort.ellipsoids, &alive);
    if done.slices > 0 {
        proposals.start_with_slices(covariance);
    }
    let slots: Vec<usize> = alive.order().to_vec();
    let bases = &mut Bases::default();
    // The one batch that is drawn with this contour has its own.
    proposals.bounds.hurry();
    let (live, rows) = (&alive, &slots[..]);
    proposals.prepare(plan, Region { live, rows, log_x }, key, bases);
    let mut starts = slots.clone();
    starts.shuffle(&mut keyed(
        settings.seed,
        Purpose::StrandStart,
        key,
        u64::MAX,
    ));
    let job = Job {
        rejection: proposals.rejection(contour),
        chains: proposals.chains(&alive, &slots, contour, &plan.periodic),
        live: &alive,
        starts: &starts,
        seed: settings.seed,
        purpose: Purpose::StrandStart,
        key,
        cost: 1.0,
    };
    let (mut filled, k) = (Slots::default(), plan.strands());
    replace(likelihood, benches, &job, k, &mut filled);

    let mut record = Record::new(plan.dim, k, settings.seed, settings.shrinkage_draws);
    let sorted: Vec<Contour> = slots.iter().map(|&s| alive.contour[s]).collect();
    let mut ranks = Vec::with_capacity(k);
    let contours: Vec<Contour> = filled.new.iter().map(|n| n.contour).collect();
    // The score does not count: batch upon batch is compared with the same points.
    batch_score(&sorted, contours.iter().copied(), &mut ranks);
    let mut live = LiveSet::new(plan.dim, filled.u, contours);
    let first_id = done.id.iter().max().map_or(0, |id| id + 1);
    for (slot, new) in filled.new.iter_mut().enumerate() {
        let id = first_id + slot as u32;
        live.birth[slot] = contour;
        live.id[slot] = id;
        let parent = new.parent.map(|p| (alive.id[p], alive.strand[p]));
        (live.parent[slot], live.strand[slot]) = parent.unwrap_or((NO_PARENT, id));
        live.rank[slot] = ranks[slot];
        live.cost[slot] = new.tally.evaluations as f32;
        if new.parent.is_some() {
            record.slices = sweeps * plan.dim;
        }
        record.absorb(&mut new.tally);
    }
    Foot {
        live,
        record,
        log_x,
        log_z,
        next_id: first_id + k as u32,
        ceiling: None,
        proposals: Some(proposals),
    }
}
