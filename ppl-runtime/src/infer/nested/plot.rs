//! The pictures of a run.

use super::NestedRun;
use super::evidence::log_add;
use crate::error::Error;
use crate::output::plot::{CornerOptions, NestedTrace, PlotError, corner, nested_diagnostics};
use std::path::Path;

/// Points that the efficiency is averaged over.
const STRETCH: usize = 50;

impl<D> NestedRun<D> {
    /// Writes `diagnostics.svg` (the course of the run against −ln X) and `corner.svg` (the posterior) into a folder,
    /// which is made if need be.
    ///
    /// # Errors
    /// If the folder or a file cannot be written.
    pub fn plot(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        self.plot_as(folder.as_ref(), "svg")
    }

    /// Writes `diagnostics.png` and `corner.png`, the pictures of [`plot`](Self::plot) in pixels, into a folder, which is
    /// made if need be. Needs the cargo feature `png`.
    ///
    /// # Errors
    /// If the folder or a file cannot be written.
    #[cfg(feature = "png")]
    pub fn plot_png(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        self.plot_as(folder.as_ref(), "png")
    }

    fn plot_as(&self, folder: &Path, ending: &str) -> Result<(), Error> {
        let failed = |problem: String| Error::File {
            path: folder.display().to_string(),
            problem,
        };
        std::fs::create_dir_all(folder).map_err(|e| failed(e.to_string()))?;
        let drawn = |result: Result<(), PlotError>| result.map_err(|e| failed(e.to_string()));

        let record = self.record();
        let counts = record.live_counts();
        let ln_weight = record.log_weights();
        let (mut minus_ln_x, mut ln_z) = (Vec::new(), Vec::new());
        let (mut x, mut z) = (-record.log_volume, f64::NEG_INFINITY);
        for (n, w) in counts.iter().zip(&ln_weight) {
            x += 1.0 / *n as f64;
            z = log_add(z, *w);
            minus_ln_x.push(x);
            ln_z.push(z);
        }
        let finite = |x: &[f32]| x.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>();
        // Points over evaluations, a stretch of points at a time: single reciprocals would average too high.
        let efficiency: Vec<f64> = finite(&record.cost)
            .chunks(STRETCH)
            .flat_map(|costs| vec![costs.len() as f64 / costs.iter().sum::<f64>(); costs.len()])
            .collect();
        let mut ranks = finite(&record.rank);
        ranks.retain(|r| r.is_finite());
        let live: Vec<f64> = counts.iter().map(|n| *n as f64).collect();
        drawn(nested_diagnostics(
            folder.join(format!("diagnostics.{ending}")),
            &NestedTrace {
                minus_ln_x: &minus_ln_x,
                live_points: &live,
                ln_l: &record.log_l,
                ln_weight: &ln_weight,
                ln_z_cumulative: &ln_z,
                ln_z_sd: &record.cumulative_sd(),
                efficiency: &efficiency,
                insertion_ranks: &ranks,
                ln_z: Some(self.log_evidence()),
                title: self.model(),
            },
        ))?;
        let draws = self.weighted_draws();
        let options = CornerOptions {
            title: self.model().to_string(),
            ..CornerOptions::default()
        };
        drawn(corner(
            folder.join(format!("corner.{ending}")),
            draws.table(),
            Some(draws.log_weights()),
            &options,
        ))
    }
}
