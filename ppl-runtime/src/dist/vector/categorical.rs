//! The categorical distribution over 0, ..., n − 1, by weights (P(k) = wₖ/Σw: they need not sum to one) and by logits
//! (P(k) = e^(lₖ)/Σe^l).

use crate::dist::family::Invalid;
use crate::dist::shared::require;
use crate::random::Rng;
use crate::real::special::log_sum_exp;
use rand::RngExt;
use rand::distr::Open01;

/// Whether the weights are finite, none negative, not all 0.
pub fn check(weights: &[f64]) -> Result<(), Invalid> {
    let good = weights.iter().all(|&w| w >= 0.0) && weights.iter().any(|&w| w > 0.0);
    require(
        good && total(weights).is_finite(),
        0,
        "non-negative numbers, not all zero",
    )
}

/// Whether the logits are numbers below +∞, not all −∞.
pub fn check_logits(logits: &[f64]) -> Result<(), Invalid> {
    require(
        log_sum_exp(logits).is_finite(),
        0,
        "below infinity, and not all minus infinity",
    )
}

fn total(weights: &[f64]) -> f64 {
    weights.iter().sum()
}

/// ln P(k) by weights; −∞ for a k that is no category, NaN for invalid weights.
///
/// ```
/// use ppl_runtime::dist::vector::categorical;
/// assert_eq!(categorical::log_pmf(1, &[1.0, 2.0, 1.0]), 0.5_f64.ln());
/// ```
pub fn log_pmf(k: usize, weights: &[f64]) -> f64 {
    if check(weights).is_err() {
        return f64::NAN;
    }
    weights
        .get(k)
        .map_or(f64::NEG_INFINITY, |w| (w / total(weights)).ln())
}

/// ln P(k) by weights; writes ∂/∂wᵢ = [i = k]/wₖ − 1/Σw.
pub fn partials(k: usize, weights: &[f64], by_weight: &mut [f64]) -> f64 {
    let value = log_pmf(k, weights);
    if value == f64::NEG_INFINITY {
        by_weight.fill(0.0);
        return value;
    }
    let sum = total(weights);
    by_weight.fill(-sum.recip());
    if let (Some(by), Some(w)) = (by_weight.get_mut(k), weights.get(k)) {
        // 1/w − 1/Σw by what the other weights sum to: nothing cancels where one weight is nearly all.
        let others = total(&weights[..k]) + total(&weights[k + 1..]);
        *by = others / w / sum;
    }
    value
}

/// ln P(k) by logits; −∞ for a k that is no category, NaN for invalid logits.
///
/// ```
/// use ppl_runtime::dist::vector::categorical;
/// assert_eq!(categorical::log_pmf_logits(0, &[-900.0, 0.0]), -900.0);
/// ```
pub fn log_pmf_logits(k: usize, logits: &[f64]) -> f64 {
    if check_logits(logits).is_err() {
        return f64::NAN;
    }
    let Some(&at) = logits.get(k) else {
        return f64::NEG_INFINITY;
    };
    // −ln Σ e^(l − lₖ) = −ln(1 + Σ of the others): near 0 the others hold the digits.
    let below = log_sum_exp(&logits[..k]);
    let above = log_sum_exp(&logits[k + 1..]);
    -crate::real::special::ln_1p_exp(log_sum_exp(&[below, above]) - at)
}

/// ln P(k) by logits; writes ∂/∂lᵢ = [i = k] − P(i).
pub fn partials_logits(k: usize, logits: &[f64], by_logit: &mut [f64]) -> f64 {
    let value = log_pmf_logits(k, logits);
    if value == f64::NEG_INFINITY {
        by_logit.fill(0.0);
        return value;
    }
    let sum = log_sum_exp(logits);
    for (by, l) in by_logit.iter_mut().zip(logits) {
        *by = -(l - sum).exp();
    }
    if let Some(by) = by_logit.get_mut(k) {
        *by = -value.exp_m1();
    }
    value
}

/// The least k with P(X ≤ k) ≥ u, by weights, for u in (0, 1). Never a category of weight 0.
pub fn quantile(u: f64, weights: &[f64]) -> usize {
    invert(u, weights.len(), |k| weights[k])
}

/// The least k with P(X ≤ k) ≥ u, by logits, for u in (0, 1).
pub fn quantile_logits(u: f64, logits: &[f64]) -> usize {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    invert(u, logits.len(), |k| (logits[k] - largest).exp())
}

/// Invalid weights give category 0, which always can be read.
fn invert(u: f64, n: usize, weight: impl Fn(usize) -> f64) -> usize {
    let sum: f64 = (0..n).map(&weight).sum();
    let mut last = 0;
    if u <= 0.5 {
        let mut lower = 0.0;
        for k in (0..n).filter(|&k| weight(k) > 0.0) {
            lower += weight(k);
            last = k;
            if lower >= u * sum {
                break;
            }
        }
        return last;
    }
    // From above, where 1 − u is exact: the last k with P(X ≥ k) > 1 − u.
    let mut upper = 0.0;
    for k in (0..n).rev().filter(|&k| weight(k) > 0.0) {
        upper += weight(k);
        last = k;
        if upper > (1.0 - u) * sum {
            break;
        }
    }
    last
}

/// One draw by weights.
pub fn draw(rng: &mut Rng, weights: &[f64]) -> usize {
    quantile(rng.sample(Open01), weights)
}

/// One draw by logits.
pub fn draw_logits(rng: &mut Rng, logits: &[f64]) -> usize {
    quantile_logits(rng.sample(Open01), logits)
}
