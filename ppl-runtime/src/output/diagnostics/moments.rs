//! Moments and quantiles of plain slices.

/// The arithmetic mean; NaN of nothing.
pub(crate) fn mean(x: &[f64]) -> f64 {
    sum(x.len(), |i| x[i]) / x.len() as f64
}

/// Σ f(i) for i < n, in lanes: one sum would wait for each addition.
#[inline]
pub(super) fn sum(n: usize, f: impl Fn(usize) -> f64) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let whole = n - n % LANES;
    for i in (0..whole).step_by(LANES) {
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum += f(i + k);
        }
    }
    sums.iter().sum::<f64>() + (whole..n).map(f).sum::<f64>()
}

/// The variance with divisor n − 1; exactly zero for equal values, NaN for fewer than two.
pub(crate) fn variance(x: &[f64]) -> f64 {
    if x.len() < 2 {
        return f64::NAN;
    }
    // The mean of equal values can miss them by an ulp, which would pass for spread.
    if x.iter().all(|&v| v == x[0]) {
        return 0.0;
    }
    let m = mean(x);
    sum(x.len(), |i| (x[i] - m) * (x[i] - m)) / (x.len() - 1) as f64
}

/// The standard deviation with divisor n − 1.
pub(crate) fn sd(x: &[f64]) -> f64 {
    variance(x).sqrt()
}

/// The quantile of sorted values by linear interpolation (type 7 of Hyndman & Fan 1996). NaN of nothing and for `p`
/// outside [0, 1].
pub(crate) fn sorted_quantile(sorted: &[f64], p: f64) -> f64 {
    let n = sorted.len();
    if n == 0 || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let position = n as f64 * p + (1.0 - p);
    let below = (position.floor() as usize).clamp(1, n);
    let fraction = (position - below as f64).clamp(0.0, 1.0);
    let low = sorted[below - 1];
    let high = sorted[below.min(n - 1)];
    // Equal neighbours must give exactly their value (an infinite one included), so that `x <= quantile` holds for it.
    if fraction == 0.0 || low == high {
        low
    } else {
        low + fraction * (high - low)
    }
}

/// A sorted copy.
pub(crate) fn sorted(x: &[f64]) -> Vec<f64> {
    let mut copy = x.to_vec();
    copy.sort_unstable_by(f64::total_cmp);
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate() {
        let x = [1.0, 2.0, 4.0];
        assert_eq!(sorted_quantile(&x, 0.0), 1.0);
        assert_eq!(sorted_quantile(&x, 0.5), 2.0);
        assert_eq!(sorted_quantile(&x, 0.75), 3.0);
        assert_eq!(sorted_quantile(&x, 1.0), 4.0);
        assert_eq!(sorted_quantile(&[7.0], 0.3), 7.0);
        assert!(sorted_quantile(&x, 1.5).is_nan());
        assert!(sorted_quantile(&x, f64::NAN).is_nan());
        assert!(sorted_quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn equal_values_have_no_spread() {
        assert_eq!(sd(&[0.1; 7]), 0.0);
        assert_eq!(sd(&[1.0, 3.0]), 2f64.sqrt());
    }
}
