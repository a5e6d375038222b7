//! What a fitted guide says of the evidence.

use crate::output::Estimate;

/// An estimate of ln Z by importance sampling from a guide.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Importance {
    /// ln of the mean of the weights w = p/q, with its error.
    pub log_evidence: Estimate,
    /// k̂, the shape of a generalised Pareto distribution fitted to the largest weights (Vehtari, Simpson, Gelman, Yao &
    /// Gabry 2024, "Pareto smoothed importance sampling"). Above 0.7 the estimate and its error can't be trusted.
    pub pareto_k: f64,
}

/// The bound E\[ln w\].
pub(super) fn bound(log_weights: &[f64]) -> Estimate {
    let n = log_weights.len() as f64;
    let mean = log_weights.iter().sum::<f64>() / n;
    let squares: f64 = log_weights.iter().map(|w| (w - mean) * (w - mean)).sum();
    Estimate {
        mean,
        sd: (squares / (n - 1.0) / n).sqrt(),
    }
}

/// The estimate from the logarithms of the weights; nothing where all weights are 0.
pub(super) fn importance(log_weights: &[f64]) -> Option<Importance> {
    let n = log_weights.len() as f64;
    let most = log_weights
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    if !most.is_finite() {
        return None;
    }
    let weights: Vec<f64> = log_weights.iter().map(|w| (w - most).exp()).collect();
    let mean = weights.iter().sum::<f64>() / n;
    let squares: f64 = weights.iter().map(|w| (w - mean) * (w - mean)).sum();
    Some(Importance {
        log_evidence: Estimate {
            mean: most + mean.ln(),
            sd: (squares / (n - 1.0) / n).sqrt() / mean,
        },
        pareto_k: pareto_k(weights),
    })
}

/// k̂ of weights: of their excesses over a threshold, the largest min(n/5, 3√n) of them.
fn pareto_k(mut weights: Vec<f64>) -> f64 {
    weights.sort_unstable_by(f64::total_cmp);
    let n = weights.len();
    let tail = ((n as f64 / 5.0).min(3.0 * (n as f64).sqrt())).ceil() as usize;
    if tail < 5 {
        return f64::INFINITY;
    }
    let threshold = weights[n - tail - 1];
    let excesses: Vec<f64> = weights[n - tail..].iter().map(|w| w - threshold).collect();
    // Equal weights have no tail at all.
    if excesses[tail - 1] <= f64::EPSILON * weights[n - 1] {
        return f64::NEG_INFINITY;
    }
    generalised_pareto(&excesses)
}

/// The shape of a generalised Pareto distribution, from sorted excesses: the posterior mean of Zhang & Stephens (2009, "A new
/// and efficient estimation method for the generalized Pareto distribution"), drawn towards 1/2 with the weight of ten
/// excesses.
fn generalised_pareto(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let points = 30 + n.sqrt() as usize;
    let quartile = x[((n / 4.0 + 0.5) as usize).max(1) - 1];
    let largest = x[x.len() - 1];
    let shape = |theta: f64| x.iter().map(|x| (-theta * x).ln_1p()).sum::<f64>() / n;
    let grid: Vec<(f64, f64)> = (1..=points)
        .map(|j| {
            let spread = 1.0 - (points as f64 / (j as f64 - 0.5)).sqrt();
            let theta = 1.0 / largest + spread / (3.0 * quartile);
            let k = shape(theta);
            (theta, n * ((-theta / k).ln() - k - 1.0))
        })
        .collect();
    let most = grid.iter().map(|g| g.1).fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = grid.iter().map(|g| (g.1 - most).exp()).sum();
    let theta: f64 = grid.iter().map(|g| g.0 * (g.1 - most).exp()).sum::<f64>() / total;
    (n * shape(theta) + 10.0 * 0.5) / (n + 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights of which the k-th of n is the (k − ½)/n quantile of a Pareto distribution of shape k.
    fn pareto(shape: f64, n: usize) -> Vec<f64> {
        let p = |i: usize| (i as f64 + 0.5) / n as f64;
        (0..n).map(|i| -shape * (1.0 - p(i)).ln()).collect()
    }

    #[test]
    fn shapes_of_known_tails() {
        // ArviZ 0.23.4, `arviz.psislw` on the same logarithms.
        for (shape, expected) in PSISLW {
            let found = importance(&pareto(shape, 1000)).unwrap().pareto_k;
            assert!(
                (found - expected).abs() < 1e-6,
                "{shape}: {found} {expected}"
            );
        }
    }

    const PSISLW: [(f64, f64); 3] = [
        (0.2, 0.236787735857503),
        (0.7, 0.6706577683143559),
        (1.5, 1.3650358987029836),
    ];

    #[test]
    fn equal_weights_are_exact() {
        let one = importance(&[-700.0; 50]).unwrap();
        assert_eq!(
            one.log_evidence,
            Estimate {
                mean: -700.0,
                sd: 0.0
            }
        );
        assert_eq!(one.pareto_k, f64::NEG_INFINITY);
        assert_eq!(bound(&[-700.0; 50]), one.log_evidence);
        assert!(importance(&[f64::NEG_INFINITY; 50]).is_none());
    }

    #[test]
    fn the_bound_is_below() {
        let logs = pareto(0.3, 100);
        assert!(bound(&logs).mean < importance(&logs).unwrap().log_evidence.mean);
    }
}
