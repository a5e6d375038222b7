//! Derivatives of the incomplete beta function by its parameters.

use super::tail::integral;
use super::{beta_lower, beta_upper, digamma, ln_beta_kernel};
use crate::real::kernels::{BetaTail, beta_tail};

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

/// dx/da and dx/db of a draw `x` from the beta distribution at a fixed probability, −(∂I/∂a)/p(x) and −(∂I/∂b)/p(x),
/// with y = 1 − x. Relative error about 1e-9, and more where x lies in a tail of probability below 1e-2.
///
/// The integrals of [`beta_lower_partials`] by a few panels of quadrature. Density and normaliser cancel out. The tail
/// is the one whose density in ln t is log-concave: where both parameters are at least 1, the smaller; where both are
/// below 1 there is none, and the slower integrals serve.
pub fn beta_draw_partials(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    let both = digamma(a + b);
    beta_draw_partials_with((a, b), (both - digamma(a), both - digamma(b)), x, y)
}

/// [`beta_draw_partials`], given ψ(a + b) − ψ(a) and ψ(a + b) − ψ(b).
pub(crate) fn beta_draw_partials_with(
    (a, b): (f64, f64),
    (from_a, from_b): (f64, f64),
    x: f64,
    y: f64,
) -> (f64, f64) {
    let inside = a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite() && x > 0.0 && y > 0.0;
    if !(inside && a.max(b) >= 1.0) {
        let ln_density = ln_beta_kernel(a, b, x, y) + a.ln() + (b / (a + b)).ln() - x.ln() - y.ln();
        let (by_a, by_b) = beta_lower_partials(a, b, x, y);
        let density = ln_density.exp();
        return (-by_a / density, -by_b / density);
    }
    let below_median = x * (a + b - 2.0 / 3.0) <= a - 1.0 / 3.0;
    if b >= 1.0 && (a < 1.0 || below_median) {
        let (by_a, by_b) = tail_over_density((a, b), (from_a, from_b), x, y);
        (-by_a, -by_b)
    } else {
        let (by_b, by_a) = tail_over_density((b, a), (from_b, from_a), y, x);
        (by_a, by_b)
    }
}

/// The integrals of [`lower_tail`] over the density at x, for b ≥ 1.
fn tail_over_density(
    (a, b): (f64, f64),
    (from_a, from_b): (f64, f64),
    x: f64,
    y: f64,
) -> (f64, f64) {
    const LN_EPSILON: f64 = -30.0;
    let (ln_x, ln_y) = (x.ln(), y.ln());
    // Where the integrand has fallen to e^−30: Newton's method from above on a concave, falling exponent.
    let mut last = ((b - 1.0) * -ln_y - LN_EPSILON) / a;
    for _ in 0..3 {
        let t = x * (-last).exp();
        let rest = 1.0 - t;
        let exponent = (b - 1.0) * (rest.ln() - ln_y) - a * last;
        let step = (exponent - LN_EPSILON) / ((b - 1.0) * t / rest - a);
        last -= step;
        // Somewhat too far is no loss.
        if step < 0.03 * last {
            break;
        }
    }
    let tail = BetaTail {
        parameters: [a, b],
        x,
        logarithms: [ln_x, ln_y],
        digammas: [from_a, from_b],
    };
    let panel = |start: f64, end: f64| beta_tail(start, end, &tail);
    // ln(1 − t) is singular at s = ln x < 0: one panel reaches as far as three times the distance of 0 from there.
    if last <= -3.0 * ln_x {
        let [by_a, by_b] = panel(0.0, last);
        return (x * by_a, x * by_b);
    }
    // Panels that grow: the factor with b varies first, over s of y to 1, that with a on and on where a is small.
    let whole = match last {
        ..15.0 => 0.2 * last,
        ..60.0 => last / 12.0,
        _ => 2.5,
    };
    let (mut by_a, mut by_b) = (0.0, 0.0);
    let (mut start, mut end) = (0.0, 4.0 * y);
    if end >= 0.25 * whole {
        end = whole;
    }
    for _ in 0..100 {
        let part = panel(start, end);
        by_a += part[0];
        by_b += part[1];
        start = end;
        if end >= last {
            break;
        } else if end >= whole {
            end = if 4.0 * end < 0.5 * last {
                4.0 * end
            } else {
                last
            };
        } else {
            end = if 6.0 * end < 0.25 * whole {
                6.0 * end
            } else {
                whole
            };
        }
    }
    (x * by_a, x * by_b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_move_as_probabilities_do() {
        for a in [0.05_f64, 0.3, 0.8, 1.0, 1.3, 4.0, 15.0, 80.0, 900.0] {
            for b in [0.1_f64, 0.5, 1.0, 2.2, 7.0, 30.0, 500.0] {
                for z in [-3.5_f64, -2.5, -1.0, -0.1, 0.0, 0.1, 0.9, 2.0, 3.5] {
                    let sd: f64 = (a * b / (a + b + 1.0)).sqrt() / (a + b);
                    let x: f64 = a / (a + b) + z * sd;
                    if !(1e-12..1.0 - 1e-12).contains(&x) {
                        continue;
                    }
                    let y = 1.0 - x;
                    let ln_p = ln_beta_kernel(a, b, x, y) + a.ln() + (b / (a + b)).ln();
                    let density = (ln_p - x.ln() - y.ln()).exp();
                    let (by_a, by_b) = beta_lower_partials(a, b, x, y);
                    let found = beta_draw_partials(a, b, x, y);
                    let tail = beta_lower(a, b, x, y).min(beta_upper(a, b, x, y));
                    for (found, exact) in [(found.0, -by_a / density), (found.1, -by_b / density)] {
                        let error = (found / exact - 1.0).abs();
                        assert!(
                            error < 1e-8 * (0.01 / tail).max(1.0),
                            "{a} {b} {x}: {found} {exact} {error:e} {tail:e}"
                        );
                    }
                }
            }
        }
    }
}
