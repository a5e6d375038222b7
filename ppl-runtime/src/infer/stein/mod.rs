//! Stein variational inference: particles that climb the density together and keep apart through a kernel.
//!
//! [`SteinVi`] (Rønning et al. 2024) moves the parameters of the components of a mixture of guides; [`Svgd`] (Liu &
//! Wang 2016) moves points; [`Asvgd`] (D'Angelo & Fortuin 2021) anneals that. For particles θ_1..θ_m, objectives L_i
//! and a kernel k, the force on θ_j is
//!
//! - attraction: Σ_i k(θ_i, θ_j)·∇L_i, or their mean (see [`Attraction`]), and
//! - repulsion: repulsion temperature · (1/m) Σ_i ∇_{θ_i} k(θ_i, θ_j).
//!
//! Particles are shared among threads; the same seed gives the same bits with any number of them.

mod annealing;
mod cloud;
mod engine;
mod fit;
mod kernel;
mod predictive;
mod settings;
mod sharing;
mod split;
mod stein_vi;
mod svgd;

#[cfg(test)]
mod tests;

pub use annealing::Annealing;
pub use cloud::Cloud;
pub use fit::SteinFit;
pub use kernel::{
    AnyKernel, Bandwidth, Custom, Force, GraphicalKernel, ImqKernel, Kernel, KernelMode,
    KernelSetup, LinearKernel, MatrixMode, MixtureKernel, ProbabilityProductKernel,
    RadialGaussNewtonKernel, RandomFeatureKernel, RbfKernel, ScalarKernel,
};
pub use predictive::{MixtureGuidePredictive, MixtureSample};
pub use settings::Attraction;
pub use stein_vi::SteinVi;
pub use svgd::{Asvgd, Svgd};
