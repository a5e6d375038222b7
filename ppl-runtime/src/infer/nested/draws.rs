//! The draws of a run and their summary.

use super::Record;
use crate::error::Error;
use crate::model::{Evaluator, Model};
use crate::output::{LogDensities, OutputError, Summary, Table, WeightedDraws};
use crate::random::{Purpose, keyed};
use crate::support::Export;
use rayon::prelude::*;

/// Points with less than this part of the largest weight change no figure and are left out of the draws.
const NEGLIGIBLE: f64 = 1e-16;

/// Draws that have weight, which points of the record they are, and their summary.
pub(super) type Found<D> = (WeightedDraws<D>, Vec<usize>, Summary);

/// Decodes and sums up the points of a record, of which `all` are the log weights.
pub(super) fn found<M: Model + Sync>(
    model: &M,
    record: &Record,
    all: &[f64],
) -> Result<Found<M::Draw>, Error>
where
    M::Draw: Export + Clone + Send + Sync,
{
    let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let points: Vec<usize> = (0..record.len())
        .filter(|&i| all[i] - most > NEGLIGIBLE.ln())
        .collect();
    let decoded: Vec<(M::Draw, (f64, usize))> = points
        .par_iter()
        .map_init(Evaluator::new, |evaluator, &i| {
            let u = record.point(i);
            let rng = &mut keyed(record.seed, Purpose::Recover, i as u64, 0);
            (
                evaluator.draw_at_cube(model, u, rng),
                evaluator.log_posterior_at_cube(model, u),
            )
        })
        .collect();
    // A branch too rare for the draws that fixed the layout shows here at the latest.
    if decoded.iter().any(|(_, (_, read))| *read != record.dim) {
        return Err(Error::Layout {
            model: M::NAME,
            site: "a site of a rare branch".to_string(),
        });
    }
    let (draws, log_posterior): (Vec<M::Draw>, Vec<f64>) =
        decoded.into_iter().map(|(d, (p, _))| (d, p)).unzip();
    let log_weights: Vec<f64> = points.iter().map(|&i| all[i]).collect();
    let log_likelihood: Vec<f64> = points.iter().map(|&i| record.log_l[i]).collect();
    let table = Table::of_draws(&draws).map_err(|e| failed(M::NAME, e))?;
    let densities = LogDensities {
        likelihood: Some(&log_likelihood),
        posterior: Some(&log_posterior),
    };
    let summary =
        Summary::weighted(&table, &log_weights, densities).map_err(|e| failed(M::NAME, e))?;
    let draws = WeightedDraws::new(draws, log_weights, table).map_err(|e| failed(M::NAME, e))?;
    Ok((draws, points, summary))
}

pub(super) fn failed(model: &'static str, error: OutputError) -> Error {
    Error::Engine {
        model,
        engine: "nested sampler",
        problem: error.to_string(),
    }
}
