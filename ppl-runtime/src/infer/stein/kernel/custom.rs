//! Kernels of the user's own.

use super::{Force, Kernel, KernelSetup, add_scaled};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;

/// A kernel that is a number, a plain function of two points; wrapped in [`Custom`] it is a [`Kernel`].
///
/// ```
/// use ppl_runtime::infer::stein::{Custom, ScalarKernel};
///
/// /// (xᵀy + 1)²
/// struct Quadratic;
/// impl ScalarKernel for Quadratic {
///     fn add(&self, x: &[f64], y: &[f64], weight: f64, gradient: &mut [f64]) -> f64 {
///         let base = 1.0 + x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
///         gradient.iter_mut().zip(y).for_each(|(g, y)| *g += weight * 2.0 * base * y);
///         base * base
///     }
/// }
/// let kernel = Custom(Quadratic);
/// # let _ = kernel;
/// ```
pub trait ScalarKernel: Send + Sync {
    /// k(x, y); adds weight·∇ₓk(x, y) to `gradient`.
    fn add(&self, x: &[f64], y: &[f64], weight: f64, gradient: &mut [f64]) -> f64;
}

/// A [`ScalarKernel`] as a [`Kernel`].
#[derive(Copy, Clone, Debug, Default)]
pub struct Custom<K>(pub K);

impl<K: ScalarKernel> Kernel for Custom<K> {
    type State = ();

    fn state(&self, _: &KernelSetup<'_>) -> Result<(), Error> {
        Ok(())
    }
    fn update(&self, (): &mut (), _: &Cloud, _: &Cloud) {}
    fn pair(
        &self,
        (): &(),
        particles: &Cloud,
        (i, j): (usize, usize),
        v: &[f64],
        out: &mut Force<'_>,
    ) {
        let (weight, applied, divergence) = out.parts();
        let (x, y) = (particles.row(i), particles.row(j));
        let k = self.0.add(x, y, weight, divergence);
        add_scaled(applied, weight * k, v);
    }
}
