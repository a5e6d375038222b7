//! Effective sample sizes.

use super::autocovariance::Centred;
use super::moments::{mean, sorted, sorted_quantile};
use super::rank::Ordered;
use super::{halves, pooled, valid};

/// Effective sample size of the bulk: of the rank-normalised split chains (Vehtari et al. 2021, section 4.3).
///
/// ```
/// use ppl_runtime::output::diagnostics::ess_bulk;
/// let slow: Vec<f64> = (0..400).map(|t| (t as f64 / 40.0).sin()).collect();
/// assert!(ess_bulk(&[slow]) < 40.0);
/// ```
pub fn ess_bulk<C: AsRef<[f64]>>(chains: &[C]) -> f64 {
    of_split(chains, |x| Ordered::new(x).scores(), true)
}

/// Effective sample size of the tails: the smaller of those of the 5 % and the 95 % quantile.
pub fn ess_tail<C: AsRef<[f64]>>(chains: &[C]) -> f64 {
    tail_of_sorted(chains, &sorted(&pooled(chains)))
}

/// The same, given all draws in order.
pub(super) fn tail_of_sorted<C: AsRef<[f64]>>(chains: &[C], sorted: &[f64]) -> f64 {
    let [low, high] = [0.05, 0.95].map(|p| below(chains, sorted_quantile(sorted, p)));
    if low.is_nan() || high.is_nan() {
        f64::NAN
    } else {
        low.min(high)
    }
}

/// Effective sample size of the indicator x ≤ q.
fn below<C: AsRef<[f64]>>(chains: &[C], q: f64) -> f64 {
    let indicator = |&v: &f64| if v <= q { 1.0 } else { 0.0 };
    of_split(chains, |x| x.iter().map(indicator).collect(), false)
}

/// Effective sample size for the mean: of the split chains as they are.
pub fn ess_mean<C: AsRef<[f64]>>(chains: &[C]) -> f64 {
    of_split(chains, <[f64]>::to_vec, false)
}

/// Effective sample size for the standard deviation: of (x − x̄)².
pub fn ess_sd<C: AsRef<[f64]>>(chains: &[C]) -> f64 {
    let squares = |x: &[f64]| {
        let m = mean(x);
        x.iter().map(|v| (v - m) * (v - m)).collect()
    };
    of_split(chains, squares, false)
}

/// Effective sample size for the quantile at `p`: of the indicator x ≤ quantile. NaN for `p` outside [0, 1].
pub fn ess_quantile<C: AsRef<[f64]>>(chains: &[C], p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || !valid(chains) {
        return f64::NAN;
    }
    below(chains, sorted_quantile(&sorted(&pooled(chains)), p))
}

/// Transforms all draws together, before or after the chains are split (an odd length loses its middle draws, which
/// count in a rank only if it is taken before), and takes the effective sample size of the halves.
fn of_split<C: AsRef<[f64]>>(
    chains: &[C],
    transform: impl FnOnce(&[f64]) -> Vec<f64>,
    split_first: bool,
) -> f64 {
    if !valid(chains) {
        return f64::NAN;
    }
    let len = chains[0].as_ref().len();
    let all = pooled(chains);
    let split = |x: &[f64]| halves(x, len).flatten().copied().collect::<Vec<f64>>();
    let draws = if split_first {
        transform(&split(&all))
    } else {
        split(&transform(&all))
    };
    effective_size(draws, len / 2)
}

/// S / τ̂ with τ̂ = −1 + 2 Σ P̂_t over Geyer's initial monotone sequence of the sums of pairs of autocorrelations
/// P̂_t = ρ̂_2t + ρ̂_2t+1 (Vehtari et al. 2021, equations 10 to 13; Geyer 1992), τ̂ at least 1/log₁₀ S. Equal draws count in full.
pub(super) fn effective_size(draws: Vec<f64>, n: usize) -> f64 {
    let size = draws.len() as f64;
    if draws.iter().all(|&x| x == draws[0]) {
        return size;
    }
    let chains = Centred::new(draws, n);
    let mean_variance = chains.autocovariance(0) * n as f64 / (n as f64 - 1.0);
    let mut variance = mean_variance * (n as f64 - 1.0) / n as f64;
    if chains.chains() > 1 {
        variance += chains.variance_of_means();
    }
    let rho = |lag: usize| 1.0 - (mean_variance - chains.autocovariance(lag)) / variance;

    // Pairs (ρ_0, ρ_1), (ρ_2, ρ_3), ... while their sums are positive. The pair that ends the sequence counts with its
    // even member alone.
    let (mut even, mut odd) = (1.0, rho(1));
    if odd.is_nan() {
        return f64::NAN;
    }
    let mut sums: Vec<f64> = Vec::new();
    let mut lag = 1;
    while lag + 3 < n && even + odd > 0.0 {
        let before = sums.last().copied().unwrap_or(f64::INFINITY);
        sums.push(before.min(even + odd));
        even = rho(lag + 1);
        odd = rho(lag + 2);
        lag += 2;
    }
    let rest = if even + odd >= 0.0 {
        even
    } else {
        even.max(0.0)
    };
    let tau = -1.0 + 2.0 * sums.iter().sum::<f64>() + rest;
    size / tau.max(1.0 / size.log10())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternating_draws_are_worth_more_than_they_are() {
        let x: Vec<f64> = (0..100)
            .map(|t| if t % 2 == 0 { 1.0 } else { -1.1 })
            .collect();
        assert!(ess_mean(&[x]) > 100.0);
    }

    #[test]
    fn constant_draws_count_in_full() {
        assert_eq!(ess_bulk(&[[0.1; 10]; 2]), 20.0);
        assert_eq!(ess_tail(&[[0.1; 10]; 2]), 20.0);
    }

    #[test]
    fn bad_input_is_nan() {
        assert!(ess_mean(&[[1.0, f64::NAN, 2.0, 3.0]]).is_nan());
        assert!(ess_bulk(&[[1.0, f64::INFINITY, 2.0, 3.0]]) > 0.0);
        assert!(ess_mean(&[[1.0, f64::INFINITY, 2.0, 3.0]]).is_nan());
        assert!(ess_quantile(&[[1.0, 2.0, 3.0, 4.0]], 1.1).is_nan());
    }
}
