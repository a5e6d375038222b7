//! What chains say about their own trustworthiness: rank-normalised split R̂, effective sample sizes, Monte Carlo
//! standard errors (Vehtari, Gelman, Simpson, Carpenter & Bürkner 2021, "Rank-normalization, folding, and
//! localization: an improved R̂ for assessing convergence of MCMC"), the energy diagnostic and the highest-density
//! interval.
//!
//! Chains are slices of equal length, at least four draws each. What cannot be computed (a NaN among the draws, too
//! few draws, unequal lengths) is NaN. The definitions are those of ArviZ 0.23, except that [`rhat`] of a single chain
//! compares its two halves where ArviZ answers NaN, and that "constant" means exactly equal draws where ArviZ means a
//! range below 1e-15.

mod autocovariance;
mod diagnosis;
mod energy;
mod ess;
mod hdi;
mod mcse;
mod moments;
mod rank;
mod rhat;

pub use energy::ebfmi;
pub use ess::{ess_bulk, ess_mean, ess_quantile, ess_sd, ess_tail};
pub use hdi::hdi;
pub use mcse::{mcse_mean, mcse_quantile, mcse_sd};
pub use rhat::rhat;

pub(crate) use diagnosis::Diagnosis;
pub(crate) use moments::{mean, sd, sorted_quantile, variance};

/// Whether the chains have equal lengths of at least four draws, none of them NaN.
fn valid<C: AsRef<[f64]>>(chains: &[C]) -> bool {
    let Some(first) = chains.first() else {
        return false;
    };
    let n = first.as_ref().len();
    n >= 4
        && chains.iter().all(|c| {
            let c = c.as_ref();
            c.len() == n && c.iter().all(|x| !x.is_nan())
        })
}

/// Each chain's first and last half; the middle draw of an odd length belongs to neither.
fn halves(chains: &[f64], len: usize) -> impl Iterator<Item = &[f64]> {
    let half = len / 2;
    chains
        .chunks_exact(len)
        .flat_map(move |c| [&c[..half], &c[len - half..]])
}

/// All draws, chain after chain.
fn pooled<C: AsRef<[f64]>>(chains: &[C]) -> Vec<f64> {
    let mut all = Vec::with_capacity(chains.iter().map(|c| c.as_ref().len()).sum());
    for chain in chains {
        all.extend_from_slice(chain.as_ref());
    }
    all
}
