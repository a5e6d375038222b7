//! A radial basis function in the metric of the gradients.

use super::{Force, Kernel, KernelSetup, add_scaled, dot};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;

/// The radial Gauss–Newton kernel exp(−(x − y)ᵀM(x − y)/(2d)), with M = (1/m) Σᵢ gᵢgᵢᵀ from the gradients gᵢ of the
/// objective at the m particles of d coordinates (Detommaso et al. 2018, §3.2, with the gradients' products for the
/// Hessian). M is anew at every step; no gradient goes through it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct RadialGaussNewtonKernel;

/// What the particles look like through the metric.
#[derive(Clone, Debug)]
pub struct MetricState {
    /// (1/d)·M·xᵢ by particle.
    bent: Cloud,
}

impl Kernel for RadialGaussNewtonKernel {
    type State = MetricState;

    fn state(&self, setup: &KernelSetup<'_>) -> Result<MetricState, Error> {
        Ok(MetricState {
            bent: Cloud::new(setup.particles, setup.dim()),
        })
    }
    fn update(&self, state: &mut MetricState, particles: &Cloud, gradients: &Cloud) {
        let (m, d) = (particles.len() as f64, particles.dim() as f64);
        // Through the gradients: M itself would take d² numbers.
        state.bent.set(|i, row| {
            row.fill(0.0);
            for l in 0..particles.len() {
                let g = gradients.row(l);
                // Relative to the first particle, so that far-off clouds lose no digits.
                let along = dot(g, particles.row(i)) - dot(g, particles.row(0));
                add_scaled(row, along / (m * d), g);
            }
        });
    }
    fn pair(
        &self,
        state: &MetricState,
        particles: &Cloud,
        (i, j): (usize, usize),
        v: &[f64],
        out: &mut Force<'_>,
    ) {
        let (weight, applied, divergence) = out.parts();
        let (x, y) = (particles.row(i), particles.row(j));
        let (bent_x, bent_y) = (state.bent.row(i), state.bent.row(j));
        let mut squares = 0.0;
        for c in 0..x.len() {
            squares += (x[c] - y[c]) * (bent_x[c] - bent_y[c]);
        }
        let k = weight * (-0.5 * squares).exp();
        add_scaled(applied, k, v);
        for c in 0..x.len() {
            divergence[c] -= k * (bent_x[c] - bent_y[c]);
        }
    }
}
