//! Dynamic allocation (Higson, Handley, Hobson & Lasenby 2019, "Dynamic nested sampling"): further live points over
//! the range of contours where they matter most.
//!
//! Each point i of the record has an importance,
//!
//! I(i) ∝ G · p_i / Σp + (1 − G) · r_i / Σr,   r_i = Z_{≥i} / n_i  (their eqs 11–14),
//!
//! p_i its share of the posterior. New points are drawn above the contour where I first reaches 0.9 of its maximum, by
//! chains from the points that were alive there, and climb until the contour where I last does.

use super::covariance::RunningCovariance;
use super::evaluator::Contour;
use super::evidence::log_sum;
use super::live::LiveSet;
use super::record::Record;

/// Part of the largest importance from which on a contour belongs to the range.
const IMPORTANT: f64 = 0.9;

/// Where new points are wanted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Range {
    /// First point that the range contains: the floor is the contour of the one before. 0 begins with the prior.
    pub first: usize,
    pub ceiling: Contour,
}

/// The range that matters most, for `posterior` = G.
pub(super) fn range(record: &Record, posterior: f64) -> Range {
    let counts = record.live_counts();
    let log_weights = record.log_weights();
    let log_z = log_sum(&log_weights);
    let shares: Vec<f64> = log_weights.iter().map(|w| (w - log_z).exp()).collect();
    let mut above = 0.0;
    let mut evidence: Vec<f64> = shares
        .iter()
        .zip(&counts)
        .rev()
        .map(|(p, &n)| {
            above += p;
            above / n as f64
        })
        .collect();
    evidence.reverse();
    let total: f64 = evidence.iter().sum();
    let importance: Vec<f64> = shares
        .iter()
        .zip(&evidence)
        .map(|(p, r)| posterior * p + (1.0 - posterior) * r / total)
        .collect();
    let limit = IMPORTANT * importance.iter().fold(0.0, |m: f64, &i| m.max(i));
    let first = importance.iter().position(|&i| i >= limit).unwrap_or(0);
    let last = importance
        .iter()
        .rposition(|&i| i >= limit)
        .unwrap_or(record.len() - 1);
    Range {
        first,
        ceiling: record.death(last),
    }
}

/// What a record knows of a contour.
pub(super) struct Floor {
    pub contour: Contour,
    /// The points that were alive there, each an exact draw from above it.
    pub alive: LiveSet,
    pub log_x: f64,
    pub log_z: f64,
    pub covariance: RunningCovariance,
}

impl Floor {
    /// The contour of the point before `first`, which is not 0.
    pub(super) fn of(record: &Record, first: usize, periodic: &[usize]) -> Floor {
        let born = record.first_deaths();
        let counts = record.live_counts();
        let alive = (first..record.len()).filter(|&j| born[j] <= first);
        let log_weights = record.log_weights();
        let shrinkage: f64 = counts[..first].iter().map(|&n| 1.0 / n as f64).sum();
        Floor {
            contour: record.death(first - 1),
            alive: live_set(record, alive),
            log_x: record.log_volume - shrinkage,
            log_z: log_sum(&log_weights[..first]),
            covariance: covariance(record, &born, first, periodic),
        }
    }
}

fn live_set(record: &Record, rows: impl Iterator<Item = usize>) -> LiveSet {
    let rows: Vec<usize> = rows.collect();
    let u = rows
        .iter()
        .flat_map(|&j| record.point(j))
        .copied()
        .collect();
    let contour = rows.iter().map(|&j| record.death(j)).collect();
    let mut live = LiveSet::new(record.dim, u, contour);
    for (slot, &j) in rows.iter().enumerate() {
        live.birth[slot] = record.birth(j);
        live.id[slot] = record.id[j];
        live.parent[slot] = record.parent[j];
        live.strand[slot] = record.strand[j];
    }
    live
}

/// The running covariance as it was when the contour had risen to the floor: what was born by then, in that order.
fn covariance(
    record: &Record,
    born: &[usize],
    first: usize,
    periodic: &[usize],
) -> RunningCovariance {
    let from_prior = (0..record.len()).filter(|&j| born[j] == 0);
    let mut covariance = RunningCovariance::new(&live_set(record, from_prior), periodic);
    let mut later: Vec<usize> = (0..record.len())
        .filter(|&j| (1..=first).contains(&born[j]))
        .collect();
    later.sort_by_key(|&j| (born[j], record.id[j]));
    later.iter().for_each(|&j| covariance.add(record.point(j)));
    covariance
}
