//! What the files of the families share: checks of parameters, values outside the support, counts.

use super::family::{Family, Invalid, Partials};

pub(crate) fn finite<const P: usize>(p: &[f64; P], i: usize) -> Result<(), Invalid> {
    require(p[i].is_finite(), i, "finite")
}

pub(crate) fn positive<const P: usize>(p: &[f64; P], i: usize) -> Result<(), Invalid> {
    require(p[i] > 0.0 && p[i] < f64::INFINITY, i, "positive and finite")
}

pub(crate) fn probability<const P: usize>(p: &[f64; P], i: usize) -> Result<(), Invalid> {
    require(p[i] >= 0.0 && p[i] <= 1.0, i, "a probability, in [0, 1]")
}

/// Integers above 2⁵³ are no longer apart in `f64`.
pub(crate) fn size<const P: usize>(p: &[f64; P], i: usize) -> Result<(), Invalid> {
    let limit = 9_007_199_254_740_992.0;
    require(is_count(p[i]) && p[i] <= limit, i, "a non-negative integer")
}

#[inline]
pub(crate) fn require(
    holds: bool,
    parameter: usize,
    requirement: &'static str,
) -> Result<(), Invalid> {
    if holds {
        Ok(())
    } else {
        Err(Invalid {
            parameter,
            requirement,
        })
    }
}

/// 0, 1, 2, ...
#[inline]
pub(crate) fn is_count(x: f64) -> bool {
    x >= 0.0 && x.fract() == 0.0
}

/// The partials at an invalid parameter or a NaN point.
pub(crate) fn undefined<const P: usize>() -> Partials<P> {
    Partials {
        value: f64::NAN,
        point: f64::NAN,
        parameters: [f64::NAN; P],
    }
}

/// The partials outside the support, where the density is 0 whatever the parameters are nearby.
pub(crate) fn outside<const P: usize>() -> Partials<P> {
    Partials {
        value: f64::NEG_INFINITY,
        point: 0.0,
        parameters: [0.0; P],
    }
}

/// ±∞ brought back to the largest finite number: a heavy tail's quantile may overflow.
pub(crate) fn bounded(x: f64) -> f64 {
    x.clamp(f64::MIN, f64::MAX)
}

/// The least k in 0..=`last` whose lower tail reaches `u`, given a first guess and the two tails (P(X ≤ k), P(X > k)).
/// Above u = ½ the upper tails are compared, which hold the digits there. Doubling steps from the guess, then
/// bisection: O(log |guess − k|) evaluations.
pub(crate) fn least_count(u: f64, guess: f64, last: f64, tails: impl Fn(f64) -> (f64, f64)) -> f64 {
    if u.is_nan() || u <= 0.0 {
        return if u == 0.0 { 0.0 } else { f64::NAN };
    }
    if u >= 1.0 {
        return if u == 1.0 { last } else { f64::NAN };
    }
    let reached = |k: f64| {
        let (lower, upper) = tails(k);
        if u <= 0.5 {
            lower >= u
        } else {
            upper <= 1.0 - u
        }
    };
    let mut step = 1.0;
    let mut k = if guess.is_finite() {
        guess.round().clamp(0.0, last)
    } else {
        0.0
    };
    // Invariant to establish: `below` not reached, `k` reached.
    let mut below;
    if reached(k) {
        below = k - 1.0;
        while below >= 0.0 && reached(below) {
            k = below;
            step *= 2.0;
            below = (k - step).max(-1.0);
        }
    } else {
        below = k;
        k = (k + step).min(last);
        while k < last && !reached(k) {
            below = k;
            step *= 2.0;
            k = (k + step).min(last);
        }
    }
    while k - below > 1.0 {
        let middle = ((k + below) / 2.0).floor();
        if middle <= below || middle >= k {
            break;
        }
        if reached(middle) {
            k = middle;
        } else {
            below = middle;
        }
    }
    k
}

/// The Cornish–Fisher guess of a quantile from mean, standard deviation and skewness.
pub(crate) fn cornish_fisher(u: f64, mean: f64, sd: f64, skewness: f64) -> f64 {
    let z = crate::real::special::normal_quantile(u);
    mean + sd * (z + skewness * (z * z - 1.0) / 6.0) - 0.5
}

/// Counts above 2⁵³ are no longer apart in `f64`.
pub(crate) const LAST_COUNT: f64 = 9_007_199_254_740_992.0;

