//! The error bar that the volumes give: simulated shrinkage.

use super::Record;
use crate::random::{Purpose, keyed};
use rand::RngExt;
use rand_distr::{Distribution, Exp1, Gamma};
use rayon::prelude::*;

/// Variance of ln Z over draws of the shrinkage factors, ln t_i = ln u / n_i.
///
/// Shells whose weight is negligible need no draw of their own: those before the bulk of the posterior shrink by a gamma
/// variate together, those after it change nothing. Within it shells are drawn in groups so thin
/// that the likelihood hardly rises across one.
pub(super) fn variance(record: &Record, counts: &[usize], shares: &[f64]) -> f64 {
    const NEGLIGIBLE: f64 = 1e-7;
    let mut sum = 0.0;
    let first = shares
        .iter()
        .take_while(|&&p| {
            sum += p;
            sum < NEGLIGIBLE
        })
        .count();
    sum = 0.0;
    let last = shares.len()
        - shares
            .iter()
            .rev()
            .take_while(|&&p| {
                sum += p;
                sum < NEGLIGIBLE
            })
            .count();
    let (before, spread) = counts[..first].iter().fold((0.0, 0.0), |(s, v), &n| {
        let step = 1.0 / n as f64;
        (s + step, v + step * step)
    });
    let before_law = gamma(before, spread);
    // With every volume relative to its expectation nothing over- or underflows: a group has its share of the
    // evidence, times the relative volume around it, times (1 − t) over its expectation.
    let groups = groups(
        &counts[first..last],
        &shares[first..last],
        last == shares.len(),
    );
    let draw = |draw: usize| {
        let mut rng = keyed(record.seed, Purpose::Shrinkage, 0, draw as u64);
        let log_x = before_law.map_or(0.0, |law| before - law.sample(&mut rng));
        let (mut z, mut relative) = (0.0, 1.0);
        for group in &groups {
            let drawn = match &group.law {
                Some(gamma) => gamma.sample(&mut rng),
                None => group.step * rng.sample::<f64, _>(Exp1),
            };
            let ratio = exp_near_zero(group.step - drawn);
            z += group.weight * relative * (1.0 - ratio * group.shrinkage);
            relative *= ratio;
        }
        log_x + z.ln()
    };
    let draws: Vec<f64> = (0..record.shrinkage_draws)
        .into_par_iter()
        .with_min_len(16)
        .map(draw)
        .collect();
    let n = draws.len() as f64;
    let mean = draws.iter().sum::<f64>() / n;
    draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0)
}

/// Neighbouring shells that are drawn at once, with what their simulation needs.
struct Group {
    /// Expected −ln t, Σ 1/n.
    step: f64,
    /// e^(−step).
    shrinkage: f64,
    /// Share of the evidence over the expected 1 − t.
    weight: f64,
    /// The law of −ln t; none for one shell.
    law: Option<Gamma<f64>>,
}

/// Most that a group shrinks. What is lost is the part of the error that comes of the likelihood's rise within it, of
/// the order of the square of this.
const GROUP: f64 = 0.2;

fn groups(counts: &[usize], shares: &[f64], to_the_top: bool) -> Vec<Group> {
    let mut out = Vec::new();
    let mut begin = 0;
    while begin < counts.len() {
        let (mut step, mut variance, mut share, mut end) = (0.0, 0.0, 0.0, begin);
        // The innermost shell is all the volume that is left, and stands alone.
        let innermost = |i: usize| to_the_top && i + 1 == counts.len();
        while end < counts.len() {
            let more = 1.0 / counts[end] as f64;
            if end > begin && (step + more > GROUP || innermost(end)) {
                break;
            }
            step += more;
            variance += more * more;
            share += shares[end];
            end += 1;
        }
        let shrinkage = if innermost(begin) {
            0.0
        } else {
            f64::exp(-step)
        };
        out.push(Group {
            step,
            shrinkage,
            weight: share / (1.0 - shrinkage),
            law: (end > begin + 1).then(|| gamma(step, variance)).flatten(),
        });
        begin = end;
    }
    out
}

/// eˣ, by its series where that is exact to 1e-13.
#[inline]
fn exp_near_zero(x: f64) -> f64 {
    if x.abs() < 0.02 {
        1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0)))))
    } else {
        x.exp()
    }
}

/// The gamma law of this mean and variance: that of −ln t of many shells, a sum of exponential variates, exact where their n_i
/// are equal.
fn gamma(mean: f64, variance: f64) -> Option<Gamma<f64>> {
    Gamma::new(mean * mean / variance, variance / mean).ok()
}
