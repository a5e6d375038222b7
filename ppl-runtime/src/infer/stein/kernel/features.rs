//! Random features.

use super::bandwidth::Bandwidth;
use super::{Force, Kernel, KernelSetup, add_scaled, dot, setting};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;
use crate::random::{Purpose, keyed};
use rand::RngExt;
use rand::seq::index;
use rand_distr::StandardNormal;
use std::f64::consts::TAU;

/// Random features that approximate the radial basis function (Rahimi & Recht 2007; Liu & Wang 2018, §4):
/// (1/L) Σ_l 2 cos(√(2/h)·w_lᵀx + b_l)·cos(√(2/h)·w_lᵀy + b_l), w_l ~ N(0, I), b_l ~ U(0, 2π), drawn once for a fit.
/// It costs a step O(m·L·d) for m particles, where others cost O(m²·d). One particle has k = 1.
#[derive(Clone, Debug, Default)]
pub struct RandomFeatureKernel {
    features: Option<usize>,
    indices: Option<Vec<usize>>,
    subset: Option<usize>,
    bandwidth: Bandwidth,
}

/// The features, and all particles in them.
#[derive(Clone, Debug)]
pub struct FeatureState {
    /// w, row by row, and b.
    weights: Cloud,
    phases: Vec<f64>,
    /// Particles that the bandwidth is taken from, where not all.
    subset: Option<(Vec<usize>, Cloud)>,
    squares: Vec<f64>,
    /// √(2/h).
    rate: f64,
    /// cos and sin of the phase: row by row particles, features along.
    cos: Vec<f64>,
    sin: Vec<f64>,
    /// Σᵢ sin and Σᵢ cos·gᵢ of each feature.
    sin_sums: Vec<f64>,
    pulls: Vec<f64>,
}

impl RandomFeatureKernel {
    /// With as many features as particles.
    pub fn new() -> Self {
        Self::default()
    }
    /// The number of features that are drawn.
    pub fn features(mut self, features: usize) -> Self {
        self.features = Some(features);
        self
    }
    /// Uses these of the features alone.
    pub fn indices(mut self, indices: impl Into<Vec<usize>>) -> Self {
        self.indices = Some(indices.into());
        self
    }
    /// Takes the bandwidth from this many particles, chosen at random once for a fit.
    pub fn bandwidth_subset(mut self, particles: usize) -> Self {
        self.subset = Some(particles);
        self
    }
    /// h = factor(m)·med² for m particles (or as many as the subset has); 1/ln m by default.
    pub fn bandwidth_factor(mut self, factor: fn(usize) -> f64) -> Self {
        self.bandwidth = Bandwidth::Median { factor };
        self
    }
    /// A fixed bandwidth h.
    pub fn bandwidth(mut self, h: f64) -> Self {
        self.bandwidth = Bandwidth::Fixed(h);
        self
    }

    fn check(&self, setup: &KernelSetup<'_>, features: usize) -> Result<(), Error> {
        if features == 0 || self.indices.as_ref().is_some_and(Vec::is_empty) {
            return Err(setting("features", "are none".to_string()));
        }
        if let Some(i) = self.indices.iter().flatten().find(|i| **i >= features) {
            let problem = format!("has {i}, but there are {features} features");
            return Err(setting("indices", problem));
        }
        let of = self.subset.unwrap_or(setup.particles);
        if of == 0 || of > setup.particles || (of == 1 && setup.particles > 1) {
            let problem = format!("is {of}, but it must lie in 2..={}", setup.particles);
            return Err(setting("bandwidth_subset", problem));
        }
        self.bandwidth.check(of)
    }
}

impl FeatureState {
    fn features(&self) -> usize {
        self.phases.len()
    }
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.phases.len()
    }
    #[cfg(test)]
    pub(super) fn row(&self, l: usize) -> &[f64] {
        self.weights.row(l)
    }
    #[cfg(test)]
    pub(super) fn phase(&self, l: usize) -> f64 {
        self.phases[l]
    }
    fn of<'v>(&self, table: &'v [f64], particle: usize) -> &'v [f64] {
        &table[particle * self.features()..(particle + 1) * self.features()]
    }
}

impl Kernel for RandomFeatureKernel {
    type State = FeatureState;

