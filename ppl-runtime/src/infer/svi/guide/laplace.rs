//! Laplace's approximation.

use super::super::target::LogDensity;
use super::full_rank::PreparedFullRank;
use super::triangular::{cholesky, solve_transposed};
use super::{Block, Guide, HALF_LN_TAU, PointGuide};
use crate::random::Rng;
use rand::RngExt;
use rand_distr::StandardNormal;

/// Laplace's approximation: the maximum of the density on R^n is found as by a point, then the approximation is a
/// normal there whose precision is the Hessian of −ln p, from central differences of the gradient.
#[derive(Clone, Debug)]
pub struct LaplaceGuide {
    pub(super) point: PointGuide,
}

/// The point, and the normal around it once it is found. Its factor is that of the precision.
#[derive(Clone, Debug)]
pub struct PreparedLaplace {
    normal: PreparedFullRank,
    found: bool,
}

impl Guide for LaplaceGuide {
    type Prepared = PreparedLaplace;
    /// Room for one point.
    type Scratch = Vec<f64>;
    const POINT: bool = true;

    fn latents(&self) -> usize {
        self.point.dim
    }
    fn blocks(&self) -> Vec<Block> {
        self.point.blocks()
    }
    fn parameters(&self) -> usize {
        self.point.dim
    }
    fn start<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        theta: &mut [f64],
    ) -> Result<(), String> {
        self.point.start(target, rng, theta)
    }
    fn prepared(&self) -> PreparedLaplace {
        PreparedLaplace {
            normal: PreparedFullRank {
                loc: self.point.prepared(),
                factor: Vec::new(),
                log_normaliser: 0.0,
            },
            found: false,
        }
    }
    fn scratch(&self) -> Vec<f64> {
        vec![0.0; self.point.dim]
    }
    fn prepare(&self, theta: &[f64], q: &mut PreparedLaplace) {
        q.normal.loc.copy_from_slice(theta);
        q.found = false;
    }
    fn sample(&self, q: &PreparedLaplace, e: &mut Vec<f64>, rng: &mut Rng, u: &mut [f64]) {
        u.copy_from_slice(&q.normal.loc);
        if q.found {
            e.iter_mut().for_each(|e| *e = rng.sample(StandardNormal));
            // Precision LLᵀ: L⁻ᵀε has its inverse as covariance.
            solve_transposed(&q.normal.factor, self.point.dim, e);
            u.iter_mut().zip(e.iter()).for_each(|(u, e)| *u += e);
        }
    }
    fn pullback(
        &self,
        _: &PreparedLaplace,
        _: &mut Vec<f64>,
        weight: f64,
        cotangent: &[f64],
        gradient: &mut [f64],
    ) {
        self.point
            .pullback(&Vec::new(), &mut (), weight, cotangent, gradient);
    }
    fn log_density(&self, q: &PreparedLaplace, y: &mut Vec<f64>, u: &[f64]) -> f64 {
        if !q.found {
            return self.point.log_density(&q.normal.loc, &mut (), u);
        }
        let n = self.point.dim;
        for ((y, u), loc) in y.iter_mut().zip(u).zip(&q.normal.loc) {
            *y = u - loc;
        }
        let mut squares = 0.0;
        for j in 0..n {
            let along: f64 = (j..n).map(|i| q.normal.factor[i * n + j] * y[i]).sum();
            squares += along * along;
        }
        q.normal.log_normaliser - 0.5 * squares
    }
    fn add_latent_score(
        &self,
        _: &PreparedLaplace,
        _: &mut Vec<f64>,
        _: &[f64],
        _: f64,
        _: &mut [f64],
    ) {
    }
    fn add_parameter_score(
        &self,
        _: &PreparedLaplace,
        _: &mut Vec<f64>,
        _: &[f64],
        _: f64,
        _: &mut [f64],
    ) {
    }
    fn entropy(&self, _: &PreparedLaplace) -> Option<f64> {
        Some(0.0)
    }
    fn finish<T: LogDensity>(
        &self,
        target: &T,
        theta: &[f64],
        q: &mut PreparedLaplace,
    ) -> Result<(), String> {
        let n = self.point.dim;
        self.prepare(theta, q);
        q.normal.factor = precision(target, theta);
        cholesky(&mut q.normal.factor, n).ok_or(
            "the density has no maximum where the fit ended: its Hessian is not negative definite; give it more steps",
        )?;
        q.normal.log_normaliser = (0..n)
            .map(|i| q.normal.factor[i * n + i].ln() - HALF_LN_TAU)
            .sum();
        q.found = true;
        Ok(())
    }
}

/// −∂²ln p/∂u², symmetric, from central differences of the gradient.
fn precision<T: LogDensity>(target: &T, at: &[f64]) -> Vec<f64> {
    let n = at.len();
    let mut worker = target.worker();
    let (mut u, mut above, mut below) = (at.to_vec(), vec![0.0; n], vec![0.0; n]);
    let mut hessian = vec![0.0; n * n];
    for i in 0..n {
        // ε^(1/3) balances truncation and rounding.
        let step = 6e-6 * at[i].abs().max(1.0);
        u[i] = at[i] + step;
        target.log_density_and_gradient(&mut worker, &u, &mut above);
        u[i] = at[i] - step;
        target.log_density_and_gradient(&mut worker, &u, &mut below);
        u[i] = at[i];
        for j in 0..n {
            let second = (below[j] - above[j]) / (2.0 * step);
            hessian[i * n + j] += 0.5 * second;
            hessian[j * n + i] += 0.5 * second;
        }
    }
    hessian
}
