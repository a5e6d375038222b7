//! What a Stein fit gives.

use crate::error::Error;
use crate::infer::svi::{FitState, Fitted, GuideParameter};
use crate::model::Predictive;
use crate::output::Draws;
use crate::support::Export;
use std::fmt;

/// A fitted mixture of guides, or particles, typed by the draws of its model.
#[derive(Clone)]
pub struct SteinFit<'m, D>(pub(super) Fitted<'m, D>);

impl<D: Export + Clone + Send + Sync> SteinFit<'_, D> {
    /// Draws from the mixture, decoded by the model: each from a component chosen at random.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn draws(&self, n: usize, seed: u64) -> Result<Draws<D>, Error> {
        self.0.draws_of(&self.0.assign(n, seed)?, seed)
    }
    /// The components that [`draws`](Self::draws) of the same `n` and seed come from.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn components(&self, n: usize, seed: u64) -> Result<Vec<usize>, Error> {
        self.0.assign(n, seed)
    }
    /// One draw from each component, in order; of points these are the particles themselves.
    ///
    /// # Errors
    /// If the model's values can't be tabled.
    pub fn particle_draws(&self, seed: u64) -> Result<Draws<D>, Error> {
        let components: Vec<usize> = (0..self.0.thetas.len()).collect();
        self.0.draws_of(&components, seed)
    }
    /// Replicated data, by site, with latents drawn from the mixture.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn predictive(&self, n: usize, seed: u64) -> Result<Predictive, Error> {
        self.0.predictive(n, seed)
    }
    /// The log density of the mixture at a point of R^n; NaN if it has not n coordinates.
    pub fn log_density(&self, u: &[f64]) -> f64 {
        self.0.log_density(u)
    }
}

impl<D> SteinFit<'_, D> {
    /// The loss of each step of this run: −(1/m) Σ L_i, an estimate.
    pub fn losses(&self) -> &[f64] {
        &self.0.losses
    }
    /// At how many draws of this run, of all particles, the density of the model was not finite: outside the support of a
    /// prior, or where a parameter computed from latents is invalid. Where the gradient is finite nevertheless, the run
    /// goes on.
    pub fn rejected(&self) -> u64 {
        self.0.rejected
    }
    /// The fitted parameters of the guide, particle by particle.
    pub fn params(&self) -> &[GuideParameter] {
        &self.0.params
    }
    /// The parameter vectors of the particles, on R^p; of points, the points on R^n.
    pub fn particles(&self) -> &[Vec<f64>] {
        &self.0.thetas
    }
    /// What it takes to go on.
    pub fn state(&self) -> &FitState {
        &self.0.state
    }
}

impl<D: Export + Clone + Send + Sync> fmt::Display for SteinFit<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = format!("Stein mixture of {} particles", self.0.thetas.len());
        self.0.report(f, &title)
    }
}

impl<D> fmt::Debug for SteinFit<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SteinFit")
            .field("model", &self.0.model)
            .field("params", &self.0.params)
            .field("state", &self.0.state)
            .finish_non_exhaustive()
    }
}
