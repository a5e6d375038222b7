//! A multivariate normal whose covariance is a diagonal and a few directions.

use super::super::target::LogDensity;
use super::triangular::{cholesky, solve, solve_transposed};
use super::{Block, Guide, HALF_LN_TAU, Init};
use crate::random::Rng;
use rand::RngExt;
use rand_distr::StandardNormal;

/// A multivariate normal of low rank on R^n: θ = (μ, ln s, W by rows) with W of n × r, u = μ + s·(ε + W·η). The
/// covariance is S(I + WWᵀ)S; densities cost O(n·r) by Woodbury's identity.
#[derive(Clone, Debug)]
pub struct LowRankGuide {
    pub(super) dim: usize,
    pub(super) rank: usize,
    pub(super) blocks: Vec<Block>,
    pub(super) init: Init,
    pub(super) scale: f64,
}

/// Location, scales, factor and capacitance of a multivariate normal of low rank.
#[derive(Clone, Debug)]
pub struct PreparedLowRank {
    loc: Vec<f64>,
    scale: Vec<f64>,
    /// W, row-major.
    factor: Vec<f64>,
    /// The Cholesky factor of I + WᵀW.
    capacitance: Vec<f64>,
    /// W(I + WᵀW)⁻¹, row-major.
    solved: Vec<f64>,
    log_normaliser: f64,
}

/// The noise of the last draw, and two vectors.
#[derive(Clone, Debug)]
pub struct LowRankScratch {
    /// ε + W·η.
    spread: Vec<f64>,
    eta: Vec<f64>,
    /// a = (I + WWᵀ)⁻¹y, where y = (u − μ)/s.
    a: Vec<f64>,
    short: Vec<f64>,
}

impl LowRankGuide {
    /// a = y − W(I + WᵀW)⁻¹Wᵀy; gives yᵀa.
    fn whiten(&self, q: &PreparedLowRank, u: &[f64], s: &mut LowRankScratch) -> f64 {
        s.short.fill(0.0);
        for (i, u) in u.iter().enumerate().take(self.dim) {
            let y = (u - q.loc[i]) / q.scale[i];
            s.a[i] = y;
            for (t, w) in s.short.iter_mut().zip(q.row(self.rank, i)) {
                *t += w * y;
            }
        }
        let mut squares = 0.0;
        for i in 0..self.dim {
            let y = s.a[i];
            let solved = &q.solved[i * self.rank..(i + 1) * self.rank];
            s.a[i] -= solved.iter().zip(&s.short).map(|(w, t)| w * t).sum::<f64>();
            squares += y * s.a[i];
        }
        squares
    }
}

impl PreparedLowRank {
    fn row(&self, rank: usize, i: usize) -> &[f64] {
        &self.factor[i * rank..(i + 1) * rank]
    }
}

impl Guide for LowRankGuide {
    type Prepared = PreparedLowRank;
    type Scratch = LowRankScratch;

