//! Independent normals.

use super::super::target::LogDensity;
use super::{Block, Guide, HALF_LN_TAU, Init, Role};
use crate::random::Rng;
use rand::RngExt;
use rand_distr::StandardNormal;

/// Independent normals on R^n: θ = (μ, ln σ), u = μ + σ·ε.
#[derive(Clone, Debug)]
pub struct NormalGuide {
    pub(super) dim: usize,
    pub(super) blocks: Vec<Block>,
    pub(super) init: Init,
    pub(super) scale: f64,
}

impl NormalGuide {
    /// Over `dim` coordinates, with parameters `auto_loc` and `auto_scale`, which starts at `scale`.
    pub fn over(dim: usize, init: Init, scale: f64) -> Self {
        NormalGuide {
            dim,
            blocks: vec![
                Block::real("auto_loc", 0..dim, Role::Location),
                Block::positive("auto_scale", dim..2 * dim, Role::Scale),
            ],
            init,
            scale,
        }
    }
}

/// Location, scale, 1/scale and the normaliser of independent normals.
#[derive(Clone, Debug)]
pub struct PreparedNormal {
    loc: Vec<f64>,
    scale: Vec<f64>,
    inverse: Vec<f64>,
    log_normaliser: f64,
}

impl Guide for NormalGuide {
    type Prepared = PreparedNormal;
    /// The noise of the last draw.
    type Scratch = Vec<f64>;

    fn latents(&self) -> usize {
        self.dim
    }
    fn blocks(&self) -> Vec<Block> {
        self.blocks.clone()
    }
    fn parameters(&self) -> usize {
        2 * self.dim
    }
    fn start<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        theta: &mut [f64],
    ) -> Result<(), String> {
        let (loc, log_scale) = theta.split_at_mut(self.dim);
        log_scale.fill(self.scale.ln());
        self.init.point(target, rng, loc)
    }
    fn prepared(&self) -> PreparedNormal {
        PreparedNormal {
            loc: vec![0.0; self.dim],
            scale: vec![1.0; self.dim],
            inverse: vec![1.0; self.dim],
            log_normaliser: 0.0,
        }
    }
    fn scratch(&self) -> Vec<f64> {
        vec![0.0; self.dim]
    }
    fn prepare(&self, theta: &[f64], q: &mut PreparedNormal) {
        let (loc, log_scale) = theta.split_at(self.dim);
        q.loc.copy_from_slice(loc);
        q.log_normaliser = 0.0;
        for ((scale, inverse), log) in q.scale.iter_mut().zip(&mut q.inverse).zip(log_scale) {
            *scale = log.exp();
            *inverse = 1.0 / *scale;
            q.log_normaliser -= log + HALF_LN_TAU;
        }
    }
    #[inline]
    fn sample(&self, q: &PreparedNormal, noise: &mut Vec<f64>, rng: &mut Rng, u: &mut [f64]) {
        for (((u, e), loc), scale) in u.iter_mut().zip(noise.iter_mut()).zip(&q.loc).zip(&q.scale) {
            *e = rng.sample(StandardNormal);
            *u = loc + scale * *e;
        }
    }
    #[inline]
    fn pullback(
        &self,
        q: &PreparedNormal,
        noise: &mut Vec<f64>,
        weight: f64,
        cotangent: &[f64],
        gradient: &mut [f64],
    ) {
        let (loc, log_scale) = gradient.split_at_mut(self.dim);
        for i in 0..self.dim {
            let g = weight * cotangent[i];
            loc[i] += g;
            log_scale[i] += g * noise[i] * q.scale[i];
        }
    }
    #[inline]
    fn log_density(&self, q: &PreparedNormal, _: &mut Vec<f64>, u: &[f64]) -> f64 {
        // Eight sums, so that they run in SIMD lanes; always in the same order.
        let (u8, loc8, inverse8) = (
            u.chunks_exact(8),
            q.loc.chunks_exact(8),
            q.inverse.chunks_exact(8),
        );
        let (rest, rest_loc) = (u8.remainder(), loc8.remainder());
        let mut squares = 0.0;
        for ((u, loc), inverse) in rest.iter().zip(rest_loc).zip(inverse8.remainder()) {
            let y = (u - loc) * inverse;
            squares += y * y;
        }
        let mut sums = [0.0; 8];
        for ((u, loc), inverse) in u8.zip(loc8).zip(inverse8) {
            for l in 0..8 {
                let y = (u[l] - loc[l]) * inverse[l];
                sums[l] += y * y;
            }
        }
        let [a, b, c, d, e, f, g, h] = sums;
        squares += ((a + e) + (b + f)) + ((c + g) + (d + h));
        q.log_normaliser - 0.5 * squares
    }
    #[inline]
    fn add_latent_score(
        &self,
        q: &PreparedNormal,
        _: &mut Vec<f64>,
        u: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
        for (((g, u), loc), inverse) in gradient.iter_mut().zip(u).zip(&q.loc).zip(&q.inverse) {
            *g -= weight * (u - loc) * inverse * inverse;
        }
    }
    fn add_parameter_score(
        &self,
        q: &PreparedNormal,
        _: &mut Vec<f64>,
        u: &[f64],
        weight: f64,
        gradient: &mut [f64],
    ) {
        let (loc, log_scale) = gradient.split_at_mut(self.dim);
        for i in 0..self.dim {
            let y = (u[i] - q.loc[i]) * q.inverse[i];
            loc[i] += weight * y * q.inverse[i];
            log_scale[i] += weight * (y * y - 1.0);
        }
    }
    fn entropy(&self, q: &PreparedNormal) -> Option<f64> {
        Some(0.5 * self.dim as f64 - q.log_normaliser)
    }
    fn add_entropy_gradient(&self, _: &PreparedNormal, weight: f64, gradient: &mut [f64]) {
        for g in &mut gradient[self.dim..] {
            *g += weight;
        }
    }
}
