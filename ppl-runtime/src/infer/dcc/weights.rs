//! Posterior weights of programs, from their evidences.

use crate::output::Estimate;

/// The posterior weights, and the log evidence of all.
///
/// w_k = Z_k / Σ Z. With independent relative variances v_k of the Z_k, by the delta method,
/// Var w_k = w_k² [(1 − w_k)² v_k + Σ_{j≠k} w_j² v_j] and Var ln Z = Σ w_j² v_j.
pub(super) fn weights(log_evidences: &[Estimate]) -> (Vec<Estimate>, Estimate) {
    let most = log_evidences
        .iter()
        .map(|z| z.mean)
        .fold(f64::NEG_INFINITY, f64::max);
    let parts: Vec<f64> = log_evidences
        .iter()
        .map(|z| (z.mean - most).exp())
        .collect();
    let total: f64 = parts.iter().sum();
    let weights: Vec<f64> = parts.iter().map(|p| p / total).collect();
    let shares: Vec<f64> = weights
        .iter()
        .zip(log_evidences)
        .map(|(w, z)| (w * z.sd).powi(2))
        .collect();
    let all: f64 = shares.iter().sum();
    let of = |k: usize| {
        let w = weights[k];
        // Summed afresh: a difference with the sum of all would lose the small ones.
        let others: f64 = (0..shares.len())
            .filter(|j| *j != k)
            .map(|j| shares[j])
            .sum();
        let rest: f64 = (0..weights.len())
            .filter(|j| *j != k)
            .map(|j| weights[j])
            .sum();
        Estimate {
            mean: w,
            sd: ((w * rest * log_evidences[k].sd).powi(2) + w * w * others).sqrt(),
        }
    };
    let log_evidence = Estimate {
        mean: most + total.ln(),
        sd: all.sqrt(),
    };
    ((0..weights.len()).map(of).collect(), log_evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;
    use rand_distr::StandardNormal;

    #[test]
    fn errors_are_those_of_a_simulation() {
        let estimates = [(-700.0, 0.02), (-700.7, 0.05), (-703.0, 0.1)];
        let estimates = estimates.map(|(mean, sd)| Estimate { mean, sd });
        let (exact, log_evidence) = weights(&estimates);
        let n = 20_000;
        let mut squares = [0.0; 4];
        for i in 0..n {
            let rng = &mut keyed(1, Purpose::User, i, 0);
            let moved = estimates.map(|e| Estimate {
                mean: e.mean + e.sd * rng.sample::<f64, _>(StandardNormal),
                sd: e.sd,
            });
            let (w, z) = weights(&moved);
            for k in 0..3 {
                squares[k] += (w[k].mean - exact[k].mean).powi(2) / n as f64;
            }
            squares[3] += (z.mean - log_evidence.mean).powi(2) / n as f64;
        }
        for (k, e) in exact.iter().chain([&log_evidence]).enumerate() {
            // 20,000 draws know a standard deviation to half a per cent; the delta method is of second order.
            assert!((squares[k].sqrt() / e.sd - 1.0).abs() < 0.05, "{k}");
        }
        assert!((exact.iter().map(|w| w.mean).sum::<f64>() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn one_program_has_weight_one() {
        let (w, z) = weights(&[Estimate { mean: 3.0, sd: 0.5 }]);
        assert_eq!((w[0].mean, w[0].sd), (1.0, 0.0));
        assert_eq!((z.mean, z.sd), (3.0, 0.5));
    }
}
