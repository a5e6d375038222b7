//! Sums of kernels.

use super::{Force, Kernel, KernelSetup, setting};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;

/// A weighted sum Σ w_i·k_i of kernels; different ones go in as [`AnyKernel`](super::AnyKernel).
///
/// ```
/// use ppl_runtime::infer::stein::{AnyKernel, ImqKernel, MixtureKernel, RbfKernel};
/// let kernel: MixtureKernel<AnyKernel> =
///     MixtureKernel::new().with(0.3, RbfKernel::default()).with(0.7, ImqKernel::default());
/// # let _ = kernel;
/// ```
#[derive(Clone, Debug)]
pub struct MixtureKernel<K> {
    parts: Vec<(f64, K)>,
}

impl<K> Default for MixtureKernel<K> {
    fn default() -> Self {
        MixtureKernel { parts: Vec::new() }
    }
}

impl<K: Kernel> MixtureKernel<K> {
    /// Of no kernel yet.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds a kernel with its weight.
    pub fn with(mut self, weight: f64, kernel: impl Into<K>) -> Self {
        self.parts.push((weight, kernel.into()));
        self
    }
}

impl<K: Kernel> Kernel for MixtureKernel<K> {
    type State = Vec<K::State>;

    fn state(&self, setup: &KernelSetup<'_>) -> Result<Vec<K::State>, Error> {
        if self.parts.is_empty() {
            return Err(setting("kernel", "is a mixture of none".to_string()));
        }
        if let Some((w, _)) = self
            .parts
            .iter()
            .find(|(w, _)| !(*w > 0.0 && w.is_finite()))
        {
            let problem = format!("has weight {w}, but weights must be positive and finite");
            return Err(setting("kernel", problem));
        }
        self.parts.iter().map(|(_, k)| k.state(setup)).collect()
    }
    fn update(&self, states: &mut Vec<K::State>, particles: &Cloud, gradients: &Cloud) {
        for ((_, kernel), state) in self.parts.iter().zip(states) {
            kernel.update(state, particles, gradients);
        }
    }
    fn pair(
        &self,
        states: &Vec<K::State>,
        particles: &Cloud,
        pair: (usize, usize),
        v: &[f64],
        out: &mut Force<'_>,
    ) {
        for ((w, kernel), state) in self.parts.iter().zip(states) {
            kernel.pair(state, particles, pair, v, &mut out.scaled(*w));
        }
    }
    fn force(
        &self,
        states: &Vec<K::State>,
        particles: &Cloud,
        gradients: &Cloud,
        j: usize,
        out: &mut Force<'_>,
    ) {
        for ((w, kernel), state) in self.parts.iter().zip(states) {
            kernel.force(state, particles, gradients, j, &mut out.scaled(*w));
        }
    }
}
