//! Moments, quantiles and resampling under weights.

use super::error::OutputError;
use crate::random::{Purpose, keyed};
use rand::RngExt;
use rand::seq::SliceRandom;

/// Weights that sum to one, from log weights of any scale.
pub(super) fn normalised(log_weights: &[f64]) -> Result<Vec<f64>, OutputError> {
    let bad = |w: f64| w.is_nan() || w == f64::INFINITY;
    if let Some(index) = log_weights.iter().position(|&w| bad(w)) {
        return Err(OutputError::Weight {
            index,
            value: log_weights[index],
        });
    }
    let largest = log_weights
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return Err(OutputError::NoWeight);
    }
    let mut weights: Vec<f64> = log_weights.iter().map(|w| (w - largest).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= total);
    Ok(weights)
}

/// Kish's effective sample size (Σw)² / Σw² (Kish 1965).
pub(super) fn kish(weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    total * total / weights.iter().map(|w| w * w).sum::<f64>()
}

/// Weighted values, those that are NaN or without weight left out.
pub(super) struct Weighted {
    pairs: Vec<(f64, f64)>,
    total: f64,
}

impl Weighted {
    /// Values with their weights.
    pub(super) fn new(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let pairs: Vec<(f64, f64)> = pairs.filter(|(x, w)| !x.is_nan() && *w > 0.0).collect();
        let total = pairs.iter().map(|(_, w)| w).sum();
        Self { pairs, total }
    }

    /// The sum of the weights kept.
    pub(super) fn total(&self) -> f64 {
        self.total
    }

    /// Σ w x / Σ w; NaN of nothing.
    pub(super) fn mean(&self) -> f64 {
        self.pairs.iter().map(|(x, w)| x * w).sum::<f64>() / self.total
    }

    /// √(Σ w (x − x̄)² / (1 − Σ w²)) for weights that sum to one: n − 1 below for n equal weights. NaN for fewer than two
    /// values.
    pub(super) fn sd(&self) -> f64 {
        let Some(&(first, _)) = self.pairs.first() else {
            return f64::NAN;
        };
        if self.pairs.len() < 2 {
            return f64::NAN;
        }
        // The mean of equal values can miss them by an ulp, which would pass for spread.
        if self.pairs.iter().all(|&(x, _)| x == first) {
            return 0.0;
        }
        let mean = self.mean();
        let sum = |f: &dyn Fn(f64, f64) -> f64| {
            self.pairs
                .iter()
                .map(|&(x, w)| f(x, w / self.total))
                .sum::<f64>()
        };
        let squares = sum(&|x, w| w * (x - mean) * (x - mean));
        (squares / (1.0 - sum(&|_, w| w * w))).sqrt()
    }

    /// Sorts by value, for [`Weighted::quantile`].
    pub(super) fn sort(&mut self) {
        self.pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    }

    /// The quantile of sorted values: their mean over the stretch [(h − 1)/n*, h/n*] of the cumulative weight, with n* Kish's
    /// effective size and h = p(n* − 1) + 1 (Akinshin 2023, "Weighted quantile estimators", type 7). For equal weights
    /// this is type 7 of Hyndman & Fan (1996), and a value with most of the weight is the quantile over most of its
    /// weight. NaN of nothing and for `p` outside [0, 1].
    pub(super) fn quantile(&self, p: f64) -> f64 {
        if self.pairs.is_empty() || !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let squares: f64 = self.pairs.iter().map(|(_, w)| w * w).sum();
        let size = self.total * self.total / squares;
        let start = self.total * p * (size - 1.0) / size;
        let end = start + self.total / size;
        let (mut below, mut weight, mut sum) = (0.0_f64, 0.0, 0.0);
        for &(x, w) in &self.pairs {
            let shared = end.min(below + w) - start.max(below);
            below += w;
            // An infinite value outside the stretch must not make a NaN.
            if shared > 0.0 {
                weight += shared;
                sum += shared * x;
            }
        }
        sum / weight
    }
}