    fn state(&self, setup: &KernelSetup<'_>) -> Result<FeatureState, Error> {
        let (m, dim) = (setup.particles, setup.dim());
        let drawn = self.features.unwrap_or(m);
        self.check(setup, drawn)?;
        let feature = |l: usize| {
            let mut rng = keyed(setup.seed, Purpose::KernelFeatures, l as u64, 0);
            let phase = TAU * rng.random::<f64>();
            let weights: Vec<f64> = (0..dim).map(|_| rng.sample(StandardNormal)).collect();
            (weights, phase)
        };
        let used: Vec<usize> = self.indices.clone().unwrap_or((0..drawn).collect());
        let (weights, phases): (Vec<Vec<f64>>, Vec<f64>) = used.into_iter().map(feature).unzip();
        let subset = self.subset.filter(|n| *n < m).map(|n| {
            let mut rng = keyed(setup.seed, Purpose::KernelFeatures, 0, 1);
            let mut chosen = index::sample(&mut rng, m, n).into_vec();
            chosen.sort_unstable();
            (chosen, Cloud::new(n, dim))
        });
        let l = phases.len();
        Ok(FeatureState {
            weights: Cloud::from_rows(dim, &weights.concat()),
            phases,
            squares: self.bandwidth.buffer(self.subset.unwrap_or(m)),
            subset,
            rate: 0.0,
            cos: vec![0.0; m * l],
            sin: vec![0.0; m * l],
            sin_sums: vec![0.0; l],
            pulls: vec![0.0; l * dim],
        })
    }

    fn update(&self, state: &mut FeatureState, particles: &Cloud, gradients: &Cloud) {
        let h = match &mut state.subset {
            None => self.bandwidth.norm(particles, &mut state.squares),
            Some((chosen, cloud)) => {
                cloud.set(|k, row| row.copy_from_slice(particles.row(chosen[k])));
                self.bandwidth.norm(cloud, &mut state.squares)
            }
        };
        state.rate = (2.0 / h).sqrt();
        state.sin_sums.fill(0.0);
        state.pulls.fill(0.0);
        let (features, dim) = (state.features(), particles.dim());
        for i in 0..particles.len() {
            let (x, g) = (particles.row(i), gradients.row(i));
            for l in 0..features {
                let phase = state.rate * dot(state.weights.row(l), x) + state.phases[l];
                let (sin, cos) = phase.sin_cos();
                state.sin[i * features + l] = sin;
                state.cos[i * features + l] = cos;
                state.sin_sums[l] += sin;
                add_scaled(&mut state.pulls[l * dim..(l + 1) * dim], cos, g);
            }
        }
    }

    fn pair(
        &self,
        state: &FeatureState,
        particles: &Cloud,
        (i, j): (usize, usize),
        v: &[f64],
        out: &mut Force<'_>,
    ) {
        let (weight, applied, divergence) = out.parts();
        if particles.len() == 1 {
            return add_scaled(applied, weight, v);
        }
        let mean = 2.0 * weight / state.features() as f64;
        let (cos_x, cos_y) = (state.of(&state.cos, i), state.of(&state.cos, j));
        add_scaled(applied, mean * dot(cos_x, cos_y), v);
        for (l, (sin, cos)) in state.of(&state.sin, i).iter().zip(cos_y).enumerate() {
            let slope = -mean * state.rate * sin * cos;
            add_scaled(divergence, slope, state.weights.row(l));
        }
    }

    fn force(
        &self,
        state: &FeatureState,
        particles: &Cloud,
        gradients: &Cloud,
        j: usize,
        out: &mut Force<'_>,
    ) {
        let (weight, attraction, repulsion) = out.parts();
        if particles.len() == 1 {
            return add_scaled(attraction, weight, gradients.row(0));
        }
        let mean = 2.0 * weight / state.features() as f64;
        let dim = particles.dim();
        for (l, cos) in state.of(&state.cos, j).iter().enumerate() {
            let pull = &state.pulls[l * dim..(l + 1) * dim];
            add_scaled(attraction, mean * cos, pull);
            let slope = -mean * state.rate * state.sin_sums[l] * cos;
            add_scaled(repulsion, slope, state.weights.row(l));
        }
    }
}
