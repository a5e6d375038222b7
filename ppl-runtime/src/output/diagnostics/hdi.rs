//! Highest-density intervals.

use super::moments::sorted;

/// The narrowest interval between two draws with ⌊`probability` · n⌋ steps of the sorted draws inside it: for a density with one
/// mode, its highest-density interval. NaN if there are no draws, one is NaN, or `probability` is outside [0, 1).
///
/// ```
/// use ppl_runtime::output::diagnostics::hdi;
/// assert_eq!(hdi(&[9.0, 1.0, 1.5, 2.0, 5.0], 0.5), (1.0, 2.0));
/// ```
pub fn hdi(draws: &[f64], probability: f64) -> (f64, f64) {
    let usable = !draws.is_empty() && draws.iter().all(|x| !x.is_nan());
    if !usable || !(0.0..1.0).contains(&probability) {
        return (f64::NAN, f64::NAN);
    }
    of_sorted(&sorted(draws), probability)
}

/// The same of draws in order, of which there are some.
pub(super) fn of_sorted(x: &[f64], probability: f64) -> (f64, f64) {
    // A product such as 0.94 * 50 can round up to n itself only for probabilities next to 1.
    let steps = ((probability * x.len() as f64) as usize).min(x.len() - 1);
    let mut best = (x[0], x[steps]);
    for (low, high) in x.iter().zip(&x[steps..]) {
        if high - low < best.1 - best.0 {
            best = (*low, *high);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_dense_side() {
        let x: Vec<f64> = (1..=1000)
            .map(|i| -(1.0 - f64::from(i) / 1001.0).ln())
            .collect();
        let (low, high) = hdi(&x, 0.9);
        assert!(low < 0.005 && (high - 10f64.ln()).abs() < 0.02);
    }

    #[test]
    fn bad_input_is_nan() {
        assert!(hdi(&[], 0.9).0.is_nan());
        assert!(hdi(&[1.0, f64::NAN], 0.9).0.is_nan());
        assert!(hdi(&[1.0, 2.0], 1.0).0.is_nan());
        assert_eq!(hdi(&[2.0], 0.9), (2.0, 2.0));
    }
}
