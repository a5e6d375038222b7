//! Modified Bessel functions of order 0 and 1, as the von Mises distribution needs them.

/// Above this the asymptotic series reaches full precision before it diverges.
const LARGE: f64 = 25.0;

/// ln(e^(−x) I₀(x)) for x ≥ 0. Error below 1e-14·max(1, |result|).
///
/// Power series (DLMF 10.25.2) and the asymptotic one (10.40.1).
///
/// ```
/// use ppl_runtime::real::special::ln_bessel_i0_scaled;
/// assert!((ln_bessel_i0_scaled(1.0) + 0.764_085_641_492_821_4).abs() < 1e-15);
/// ```
pub fn ln_bessel_i0_scaled(x: f64) -> f64 {
    if x < LARGE {
        return power_series(x).0.ln_1p() - x;
    }
    asymptotic(x).0.ln() - 0.5 * (std::f64::consts::TAU * x).ln()
}

/// 1 − I₁(x)/I₀(x) for x ≥ 0, to full accuracy where the ratio is near 1. Relative error below 1e-13.
pub fn bessel_ratio_complement(x: f64) -> f64 {
    if x < LARGE {
        let (rest, first) = power_series(x);
        return 1.0 - first / (1.0 + rest);
    }
    let (zeroth, difference) = asymptotic(x);
    difference / zeroth
}

/// I₀(x) − 1 and I₁(x).
fn power_series(x: f64) -> (f64, f64) {
    let q = 0.25 * x * x;
    let (mut term, mut rest, mut first) = (1.0, 0.0, 1.0);
    for k in 1..200 {
        let k = f64::from(k);
        term *= q / (k * k);
        rest += term;
        first += term / (k + 1.0);
        if term < 1e-18 * rest {
            break;
        }
    }
    (rest, 0.5 * x * first)
}

/// e^(−x) √(2πx) times I₀(x) and times I₀(x) − I₁(x), whose series are subtracted term by term.
fn asymptotic(x: f64) -> (f64, f64) {
    let (mut zeroth, mut first) = (1.0, 1.0);
    let (mut sum, mut difference) = (1.0, 0.0);
    for k in 1..60 {
        let k = f64::from(k);
        let odd = (2.0 * k - 1.0) * (2.0 * k - 1.0);
        zeroth *= odd / (8.0 * k * x);
        first *= (odd - 4.0) / (8.0 * k * x);
        sum += zeroth;
        difference += zeroth - first;
        if zeroth < 1e-18 {
            break;
        }
    }
    (sum, difference)
}
