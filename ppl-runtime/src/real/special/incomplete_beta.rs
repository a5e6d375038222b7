//! The regularised incomplete beta function and its inverse.

use super::incomplete_gamma::nonzero;
use super::tail::{LnTail, newton_step, tail_integral};
use super::{ln_1p_minus, ln_beta, ln_beta_kernel, normal_quantile};

/// I_x(a, b) = 1/B(a, b) ∫₀ˣ t^(a−1) (1 − t)^(b−1) dt for a, b > 0, x in (0, 1): the distribution function of a
/// Beta(a, b). `y` is 1 − x, given apart so that a point near 1 keeps its digits.
/// Relative error below 2e-13 from 1e-300 up for a, b ≤ 1e6, and growing as √(ab/(a + b))·ε above.
///
/// Continued fraction (DLMF 8.17.22); quadrature of the tail where both parameters are above 1000.
///
/// ```
/// use ppl_runtime::real::special::beta_lower;
/// assert!((beta_lower(2.0, 1.0, 0.3, 0.7) - 0.09).abs() < 1e-16);
/// ```
pub fn beta_lower(a: f64, b: f64, x: f64, y: f64) -> f64 {
    ln_tail(a, b, x, y).lower()
}

/// 1 − I_x(a, b), to full relative accuracy in the upper tail; otherwise as [`beta_lower`].
pub fn beta_upper(a: f64, b: f64, x: f64, y: f64) -> f64 {
    ln_tail(a, b, x, y).upper()
}

