//! The error function, the normal distribution function and their inverses.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

/// erf(x) = 2/√π ∫₀ˣ e^(−t²) dt. Relative error 4e-16 (`libm`).
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// erfc(x) = 1 − erf(x), to full relative accuracy in the upper tail. Relative error 4e-16 (`libm`).
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// The inverse of [`erf`] on (−1, 1). Relative error 4e-16 (`statrs`).
pub fn erf_inv(x: f64) -> f64 {
    statrs::function::erf::erf_inv(x)
}

/// The inverse of [`erfc`] on (0, 2). Relative error 1e-15 down to 1e-300 (`statrs`).
pub fn erfc_inv(x: f64) -> f64 {
    statrs::function::erf::erfc_inv(x)
}

/// Φ(z), the standard normal distribution function, to full relative accuracy in the lower tail.
/// Relative error ε(1 + z²), which is that of rounding z/√2.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z * FRAC_1_SQRT_2)
}

/// 1 − Φ(z), to full relative accuracy in the upper tail.
pub fn normal_survival(z: f64) -> f64 {
    0.5 * erfc(z * FRAC_1_SQRT_2)
}

/// Φ⁻¹(u) for u in (0, 1). Relative error 1e-15, both tails included. A positive u below the smallest normal
/// number counts as that number, so that the result is finite.
///
/// ```
/// use ppl_runtime::real::special::normal_quantile;
/// assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
/// assert!((normal_quantile(1e-300) + 37.0470962993612).abs() < 1e-12);
/// ```
pub fn normal_quantile(u: f64) -> f64 {
    if u <= 0.25 {
        let u = if u > 0.0 { u.max(f64::MIN_POSITIVE) } else { u };
        -SQRT_2 * erfc_inv(2.0 * u)
    } else if u < 0.75 {
        // 2u − 1 is exact here, and holds the digits of a result near 0.
        SQRT_2 * erf_inv(2.0 * u - 1.0)
    } else {
        SQRT_2 * erfc_inv(2.0 * (1.0 - u))
    }
}
