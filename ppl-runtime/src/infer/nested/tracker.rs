//! What a climb knows of its evidence while it runs.

use super::condition::Standing;
use super::evidence::log_add;
use super::live::LiveSet;
use serde::{Deserialize, Serialize};

/// Running sums over the dead points, and a look at the live ones.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Tracker {
    /// ln X at the contour.
    pub log_x: f64,
    /// ln Z of the dead points.
    pub log_z: f64,
    /// ln Σ w² of the dead points.
    log_squares: f64,
    /// Σ w (ln L) / Z of the dead points.
    mean_log_l: f64,
    /// Largest ln(X L) of a dead point, and the last.
    peak: f64,
    last: f64,
    /// ln(X · mean L) of the live points.
    log_live: f64,
    /// Points an evaluation, over the last batch.
    pub efficiency: f64,
}

impl Tracker {
    pub(super) fn new(log_x: f64, log_z: f64) -> Self {
        Tracker {
            log_x,
            log_z,
            log_squares: f64::NEG_INFINITY,
            mean_log_l: 0.0,
            peak: f64::NEG_INFINITY,
            last: f64::NEG_INFINITY,
            log_live: f64::INFINITY,
            efficiency: 1.0,
        }
    }

    /// A point dies as the lowest of `alive`.
    pub(super) fn bury(&mut self, log_l: f64, alive: usize) {
        let step = 1.0 / alive as f64;
        let log_weight = log_l + self.log_x + (-(-step).exp_m1()).ln();
        self.log_z = log_add(self.log_z, log_weight);
        self.log_squares = log_add(self.log_squares, 2.0 * log_weight);
        let share = (log_weight - self.log_z).exp();
        self.mean_log_l += share * (log_l - self.mean_log_l);
        self.log_x -= step;
        self.last = log_l + self.log_x;
        self.peak = self.peak.max(self.last);
    }

    /// ln X once the lowest `dying` of `alive` are dead.
    pub(super) fn log_x_after(&self, dying: usize, alive: usize) -> f64 {
        (0..dying).fold(self.log_x, |x, r| x - 1.0 / (alive - r) as f64)
    }

    /// Looks at the live points after a batch whose replacements took `cost` evaluations each.
    pub(super) fn look(&mut self, live: &LiveSet, cost: f64) {
        self.log_live = self.log_x + live.log_mean_likelihood();
        self.efficiency = cost.recip();
    }

    /// ln(1 + Z_live/Z).
    pub(super) fn remaining(&self) -> f64 {
        log_add(0.0, self.log_live - self.log_z)
    }

    /// What conditions look at, but for totals over climbs; with `weighs` the weights of the live points too.
    pub(super) fn standing(&self, live: &LiveSet, threshold: f64, weighs: bool) -> Standing {
        let (mut effective_samples, mut evidence_sd) = (0.0, f64::INFINITY);
        if weighs {
            let n = live.len() as f64;
            let (mut log_z, mut log_squares) = (self.log_z, self.log_squares);
            let mut mean = self.mean_log_l;
            let mut contours: Vec<f64> = live.contour.iter().map(|c| c.log_l).collect();
            contours.sort_by(f64::total_cmp);
            let mut log_x = self.log_x;
            for (r, log_l) in contours.iter().enumerate() {
                // As the record will have it if the run ends here.
                let step = 1.0 / (contours.len() - r) as f64;
                let last = r + 1 == contours.len();
                let shell = if last { 0.0 } else { (-(-step).exp_m1()).ln() };
                let log_weight = log_l + log_x + shell;
                log_x -= step;
                log_z = log_add(log_z, log_weight);
                log_squares = log_add(log_squares, 2.0 * log_weight);
                mean += (log_weight - log_z).exp() * (log_l - mean);
            }
            effective_samples = (2.0 * log_z - log_squares).exp();
            // √(H/n) of Skilling (2006), and what may still come.
            let information = (mean - log_z).max(0.0);
            evidence_sd = (information / n).sqrt().hypot(self.remaining());
        }
        let live = live.contour.iter().fold(
            (f64::INFINITY, f64::NEG_INFINITY),
            |(lo, hi): (f64, f64), c| (lo.min(c.log_l), hi.max(c.log_l)),
        );
        Standing {
            remaining: self.remaining(),
            effective_samples,
            evidence_sd,
            samples: 0,
            evaluations: 0,
            log_l: threshold,
            efficiency: self.efficiency,
            live,
            below_peak: self.last - self.peak,
            climbed: false,
        }
    }
}
