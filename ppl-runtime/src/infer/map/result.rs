//! What was found at a mode.

use crate::error::Error;
use crate::model::{Evaluator, Model};
use crate::output::{Draws, Table};
use crate::random::{Purpose, keyed};
use crate::support::Columns;
use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use rand_distr::StandardNormal;

/// The latents of highest posterior density; `L` is the struct of the model's latents.
#[derive(Clone, Debug)]
pub struct MapFit<L> {
    pub(super) mode: L,
    pub(super) u: Vec<f64>,
    pub(super) log_density: f64,
    pub(super) gradients: usize,
}

impl<L> MapFit<L> {
    /// The mode.
    pub fn mode(&self) -> &L {
        &self.mode
    }
    /// The mode on R^n.
    pub fn unconstrained(&self) -> &[f64] {
        &self.u
    }
    /// The log density there, of prior times likelihood, without the Jacobian.
    pub fn log_density(&self) -> f64 {
        self.log_density
    }
    /// Gradients that all starts took.
    pub fn gradients(&self) -> usize {
        self.gradients
    }
}

/// A normal distribution on R^n at the mode of the density there.
#[derive(Clone, Debug)]
pub struct LaplaceFit<'m, M: Model> {
    pub(super) model: &'m M,
    pub(super) mode: M::Latents,
    pub(super) u: Vec<f64>,
    pub(super) covariance: DMatrix<f64>,
    /// Lower triangular, with its transpose the precision.
    pub(super) root: DMatrix<f64>,
    pub(super) log_density: f64,
    pub(super) log_evidence: f64,
    pub(super) gradients: usize,
}

impl<M: Model> LaplaceFit<'_, M> {
    /// The mode on R^n, as latents. It is not that of [`Map::run`](super::Map::run), where the Jacobian counts.
    pub fn mode(&self) -> &M::Latents {
        &self.mode
    }
    /// The mode on R^n.
    pub fn unconstrained(&self) -> &[f64] {
        &self.u
    }
    /// The covariance on R^n: minus the inverse of the Hessian.
    pub fn covariance(&self) -> &DMatrix<f64> {
        &self.covariance
    }
    /// The log density at the mode, Jacobian included.
    pub fn log_density(&self) -> f64 {
        self.log_density
    }
    /// Laplace's approximation of the log evidence: ln p(u) + (n/2) ln 2π + ½ ln det Σ.
    pub fn log_evidence(&self) -> f64 {
        self.log_evidence
    }
    /// Gradients that all starts and the Hessian took.
    pub fn gradients(&self) -> usize {
        self.gradients
    }
    /// Draws from the normal distribution, decoded by the model.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn draws(&self, n: usize, seed: u64) -> Result<Draws<M::Draw>, Error> {
        if n == 0 {
            return Err(Error::Setting {
                argument: "n",
                problem: "is 0: no draw was asked for".to_string(),
            });
        }
        let mut evaluator = Evaluator::new();
        let upper = self.root.transpose();
        let mode = DVector::from_column_slice(&self.u);
        let draws = (0..n).map(|k| {
            let rng = &mut keyed(seed, Purpose::LaplaceDraw, 0, k as u64);
            let z = DVector::from_fn(self.u.len(), |_, _| rng.sample(StandardNormal));
            // The precision is L·Lᵀ, so that L⁻ᵀ·z has the covariance.
            let u = &mode + upper.solve_upper_triangular(&z).unwrap_or(z);
            let rng = &mut keyed(seed, Purpose::Recover, 0, k as u64);
            evaluator.draw_at_line(self.model, u.as_slice(), rng)
        });
        tabled(draws.collect()).map_err(|e| Error::Engine {
            model: M::NAME,
            engine: "Laplace's approximation",
            problem: e.to_string(),
        })
    }
}

fn tabled<D: crate::support::Export>(
    draws: Vec<D>,
) -> Result<Draws<D>, crate::output::OutputError> {
    let columns = Columns::of(&draws);
    let width = columns.names.len();
    let mut table = Table::new(columns.names)?;
    for row in columns.values.chunks_exact(width.max(1)) {
        table.push(row)?;
    }
    Draws::new(draws, table)
}
