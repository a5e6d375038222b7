//! Modes of the posterior, found by themselves, with the evidence of each.
//!
//! A mode is a connected component of the graph of nearest neighbours among points of the posterior's bulk: scale-free,
//! so that modes of different width are told apart, and indifferent to shape, so that a shell or a bend is one mode. What
//! is joined by a bridge of posterior mass is one mode too.

use super::NestedRun;
use super::bootstrap::Bootstrap;
use crate::error::Error;
use crate::output::{Estimate, WeightedDraws};
use crate::support::Export;

/// Points of the bulk that are linked, about.
const POINTS: usize = 1200;
/// Neighbours that each is linked to.
const NEIGHBOURS: usize = 12;
/// Part of the posterior with the lowest likelihood that is not linked: tails of modes meet before their bulks do.
const TAIL: f64 = 0.2;
/// Times that the scale of each coordinate is found anew from the distances of neighbours: that between modes, which is
/// what most coordinates measure at first, gives way to that within them.
const ROUNDS: usize = 4;
/// Least share of the posterior that is a mode: smaller ones belong to the nearest.
const LEAST_SHARE: f64 = 0.005;

/// One mode of a posterior.
#[derive(Clone, Debug)]
pub struct Mode<D> {
    /// ln of the part of the evidence that lies in the mode, with its error.
    pub log_evidence: Estimate,
    /// Its share of the posterior.
    pub share: f64,
    /// The weighted draws in it.
    pub draws: WeightedDraws<D>,
}

/// The modes by the draws that are in them: of each draw the number of its mode, and the evidence and share of each mode.
#[derive(Clone, Debug, Default)]
pub(super) struct Assignment {
    pub mode: Vec<usize>,
    pub evidences: Vec<(Estimate, f64)>,
}

impl<D: Export + Clone> NestedRun<D> {
    /// The modes of the posterior in order of their evidence, the largest first: one where it has but one.
    ///
    /// They are found in the unit cube, where parameters are comparable. The error of a mode's evidence is that of the
    /// strands, as in [`log_evidence_where`](Self::log_evidence_where).
    ///
    /// # Errors
    /// If the draws of a mode cannot be put together.
    pub fn modes(&self) -> Result<Vec<Mode<D>>, Error> {
        let found = self.assignment();
        let all = self.weighted_draws();
        let modes = found.evidences.iter().enumerate();
        modes
            .map(|(k, &(log_evidence, share))| {
                let rows: Vec<usize> = (0..all.len()).filter(|&i| found.mode[i] == k).collect();
                let draws = WeightedDraws::new(
                    rows.iter().map(|&i| all[i].clone()).collect(),
                    rows.iter().map(|&i| all.log_weights()[i]).collect(),
                    all.table().pick(&rows),
                );
                Ok(Mode {
                    log_evidence,
                    share,
                    draws: draws.map_err(|e| self.failed(e))?,
                })
            })
            .collect()
    }
}

impl<D> NestedRun<D> {
    /// Finds the modes.
    pub(super) fn find_modes(&self) -> Assignment {
        let (record, rows) = (self.record(), self.points());
        let weights = self.weighted_draws().weights();
        let groups = components(record.dim, rows.len(), weights, |i| record.point(rows[i]));
        let modes = groups.iter().max().map_or(0, |m| m + 1);
        if modes < 2 {
            return Assignment {
                mode: vec![0; rows.len()],
                evidences: vec![(self.log_evidence(), 1.0)],
            };
        }
        let bootstrap = Bootstrap::new(record);
        let log_weights = record.log_weights();
        let mut evidences: Vec<(usize, Estimate, f64)> = (0..modes)
            .map(|k| {
                let inside: Vec<usize> = (0..rows.len()).filter(|&i| groups[i] == k).collect();
                let own: Vec<usize> = inside.iter().map(|&i| rows[i]).collect();
                let estimate = bootstrap.log_integral(&log_weights, &own, &vec![0.0; own.len()]);
                (k, estimate, inside.iter().map(|&i| weights[i]).sum())
            })
            .collect();
        evidences.sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean));
        let mut place = vec![0; modes];
        for (new, (old, ..)) in evidences.iter().enumerate() {
            place[*old] = new;
        }
        Assignment {
            mode: groups.iter().map(|&g| place[g]).collect(),
            evidences: evidences.into_iter().map(|(_, e, s)| (e, s)).collect(),
        }
    }
}

