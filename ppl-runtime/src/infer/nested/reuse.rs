//! What can be done with finished runs: stored, merged, averaged over, weighed anew.

use super::bootstrap::Bootstrap;
use super::of_model::convert;
use super::on_cube::OnCube;
use super::{NestedRun, Record};
use crate::error::Error;
use crate::model::Model;
use crate::output::{Estimate, WeightedDraws};
use crate::support::Export;
use std::path::Path;

/// A run under another likelihood or prior, from the points of the first: [`NestedRun::reweighted`].
#[derive(Clone, Debug)]
pub struct Reweighted<D> {
    /// ln Z under the new density.
    pub log_evidence: Estimate,
    /// The draws with their new weights. Its `ess` says how far to trust them: a few dozen are too few.
    pub draws: WeightedDraws<D>,
}

impl<D: Export + Clone + Send + Sync> NestedRun<D> {
    /// Writes the run to a file, in one step; a file that was there is replaced.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save<M: Model<Draw = D> + Sync>(
        &self,
        model: &M,
        path: impl AsRef<Path>,
    ) -> Result<(), Error> {
        let cube = OnCube::of(model)?;
        self.record()
            .save(&cube, path)
            .map_err(|e| convert(M::NAME, e))
    }

    /// Reads a run of `model` from a file.
    ///
    /// # Errors
    /// If the file cannot be read, is damaged, or is of another model or of other data.
    pub fn load<M: Model<Draw = D> + Sync>(
        model: &M,
        path: impl AsRef<Path>,
    ) -> Result<Self, Error> {
        let cube = OnCube::of(model)?;
        let record = Record::load(&cube, path).map_err(|e| convert(M::NAME, e))?;
        NestedRun::new(model, record)
    }

    /// Two runs of `model` with different seeds as one: their live points add up.
    ///
    /// # Errors
    /// If the runs have the same seed.
    pub fn merged<M: Model<Draw = D> + Sync>(
        &self,
        other: &Self,
        model: &M,
    ) -> Result<Self, Error> {
        let record = self
            .record()
            .merged(other.record())
            .map_err(|e| Error::Setting {
                argument: "other",
                problem: e.to_string(),
            })?;
        NestedRun::new(model, record)
    }

    /// The posterior mean of `f` with its error, from a bootstrap of the strands: what is left of the posterior once
    /// all else is integrated out.
    pub fn expectation(&self, f: impl Fn(&D) -> f64) -> Estimate {
        let values: Vec<f64> = self.weighted_draws().iter().map(f).collect();
        let record = self.record();
        Bootstrap::new(record).mean(&record.log_weights(), self.points(), &values)
    }

    /// ln of the part of the evidence that lies where `inside` holds, with its error: the local evidence of a mode that
    /// the caller can tell from the others. The difference from ln Z is ln of its share of the posterior.
    ///
    /// The error is that of the strands. Chains that hardly pass from mode to mode make strands that stay in one, which
    /// it knows of.
    pub fn log_evidence_where(&self, inside: impl Fn(&D) -> bool) -> Estimate {
        let indicator = |d: &D| if inside(d) { 0.0 } else { f64::NEG_INFINITY };
        let values: Vec<f64> = self.weighted_draws().iter().map(indicator).collect();
        let record = self.record();
        Bootstrap::new(record).log_integral(&record.log_weights(), self.points(), &values)
    }

    /// The run under another likelihood or prior: `log_ratio` is ln of the new density over the old at a draw. Like all
    /// importance sampling it needs the new posterior to lie within the old one.
    ///
    /// # Errors
    /// If a ratio is NaN or +∞, or all are zero.
    pub fn reweighted(&self, log_ratio: impl Fn(&D) -> f64) -> Result<Reweighted<D>, Error> {
        let old = self.weighted_draws();
        let ratios: Vec<f64> = old.iter().map(log_ratio).collect();
        let log_weights = old.log_weights().iter().zip(&ratios).map(|(w, r)| w + r);
        let draws = WeightedDraws::new(
            old.iter().cloned().collect(),
            log_weights.collect(),
            old.table().clone(),
        )
        .map_err(|e| Error::Setting {
            argument: "log_ratio",
            problem: e.to_string(),
        })?;
        let record = self.record();
        let log_evidence =
            Bootstrap::new(record).log_integral(&record.log_weights(), self.points(), &ratios);
        Ok(Reweighted {
            log_evidence,
            draws,
        })
    }
}
