//! Monte Carlo standard errors.

use super::ess::{ess_mean, ess_quantile, ess_sd};
use super::moments::{mean, sd, sorted};
use super::{pooled, valid};
use special::Beta;

/// Monte Carlo standard error of the mean: sd / √ESS.
pub fn mcse_mean<C: AsRef<[f64]>>(chains: &[C]) -> f64 {
    if !valid(chains) {
        return f64::NAN;
    }
    sd(&pooled(chains)) / ess_mean(chains).sqrt()
}

/// Monte Carlo standard error of the standard deviation: √(Var[(x − x̄)²] / ESS) / (2 sd), ESS that of (x − x̄)² (the
/// delta method; Vehtari et al. 2021, section 4.4). NaN for equal draws.
pub fn mcse_sd<C: AsRef<[f64]>>(chains: &[C]) -> f64 {
    if !valid(chains) {
        return f64::NAN;
    }
    let all = pooled(chains);
    let m = mean(&all);
    let squares: Vec<f64> = all.iter().map(|x| (x - m) * (x - m)).collect();
    let fourth: Vec<f64> = squares.iter().map(|s| s * s).collect();
    let variance = mean(&squares);
    let variance_of_variance = (mean(&fourth) - variance * variance) / ess_sd(chains);
    (variance_of_variance / variance / 4.0).sqrt()
}

/// Monte Carlo standard error of the quantile at `p`: half the width between the draws at the 15.9 % and 84.1 %
/// quantiles of Beta(ESS p + 1, ESS (1 − p) + 1) (Vehtari et al. 2021, section 4.4).
pub fn mcse_quantile<C: AsRef<[f64]>>(chains: &[C], p: f64) -> f64 {
    let ess = ess_quantile(chains, p);
    if ess.is_nan() {
        return f64::NAN;
    }
    let (a, b) = (ess * p + 1.0, ess * (1.0 - p) + 1.0);
    let ln_beta = a.ln_beta(b);
    let low = 0.158_655_3_f64.inv_inc_beta(a, b, ln_beta);
    let high = 0.841_344_7_f64.inv_inc_beta(a, b, ln_beta);
    let draws = sorted(&pooled(chains));
    let last = draws.len() as f64 - 1.0;
    let at = |position: f64| draws[position.clamp(0.0, last) as usize];
    let size = draws.len() as f64;
    (at((high * size - 1.0).ceil()) - at((low * size - 1.0).floor())) / 2.0
}
