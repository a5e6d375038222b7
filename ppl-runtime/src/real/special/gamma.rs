//! Γ and its logarithmic derivatives.

use super::{LN_SQRT_2PI, stirling_error};

/// ln |Γ(x)|. Relative error 4e-16 (`libm`).
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma_r(x).0
}

/// ln Γ(1 + x) for x > −1, relative to its own size near 0, where ln Γ(1 + x) ≈ −γx. Relative error below 2e-15
/// (absolute near x = 1, where it has a root).
///
/// The series is Abramowitz & Stegun 6.1.33.
pub fn ln_gamma_1p(x: f64) -> f64 {
    if x.abs() > 0.2 {
        return ln_gamma(1.0 + x);
    }
    // ln Γ(1 + x) + ln(1 + x) = (1 − γ) x + Σ (−1)^n (ζ(n) − 1) x^n / n
    let mut sum = 0.0;
    for (i, &zeta) in ZETA_MINUS_ONE.iter().enumerate().rev() {
        sum = sum * -x + zeta / (i + 2) as f64;
    }
    x * (1.0 - EULER_GAMMA) + x * x * sum - x.ln_1p()
}

/// Euler's constant γ.
pub const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// ζ(n) − 1 for n = 2, 3, ...
const ZETA_MINUS_ONE: [f64; 16] = [
    0.6449340668482264,
    0.2020569031595943,
    0.08232323371113819,
    0.03692775514336993,
    0.01734306198444914,
    0.008349277381922827,
    0.00407735619794434,
    0.0020083928260822143,
    0.0009945751278180853,
    0.0004941886041194645,
    0.0002460865533080483,
    0.00012271334757848915,
    6.124813505870483e-05,
    3.058823630702049e-05,
    1.528225940865187e-05,
    7.637197637899763e-06,
];

/// ψ(x) = Γ′(x)/Γ(x) for x > 0; NaN elsewhere. Error below 1e-15·max(1, |ψ|).
///
/// Recurrence to x ≥ 10, then the asymptotic series, Abramowitz & Stegun 6.3.5 and 6.3.18.
///
/// ```
/// use ppl_runtime::real::special::digamma;
/// assert!((digamma(1.0) + 0.577_215_664_901_532_9).abs() < 1e-15);
/// ```
pub fn digamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let mut x = x;
    let mut shift = 0.0;
    let mut largest = 0.0;
    if x < 10.0 {
        // 1/x may be large: it is taken off last, so that the rest keeps its digits.
        largest = x.recip();
        x += 1.0;
    }
    while x < 10.0 {
        shift += x.recip();
        x += 1.0;
    }
    let i2 = (x * x).recip();
    let series = 1.0 / 12.0
        - i2 * (1.0 / 120.0
            - i2 * (1.0 / 252.0
                - i2 * (1.0 / 240.0
                    - i2 * (1.0 / 132.0
                        - i2 * (691.0 / 32_760.0 - i2 * (1.0 / 12.0 - i2 * (3617.0 / 8160.0)))))));
    (x.ln() - 0.5 / x - i2 * series - shift) - largest
}

/// ψ(x + d) − ψ(x) for x > 0 and d ≥ 0, without the cancellation of the difference where x is large.
/// Error below 1e-14·max(1, |result|).
///
/// Σ 1/(x + j) for a small integer d (Abramowitz & Stegun 6.3.6); for x ≥ 10 the asymptotic series subtracted term by term.
pub fn digamma_difference(x: f64, d: f64) -> f64 {
    if d <= 16.0 && d.fract() == 0.0 {
        let (mut sum, mut j) = (0.0, d);
        while j > 0.0 {
            j -= 1.0;
            sum += (x + j).recip();
        }
        return sum;
    }
    if x < 10.0 {
        return digamma(x + d) - digamma(x);
    }
    let y = x + d;
    let correction = |i: f64| {
        let i2 = i * i;
        i2 * (1.0 / 12.0
            - i2 * (1.0 / 120.0 - i2 * (1.0 / 252.0 - i2 * (1.0 / 240.0 - i2 * (1.0 / 132.0)))))
    };
    (d / x).ln_1p() + 0.5 * (d / x / y) + (correction(x.recip()) - correction(y.recip()))
}

/// ψ′(x) for x > 0; NaN elsewhere. Relative error below 1e-15.
///
/// Recurrence to x ≥ 12, then the asymptotic series, Abramowitz & Stegun 6.4.6 and 6.4.12.
pub fn trigamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let mut x = x;
    let mut shift = 0.0;
    while x < 12.0 {
        shift += (x * x).recip();
        x += 1.0;
    }
    let i = x.recip();
    let i2 = i * i;
    let series = 1.0 / 6.0
        - i2 * (1.0 / 30.0
            - i2 * (1.0 / 42.0
                - i2 * (1.0 / 30.0
                    - i2 * (5.0 / 66.0
                        - i2 * (691.0 / 2730.0 - i2 * (7.0 / 6.0 - i2 * (3617.0 / 510.0)))))));
    i * (1.0 + i * (0.5 + i * series)) + shift
}

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b) for a, b > 0. Error below 1e-14·max(1, |ln B|).
///
/// Where an argument is large the three terms are replaced by their Stirling forms, whose large parts cancel
/// on paper (DiDonato & Morris 1992, section 5).
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    let n = a + b;
    if b < 15.0 {
        return ln_gamma(a) + (ln_gamma(b) - ln_gamma(n));
    }
    let rest = stirling_error(b) - stirling_error(n);
    if a < 15.0 {
        return ln_gamma(a) + rest - (b - 0.5) * (a / b).ln_1p() + a * (1.0 - n.ln());
    }
    stirling_error(a) + rest + LN_SQRT_2PI + (a - 0.5) * (a / n).ln() + (b - 0.5) * (-a / n).ln_1p()
        - 0.5 * n.ln()
}
