//! The potential scale reduction factor.

use super::moments::{mean, variance};
use super::rank::Ordered;
use super::{halves, pooled, valid};

/// Rank-normalised split R̂: the larger of that of the draws and that of their distances from the median, so that chains
/// which differ in location or in scale both show (Vehtari et al. 2021, section 4.1). Below 1.01 the chains agree.
///
/// NaN where no draw differs from another.
///
/// ```
/// use ppl_runtime::output::diagnostics::rhat;
/// let agree = [[1.0, -0.4, 0.3, -1.2, 0.1, 0.8], [0.2, -0.9, 1.1, -0.2, 0.6, -1.0]];
/// let apart = [[1.0, 0.6, 0.3, 0.2, 0.1, 0.8], [5.2, 5.9, 6.1, 5.0, 5.6, 5.3]];
/// assert!(rhat(&agree) < 1.3);
/// assert!(rhat(&apart) > 1.8);
/// ```
pub fn rhat<C: AsRef<[f64]>>(chains: &[C]) -> f64 {
    if !valid(chains) {
        return f64::NAN;
    }
    let len = chains[0].as_ref().len();
    let split: Vec<f64> = halves(&pooled(chains), len).flatten().copied().collect();
    of_ordered(&Ordered::new(&split), len / 2).0
}

/// R̂ of ordered draws of split chains of this length, and their scores.
pub(super) fn of_ordered(split: &Ordered, len: usize) -> (f64, Vec<f64>) {
    let scores = split.scores();
    let bulk = scale_reduction(&scores, len);
    let tail = scale_reduction(&split.folded_scores(), len);
    // f64::max would hide a NaN.
    let worse = if bulk.is_nan() || tail.is_nan() {
        f64::NAN
    } else {
        bulk.max(tail)
    };
    (worse, scores)
}

/// √((B/W + n − 1)/n) with B = n · var of the chains' means, W the mean of their variances (Vehtari et al. 2021,
/// equations 1 to 4).
fn scale_reduction(draws: &[f64], len: usize) -> f64 {
    let means: Vec<f64> = draws.chunks_exact(len).map(mean).collect();
    let variances: Vec<f64> = draws.chunks_exact(len).map(variance).collect();
    let n = len as f64;
    let between = n * variance(&means);
    ((between / mean(&variances) + n - 1.0) / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_it_cannot_judge() {
        assert!(rhat::<Vec<f64>>(&[]).is_nan());
        assert!(rhat(&[[1.0, 2.0, 3.0]]).is_nan());
        assert!(rhat(&[vec![1.0, 2.0, 3.0, 4.0], vec![1.0, 2.0, 3.0]]).is_nan());
        assert!(rhat(&[[1.0, 2.0, f64::NAN, 4.0]]).is_nan());
        assert!(rhat(&[[0.1; 8]; 4]).is_nan());
    }

    #[test]
    fn one_chain_compares_its_halves() {
        let drift: Vec<f64> = (0..100).map(f64::from).collect();
        assert!(rhat(&[drift]) > 1.5);
    }
}
