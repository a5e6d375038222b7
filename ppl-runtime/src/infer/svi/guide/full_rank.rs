//! A multivariate normal with any covariance.

use super::super::target::LogDensity;
use super::triangular::{packed, solve, solve_transposed};
use super::{Block, Guide, HALF_LN_TAU, Init};
use crate::random::Rng;
use rand::RngExt;
use rand_distr::StandardNormal;

/// A multivariate normal on R^n: θ = (μ, ln diag L, the rest of L by rows), u = μ + L·ε.
#[derive(Clone, Debug)]
pub struct FullRankGuide {
    pub(super) dim: usize,
    pub(super) blocks: Vec<Block>,
    pub(super) init: Init,
    pub(super) scale: f64,
}

/// Location, factor and normaliser of a multivariate normal.
#[derive(Clone, Debug)]
pub struct PreparedFullRank {
    pub(super) loc: Vec<f64>,
    /// L, row-major.
    pub(super) factor: Vec<f64>,
    pub(super) log_normaliser: f64,
}

/// The noise of the last draw, and two vectors.
#[derive(Clone, Debug)]
pub struct FullRankScratch {
    noise: Vec<f64>,
    y: Vec<f64>,
    z: Vec<f64>,
}

impl FullRankGuide {
    /// y = L⁻¹(u − μ).
    fn whiten(&self, q: &PreparedFullRank, u: &[f64], y: &mut [f64]) {
        for ((y, u), loc) in y.iter_mut().zip(u).zip(&q.loc) {
            *y = u - loc;
        }
        solve(&q.factor, self.dim, y);
    }

    /// Adds the chain rule through L, whose derivative is left·rightᵀ, and −`trace` for each ln diag L.
    fn add_factor(
        &self,
        q: &PreparedFullRank,
        left: &[f64],
        right: &[f64],
        trace: f64,
        gradient: &mut [f64],
    ) {
        let n = self.dim;
        let (diagonal, lower) = gradient[n..].split_at_mut(n);
        for i in 0..n {
            diagonal[i] += left[i] * right[i] * q.factor[i * n + i] - trace;
            for (g, r) in lower[packed(i)..].iter_mut().zip(&right[..i]) {
                *g += left[i] * r;
            }
        }
    }
}

impl Guide for FullRankGuide {
    type Prepared = PreparedFullRank;
    type Scratch = FullRankScratch;

    fn latents(&self) -> usize {
        self.dim
    }
    fn blocks(&self) -> Vec<Block> {
        self.blocks.clone()
    }
    fn parameters(&self) -> usize {
        2 * self.dim + packed(self.dim)
    }
    fn start<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        theta: &mut [f64],
    ) -> Result<(), String> {
        let (loc, rest) = theta.split_at_mut(self.dim);
        let (diagonal, lower) = rest.split_at_mut(self.dim);
        diagonal.fill(self.scale.ln());
        lower.fill(0.0);
        self.init.point(target, rng, loc)
    }
    fn prepared(&self) -> PreparedFullRank {
        PreparedFullRank {
            loc: vec![0.0; self.dim],
            factor: vec![0.0; self.dim * self.dim],
            log_normaliser: 0.0,
        }
    }
    fn scratch(&self) -> FullRankScratch {
        let zeros = vec![0.0; self.dim];
        FullRankScratch {
            noise: zeros.clone(),
            y: zeros.clone(),
            z: zeros,
        }
    }
    fn prepare(&self, theta: &[f64], q: &mut PreparedFullRank) {
        let n = self.dim;
        let (loc, rest) = theta.split_at(n);
        let (diagonal, lower) = rest.split_at(n);
        q.loc.copy_from_slice(loc);
        q.log_normaliser = 0.0;
        for i in 0..n {
            let row = &mut q.factor[i * n..i * n + i + 1];
            row[..i].copy_from_slice(&lower[packed(i)..packed(i) + i]);
            row[i] = diagonal[i].exp();
            q.log_normaliser -= diagonal[i] + HALF_LN_TAU;
        }
    }
    fn sample(&self, q: &PreparedFullRank, s: &mut FullRankScratch, rng: &mut Rng, u: &mut [f64]) {
        let n = self.dim;
        s.noise
            .iter_mut()
            .for_each(|e| *e = rng.sample(StandardNormal));
        for (i, u) in u.iter_mut().enumerate().take(n) {
            let row = &q.factor[i * n..=i * n + i];
            *u = q.loc[i] + row.iter().zip(&s.noise).map(|(l, e)| l * e).sum::<f64>();
        }
    }
    fn pullback(
        &self,
        q: &PreparedFullRank,
        s: &mut FullRankScratch,
        weight: f64,
        cotangent: &[f64],
        gradient: &mut [f64],
    ) {
        for ((z, c), g) in s.z.iter_mut().zip(cotangent).zip(gradient.iter_mut()) {
            *z = weight * c;
            *g += *z;
        }
        self.add_factor(q, &s.z, &s.noise, 0.0, gradient);
    }
    fn log_density(&self, q: &PreparedFullRank, s: &mut FullRankScratch, u: &[f64]) -> f64 {
        self.whiten(q, u, &mut s.y);
        q.log_normaliser - 0.5 * s.y.iter().map(|y| y * y).sum::<f64>()
    }
    fn add_latent_score(
        &self,
        q: &PreparedFullRank,
        s: &mut FullRankScratch,
        u: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
        self.whiten(q, u, &mut s.y);
        solve_transposed(&q.factor, self.dim, &mut s.y);
        for (g, z) in gradient.iter_mut().zip(&s.y) {
            *g -= weight * z;
        }
    }
    fn add_parameter_score(
        &self,
        q: &PreparedFullRank,
        s: &mut FullRankScratch,
        u: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
        self.whiten(q, u, &mut s.y);
        s.z.copy_from_slice(&s.y);
        solve_transposed(&q.factor, self.dim, &mut s.z);
        for (z, g) in s.z.iter_mut().zip(gradient.iter_mut()) {
            *z *= weight;
            *g += *z;
        }
        self.add_factor(q, &s.z, &s.y, weight, gradient);
    }
    fn entropy(&self, q: &PreparedFullRank) -> Option<f64> {
        Some(0.5 * self.dim as f64 - q.log_normaliser)
    }
    fn add_entropy_gradient(&self, _: &PreparedFullRank, weight: f64, gradient: &mut [f64]) {
        for g in &mut gradient[self.dim..2 * self.dim] {
            *g += weight;
        }
    }
}
