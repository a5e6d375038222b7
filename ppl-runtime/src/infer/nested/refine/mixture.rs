//! Mixtures of Student's t distributions.

use crate::infer::nested::evidence::log_sum;
use crate::infer::nested::linear::{cholesky_floored, dot, lower_times};
use crate::random::Rng;
use rand::RngExt;
use rand_distr::{ChiSquared, Distribution, StandardNormal};

/// One t distribution: location, Cholesky factor of its scale matrix, degrees of freedom.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub weight: f64,
    pub mean: Vec<f64>,
    factor: Vec<f64>,
    freedom: f64,
    /// ln of weight times density at the location.
    log_peak: f64,
}

impl Component {
    /// From its scale matrix, row by row.
    pub(super) fn new(weight: f64, mean: Vec<f64>, scale: &[f64], freedom: f64) -> Component {
        let (d, mut factor) = (mean.len(), Vec::new());
        cholesky_floored(scale, d, 0.0, &mut factor);
        let log_determinant: f64 = (0..d).map(|i| factor[i * d + i].ln()).sum();
        let (half, dim) = (0.5 * freedom, d as f64);
        let log_peak = weight.ln() + libm::lgamma(half + 0.5 * dim)
            - libm::lgamma(half)
            - 0.5 * dim * (freedom * std::f64::consts::PI).ln()
            - log_determinant;
        Component {
            weight,
            mean,
            factor,
            freedom,
            log_peak,
        }
    }

    /// Divides the weight by `total`.
    pub(super) fn rescale(&mut self, total: f64) {
        self.weight /= total;
        self.log_peak -= total.ln();
    }

    /// ‖L⁻¹(z − mean)‖².
    pub(super) fn distance2(&self, z: &[f64], scratch: &mut [f64]) -> f64 {
        let d = self.mean.len();
        let mut sum = 0.0;
        for i in 0..d {
            let row = &self.factor[i * d..i * d + i + 1];
            let y = (z[i] - self.mean[i] - dot(&row[..i], &scratch[..i])) / row[i];
            scratch[i] = y;
            sum += y * y;
        }
        sum
    }

    /// ln of weight times density, at a distance.
    pub(super) fn log_weighted_density(&self, distance2: f64) -> f64 {
        let power = 0.5 * (self.freedom + self.mean.len() as f64);
        self.log_peak - power * (distance2 / self.freedom).ln_1p()
    }
}

/// Σ weight · t.
#[derive(Clone, Debug)]
pub(super) struct Mixture {
    pub components: Vec<Component>,
}

impl Mixture {
    /// ln of the density at `z`; `scratch` is as long as `z`, `terms` has a place for each component.
    pub(super) fn log_density(&self, z: &[f64], scratch: &mut [f64], terms: &mut Vec<f64>) -> f64 {
        terms.clear();
        for component in &self.components {
            let distance2 = component.distance2(z, scratch);
            terms.push(component.log_weighted_density(distance2));
        }
        log_sum(terms)
    }

    /// A draw from the component in which `pick`, in (0,1), falls.
    pub(super) fn draw(&self, pick: f64, rng: &mut Rng, scratch: &mut [f64], z: &mut [f64]) {
        let mut left = pick;
        let chosen = self.components.iter().find(|c| {
            left -= c.weight;
            left < 0.0
        });
        let Some(component) = chosen.or(self.components.last()) else {
            return;
        };
        let freedom = component.freedom;
        let spread: f64 = ChiSquared::new(freedom).map_or(freedom, |chi| chi.sample(rng));
        let stretch = (freedom / spread).sqrt();
        scratch
            .iter_mut()
            .for_each(|x| *x = stretch * rng.sample::<f64, _>(StandardNormal));
        lower_times(&component.factor, scratch, z);
        z.iter_mut().zip(&component.mean).for_each(|(z, m)| *z += m);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};

    #[test]
    fn draws_have_the_density_that_is_claimed() {
        let component = |weight, mean: f64, scale: f64, freedom| {
            Component::new(weight, vec![mean], &[scale * scale], freedom)
        };
        let mixture = Mixture {
            components: vec![
                component(0.3, -2.0, 0.5, 4.0),
                component(0.7, 1.0, 1.5, 9.0),
            ],
        };
        let mut rng = keyed(4, Purpose::User, 0, 0);
        let (mut scratch, mut z, mut terms) = ([0.0], [0.0], Vec::new());
        let n = 200_000;
        let mut below = 0.0;
        for i in 0..n {
            let pick = (f64::from(i) + 0.5) / f64::from(n);
            mixture.draw(pick, &mut rng, &mut scratch, &mut z);
            below += f64::from(u8::from(z[0] < 0.0));
        }
        // The density integrated by the trapezoid rule over a range that leaves out 1e-6.
        let (steps, lo) = (40_000, -200.0);
        let h = -lo / f64::from(steps);
        let density = |x: f64, scratch: &mut [f64], terms: &mut Vec<f64>| {
            mixture.log_density(&[x], scratch, terms).exp()
        };
        let integral: f64 = (0..steps)
            .map(|i| h * density(lo + (f64::from(i) + 0.5) * h, &mut scratch, &mut terms))
            .sum();
        assert!((below / f64::from(n) - integral).abs() < 4.5 * 0.5 / f64::from(n).sqrt());
    }
}
