//! The energy diagnostic of Hamiltonian Monte Carlo.

use super::moments::{mean, variance};

/// Energy Bayesian fraction of missing information of one chain: the mean of (E_t − E_{t−1})² over the variance of E
/// (Betancourt 2016, "Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo"). Below 0.3 the
/// momentum moves the energy too little to reach the tails. NaN for fewer than two energies, or equal ones.
///
/// ```
/// use ppl_runtime::output::diagnostics::ebfmi;
/// assert_eq!(ebfmi(&[0.0, 1.0, 0.0, 1.0]), 3.0);
/// ```
pub fn ebfmi(energies: &[f64]) -> f64 {
    let steps: Vec<f64> = energies
        .windows(2)
        .map(|w| (w[1] - w[0]) * (w[1] - w[0]))
        .collect();
    mean(&steps) / variance(energies)
}
