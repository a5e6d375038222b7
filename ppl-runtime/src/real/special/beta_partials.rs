//! Derivatives of the incomplete beta function by its parameters.

use super::tail::integral;
use super::{beta_lower, beta_upper, digamma, ln_beta_kernel};

/// ∂I_x(a, b)/∂a and ∂I_x(a, b)/∂b, with y = 1 − x as in [`beta_lower`]. Relative error about 1e-11.
///
/// The integral of density times score, (ln t − ψ(a) + ψ(a + b), ln(1 − t) − ψ(b) + ψ(a + b)), over the smaller of the
/// two tails (over both it is 0), in s = ln(x/t), where a density that is infinite at t = 0 falls exponentially.
pub fn beta_lower_partials(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if !(a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite() && x >= 0.0 && y >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 || y == 0.0 {
        return (0.0, 0.0);
    }
    if beta_lower(a, b, x, y) <= beta_upper(a, b, x, y) {
        lower_tail(a, b, x, y)
    } else {
        let (by_b, by_a) = lower_tail(b, a, y, x);
        (-by_a, -by_b)
    }
}

fn lower_tail(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    // The density of ln t at x, x^a (1 − x)^(b − 1)/B(a, b); the rest is relative to it.
    let scale = (ln_beta_kernel(a, b, x, y) + a.ln() + (b / (a + b)).ln() - y.ln()).exp();
    let both = digamma(a + b);
    let (from_a, from_b) = (both - digamma(a), both - digamma(b));
    let ln_x = if x > 0.5 { (-y).ln_1p() } else { x.ln() };
    let (mut start, mut by_a, mut by_b, mut size) = (0.0_f64, 0.0, 0.0, 0.0);
    for _ in 0..100_000 {
        // 1 − t = y + x (1 − e^(−s)), without cancellation.
        let rest = |s: f64| -x * (-s).exp_m1() + y;
        let steepness = a + (b - 1.0).abs() * x * (-start).exp() / rest(start);
        let end = start + 3.0 / steepness;
        let weight = |s: f64| ((b - 1.0) * (rest(s) / y).ln() - a * s).exp();
        let part_a = integral(start, end, |s| weight(s) * (ln_x - s + from_a));
        let part_b = integral(start, end, |s| weight(s) * (rest(s).ln() + from_b));
        by_a += part_a;
        by_b += part_b;
        let part = part_a.abs() + part_b.abs();
        size += part;
        if part.is_nan() || part <= 1e-17 * size {
            break;
        }
        start = end;
    }
    (scale * by_a, scale * by_b)
}
