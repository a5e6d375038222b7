//! The linear kernel.

use super::{Force, Kernel, KernelSetup, add_scaled, dot};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;

/// The linear kernel xᵀy + 1. With more particles than dimensions its fixed point has the mean and covariance of a
/// normal target exactly (Liu & Wang 2018, theorem 3.3).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct LinearKernel;

impl Kernel for LinearKernel {
    type State = ();

    fn state(&self, _: &KernelSetup<'_>) -> Result<(), Error> {
        Ok(())
    }
    fn update(&self, (): &mut (), _: &Cloud, _: &Cloud) {}
    #[inline]
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
        add_scaled(applied, weight * (dot(x, y) + 1.0), v);
        add_scaled(divergence, weight, y);
    }
}
