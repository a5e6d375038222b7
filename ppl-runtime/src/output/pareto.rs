//! Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024).

use super::diagnostics::mean;
use crate::real::special::log_sum_exp;

/// Fewer values in the tail are not fitted.
const SHORTEST_TAIL: usize = 5;

/// Smooths the largest of some log weights in place and normalises them all. Gives the shape k of the generalised Pareto
/// distribution of the tail: means over the weights have a finite variance if k < 1/2, and are of use up to about 0.7;
/// infinite if the tail is too short to tell.
pub(crate) fn smooth(ln_weights: &mut [f64], relative_efficiency: f64) -> f64 {
    let n = ln_weights.len();
    let largest = ln_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    ln_weights.iter_mut().for_each(|w| *w -= largest);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| ln_weights[*a].total_cmp(&ln_weights[*b]));
    let s = n as f64;
    let tail = (s / 5.0).min(3.0 * (s / relative_efficiency).sqrt()).ceil() as usize;
    let mut k = f64::INFINITY;
    if tail < n {
        let cut = ln_weights[order[n - tail - 1]].max(f64::MIN_POSITIVE.ln());
        order.retain(|i| ln_weights[*i] > cut);
        if order.len() >= SHORTEST_TAIL {
            let beyond: Vec<f64> = order
                .iter()
                .map(|i| ln_weights[*i].exp() - cut.exp())
                .collect();
            let sigma;
            (k, sigma) = fit(&beyond);
            if k.is_finite() {
                let tail = order.len() as f64;
                for (j, i) in order.iter().enumerate() {
                    let p = (j as f64 + 0.5) / tail;
                    ln_weights[*i] = (quantile(p, k, sigma) + cut.exp()).ln().min(0.0);
                }
            }
        }
    }
    let total = log_sum_exp(ln_weights);
    ln_weights.iter_mut().for_each(|w| *w -= total);
    k
}

/// Shape and scale of the generalised Pareto distribution of increasing positive values: the posterior mean of
/// b = −k/σ over a grid (Zhang & Stephens 2009), and the shape drawn to 1/2 as by ten more values.
fn fit(x: &[f64]) -> (f64, f64) {
    let n = x.len();
    let grid = 30 + (n as f64).sqrt() as usize;
    let quartile = x[((n as f64 / 4.0 + 0.5) as usize).saturating_sub(1)];
    let largest = x[n - 1];
    let b: Vec<f64> = (1..=grid)
        .map(|j| {
            let spread = 1.0 - (grid as f64 / (j as f64 - 0.5)).sqrt();
            spread / (3.0 * quartile) + 1.0 / largest
        })
        .collect();
    let shape = |b: f64| mean(&x.iter().map(|x| (-b * x).ln_1p()).collect::<Vec<_>>());
    let profile: Vec<f64> = b
        .iter()
        .map(|&b| {
            let k = shape(b);
            n as f64 * ((-b / k).ln() - k - 1.0)
        })
        .collect();
    let total = log_sum_exp(&profile);
    let weights = profile.iter().map(|p| (p - total).exp());
    // What weighs nothing is left out, as it can be infinite.
    let kept = || {
        weights
            .clone()
            .zip(&b)
            .filter(|(w, _)| *w >= 10.0 * f64::EPSILON)
    };
    let sum: f64 = kept().map(|(w, _)| w).sum();
    let b = kept().map(|(w, b)| w * b).sum::<f64>() / sum;
    let k = shape(b);
    ((n as f64 * k + 5.0) / (n as f64 + 10.0), -k / b)
}

/// The quantile function of the generalised Pareto distribution.
fn quantile(p: f64, k: f64, sigma: f64) -> f64 {
    if sigma <= 0.0 {
        return f64::NAN;
    }
    let e = -(-p).ln_1p();
    if k.abs() < f64::EPSILON {
        sigma * e
    } else {
        sigma * (k * e).exp_m1() / k
    }
}
