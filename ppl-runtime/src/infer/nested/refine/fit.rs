//! The mixture that is nearest to some weighted points: EM (Peel & McLachlan 2000, "Robust mixture modelling using the t
//! distribution"), the number of components and the degrees of freedom by what half of the points says of the other.

use super::mixture::{Component, Mixture};
use crate::infer::nested::evidence::log_sum;
use crate::infer::nested::linear::add_outer;
use crate::random::Rng;
use rand::RngExt;
use rayon::prelude::*;

/// Weighted points, `dim` numbers each.
#[derive(Clone)]
pub(super) struct Points {
    pub dim: usize,
    pub z: Vec<f64>,
    /// They sum to 1.
    pub weights: Vec<f64>,
}

/// Numbers of components that are tried, until more of them help no longer.
const COMPONENTS: [usize; 7] = [1, 2, 4, 8, 12, 18, 30];
/// Numbers of components in a row that may fail to help before no more are tried.
const PATIENCE: usize = 2;
/// Nats by which more components must come nearer to the points to be worth their while.
const GAIN: f64 = 0.02;
/// Degrees of freedom that are tried.
const FREEDOMS: [f64; 3] = [5.0, 15.0, 80.0];
const USUAL_FREEDOM: f64 = 15.0;
/// Effective points that a component has to have, for each number that its mean and its scale in one direction are.
const POINTS_A_PARAMETER: f64 = 4.0;
/// Candidates for each further centre.
const CANDIDATES: usize = 5;
/// Steps of EM, at most; fewer if they change the log density by less than this.
const STEPS: usize = 30;
const SETTLED: f64 = 1e-3;

impl Points {
    fn len(&self) -> usize {
        self.weights.len()
    }

    pub(super) fn point(&self, i: usize) -> &[f64] {
        &self.z[i * self.dim..(i + 1) * self.dim]
    }

    /// Kish's effective size.
    pub(super) fn effective(&self) -> f64 {
        self.weights.iter().map(|w| w * w).sum::<f64>().recip()
    }

    /// Every other point from `first` on.
    fn half(&self, first: usize) -> Points {
        let rows = || (first..self.len()).step_by(2);
        let total: f64 = rows().map(|i| self.weights[i]).sum();
        Points {
            dim: self.dim,
            z: rows().flat_map(|i| self.point(i)).copied().collect(),
            weights: rows().map(|i| self.weights[i] / total).collect(),
        }
    }

    /// Mean and covariance.
    pub(super) fn moments(&self) -> (Vec<f64>, Vec<f64>) {
        let d = self.dim;
        let (mut mean, mut covariance) = (vec![0.0; d], vec![0.0; d * d]);
        for (i, w) in self.weights.iter().enumerate() {
            let z = self.point(i);
            mean.iter_mut().zip(z).for_each(|(m, z)| *m += w * z);
        }
        let mut delta = vec![0.0; d];
        for (i, &w) in self.weights.iter().enumerate() {
            difference(self.point(i), &mean, &mut delta);
            add_outer(&mut covariance, &delta, w);
        }
        (mean, mirrored(covariance, d))
    }
}

/// Fits a mixture.
pub(super) fn fit(points: &Points, rng: &mut Rng) -> Mixture {
    let (train, test) = (points.half(0), points.half(1));
    let smallest = POINTS_A_PARAMETER * (points.dim as f64 + 1.0) / points.effective();
    let (mut best, mut most, mut failed) = (1, f64::NEG_INFINITY, 0);
    for k in COMPONENTS {
        if k as f64 * 2.0 * smallest > 1.0 && k > 1 || failed == PATIENCE {
            break;
        }
        let start = seeds(&train, k, rng);
        let score = score(&em(&train, start, USUAL_FREEDOM, 2.0 * smallest), &test);
        if score > most + GAIN {
            (best, most, failed) = (k, score, 0);
        } else {
            failed += 1;
        }
    }
    let start = seeds(&train, best, rng);
    let scores: Vec<f64> = FREEDOMS
        .par_iter()
        .map(|&freedom| score(&em(&train, start.clone(), freedom, 2.0 * smallest), &test))
        .collect();
    let freedom = FREEDOMS
        .iter()
        .zip(&scores)
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map_or(USUAL_FREEDOM, |(f, _)| *f);
    let start = seeds(points, best, rng);
    em(points, start, freedom, smallest)
}

/// Mean of the log density over the points.
fn score(mixture: &Mixture, points: &Points) -> f64 {
    let (mut scratch, mut terms) = (vec![0.0; points.dim], Vec::new());
    let densities = points
        .weights
        .iter()
        .enumerate()
        .map(|(i, w)| w * mixture.log_density(points.point(i), &mut scratch, &mut terms));
    densities.sum()
}

