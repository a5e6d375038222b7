//! Evidence, weights and error bars of a record.

use super::Record;

/// The log evidence with its error, and what else follows from the weights.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Evidence {
    /// ln Z.
    pub mean: f64,
    /// Standard deviation of ln Z: the larger of the two below.
    pub sd: f64,
    /// Error of the volumes alone: the spread of ln Z over draws of the shrinkage, ln t = ln u / n_i (Skilling 2006).
    pub sd_shrinkage: f64,
    /// Spread of the strands: what the families of points, taken as the independent units, say about ln Z.
    pub sd_strands: f64,
    /// Information H = Σ p ln(L/Z), the Kullback–Leibler divergence from prior to posterior, in nats.
    pub information: f64,
    /// Kish's effective sample size (Σw)²/Σw².
    pub effective_samples: f64,
}

/// First deaths, live points and weights of a record's points.
pub(super) struct Books {
    pub first_deaths: Vec<usize>,
    pub counts: Vec<usize>,
    pub log_weights: Vec<f64>,
}

/// ln(eᵃ + eᵇ).
pub(super) fn log_add(a: f64, b: f64) -> f64 {
    let (hi, lo) = if a > b { (a, b) } else { (b, a) };
    if hi == f64::NEG_INFINITY {
        hi
    } else {
        hi + (lo - hi).exp().ln_1p()
    }
}

/// ln Σ eˣ.
pub(super) fn log_sum(x: &[f64]) -> f64 {
    let max = x.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x));
    if max == f64::NEG_INFINITY {
        max
    } else {
        max + x.iter().map(|x| (x - max).exp()).sum::<f64>().ln()
    }
}

impl Record {
    /// ln(L_i (X_{i−1} − X_{i+1})/2) of each point, with the expected ln X_i = ln X_0 − Σ 1/n: its part of Z, not
    /// normalised.
    pub fn log_weights(&self) -> Vec<f64> {
        weights_of(self, &self.live_counts())
    }

    /// What most figures follow from.
    pub(super) fn books(&self) -> Books {
        let first_deaths = self.first_deaths();
        let counts = self.counts_by(&first_deaths);
        let log_weights = weights_of(self, &counts);
        Books {
            first_deaths,
            counts,
            log_weights,
        }
    }

    /// Kish's effective sample size (Σw)²/Σw².
    pub fn effective_samples(&self) -> f64 {
        kish(&self.log_weights())
    }

    /// Standard deviation of ln of the evidence up to each point, from the shrinkage: √(Σ_{j≤i} (R_ij/n_j)²), R_ij the
    /// part of that evidence that lies beyond j.
    pub(super) fn cumulative_sd(&self) -> Vec<f64> {
        let counts = self.live_counts();
        let log_weights = weights_of(self, &counts);
        let top = log_weights.iter().fold(f64::NEG_INFINITY, |m, &w| m.max(w));
        // Σ_j (Z_i − Z_j)²/n_j² = Z_i² A − 2 Z_i B + C with running sums over j of 1, Z_j and Z_j².
        let (mut z, mut a, mut b, mut c) = (0.0, 0.0, 0.0, 0.0);
        let sd = log_weights.iter().zip(&counts).map(|(w, &n)| {
            z += (w - top).exp();
            let weight = 1.0 / (n as f64 * n as f64);
            a += weight;
            b += weight * z;
            c += weight * z * z;
            if z > 0.0 {
                (a - 2.0 * b / z + c / (z * z)).max(0.0).sqrt()
            } else {
                0.0
            }
        });
        sd.collect()
    }

    /// The log evidence with its error. Takes a moment: the shrinkage is simulated.
    pub fn evidence(&self) -> Evidence {
        self.evidence_by(&self.books())
    }

    pub(super) fn evidence_by(&self, books: &Books) -> Evidence {
        let Books {
            counts,
            log_weights,
            ..
        } = books;
        let mean = log_sum(log_weights);
        let posterior: Vec<f64> = log_weights.iter().map(|w| (w - mean).exp()).collect();
        let information = posterior
            .iter()
            .zip(&self.log_l)
            .filter(|(p, _)| **p > 0.0)
            .map(|(p, l)| p * (l - mean))
            .sum();
        let shares = shell_shares(self, counts, mean);
        let start = self.log_volume_variance;
        let (shrinkage, strands) = rayon::join(
            || super::shrinkage::variance(self, counts, &shares),
            || super::strands::variance(self, books, &shares),
        );
        let (sd_shrinkage, sd_strands) = ((shrinkage + start).sqrt(), (strands + start).sqrt());
        Evidence {
            mean,
            sd: sd_shrinkage.max(sd_strands),
            sd_shrinkage,
            sd_strands,
            information,
            effective_samples: kish(log_weights),
        }
    }
}

fn kish(log_weights: &[f64]) -> f64 {
    let max = log_weights.iter().fold(f64::NEG_INFINITY, |m, &w| m.max(w));
    let (sum, squares) = log_weights.iter().fold((0.0, 0.0), |(s, q), w| {
        let w = (w - max).exp();
        (s + w, q + w * w)
    });
    if squares > 0.0 {
        sum * sum / squares
    } else {
        0.0
    }
}

/// The trapezoid rule of Skilling (2006): the shell between two deaths belongs half to each, for the likelihood rises
/// within it. The outermost shell is the first point's, and the last point stands for all that is above it.
fn weights_of(record: &Record, counts: &[usize]) -> Vec<f64> {
    let n = counts.len();
    let shells = log_shells(record, counts);
    let half = |shell: f64| shell - std::f64::consts::LN_2;
    let weight = |i: usize| {
        let edge = i == 0 || i + 1 == n;
        let outer = if edge { shells[i] } else { half(shells[i]) };
        let inner = if i + 2 < n {
            half(shells[i + 1])
        } else {
            f64::NEG_INFINITY
        };
        record.log_l[i] + log_add(outer, inner)
    };
    (0..n).map(weight).collect()
}

/// ln(X_{i−1} − X_i) with the expected ln X_i; all that is left for the last.
fn log_shells(record: &Record, counts: &[usize]) -> Vec<f64> {
    // Batch by batch the counts are the same few again.
    let most = counts.iter().max().map_or(0, |&count| count);
    let mut log_shares = vec![f64::NAN; most + 1];
    let mut log_x = record.log_volume;
    let mut shells = Vec::with_capacity(counts.len());
    for (i, &count) in counts.iter().enumerate() {
        let step = 1.0 / count as f64;
        let last = i + 1 == counts.len();
        shells.push(if last {
            log_x
        } else {
            let log_share = &mut log_shares[count];
            if log_share.is_nan() {
                *log_share = (-(-step).exp_m1()).ln();
            }
            log_x + *log_share
        });
        log_x -= step;
    }
    shells
}

/// The share of the evidence that lies in each shell: its volume times the mean likelihood of its two ends.
pub(super) fn shell_shares(record: &Record, counts: &[usize], log_z: f64) -> Vec<f64> {
    let n = counts.len();
    let likelihood = |i: usize| {
        let inner = record.log_l[i];
        if i == 0 || i + 1 == n {
            inner
        } else {
            log_add(record.log_l[i - 1], inner) - std::f64::consts::LN_2
        }
    };
    let shells = log_shells(record, counts);
    (0..n)
        .map(|i| (shells[i] + likelihood(i) - log_z).exp())
        .collect()
}