    fn latents(&self) -> usize {
        self.dim
    }
    fn blocks(&self) -> Vec<Block> {
        self.blocks.clone()
    }
    fn parameters(&self) -> usize {
        self.dim * (2 + self.rank)
    }
    fn start<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        theta: &mut [f64],
    ) -> Result<(), String> {
        let (loc, rest) = theta.split_at_mut(self.dim);
        let (log_scale, factor) = rest.split_at_mut(self.dim);
        self.init.point(target, rng, loc)?;
        log_scale.fill(self.scale.ln());
        // At W = 0 its gradient vanishes: a small random start leaves that saddle.
        for w in factor {
            *w = 0.1 * rng.sample::<f64, _>(StandardNormal);
        }
        Ok(())
    }
    fn prepared(&self) -> PreparedLowRank {
        let (n, r) = (self.dim, self.rank);
        PreparedLowRank {
            loc: vec![0.0; n],
            scale: vec![1.0; n],
            factor: vec![0.0; n * r],
            capacitance: vec![0.0; r * r],
            solved: vec![0.0; n * r],
            log_normaliser: 0.0,
        }
    }
    fn scratch(&self) -> LowRankScratch {
        LowRankScratch {
            spread: vec![0.0; self.dim],
            eta: vec![0.0; self.rank],
            a: vec![0.0; self.dim],
            short: vec![0.0; self.rank],
        }
    }
    fn prepare(&self, theta: &[f64], q: &mut PreparedLowRank) {
        let (n, r) = (self.dim, self.rank);
        let (loc, rest) = theta.split_at(n);
        let (log_scale, factor) = rest.split_at(n);
        q.loc.copy_from_slice(loc);
        q.factor.copy_from_slice(factor);
        q.solved.copy_from_slice(factor);
        q.log_normaliser = 0.0;
        for (scale, log) in q.scale.iter_mut().zip(log_scale) {
            *scale = log.exp();
            q.log_normaliser -= log + HALF_LN_TAU;
        }
        q.capacitance.fill(0.0);
        for row in factor.chunks_exact(r.max(1)) {
            for j in 0..r {
                for k in 0..=j {
                    q.capacitance[j * r + k] += row[j] * row[k];
                }
            }
        }
        for j in 0..r {
            q.capacitance[j * r + j] += 1.0;
        }
        if cholesky(&mut q.capacitance, r).is_none() {
            // Only W with infinite or undefined elements comes here: no density then.
            q.log_normaliser = f64::NAN;
            return;
        }
        for j in 0..r {
            q.log_normaliser -= q.capacitance[j * r + j].ln();
        }
        for row in q.solved.chunks_exact_mut(r.max(1)) {
            solve(&q.capacitance, r, row);
            solve_transposed(&q.capacitance, r, row);
        }
    }
    fn sample(&self, q: &PreparedLowRank, s: &mut LowRankScratch, rng: &mut Rng, u: &mut [f64]) {
        s.eta
            .iter_mut()
            .for_each(|e| *e = rng.sample(StandardNormal));
        for (i, u) in u.iter_mut().enumerate().take(self.dim) {
            let along: f64 = q
                .row(self.rank, i)
                .iter()
                .zip(&s.eta)
                .map(|(w, e)| w * e)
                .sum();
            s.spread[i] = rng.sample::<f64, _>(StandardNormal) + along;
            *u = q.loc[i] + q.scale[i] * s.spread[i];
        }
    }
    fn pullback(
        &self,
        q: &PreparedLowRank,
        s: &mut LowRankScratch,
        weight: f64,
        cotangent: &[f64],
        gradient: &mut [f64],
    ) {
        let (loc, rest) = gradient.split_at_mut(self.dim);
        let (log_scale, factor) = rest.split_at_mut(self.dim);
        for i in 0..self.dim {
            let g = weight * cotangent[i];
            loc[i] += g;
            log_scale[i] += g * q.scale[i] * s.spread[i];
            for (w, eta) in factor[i * self.rank..].iter_mut().zip(&s.eta) {
                *w += g * q.scale[i] * eta;
            }
        }
    }
    fn log_density(&self, q: &PreparedLowRank, s: &mut LowRankScratch, u: &[f64]) -> f64 {
        q.log_normaliser - 0.5 * self.whiten(q, u, s)
    }
    fn add_latent_score(
        &self,
        q: &PreparedLowRank,
        s: &mut LowRankScratch,
        u: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
        self.whiten(q, u, s);
        for ((g, a), scale) in gradient.iter_mut().zip(&s.a).zip(&q.scale) {
            *g -= weight * a / scale;
        }
    }
    fn add_parameter_score(
        &self,
        q: &PreparedLowRank,
        s: &mut LowRankScratch,
        u: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
        self.whiten(q, u, s);
        let (loc, rest) = gradient.split_at_mut(self.dim);
        let (log_scale, factor) = rest.split_at_mut(self.dim);
        // ∂/∂W = −W(I + WᵀW)⁻¹ + a·(Wᵀa)ᵀ
        s.short.fill(0.0);
        for i in 0..self.dim {
            for (t, w) in s.short.iter_mut().zip(q.row(self.rank, i)) {
                *t += w * s.a[i];
            }
        }
        for i in 0..self.dim {
            let y = (u[i] - q.loc[i]) / q.scale[i];
            loc[i] += weight * s.a[i] / q.scale[i];
            log_scale[i] += weight * (s.a[i] * y - 1.0);
            let at = i * self.rank;
            for ((w, t), solved) in factor[at..].iter_mut().zip(&s.short).zip(&q.solved[at..]) {
                *w += weight * (s.a[i] * t - solved);
            }
        }
    }
    fn entropy(&self, q: &PreparedLowRank) -> Option<f64> {
        Some(0.5 * self.dim as f64 - q.log_normaliser)
    }
    fn add_entropy_gradient(&self, q: &PreparedLowRank, weight: f64, gradient: &mut [f64]) {
        let (log_scale, factor) = gradient[self.dim..].split_at_mut(self.dim);
        log_scale.iter_mut().for_each(|g| *g += weight);
        for (g, solved) in factor.iter_mut().zip(&q.solved) {
            *g += weight * solved;
        }
    }
}