/// Points far from each other (Arthur & Vassilvitskii 2007, "k-means++"), each coordinate measured by its standard
/// deviation; and which is nearest to each point.
fn seeds(points: &Points, k: usize, rng: &mut Rng) -> Vec<usize> {
    let d = points.dim;
    let (_, covariance) = points.moments();
    let inverse: Vec<f64> = (0..d)
        .map(|i| covariance[i * d + i].max(1e-300).recip())
        .collect();
    let distance = |a: &[f64], b: &[f64]| -> f64 {
        let terms = a.iter().zip(b).zip(&inverse);
        terms.map(|((a, b), w)| w * (a - b) * (a - b)).sum()
    };
    let pick = |masses: &[f64], rng: &mut Rng| {
        let mut left = rng.random::<f64>() * masses.iter().sum::<f64>();
        let found = masses.iter().position(|m| {
            left -= m;
            left < 0.0
        });
        found.unwrap_or(masses.len() - 1)
    };
    let first = pick(&points.weights, rng);
    let mut nearest = vec![0; points.len()];
    let mut gap: Vec<f64> = (0..points.len())
        .map(|i| distance(points.point(i), points.point(first)))
        .collect();
    for seed in 1..k {
        let masses: Vec<f64> = gap
            .iter()
            .zip(&points.weights)
            .map(|(g, w)| g * w)
            .collect();
        // Of several candidates the one that leaves the least: two in one island are rare so.
        let candidates = (0..CANDIDATES).map(|_| {
            let center = pick(&masses, rng);
            let from: Vec<f64> = (0..points.len())
                .map(|i| distance(points.point(i), points.point(center)))
                .collect();
            let terms = from.iter().zip(&gap).zip(&points.weights);
            let left: f64 = terms.map(|((f, g), w)| w * f.min(*g)).sum();
            (left, from)
        });
        let Some((_, from)) = candidates.min_by(|a, b| a.0.total_cmp(&b.0)) else {
            break;
        };
        for i in 0..points.len() {
            if from[i] < gap[i] {
                (gap[i], nearest[i]) = (from[i], seed);
            }
        }
    }
    nearest
}

/// EM from a first division of the points. Components that hold less than `smallest` of the weight are dropped.
fn em(points: &Points, division: Vec<usize>, freedom: f64, smallest: f64) -> Mixture {
    let (d, n) = (points.dim, points.len());
    let mut k = division.iter().max().map_or(1, |m| m + 1);
    // Part of each point in each component, and how much a t distribution discounts it for being far out.
    let mut parts = vec![0.0; n * k];
    let mut discounts = vec![1.0; n * k];
    for (i, c) in division.into_iter().enumerate() {
        parts[i * k + c] = 1.0;
    }
    let mut mixture = Mixture {
        components: Vec::new(),
    };
    let mut before = f64::NEG_INFINITY;
    for _ in 0..STEPS {
        let estimated: Vec<Option<Component>> = (0..k)
            .into_par_iter()
            .map(|c| component(points, (&parts, &discounts), (c, k), freedom, smallest))
            .collect();
        mixture.components = estimated.into_iter().flatten().collect();
        k = mixture.components.len();
        let total: f64 = mixture.components.iter().map(|c| c.weight).sum();
        let shift = total.ln();
        parts.resize(n * k, 0.0);
        discounts.resize(n * k, 0.0);
        let scores: Vec<f64> = parts
            .par_chunks_exact_mut(k)
            .zip(discounts.par_chunks_exact_mut(k))
            .enumerate()
            .with_min_len(64)
            .map_init(
                || vec![0.0; d],
                |scratch, (i, (parts, discounts))| {
                    let each = mixture.components.iter().zip(parts.iter_mut());
                    for ((component, part), discount) in each.zip(discounts) {
                        let distance2 = component.distance2(points.point(i), scratch);
                        *part = component.log_weighted_density(distance2);
                        *discount = (freedom + d as f64) / (freedom + distance2);
                    }
                    let density = log_sum(parts);
                    parts.iter_mut().for_each(|p| *p = (*p - density).exp());
                    points.weights[i] * density
                },
            )
            .collect();
        let score = scores.iter().sum::<f64>() - shift;
        if (score - before).abs() < SETTLED {
            break;
        }
        before = score;
    }
    let total: f64 = mixture.components.iter().map(|c| c.weight).sum();
    mixture.components.iter_mut().for_each(|c| c.rescale(total));
    mixture
}

/// The M-step of component `c` of `k`; nothing if it is too small, unless it is the only one.
fn component(
    points: &Points,
    (parts, discounts): (&[f64], &[f64]),
    (c, k): (usize, usize),
    freedom: f64,
    smallest: f64,
) -> Option<Component> {
    let d = points.dim;
    let (mut weight, mut discounted) = (0.0, 0.0);
    let mut mean = vec![0.0; d];
    for (i, w) in points.weights.iter().enumerate() {
        let part = w * parts[i * k + c];
        let mass = part * discounts[i * k + c];
        weight += part;
        discounted += mass;
        let z = points.point(i);
        mean.iter_mut().zip(z).for_each(|(m, z)| *m += mass * z);
    }
    if weight < smallest && k > 1 || weight <= 0.0 {
        return None;
    }
    mean.iter_mut().for_each(|m| *m /= discounted);
    let (mut scale, mut delta) = (vec![0.0; d * d], vec![0.0; d]);
    for (i, w) in points.weights.iter().enumerate() {
        // Divided by the discounted weight: the faster form of Kent, Tyler & Vardi (1994).
        let mass = w * parts[i * k + c] * discounts[i * k + c] / discounted;
        if mass > 1e-12 {
            difference(points.point(i), &mean, &mut delta);
            add_outer(&mut scale, &delta, mass);
        }
    }
    Some(Component::new(weight, mean, &mirrored(scale, d), freedom))
}

fn difference(a: &[f64], b: &[f64], out: &mut [f64]) {
    out.iter_mut()
        .zip(a.iter().zip(b))
        .for_each(|(o, (a, b))| *o = a - b);
}

/// The whole matrix from its lower triangle.
fn mirrored(mut matrix: Vec<f64>, dim: usize) -> Vec<f64> {
    for i in 0..dim {
        for j in 0..i {
            matrix[j * dim + i] = matrix[i * dim + j];
        }
    }
    matrix
}
