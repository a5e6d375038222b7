//! Autocovariances, a lag at a time.

use super::moments::{mean, sum, variance};

/// Several chains, each centred on its own mean, ready to give the mean over chains of an autocovariance.
///
/// A lag costs one pass. Geyer's rule (see [`super::ess`]) usually needs few of them, so all lags by Fourier transform
/// would be slower for chains that mix and saves nothing that matters for those that do not.
pub(super) struct Centred {
    draws: Vec<f64>,
    len: usize,
    means: Vec<f64>,
}

impl Centred {
    /// Chains of `len` draws, one after another.
    pub(super) fn new(mut draws: Vec<f64>, len: usize) -> Self {
        let mut means = Vec::with_capacity(draws.len() / len);
        for chain in draws.chunks_exact_mut(len) {
            let m = mean(chain);
            chain.iter_mut().for_each(|x| *x -= m);
            means.push(m);
        }
        Self { draws, len, means }
    }

    /// The number of chains.
    pub(super) fn chains(&self) -> usize {
        self.means.len()
    }

    /// The variance of the chains' means.
    pub(super) fn variance_of_means(&self) -> f64 {
        variance(&self.means)
    }

    /// The mean over chains of (1/n) Σ_t (x_t − x̄)(x_{t+lag} − x̄).
    pub(super) fn autocovariance(&self, lag: usize) -> f64 {
        let mut total = 0.0;
        for chain in self.draws.chunks_exact(self.len) {
            let (now, later) = (&chain[..self.len - lag], &chain[lag..]);
            total += sum(later.len(), |i| now[i] * later[i]) / self.len as f64;
        }
        total / self.chains() as f64
    }
}
