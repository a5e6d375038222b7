//! Rank normalisation.

use statrs::function::erf::erfc_inv;
use std::f64::consts::SQRT_2;

/// Replaces each draw by the normal score of its rank among all: z = Φ⁻¹((r − 3/8)/(S + 1/4)), r the rank (ties share
/// their mean), S the number of draws (Vehtari et al. 2021, equation 14).
pub(super) fn normal_scores(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_unstable_by(|&i, &j| x[i].total_cmp(&x[j]));
    let mut z = vec![0.0; n];
    let mut start = 0;
    while start < n {
        let mut end = start + 1;
        while end < n && x[order[end]] == x[order[start]] {
            end += 1;
        }
        let rank = 0.5 * ((start + 1) + end) as f64;
        let p = (rank - 0.375) / (n as f64 + 0.25);
        let score = -SQRT_2 * erfc_inv(2.0 * p);
        for &i in &order[start..end] {
            z[i] = score;
        }
        start = end;
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_keep_the_order_and_share_ties() {
        let z = normal_scores(&[5.0, -1.0, 5.0, 100.0, 0.0, -0.0]);
        assert_eq!(z[0], z[2]);
        assert_eq!(z[4], z[5]);
        assert!(z[1] < z[4] && z[4] < z[0] && z[0] < z[3]);
        // The largest of six: Φ⁻¹(5.625 / 6.25) = Φ⁻¹(0.9).
        assert!((z[3] - 1.281_551_565_544_600_4).abs() < 1e-14);
    }

    #[test]
    fn equal_draws_score_zero() {
        assert!(normal_scores(&[0.1; 9]).iter().all(|&z| z == 0.0));
    }
}
