//! Errors of what is computed from a record: a bootstrap of its strands (Higson et al. 2018, "Sampling errors in nested
//! sampling parameter estimation").

use super::Record;
use super::evidence::log_sum;
use crate::output::Estimate;
use crate::random::{Purpose, keyed};
use rand::RngExt;
use rayon::prelude::*;

/// Draws of the bootstrap.
const DRAWS: u64 = 200;

/// A record laid out for the drawing of its strands.
pub(super) struct Bootstrap<'a> {
    record: &'a Record,
    members: Vec<Vec<usize>>,
    first: Vec<usize>,
}

impl<'a> Bootstrap<'a> {
    pub(super) fn new(record: &'a Record) -> Self {
        Bootstrap {
            record,
            members: record.strand_members(),
            first: record.first_deaths(),
        }
    }

    /// ln(L ΔX) of each point in a run whose strands are drawn with replacement from those of the record; −∞ for a
    /// point that is not drawn.
    fn log_weights(&self, draw: u64) -> Vec<f64> {
        let (record, n) = (self.record, self.record.len());
        let mut rng = keyed(record.seed, Purpose::StrandBootstrap, draw, 0);
        let mut times = vec![0usize; n];
        for _ in 0..self.members.len() {
            let pick = rng.random_range(0..self.members.len());
            self.members[pick].iter().for_each(|&i| times[i] += 1);
        }
        let mut born = vec![0usize; n + 1];
        for (&first, &times) in self.first.iter().zip(&times) {
            born[first] += times;
        }
        let last = times.iter().rposition(|&t| t > 0).unwrap_or(0);
        let (mut alive, mut log_x) = (0usize, record.log_volume);
        (0..n)
            .map(|i| {
                alive += born[i];
                let step: f64 = (0..times[i]).map(|r| 1.0 / (alive - r) as f64).sum();
                alive -= times[i];
                let shell = if i == last {
                    0.0
                } else {
                    (-(-step).exp_m1()).ln()
                };
                let log_weight = record.log_l[i] + log_x + shell;
                log_x -= step;
                if times[i] > 0 {
                    log_weight
                } else {
                    f64::NEG_INFINITY
                }
            })
            .collect()
    }

    /// Spread of `f` over the draws, given their log weights.
    pub(super) fn sd(&self, f: impl Fn(&[f64]) -> f64 + Sync) -> f64 {
        let values: Vec<f64> = (0..DRAWS)
            .into_par_iter()
            .map(|draw| f(&self.log_weights(draw)))
            .collect();
        let mean = values.iter().sum::<f64>() / DRAWS as f64;
        let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        (squares / (DRAWS - 1) as f64).sqrt()
    }

    /// Σ w f / Σ w with its error, for values `f` of the points `rows`; the others have no weight to speak of.
    pub(super) fn mean(&self, log_weights: &[f64], rows: &[usize], f: &[f64]) -> Estimate {
        let weighted = |log_weights: &[f64]| {
            let top = rows
                .iter()
                .fold(f64::NEG_INFINITY, |m, &i| m.max(log_weights[i]));
            let (mut sum, mut total) = (0.0, 0.0);
            for (&i, f) in rows.iter().zip(f) {
                let w = (log_weights[i] - top).exp();
                if w > 0.0 {
                    sum += w * f;
                    total += w;
                }
            }
            sum / total
        };
        Estimate {
            mean: weighted(log_weights),
            sd: self.sd(weighted),
        }
    }

    /// ln Σ w e^f with its error.
    pub(super) fn log_integral(&self, log_weights: &[f64], rows: &[usize], f: &[f64]) -> Estimate {
        let integral = |log_weights: &[f64]| {
            let terms: Vec<f64> = rows
                .iter()
                .zip(f)
                .map(|(&i, f)| log_weights[i] + f)
                .collect();
            log_sum(&terms)
        };
        Estimate {
            mean: integral(log_weights),
            sd: self.sd(integral),
        }
    }
}