/// The component of each of `n` points, which are in the order of likelihood, the lowest first.
fn components<'a>(
    dim: usize,
    n: usize,
    weights: &[f64],
    point: impl Fn(usize) -> &'a [f64],
) -> Vec<usize> {
    let bulk = bulk(weights);
    if bulk.len() < 4 * NEIGHBOURS {
        return vec![0; n];
    }
    let m = bulk.len();
    let mut x: Vec<f64> = bulk.iter().flat_map(|&i| point(i)).copied().collect();
    let mut scale = vec![1.0; dim];
    let mut neighbours = Vec::new();
    for round in 0..ROUNDS {
        let spread: Vec<f64> = match round {
            0 => spread_of(&x, dim, (0..m).map(|i| (i, usize::MAX))),
            _ => {
                // The closest few alone are surely of one mode.
                let close = (0..m).flat_map(|i| (0..3).map(move |k| (i, k)));
                let pairs = close.map(|(i, k)| (i, neighbours[i * NEIGHBOURS + k]));
                spread_of(&x, dim, pairs)
            }
        };
        for (i, s) in spread.iter().enumerate() {
            scale[i] *= s;
            x.chunks_exact_mut(dim).for_each(|x| x[i] /= s);
        }
        neighbours = nearest(&x, dim);
    }
    let mut group: Vec<usize> = (0..m).collect();
    for i in 0..m {
        for &j in &neighbours[i * NEIGHBOURS..(i + 1) * NEIGHBOURS] {
            let (a, b) = (root(&mut group, i), root(&mut group, j));
            group[a.max(b)] = a.min(b);
        }
    }
    // Every point that has a weight belongs to the component of the nearest that is linked; the small ones are none.
    let roots: Vec<usize> = (0..m).map(|i| root(&mut group, i)).collect();
    let mut share = vec![0.0; m];
    roots.iter().for_each(|&r| share[r] += 1.0 / m as f64);
    let large: Vec<usize> = (0..m).filter(|&r| share[r] >= LEAST_SHARE).collect();
    if large.len() < 2 {
        return vec![0; n];
    }
    let linked: Vec<usize> = (0..m).filter(|&i| share[roots[i]] >= LEAST_SHARE).collect();
    (0..n)
        .map(|i| {
            let distance = |j: usize| {
                let other = x[j * dim..(j + 1) * dim].iter();
                let own = point(i).iter().zip(&scale);
                own.zip(other)
                    .map(|((u, s), y)| (u / s - y).powi(2))
                    .sum::<f64>()
            };
            let nearest = linked
                .iter()
                .map(|&j| (distance(j), j))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let home = nearest.map_or(0, |(_, j)| roots[j]);
            large.iter().position(|&r| r == home).unwrap_or(0)
        })
        .collect()
}

/// Points drawn by weight, each at most once, from all but the lowest of the posterior: systematic, so that it is the
/// same each time.
fn bulk(weights: &[f64]) -> Vec<usize> {
    let step = (1.0 - TAIL) / POINTS as f64;
    let (mut sum, mut next, mut chosen) = (0.0, TAIL + 0.5 * step, Vec::new());
    for (i, w) in weights.iter().enumerate() {
        sum += w;
        if sum > next {
            chosen.push(i);
            next += step * ((sum - next) / step).ceil();
        }
    }
    chosen
}

/// Root mean square difference in each coordinate over pairs; a pair with nothing is the difference from the mean.
fn spread_of(x: &[f64], dim: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<f64> {
    let n = (x.len() / dim) as f64;
    let mean: Vec<f64> = (0..dim)
        .map(|i| x.iter().skip(i).step_by(dim).sum::<f64>() / n)
        .collect();
    let (mut sum, mut count) = (vec![0.0; dim], 0.0);
    for (a, b) in pairs {
        let from = x.get(b.saturating_mul(dim)..).filter(|_| b != usize::MAX);
        let from = from.unwrap_or(&mean);
        for ((s, a), b) in sum.iter_mut().zip(&x[a * dim..]).zip(from) {
            *s += (a - b) * (a - b);
        }
        count += 1.0;
    }
    let rms = sum.iter().map(|s| (s / count).sqrt());
    // A coordinate that does not vary tells nothing apart.
    rms.map(|s| if s > 0.0 { s } else { 1.0 }).collect()
}

/// The nearest neighbours of each point, the closest first.
fn nearest(x: &[f64], dim: usize) -> Vec<usize> {
    let points: Vec<&[f64]> = x.chunks_exact(dim).collect();
    let mut out = Vec::with_capacity(points.len() * NEIGHBOURS);
    let mut distances: Vec<(f64, usize)> = Vec::with_capacity(points.len());
    for (i, p) in points.iter().enumerate() {
        distances.clear();
        for (j, q) in points.iter().enumerate() {
            if j != i {
                let d: f64 = p.iter().zip(*q).map(|(a, b)| (a - b) * (a - b)).sum();
                distances.push((d, j));
            }
        }
        let by_distance =
            |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        distances.select_nth_unstable_by(NEIGHBOURS - 1, by_distance);
        distances.truncate(NEIGHBOURS);
        distances.sort_by(by_distance);
        out.extend(distances.iter().map(|d| d.1));
    }
    out
}

fn root(group: &mut [usize], mut i: usize) -> usize {
    while group[i] != i {
        group[i] = group[group[i]];
        i = group[i];
    }
    i
}