/// `n` places drawn by normalised weights: systematic resampling (Kitagawa 1996), then a shuffle.
///
/// The shuffle makes every prefix of the draws a fair sample whatever the order of the weights.
pub(super) fn resample(weights: &[f64], n: usize, seed: u64) -> Vec<usize> {
    let mut rng = keyed(seed, Purpose::Resample, 0, 0);
    let offset: f64 = rng.random();
    let heaviest_last = weights.iter().rposition(|&w| w > 0.0).unwrap_or(0);
    let mut picked = Vec::with_capacity(n);
    let mut place = 0;
    let mut cumulative = weights.first().copied().unwrap_or(0.0);
    for k in 0..n {
        let target = (k as f64 + offset) / n as f64;
        // The sum may fall short of one by rounding: the last draw with weight takes what is left.
        while cumulative <= target && place < heaviest_last {
            place += 1;
            cumulative += weights[place];
        }
        picked.push(place);
    }
    picked.shuffle(&mut rng);
    picked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::diagnostics::sorted_quantile;

    #[test]
    fn log_weights_of_any_scale() {
        let w = normalised(&[-1000.0, -1000.0 + 3f64.ln(), f64::NEG_INFINITY]).unwrap();
        assert!((w[0] - 0.25).abs() < 1e-12 && (w[1] - 0.75).abs() < 1e-12 && w[2] == 0.0);
        assert!(matches!(
            normalised(&[f64::NEG_INFINITY]),
            Err(OutputError::NoWeight)
        ));
        assert!(matches!(normalised(&[]), Err(OutputError::NoWeight)));
        assert!(matches!(
            normalised(&[0.0, f64::NAN]),
            Err(OutputError::Weight { index: 1, .. })
        ));
        assert!(matches!(
            normalised(&[f64::INFINITY]),
            Err(OutputError::Weight { index: 0, .. })
        ));
    }

    #[test]
    fn kish_of_known_weights() {
        assert_eq!(kish(&[0.25; 4]), 4.0);
        assert_eq!(kish(&[1.0, 0.0]), 1.0);
        assert!((kish(&[0.75, 0.25]) - 1.6).abs() < 1e-15);
    }

    #[test]
    fn equal_weights_give_the_plain_quantile() {
        let x = [0.3, 1.0, 2.5, 2.5, 7.0, 9.0];
        let w = Weighted::new(x.iter().map(|&x| (x, 0.2)));
        for p in [0.0, 0.1, 0.33, 0.5, 0.77, 1.0] {
            assert!(
                (w.quantile(p) - sorted_quantile(&x, p)).abs() < 1e-12,
                "{p}"
            );
        }
        assert!(w.quantile(-0.1).is_nan());
    }

    #[test]
    fn the_heavy_value_owns_its_weight() {
        let light = (0..100).map(|i| (f64::from(i), 0.001));
        let mut w = Weighted::new(light.chain([(49.5, 0.9)]));
        w.sort();
        // n* is 1.23, so the stretch is 0.81 long: the middle is all inside the heavy value.
        assert!((w.quantile(0.5) - 49.5).abs() < 1e-9);
        assert!(w.quantile(0.0) < 49.5 && w.quantile(1.0) > 49.5);
        assert_eq!(Weighted::new([(5.0, 0.1)].into_iter()).quantile(0.9), 5.0);
        assert!(
            Weighted::new([(f64::NAN, 0.1)].into_iter())
                .quantile(0.9)
                .is_nan()
        );
    }

    #[test]
    fn weighted_quantiles_recover_the_distribution() {
        // Uniform points weighted by the density of an exponential: the quantile is −ln(1 − p).
        let n = 20_000;
        let x = |i: i32| 20.0 * (f64::from(i) + 0.5) / f64::from(n);
        let w = Weighted::new((0..n).map(|i| (x(i), (-x(i)).exp())));
        for p in [0.01_f64, 0.1, 0.5, 0.9, 0.99] {
            let exact = -(1.0 - p).ln();
            // Neighbours are 0.001 apart, and the stretch has 1/n* = 1/2000 of the weight: up to 0.05 wide at p = 0.99.
            let width = 0.001 + 5e-4 / (1.0 - p);
            assert!((w.quantile(p) - exact).abs() < width, "{p}");
        }
    }

    #[test]
    fn copies_are_within_one_of_the_expected_number() {
        let weights = normalised(&(0..50).map(|i| f64::from(i) * 0.1).collect::<Vec<_>>()).unwrap();
        for seed in 0..20 {
            let picked = resample(&weights, 1000, seed);
            for (i, w) in weights.iter().enumerate() {
                let copies = picked.iter().filter(|&&j| j == i).count() as f64;
                assert!(
                    (copies - 1000.0 * w).abs() < 1.0 + 1e-9,
                    "{copies} copies for {}",
                    1000.0 * w
                );
            }
        }
    }

    #[test]
    fn weightless_draws_are_never_picked() {
        let picked = resample(&[0.0, 0.5, 0.0, 0.5, 0.0], 1001, 3);
        assert!(picked.iter().all(|&i| i == 1 || i == 3));
    }

    #[test]
    fn a_prefix_is_a_fair_sample() {
        // Unshuffled, the first tenth would hold only the first tenth of the places.
        let weights = vec![0.01; 100];
        let first: f64 = (0..40)
            .map(|seed| resample(&weights, 1000, seed)[..100].iter().sum::<usize>() as f64 / 100.0)
            .sum::<f64>()
            / 40.0;
        // 4000 draws from 0..100 with sd 28.9: standard error 0.46.
        assert!((first - 49.5).abs() < 2.5, "{first}");
    }
}
