//! Kernels between particles.

mod any;
mod bandwidth;
mod custom;
mod features;
mod gauss_newton;
mod graphical;
mod imq;
mod linear;
mod mixture;
mod product;
mod radial;
mod rbf;

#[cfg(test)]
mod tests;

pub use any::AnyKernel;
pub use bandwidth::Bandwidth;
pub use custom::{Custom, ScalarKernel};
pub use features::RandomFeatureKernel;
pub use gauss_newton::RadialGaussNewtonKernel;
pub use graphical::GraphicalKernel;
pub use imq::ImqKernel;
pub use linear::LinearKernel;
pub use mixture::MixtureKernel;
pub use product::ProbabilityProductKernel;
pub use rbf::RbfKernel;

use super::cloud::Cloud;
use crate::error::Error;
use crate::infer::svi::guide::Block;

/// How a kernel multiplies a vector v: k·v with a number, k ⊙ v with a vector, K·v with a matrix.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum KernelMode {
    /// One number, of the distance of two particles.
    #[default]
    Norm,
    /// A number for each coordinate, of the distance along it.
    Vector,
    /// A diagonal matrix.
    Matrix(MatrixMode),
}

/// The diagonal of a matrix-valued kernel. Its products are those of the number or vector that fills it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum MatrixMode {
    /// The same number everywhere: k·I.
    NormDiag,
    /// A number for each coordinate: diag(k).
    VectorDiag,
}

impl KernelMode {
    pub(super) fn by_coordinate(self) -> bool {
        matches!(
            self,
            KernelMode::Vector | KernelMode::Matrix(MatrixMode::VectorDiag)
        )
    }
}

/// What a kernel is told before the first step.
#[derive(Copy, Clone, Debug)]
pub struct KernelSetup<'s> {
    /// Number of particles.
    pub particles: usize,
    /// The parameters in the mixture by name, in order and without gaps.
    pub blocks: &'s [Block],
    /// The key of all randomness.
    pub seed: u64,
}

impl KernelSetup<'_> {
    /// Number of coordinates of a particle.
    pub fn dim(&self) -> usize {
        self.blocks.last().map_or(0, |b| b.range.end)
    }
}

/// The two sums that make up the force on a particle.
#[derive(Debug)]
pub struct Force<'f> {
    /// What is added to either is multiplied by this.
    pub weight: f64,
    /// Σ K·g, towards greater density.
    pub attraction: &'f mut [f64],
    /// Σ ∇·K, away from other particles.
    pub repulsion: &'f mut [f64],
}

impl Force<'_> {
    /// Weight, attraction and repulsion.
    #[inline]
    pub fn parts(&mut self) -> (f64, &mut [f64], &mut [f64]) {
        (self.weight, self.attraction, self.repulsion)
    }
    /// The same sums with the weight multiplied.
    #[inline]
    pub fn scaled(&mut self, by: f64) -> Force<'_> {
        let (weight, attraction, repulsion) = self.parts();
        Force {
            weight: weight * by,
            attraction,
            repulsion,
        }
    }
    /// Some coordinates of the sums.
    #[inline]
    fn part(&mut self, range: std::ops::Range<usize>) -> Force<'_> {
        let (weight, attraction, repulsion) = self.parts();
        Force {
            weight,
            attraction: &mut attraction[range.clone()],
            repulsion: &mut repulsion[range],
        }
    }
}

/// A positive definite kernel between particles, in general with values that are matrices.
///
/// An engine calls [`update`](Self::update) once a step and then [`force`](Self::force) for each particle, from many
/// threads. A kernel of the user's own that is a plain function of two points is easier written as a
/// [`ScalarKernel`].
pub trait Kernel: Send + Sync {
    /// What it works out of all particles once a step, and its buffers.
    type State: Send + Sync;

    /// Room for a state.
    ///
    /// # Errors
    /// Where a setting can't work for these particles.
    fn state(&self, setup: &KernelSetup<'_>) -> Result<Self::State, Error>;

    /// Looks at all particles, and the gradients of the objective by each.
    fn update(&self, state: &mut Self::State, particles: &Cloud, gradients: &Cloud);

    /// For x = particle `i` and y = particle `j`: adds K(x, y)·v to the attraction and ∇ₓ·K(x, y) to the
    /// repulsion, both times the weight.
    fn pair(
        &self,
        state: &Self::State,
        particles: &Cloud,
        pair: (usize, usize),
        v: &[f64],
        out: &mut Force<'_>,
    );

    /// For y = particle `j`: adds Σᵢ K(xᵢ, y)·gᵢ to the attraction and Σᵢ ∇ₓᵢ·K(xᵢ, y) to the repulsion, both
    /// times the weight.
    fn force(
        &self,
        state: &Self::State,
        particles: &Cloud,
        gradients: &Cloud,
        j: usize,
        out: &mut Force<'_>,
    ) {
        for i in 0..particles.len() {
            let v = gradients.row(i);
            self.pair(state, particles, (i, j), v, out);
        }
    }
}

/// Adds a·x to y.
#[inline]
fn add_scaled(y: &mut [f64], a: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}

/// Σ a·b, in four sums so that it runs in SIMD lanes; always in the same order.
#[inline]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a4, b4) = (a.chunks_exact(4), b.chunks_exact(4));
    let mut rest = 0.0;
    for (x, y) in a4.remainder().iter().zip(b4.remainder()) {
        rest += x * y;
    }
    let mut sums = [0.0; 4];
    for (x, y) in a4.zip(b4) {
        for l in 0..4 {
            sums[l] += x[l] * y[l];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

fn setting(argument: &'static str, problem: String) -> Error {
    Error::Setting { argument, problem }
}
