//! Loader's deviance form of binomial and Poisson probabilities.
//!
//! Written with ln Γ, a log probability at a count of half a million is the difference of numbers near 10⁶ and
//! loses ten digits. Written as (Stirling error) + (deviance), every term is as small as the result.
//! C. Loader, "Fast and accurate computation of binomial probabilities" (2000), eqs. 3–5.

use super::{LN_SQRT_2PI, ln_gamma_1p};

/// ln(1 + t) − t without cancellation near 0. Relative error below 1e-15.
///
/// With r = t/(2 + t) it is r·(2r²(1/3 + r²/5 + r⁴/7 + ...) − t), from ln(1 + t) = 2 artanh r.
///
/// ```
/// use ppl_runtime::real::special::ln_1p_minus;
/// assert!((ln_1p_minus(1e-9) / -5e-19 - 1.0).abs() < 1e-8);
/// ```
pub fn ln_1p_minus(t: f64) -> f64 {
    if !(-0.4..=0.65).contains(&t) {
        return t.ln_1p() - t;
    }
    let r = t / (2.0 + t);
    let r2 = r * r;
    // |r| ≤ 1/4, so the first term left out is below 1e-17 of the sum.
    let mut sum = 0.0;
    for n in (1..14).rev() {
        sum = sum * r2 + 1.0 / f64::from(2 * n + 1);
    }
    r * (2.0 * r2 * sum - t)
}

/// The deviance x ln(x/m) + m − x, for x ≥ 0 and m ≥ 0. Relative error below 1e-15 for given x, m.
///
/// Loader (2000) eq. 5. It is 0 at x = m and grows as (x − m)²/2m around it.
pub fn bd0(x: f64, m: f64) -> f64 {
    if x == 0.0 {
        return m;
    }
    if m == 0.0 {
        return f64::INFINITY;
    }
    let t = (m - x) / x;
    if (-0.4..=0.65).contains(&t) {
        return -x * ln_1p_minus(t);
    }
    let ratio = x / m;
    let ln_ratio = if ratio.is_normal() {
        ratio.ln()
    } else {
        x.ln() - m.ln()
    };
    x * ln_ratio + (m - x)
}

/// The error of Stirling's formula, ln Γ(n + 1) − [(n + ½) ln n − n + ln √(2π)], for n > 0.
/// Absolute error below 1e-14 for n ≥ 1/100, and below 1e-17 for n ≥ 15.
///
/// Loader (2000) eq. 4; the asymptotic series is Abramowitz & Stegun 6.1.41.
pub fn stirling_error(n: f64) -> f64 {
    if n < 15.0 {
        return ln_gamma_1p(n) - (n + 0.5) * n.ln() + n - LN_SQRT_2PI;
    }
    let i = n.recip();
    let i2 = i * i;
    let series = 1.0 / 360.0
        - i2 * (1.0 / 1260.0
            - i2 * (1.0 / 1680.0
                - i2 * (1.0 / 1188.0 - i2 * (691.0 / 360_360.0 - i2 * (1.0 / 156.0)))));
    i * (1.0 / 12.0 - i2 * series)
}

/// ln of x^a e^(−x) / Γ(a + 1), for a ≥ 0 and x ≥ 0: the Poisson probability of a "count" a.
pub(crate) fn ln_gamma_kernel(a: f64, x: f64) -> f64 {
    if x == 0.0 {
        return if a == 0.0 { 0.0 } else { f64::NEG_INFINITY };
    }
    if a < 15.0 {
        let power = if a == 0.0 { 0.0 } else { a * x.ln() };
        power - x - ln_gamma_1p(a)
    } else {
        -stirling_error(a) - bd0(a, x) - 0.5 * a.ln() - LN_SQRT_2PI
    }
}

/// ln of Γ(a + b + 1) / (Γ(a + 1) Γ(b + 1)) x^a y^b where x + y = 1, for a, b ≥ 0: the binomial probability of
/// a successes and b failures, Loader (2000) eq. 3.
pub(crate) fn ln_beta_kernel(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    // ln of the larger of x and y through the smaller one, which holds the digits.
    let ln_x = if x > 0.5 { (-y).ln_1p() } else { x.ln() };
    let ln_y = if y > 0.5 { (-x).ln_1p() } else { y.ln() };
    if a == 0.0 {
        return if b == 0.0 { 0.0 } else { b * ln_y };
    }
    if b == 0.0 {
        return a * ln_x;
    }
    if n < 15.0 {
        return a * ln_x + b * ln_y + ln_gamma_1p(n) - ln_gamma_1p(a) - ln_gamma_1p(b);
    }
    if x == 0.0 || y == 0.0 {
        return f64::NEG_INFINITY;
    }
    stirling_error(n)
        - stirling_error(a)
        - stirling_error(b)
        - bd0(a, n * x)
        - bd0(b, n * y)
        - LN_SQRT_2PI
        - 0.5 * (a.ln() + (b / n).ln())
}
