//! The Dirichlet distribution: p(x) = Γ(Σα)/ΠΓ(αᵢ) Π xᵢ^(αᵢ − 1) on the simplex, a density in x₁, ..., x_{n−1}.
//!
//! Source: Kotz, Balakrishnan & Johnson, *Continuous Multivariate Distributions* 1 (2000), eq. 49.1. Where a
//! concentration is above 15 the density is taken in Loader's deviance form.

use crate::dist::beta::BELOW_ONE;
use crate::dist::family::Invalid;
use crate::dist::shared::require;
use crate::random::Rng;
use crate::real::special::{LN_SQRT_2PI, bd0, beta_inv, digamma, ln_gamma, stirling_error};
use rand::RngExt;
use rand::distr::Open01;

/// Whether the concentrations are positive and finite, and at least one is there.
pub fn check(alpha: &[f64]) -> Result<(), Invalid> {
    let positive = alpha.iter().all(|&a| a > 0.0 && a < f64::INFINITY);
    require(
        positive && !alpha.is_empty(),
        0,
        "a vector of positive and finite numbers",
    )
}

/// ln p(x), for `x` on the simplex of `alpha`'s length: −∞ where a coordinate is not positive, NaN where the
/// concentrations are invalid or the lengths differ. That the coordinates sum to one is not tested.
///
/// ```
/// use ppl_runtime::dist::vector::dirichlet;
/// let uniform = dirichlet::log_density(&[0.2, 0.3, 0.5], &[1.0, 1.0, 1.0]);
/// assert!((uniform - 2.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn log_density(x: &[f64], alpha: &[f64]) -> f64 {
    if check(alpha).is_err() || x.len() != alpha.len() || x.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if x.iter().any(|&x| x <= 0.0) {
        return f64::NEG_INFINITY;
    }
    let total: f64 = alpha.iter().sum();
    let pairs = || x.iter().zip(alpha);
    if alpha.iter().all(|&a| a < 15.0) {
        let powers: f64 = pairs()
            .map(|(&x, &a)| (a - 1.0) * x.ln() - ln_gamma(a))
            .sum();
        return powers + ln_gamma(total);
    }
    // ln Γ(a) = (Stirling's formula) + (its error), and Σ a ln(total x/a) is a sum of deviances, less
    // total (Σx − 1): what x misses of the simplex by its rounding, multiplied.
    let parts: f64 = pairs()
        .map(|(&x, &a)| 0.5 * a.ln() - x.ln() - stirling_error(a) - bd0(a, total * x) - LN_SQRT_2PI)
        .sum();
    parts + total * excess(x) + stirling_error(total) - 0.5 * total.ln() + LN_SQRT_2PI
}

/// Σx − 1 with one rounding (Neumaier's compensated sum).
fn excess(x: &[f64]) -> f64 {
    let (mut sum, mut lost) = (-1.0_f64, 0.0);
    for &x in x {
        let next = sum + x;
        lost += if sum.abs() >= x.abs() {
            (sum - next) + x
        } else {
            (x - next) + sum
        };
        sum = next;
    }
    sum + lost
}

/// ln p(x) as [`log_density`]; writes ∂/∂xᵢ (each coordinate taken as free) and ∂/∂αᵢ. All four slices have one
/// length. Where the density is 0 or undefined the partials are 0.
pub fn partials(x: &[f64], alpha: &[f64], by_x: &mut [f64], by_alpha: &mut [f64]) -> f64 {
    let value = log_density(x, alpha);
    by_x.fill(0.0);
    by_alpha.fill(0.0);
    if value.is_finite() {
        let total = digamma(alpha.iter().sum());
        for (i, (&x, &a)) in x.iter().zip(alpha).enumerate() {
            by_x[i] = (a - 1.0) / x;
            by_alpha[i] = x.ln() - (digamma(a) - total);
        }
    }
    value
}

/// The point of the simplex at `u` in the unit cube, by conditionals: the share of what is left that coordinate i
/// takes is Beta(αᵢ, αᵢ₊₁ + ... + αₙ). `u` is one shorter than `alpha` and `x`.
///
/// ```
/// use ppl_runtime::dist::vector::dirichlet;
/// let mut x = [0.0; 3];
/// dirichlet::from_cube(&[2.0, 2.0, 4.0], &[0.5, 0.5], &mut x);
/// assert!((x.iter().sum::<f64>() - 1.0).abs() < 1e-15);
/// ```
pub fn from_cube(alpha: &[f64], u: &[f64], x: &mut [f64]) {
    // x holds the concentration still to come, until its coordinate is known.
    let mut rest = 0.0;
    for (x, a) in x.iter_mut().zip(alpha).rev() {
        *x = rest;
        rest += a;
    }
    let mut left = 1.0;
    let last = x.len().saturating_sub(1);
    for ((x, &a), &u) in x.iter_mut().zip(alpha).zip(u) {
        let (share, remains) = beta_inv(a, *x, u, 1.0 - u);
        *x = (left * share).clamp(f64::MIN_POSITIVE, BELOW_ONE);
        left *= remains;
    }
    if let Some(x) = x.get_mut(last) {
        *x = left.max(f64::MIN_POSITIVE);
    }
}

/// One draw into `x`, of `alpha`'s length: independent gammas, normalised on the log scale, where tiny
/// concentrations do not underflow.
pub fn draw(rng: &mut Rng, alpha: &[f64], x: &mut [f64]) {
    let mut largest = f64::NEG_INFINITY;
    for (x, &a) in x.iter_mut().zip(alpha) {
        // Gamma(a) is Gamma(a + 1) U^(1/a) (Marsaglia & Tsang 2000).
        let u: f64 = rng.sample(Open01);
        let boosted = rand_distr::Gamma::new(a + 1.0, 1.0).map_or(f64::NAN, |d| rng.sample(d));
        *x = boosted.ln() + u.ln() / a;
        largest = f64::max(largest, *x);
    }
    let mut sum = 0.0;
    for x in x.iter_mut() {
        *x = (*x - largest).exp();
        sum += *x;
    }
    for x in x {
        *x = (*x / sum).max(f64::MIN_POSITIVE);
    }
}