/// The x in (low, high) whose lower tail is `u`, given the two tails and the log density: Newton's method on the
/// logarithm of the smaller tail, inside a bracket that every step narrows. The bounds must be finite.
pub(crate) fn invert(
    u: f64,
    low: f64,
    high: f64,
    tails: impl Fn(f64) -> (f64, f64),
    ln_density: impl Fn(f64) -> f64,
) -> f64 {
    if u.is_nan() || low.is_nan() || high.is_nan() {
        return f64::NAN;
    }
    let (mut a, mut b) = (low, high);
    let mut x = a + u * (b - a);
    for _ in 0..200 {
        let inside = |x: f64| x > a && x < b;
        if !inside(x) {
            x = a + 0.5 * (b - a);
            if !inside(x) {
                break;
            }
        }
        let (lower, upper) = tails(x);
        // ln of the ratio to the wanted tail, positive where x is too far up.
        let (excess, tail) = if u <= 0.5 {
            ((lower / u).ln(), lower)
        } else {
            ((upper / (1.0 - u)).ln(), -upper)
        };
        let excess = if u <= 0.5 { excess } else { -excess };
        if excess == 0.0 || excess.is_nan() {
            break;
        }
        if excess > 0.0 {
            b = x;
        } else {
            a = x;
        }
        if excess.abs() > 1.0 {
            // Far away, where the density need not be log-concave: bisection.
            x = f64::NAN;
            continue;
        }
        x -= excess * tail.abs() / ln_density(x).exp();
        if excess.abs() < 1e-8 && x > a && x < b {
            break;
        }
    }
    // The ends themselves are outside.
    if x <= low {
        low.next_up()
    } else if x >= high {
        high.next_down()
    } else {
        x
    }
}

/// Mean and variance as integrals of the quantile over (0, 1), by the double-exponential rule, which does not see the
/// ends: about 1e-10 where the tails fall exponentially.
pub(crate) fn quantile_moments<F: Family<P>, const P: usize>(p: &[f64; P]) -> (f64, f64) {
    const N: i32 = 120;
    let node = |i: i32| {
        let t = 3.2 * f64::from(i) / f64::from(N);
        let s = std::f64::consts::FRAC_PI_2 * t.sinh();
        // u = 1/(1 + e^(−2s)), du/dt = π cosh t · u (1 − u)
        let (u, v) = (
            crate::real::special::sigmoid(2.0 * s),
            crate::real::special::sigmoid(-2.0 * s),
        );
        (
            u,
            std::f64::consts::PI * t.cosh() * u * v * (3.2 / f64::from(N)),
        )
    };
    let inside = (-N..=N).map(node).filter(|(u, _)| *u < 1.0);
    let points = inside.map(|(u, weight)| (F::quantile(u, p), weight));
    let mean: f64 = points.clone().map(|(x, weight)| weight * x).sum();
    let variance = points
        .map(|(x, weight)| weight * ((x - mean) * (x - mean)))
        .sum();
    (mean, variance)
}

/// ∂ cdf(x)/∂ each parameter as the integral of the score over the smaller of the two tails, in terms of its
/// probability; see [`Family::cdf_partials`].
pub(crate) fn score_integral<F: Family<P>, const P: usize>(x: f64, p: &[f64; P]) -> [f64; P] {
    let (below, above) = (F::cdf(x, p), F::survival(x, p));
    let lower = below <= above;
    let tail = if lower { below } else { above };
    let mut sums = [0.0; P];
    if tail.is_nan() || tail <= 0.0 {
        return sums.map(|s| if tail.is_nan() { tail } else { s });
    }
    const N: i32 = 80;
    for i in -N..=N {
        let t = 3.6 * f64::from(i) / f64::from(N);
        let s = 2.0 * std::f64::consts::FRAC_PI_2 * t.sinh();
        // u = 1/(1 + e^(−s)) of the tail, du/dt = π cosh t · u (1 − u)
        let (u, v) = (
            crate::real::special::sigmoid(s),
            crate::real::special::sigmoid(-s),
        );
        let weight = std::f64::consts::PI * t.cosh() * u * v * (3.6 / f64::from(N)) * tail;
        let at = tail * u;
        let point = if lower {
            F::quantile(at, p)
        } else {
            F::quantile_upper(at, p)
        };
        for (sum, score) in sums.iter_mut().zip(F::partials(point, p).parameters) {
            if weight > 0.0 && score.is_finite() {
                *sum += weight * score;
            }
        }
    }
    // The score integrates to 0 over all.
    if lower { sums } else { sums.map(|s| -s) }
}

/// p(x).
pub(crate) fn density<F: Family<P>, const P: usize>(x: f64, p: &[f64; P]) -> f64 {
    F::log_density(x, p).exp()
}
