//! The beta distribution.

use super::family::{Constants, Domain, Family, Invalid, Partials};
use super::shared::{outside, positive, undefined};
use crate::random::Rng;
use crate::real::special::{
    beta_draw_partials, beta_draw_partials_with, beta_inv, beta_lower, beta_lower_partials,
    beta_upper, digamma, ln_beta, ln_beta_kernel,
};
use crate::support::Support;
use rand::RngExt;

/// The largest number below 1: what rounds to 1 is kept inside the support.
pub(crate) const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// Beta distribution: p(x) = x^(a − 1) (1 − x)^(b − 1) / B(a, b) for 0 < x < 1, of mean a/(a + b).
///
/// Support: 0 < x < 1. Mean: a/(a + b). Variance: a b/((a + b)² (a + b + 1)). Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), eq. 25.2. Where a parameter
/// is above 15 the density is taken in Loader's deviance form ([`bd0`](crate::real::special::bd0)).
///
/// ```
/// use ppl_runtime::dist::{Beta, family::Family};
/// assert!((<Beta>::log_density(0.5, &[2.0, 2.0]) - 1.5_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Beta<A = (), B = ()> {
    pub(crate) a: A,
    pub(crate) b: B,
}

impl<A, B> Beta<A, B> {
    /// The beta distribution of these two shapes.
    pub fn new(a: A, b: B) -> Self {
        Beta { a, b }
    }
}

/// ln p for 0 < x < 1.
fn ln_p(x: f64, p: &[f64; 2]) -> f64 {
    let [a, b] = *p;
    if a.max(b) < 15.0 {
        (a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p() - ln_beta(a, b)
    } else {
        let power = ln_beta_kernel(a, b, x, 1.0 - x) + a.ln() + (b / (a + b)).ln();
        power - x.ln() - (-x).ln_1p()
    }
}

/// ∂ln p/∂x for 0 < x < 1.
fn slope(x: f64, [a, b]: &[f64; 2]) -> f64 {
    // (a − 1)(1 − x) − (b − 1) x with one rounding: the terms are nearly equal at the mode.
    (2.0 - a - b).mul_add(x, a - 1.0) / x / (1.0 - x)
}

impl Family<2> for Beta {
    const NAME: &'static str = "Beta";
    const PARAMETERS: [&'static str; 2] = ["a", "b"];
    const DOMAIN: Domain = Domain::Unit;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Unit
    }

    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if x <= 0.0 || x >= 1.0 {
            return f64::NEG_INFINITY;
        }
        ln_p(x, p)
    }

    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x >= 1.0 {
            return outside();
        }
        let [a, b] = *p;
        let sum = digamma(a + b);
        Partials {
            value: ln_p(x, p),
            point: slope(x, p),
            parameters: [
                x.ln() - (digamma(a) - sum),
                (-x).ln_1p() - (digamma(b) - sum),
            ],
        }
    }

    fn by_point(x: f64, p: &[f64; 2]) -> (f64, f64) {
        let value = Self::log_density(x, p);
        (value, if value.is_finite() { slope(x, p) } else { 0.0 })
    }

    /// ln B(a, b), ψ(a + b) − ψ(a) and ψ(a + b) − ψ(b).
    fn of_parameters(p: &[f64; 2]) -> Constants {
        let [a, b] = *p;
        let both = digamma(a + b);
        [ln_beta(a, b), both - digamma(a), both - digamma(b)]
    }

    /// ln x, ln(1 − x) and 1/(x·(1 − x)).
    fn of_point(x: f64) -> Constants {
        [x.ln(), (-x).ln_1p(), 1.0 / (x * (1.0 - x))]
    }

    #[inline]
    fn by_point_with(
        x: f64,
        p: &[f64; 2],
        [ln_x, ln_y, inverse]: &Constants,
        [ln_beta, ..]: &Constants,
    ) -> (f64, f64) {
        let [a, b] = *p;
        // With large parameters the terms cancel: the deviance form keeps the digits.
        if !(a > 0.0 && b > 0.0 && a + b < 1000.0 && x > 0.0 && x < 1.0) {
            return Self::by_point(x, p);
        }
        let value = (a - 1.0) * ln_x + (b - 1.0) * ln_y - ln_beta;
        (value, ((a - 1.0) * (1.0 - x) - (b - 1.0) * x) * inverse)
    }

    fn draw_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        beta_draw_partials(p[0], p[1], x, 1.0 - x).into()
    }

    fn draw_partials_with(x: f64, p: &[f64; 2], [_, from_a, from_b]: &Constants) -> [f64; 2] {
        beta_draw_partials_with((p[0], p[1]), (*from_a, *from_b), x, 1.0 - x).into()
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        // `clamp` keeps a NaN.
        let x = x.clamp(0.0, 1.0);
        beta_lower(p[0], p[1], x, 1.0 - x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        beta_inv(p[0], p[1], u, 1.0 - u)
            .0
            .clamp(f64::MIN_POSITIVE, BELOW_ONE)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        rand_distr::Beta::new(p[0], p[1]).map_or(f64::NAN, |d| {
            rng.sample::<f64, _>(d).clamp(f64::MIN_POSITIVE, BELOW_ONE)
        })
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        let x = x.clamp(0.0, 1.0);
        beta_lower_partials(p[0], p[1], x, 1.0 - x).into()
    }

    fn survival(x: f64, p: &[f64; 2]) -> f64 {
        let x = x.clamp(0.0, 1.0);
        beta_upper(p[0], p[1], x, 1.0 - x)
    }

    fn quantile_upper(q: f64, p: &[f64; 2]) -> f64 {
        beta_inv(p[0], p[1], 1.0 - q, q)
            .0
            .clamp(f64::MIN_POSITIVE, BELOW_ONE)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        p[0] / (p[0] + p[1])
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let n = p[0] + p[1];
        (p[0] / n) * (p[1] / n) / (n + 1.0)
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [a, b] = *p;
        ln_beta(a, b) + (a + b - 2.0) * digamma(a + b)
            - (a - 1.0) * digamma(a)
            - (b - 1.0) * digamma(b)
    }
}
