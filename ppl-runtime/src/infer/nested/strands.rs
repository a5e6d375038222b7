//! The error bar that the strands give.
//!
//! ln Z moves with each death by −R_i/n_i, R_i the share of the evidence that lies further in, and that step is
//! compensated over the lives of the points that were at risk: the residual of point j is
//!
//! e_j = −R_j/n_j + Σ_{i: L_birth,j < L_i ≤ L_j} R_i/n_i²,
//!
//! the martingale residual of the Nelson–Aalen estimator of the shrinkage (Aalen, Borgan & Gjessing 2008, §4.1). If
//! points are independent Σ e_j² estimates Var ln Z. Points of one family, which descend from each other by chains,
//! are not quite; so residuals are summed within families first and Σ_f (Σ_{j∈f} e_j)² is the estimate.
//! Over a long run few families survive, and one that is left alone has no residual: so families are also let begin
//! anew after each stretch of births, and the largest estimate over several lengths of the stretch counts.

use super::Record;
use super::evidence::{Books, log_sum, shell_shares};
use super::live::NO_PARENT;
use rayon::prelude::*;

/// Lengths of a stretch in units of the live points.
const STRETCHES: [usize; 4] = [1, 4, 16, usize::MAX];

/// Variance of ln Z from the spread of the strands.
pub(super) fn variance(record: &Record, books: &Books, shares: &[f64]) -> f64 {
    largest(record, &residuals(record, books, shares))
}

fn largest(record: &Record, residuals: &[f64]) -> f64 {
    // The largest does not depend on the order.
    STRETCHES
        .par_iter()
        .map(|s| spread(record, residuals, s.saturating_mul(record.live_points)))
        .reduce(|| 0.0, f64::max)
}

/// How much larger the standard deviation of ln Z is by families than by single points: about 1 if chains forget
/// where they began, as far as that matters to ln Z.
pub(super) fn excess(record: &Record) -> f64 {
    let books = record.books();
    let shares = shell_shares(record, &books.counts, log_sum(&books.log_weights));
    let residuals = residuals(record, &books, &shares);
    let single: f64 = residuals.iter().map(|e| e * e).sum();
    if single > 0.0 {
        (largest(record, &residuals) / single).sqrt()
    } else {
        1.0
    }
}

/// e_j of each point, in the order of death.
pub(super) fn residuals(record: &Record, books: &Books, shares: &[f64]) -> Vec<f64> {
    let (counts, first) = (&books.counts, &books.first_deaths);
    let n = record.len();
    let mut inside = 1.0;
    let mut influence = Vec::with_capacity(n);
    let mut compensator = Vec::with_capacity(n + 1);
    let mut total = 0.0;
    compensator.push(0.0);
    for i in 0..n {
        let count = counts[i] as f64;
        inside -= shares[i];
        // A larger shrinkage widens this shell, by its inner volume, and takes from all further in.
        let widened = shares[i] / (1.0 / count).exp_m1();
        let r = if i + 1 == n { 0.0 } else { inside - widened };
        influence.push(r / count);
        total += r / (count * count);
        compensator.push(total);
    }
    (0..n)
        .map(|j| compensator[j + 1] - compensator[first[j]] - influence[j])
        .collect()
}

/// Σ_f (Σ_{j∈f} e_j)² with families that begin anew every `stretch` births.
pub(super) fn spread(record: &Record, residuals: &[f64], stretch: usize) -> f64 {
    let births = record.id.iter().max().map_or(0, |&id| id as usize + 1);
    let mut parent = vec![NO_PARENT; births];
    for (&id, &p) in record.id.iter().zip(&record.parent) {
        parent[id as usize] = p;
    }
    // Parents come before children in the order of birth.
    let mut family: Vec<u32> = (0..births as u32).collect();
    for id in 0..births {
        let p = parent[id];
        if p != NO_PARENT && p as usize / stretch == id / stretch {
            family[id] = family[p as usize];
        }
    }
    let mut sums = vec![0.0; births];
    for (&id, e) in record.id.iter().zip(residuals) {
        sums[family[id as usize] as usize] += e;
    }
    sums.iter().map(|s| s * s).sum()
}
