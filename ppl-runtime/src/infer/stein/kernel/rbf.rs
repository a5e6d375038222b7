//! The radial basis function.

use super::bandwidth::Bandwidth;
use super::radial::{coordinate_force, coordinate_pair, radial_force, radial_pair};
use super::{Force, Kernel, KernelMode, KernelSetup};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;
use crate::real::kernels;

/// The radial basis function exp(−‖x − y‖²/h) (Liu & Wang 2016, §5); by coordinate, exp(−(x_c − y_c)²/h_c) with a
/// bandwidth from the distances along each.
///
/// h = med²/ln m with the median distance med of two different particles among m, at least 10⁻⁵. One particle has
/// k = 1.
///
/// ```
/// use ppl_runtime::infer::stein::{KernelMode, RbfKernel};
/// let kernel = RbfKernel::default().mode(KernelMode::Vector).bandwidth_factor(|m| 0.5 / (m as f64).ln());
/// # let _ = kernel;
/// ```
#[derive(Copy, Clone, Debug, Default)]
pub struct RbfKernel {
    mode: KernelMode,
    bandwidth: Bandwidth,
}

/// The bandwidths of a step.
#[derive(Clone, Debug)]
pub struct RbfState {
    /// −1/h, once or for each coordinate.
    rate: Vec<f64>,
    squares: Vec<f64>,
}

impl RbfKernel {
    /// With a number as value and the bandwidth from the median.
    pub fn new() -> Self {
        Self::default()
    }
    /// How it multiplies a vector.
    pub fn mode(mut self, mode: KernelMode) -> Self {
        self.mode = mode;
        self
    }
    /// h = factor(m)·med² for m particles; 1/ln m by default.
    pub fn bandwidth_factor(mut self, factor: fn(usize) -> f64) -> Self {
        self.bandwidth = Bandwidth::Median { factor };
        self
    }
    /// A fixed bandwidth h.
    pub fn bandwidth(mut self, h: f64) -> Self {
        self.bandwidth = Bandwidth::Fixed(h);
        self
    }
}

/// k and 2k′ of exp(rate·r²).
#[inline]
fn profile(rate: f64, squares: f64) -> (f64, f64) {
    let value = (rate * squares).exp();
    (value, 2.0 * rate * value)
}

impl Kernel for RbfKernel {
    type State = RbfState;

    fn state(&self, setup: &KernelSetup<'_>) -> Result<RbfState, Error> {
        self.bandwidth.check(setup.particles)?;
        let rates = if self.mode.by_coordinate() {
            setup.dim()
        } else {
            1
        };
        Ok(RbfState {
            rate: vec![0.0; rates],
            squares: self.bandwidth.buffer(setup.particles),
        })
    }
    fn update(&self, state: &mut RbfState, particles: &Cloud, _: &Cloud) {
        if self.mode.by_coordinate() {
            for (c, rate) in state.rate.iter_mut().enumerate() {
                *rate = -1.0 / self.bandwidth.along(particles, c, &mut state.squares);
            }
        } else {
            state.rate[0] = -1.0 / self.bandwidth.norm(particles, &mut state.squares);
        }
    }
    fn pair(
        &self,
        state: &RbfState,
        particles: &Cloud,
        (i, j): (usize, usize),
        v: &[f64],
        out: &mut Force<'_>,
    ) {
        let (weight, applied, divergence) = out.parts();
        let points = (particles.row(i), particles.row(j));
        if self.mode.by_coordinate() {
            let of = |c: usize, s| profile(state.rate[c], s);
            coordinate_pair(points, weight, v, applied, divergence, of);
        } else {
            let rate = state.rate[0];
            radial_pair(points, weight, v, applied, divergence, |s| profile(rate, s));
        }
    }
    fn force(
        &self,
        state: &RbfState,
        particles: &Cloud,
        gradients: &Cloud,
        j: usize,
        out: &mut Force<'_>,
    ) {
        let (weight, attraction, repulsion) = out.parts();
        let clouds = (particles, gradients);
        if self.mode.by_coordinate() {
            let of = |c: usize, s| profile(state.rate[c], s);
            coordinate_force(clouds, j, weight, attraction, repulsion, of);
        } else {
            let rate = state.rate[0];
            let of = |value: &mut [f64], slope: &mut [f64]| {
                value.iter_mut().for_each(|v| *v *= rate);
                kernels::exp(value);
                for (slope, value) in slope.iter_mut().zip(value) {
                    *slope = 2.0 * rate * *value;
                }
            };
            radial_force(clouds, j, weight, attraction, repulsion, of);
        }
    }
}
