//! The probability product of normals.

use super::{Force, Kernel, KernelSetup, add_scaled, setting};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;
use crate::infer::svi::guide::Role;
use crate::support::Support;

/// The probability product kernel (Jebara, Kondor & Howard 2004) of the normals that particles stand for, normalised
/// to k(x, x) = 1: for N(μ, σ²) and N(μ′, σ′²) in each coordinate
/// √(2σσ′/(σ² + σ′²))·exp(−(s/2)·(μ − μ′)²/(σ² + σ′²)).
///
/// The exponent s is its `scale`: 1 compares the densities, ½ their roots, which is Bhattacharyya's coefficient.
/// It needs a guide with locations and scales, all of them in the mixture; other parameters do not enter.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ProbabilityProductKernel {
    scale: f64,
}

impl Default for ProbabilityProductKernel {
    fn default() -> Self {
        ProbabilityProductKernel { scale: 1.0 }
    }
}

impl ProbabilityProductKernel {
    /// With s = 1.
    pub fn new() -> Self {
        Self::default()
    }
    /// The exponent s.
    pub fn scale(mut self, scale: f64) -> Self {
        self.scale = scale;
        self
    }

    /// k, and s·δ/v and σ²-terms by way of `each`, which gets (location, scale, ∂ln k/∂μ, ∂ln k/∂ln σ).
    fn logarithm(
        &self,
        places: &[(usize, usize)],
        x: &[f64],
        y: &[f64],
        mut each: impl FnMut(usize, usize, f64, f64),
    ) -> f64 {
        let mut log = 0.0;
        for &(location, scale) in places {
            let delta = x[location] - y[location];
            let (a, b) = (x[scale], y[scale]);
            // σ²/v and 1/v by the difference of logarithms: neither overflows where the other scale is tiny.
            let share = 1.0 / (1.0 + (2.0 * (b - a)).exp());
            let v = (2.0 * a).exp() + (2.0 * b).exp();
            let z = self.scale * delta / v;
            log -= 0.5 * ((a - b).cosh().ln() + z * delta);
            each(location, scale, -z, 0.5 - share + z * delta * share);
        }
        log
    }
}

impl Kernel for ProbabilityProductKernel {
    /// Where each location and its scale lie.
    type State = Vec<(usize, usize)>;

    fn state(&self, setup: &KernelSetup<'_>) -> Result<Vec<(usize, usize)>, Error> {
        if !(self.scale > 0.0 && self.scale.is_finite()) {
            let problem = format!("is {}, but it must be positive and finite", self.scale);
            return Err(setting("scale", problem));
        }
        let of = |role, support| -> Vec<usize> {
            setup
                .blocks
                .iter()
                .filter(|b| b.role == role && b.support == support)
                .flat_map(|b| b.range.clone())
                .collect()
        };
        let locations = of(Role::Location, Support::Real);
        let scales = of(Role::Scale, Support::Positive);
        if locations.is_empty() || locations.len() != scales.len() {
            return Err(setting(
                "kernel",
                format!(
                    "is a product of normals, but {} locations and {} scales are in the mixture",
                    locations.len(),
                    scales.len()
                ),
            ));
        }
        Ok(locations.into_iter().zip(scales).collect())
    }
    fn update(&self, _: &mut Vec<(usize, usize)>, _: &Cloud, _: &Cloud) {}
    fn pair(
        &self,
        places: &Vec<(usize, usize)>,
        particles: &Cloud,
        (i, j): (usize, usize),
        v: &[f64],
        out: &mut Force<'_>,
    ) {
        let (weight, applied, divergence) = out.parts();
        let (x, y) = (particles.row(i), particles.row(j));
        let k = weight * self.logarithm(places, x, y, |_, _, _, _| {}).exp();
        add_scaled(applied, k, v);
        self.logarithm(places, x, y, |location, scale, by_location, by_scale| {
            divergence[location] += k * by_location;
            divergence[scale] += k * by_scale;
        });
    }
}