/// The pair (x, 1 − x) with I_x(a, b) = p and 1 − I_x(a, b) = q, where q = 1 − p; either may be tiny.
/// Relative error of the smaller of the pair below 1e-13 (times 1/a or 1/b where these are below 1, and times the
/// condition of the problem). What would be below the smallest normal number comes out as that number.
pub fn beta_inv(a: f64, b: f64, p: f64, q: f64) -> (f64, f64) {
    if !(a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite() && p >= 0.0 && q >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if p == 0.0 {
        return (0.0, 1.0);
    }
    if q == 0.0 {
        return (1.0, 0.0);
    }
    let (mut x, mut y) = guess(a, b, p, q);
    for _ in 0..100 {
        // The density of the logit of x, which is log-concave for all a and b.
        let ln_density = ln_power(a, b, x, y);
        let (step, last) = newton_step(ln_tail(a, b, x, y), ln_density, p, q);
        (x, y) = shift_logit(x, y, step);
        if last {
            break;
        }
    }
    (x, y)
}

/// (x, y) moved by `step` in ln(x/y); never outside the normal numbers.
fn shift_logit(x: f64, y: f64, step: f64) -> (f64, f64) {
    let e = (-step.abs()).exp().max(1e-300);
    let (x, y) = if step > 0.0 { (x, y * e) } else { (x * e, y) };
    let sum = x + y;
    (
        (x / sum).max(f64::MIN_POSITIVE),
        (y / sum).max(f64::MIN_POSITIVE),
    )
}

fn guess(a: f64, b: f64, p: f64, q: f64) -> (f64, f64) {
    let odds = if a > 0.9 && b > 0.9 {
        // Carter (1947), as in Cran, Martin & Thomas, algorithm AS 109 (1977).
        let z = if p < q {
            -normal_quantile(p)
        } else {
            normal_quantile(q)
        };
        let r = (z * z - 3.0) / 6.0;
        let s = 1.0 / (2.0 * a - 1.0);
        let t = 1.0 / (2.0 * b - 1.0);
        let h = 2.0 / (s + t);
        let w = z * (h + r).max(0.0).sqrt() / h - (t - s) * (r + 5.0 / 6.0 - 2.0 / (3.0 * h));
        a / b * (-2.0 * w).exp()
    } else if p <= q {
        // The first term of the series at the nearer end.
        ((p.ln() + a.ln() + ln_beta(a, b)) / a).min(700.0).exp()
    } else {
        (-(q.ln() + b.ln() + ln_beta(a, b)) / b).max(-700.0).exp()
    };
    let odds = odds.clamp(1e-300, 1e300);
    (odds / (1.0 + odds), 1.0 / (1.0 + odds))
}

/// ln of x^a y^b / B(a, b).
fn ln_power(a: f64, b: f64, x: f64, y: f64) -> f64 {
    ln_beta_kernel(a, b, x, y) + a.ln() + (b / (a + b)).ln()
}

/// Above this the continued fraction would need more than some hundred terms.
const LARGE: f64 = 1000.0;

fn ln_tail(a: f64, b: f64, x: f64, y: f64) -> LnTail {
    if !(a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite() && x >= 0.0 && y >= 0.0) {
        return LnTail::Lower(f64::NAN);
    }
    if x == 0.0 {
        return LnTail::Lower(f64::NEG_INFINITY);
    }
    if y == 0.0 {
        return LnTail::Upper(f64::NEG_INFINITY);
    }
    let ln_power = ln_power(a, b, x, y);
    // x < (a + 1)/(a + b + 2), written with y so that nothing cancels near 1.
    let below = x * (b + 1.0) < y * (a + 1.0);
    if a.min(b) >= LARGE {
        large(a, b, x, y, ln_power)
    } else if below {
        LnTail::Lower(ln_power + continued_fraction(a, b, x, y).ln())
    } else {
        LnTail::Upper(ln_power + continued_fraction(b, a, y, x).ln())
    }
}

/// I_x(a, b) B(a, b)/(x^a y^b) by the even part of the continued fraction DLMF 8.17.22, in the form of DiDonato &
/// Morris (1992), eq. 9, by Lentz's method. It sees x only through a y − b x and products: no step cancels,
/// where the whole fraction takes 1 − x(a + b)/(a + 1) near 1 in every other step.
fn continued_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let sum = a + b;
    // a y − b x with one rounding, from the smaller of the pair.
    let lead = if x < y {
        (-sum).mul_add(x, a)
    } else {
        sum.mul_add(y, -b)
    };
    let mut f = nonzero(a / (a + 1.0) * (lead + 1.0));
    let mut c = f;
    let mut d = 0.0;
    for i in 1..10_000 {
        let n = f64::from(i);
        let (an, a2n) = (a + n, a + 2.0 * n);
        let numerator =
            (an - 1.0) / (a2n - 1.0) * ((sum + n - 1.0) / (a2n - 1.0)) * (n * x) * ((b - n) * x);
        let denominator =
            n + n * (b - n) * x / (a2n - 1.0) + an / (a2n + 1.0) * (lead + 1.0 + n * (1.0 + y));
        d = 1.0 / nonzero(denominator + numerator * d);
        c = nonzero(denominator + numerator / c);
        let ratio = c * d;
        f *= ratio;
        if (ratio - 1.0).abs() < 2e-16 {
            break;
        }
    }
    1.0 / f
}

/// Both parameters ≥ 1000: the tail on the far side of the mode.
fn large(a: f64, b: f64, x: f64, y: f64, ln_power: f64) -> LnTail {
    let (a1, b1) = (a - 1.0, b - 1.0);
    // (a − 1) y − (b − 1) x by exact products: the terms are large and nearly equal.
    let (left, right) = (a1 * y, b1 * x);
    let slope = (left - right) + (a1.mul_add(y, -left) - b1.mul_add(x, -right));
    // In units of xy: the density's logarithm has slope `slope`, curvature a₁y² + b₁x².
    let rate = slope.abs().max((a1 * y * y + b1 * x * x).sqrt());
    let sign = if slope > 0.0 { -1.0 } else { 1.0 };
    let integral = tail_integral(rate, |t| {
        let (u, v) = (sign * t * y, -sign * t * x);
        if u <= -1.0 || v <= -1.0 {
            return f64::NEG_INFINITY;
        }
        a1 * ln_1p_minus(u) + b1 * ln_1p_minus(v) - slope.abs() * t
    });
    let ln = ln_power + integral.ln();
    if slope > 0.0 {
        LnTail::Lower(ln)
    } else {
        LnTail::Upper(ln)
    }
}
