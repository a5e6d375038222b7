//! A point.

use super::super::target::LogDensity;
use super::{Block, Guide, Init, Role};
use crate::random::Rng;

/// All mass at one point of R^n: θ = u. It finds the maximum of the density on R^n, and its particles are those of
/// Stein variational gradient descent.
#[derive(Clone, Debug)]
pub struct PointGuide {
    pub(super) dim: usize,
    pub(super) blocks: Vec<Block>,
    pub(super) init: Init,
}

impl PointGuide {
    /// Over `dim` coordinates, with parameter `auto_loc`.
    pub fn over(dim: usize, init: Init) -> Self {
        PointGuide {
            dim,
            blocks: vec![Block::real("auto_loc", 0..dim, Role::Location)],
            init,
        }
    }
}

impl Guide for PointGuide {
    /// The point.
    type Prepared = Vec<f64>;
    type Scratch = ();
    const POINT: bool = true;

    fn latents(&self) -> usize {
        self.dim
    }
    fn blocks(&self) -> Vec<Block> {
        self.blocks.clone()
    }
    fn parameters(&self) -> usize {
        self.dim
    }
    fn start<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        theta: &mut [f64],
    ) -> Result<(), String> {
        self.init.point(target, rng, theta)
    }
    fn prepared(&self) -> Vec<f64> {
        vec![0.0; self.dim]
    }
    fn scratch(&self) {}
    fn prepare(&self, theta: &[f64], q: &mut Vec<f64>) {
        q.copy_from_slice(theta);
    }
    fn sample(&self, q: &Vec<f64>, (): &mut (), _: &mut Rng, u: &mut [f64]) {
        u.copy_from_slice(q);
    }
    fn pullback(
        &self,
        _: &Vec<f64>,
        (): &mut (),
        weight: f64,
        cotangent: &[f64],
        gradient: &mut [f64],
    ) {
        for (g, c) in gradient.iter_mut().zip(cotangent) {
            *g += weight * c;
        }
    }
    /// 0 at the point and −∞ elsewhere: the density with respect to the point itself.
    fn log_density(&self, q: &Vec<f64>, (): &mut (), u: &[f64]) -> f64 {
        if q == u { 0.0 } else { f64::NEG_INFINITY }
    }
    fn add_latent_score(&self, _: &Vec<f64>, (): &mut (), _: &[f64], _: f64, _: &mut [f64]) {}
    fn add_parameter_score(&self, _: &Vec<f64>, (): &mut (), _: &[f64], _: f64, _: &mut [f64]) {}
    fn entropy(&self, _: &Vec<f64>) -> Option<f64> {
        Some(0.0)
    }
}
