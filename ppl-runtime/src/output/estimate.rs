//! A number with its error.

use super::format::{fixed, two_digits};
use std::fmt;

/// A number with the standard deviation of its error.
///
/// It prints as many digits as the error supports:
///
/// ```
/// use ppl_runtime::output::Estimate;
/// assert_eq!(Estimate { mean: -14.590491, sd: 0.0512 }.to_string(), "-14.590 ± 0.051");
/// assert_eq!(Estimate { mean: 56789.0, sd: 1234.0 }.to_string(), "56800 ± 1200");
/// assert_eq!(Estimate { mean: 1.2345e-9, sd: 3.1e-12 }.to_string(), "(1.2345 ± 0.0031)e-9");
/// ```
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate itself.
    pub mean: f64,
    /// The standard deviation of its error.
    pub sd: f64,
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mean, sd } = *self;
        if !mean.is_finite() || !sd.is_finite() || sd <= 0.0 {
            return write!(f, "{mean} ± {sd}");
        }
        let largest = mean.abs().max(sd);
        let exponent = largest.log10().floor() as i32;
        if (-4..7).contains(&exponent) {
            let decimals = two_digits(sd);
            write!(f, "{} ± {}", fixed(mean, decimals), fixed(sd, decimals))
        } else {
            // 10^exponent itself may not be a number: 10^-310 has no reciprocal.
            let shift = |x: f64| x / 10f64.powi(exponent / 2) / 10f64.powi(exponent - exponent / 2);
            let decimals = two_digits(shift(sd));
            let (mean, sd) = (fixed(shift(mean), decimals), fixed(shift(sd), decimals));
            write!(f, "({mean} ± {sd})e{exponent}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(mean: f64, sd: f64) -> String {
        Estimate { mean, sd }.to_string()
    }

    #[test]
    fn the_error_has_two_digits() {
        assert_eq!(text(1.0, 0.0996), "1.00 ± 0.10");
        assert_eq!(text(1.0, 0.0994), "1.000 ± 0.099");
        assert_eq!(text(0.0, 2.0), "0.0 ± 2.0");
        assert_eq!(text(123.456, 99.6), "120 ± 100");
        assert_eq!(text(-0.001, 0.3), "0.00 ± 0.30");
        assert_eq!(text(12.0, 13.0), "12 ± 13");
    }

    #[test]
    fn extremes() {
        assert_eq!(text(1.5e300, 2e298), "(1.500 ± 0.020)e300");
        assert_eq!(text(1.5e-310, 2e-311), "(1.50 ± 0.20)e-310");
        assert_eq!(text(2.5, 0.0), "2.5 ± 0");
        assert_eq!(text(f64::NEG_INFINITY, f64::NAN), "-inf ± NaN");
    }
}
