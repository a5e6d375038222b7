//! The inverse multiquadric.

use super::radial::{coordinate_force, coordinate_pair, radial_force, radial_pair};
use super::{Force, Kernel, KernelMode, KernelSetup, setting};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;

/// The inverse multiquadric (c² + ‖x − y‖²)^β with β < 0 (Gorham & Mackey 2017); its heavy tails see far particles.
#[derive(Copy, Clone, Debug)]
pub struct ImqKernel {
    mode: KernelMode,
    constant: f64,
    exponent: f64,
}

impl Default for ImqKernel {
    /// c = 1, β = −½.
    fn default() -> Self {
        ImqKernel {
            mode: KernelMode::Norm,
            constant: 1.0,
            exponent: -0.5,
        }
    }
}

impl ImqKernel {
    /// With c = 1 and β = −½.
    pub fn new() -> Self {
        Self::default()
    }
    /// How it multiplies a vector.
    pub fn mode(mut self, mode: KernelMode) -> Self {
        self.mode = mode;
        self
    }
    /// The constant c.
    pub fn constant(mut self, constant: f64) -> Self {
        self.constant = constant;
        self
    }
    /// The exponent β, below 0.
    pub fn exponent(mut self, exponent: f64) -> Self {
        self.exponent = exponent;
        self
    }
    #[inline]
    fn profile(&self, squares: f64) -> (f64, f64) {
        let base = self.constant * self.constant + squares;
        let value = if self.exponent == -0.5 {
            1.0 / base.sqrt()
        } else {
            base.powf(self.exponent)
        };
        (value, 2.0 * self.exponent * value / base)
    }
}

impl Kernel for ImqKernel {
    type State = ();

    fn state(&self, _: &KernelSetup<'_>) -> Result<(), Error> {
        if !(self.constant != 0.0 && self.constant.is_finite()) {
            let problem = format!("is {}, but it must be finite and not 0", self.constant);
            return Err(setting("constant", problem));
        }
        if !(self.exponent < 0.0 && self.exponent.is_finite()) {
            let problem = format!("is {}, but it must be negative", self.exponent);
            return Err(setting("exponent", problem));
        }
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
        let points = (particles.row(i), particles.row(j));
        if self.mode.by_coordinate() {
            coordinate_pair(points, weight, v, applied, divergence, |_, s| {
                self.profile(s)
            });
        } else {
            radial_pair(points, weight, v, applied, divergence, |s| self.profile(s));
        }
    }
    fn force(&self, (): &(), particles: &Cloud, gradients: &Cloud, j: usize, out: &mut Force<'_>) {
        let (weight, attraction, repulsion) = out.parts();
        let clouds = (particles, gradients);
        if self.mode.by_coordinate() {
            coordinate_force(clouds, j, weight, attraction, repulsion, |_, s| {
                self.profile(s)
            });
        } else {
            let of = |value: &mut [f64], slope: &mut [f64]| {
                for (value, slope) in value.iter_mut().zip(slope) {
                    (*value, *slope) = self.profile(*value);
                }
            };
            radial_force(clouds, j, weight, attraction, repulsion, of);
        }
    }
}
