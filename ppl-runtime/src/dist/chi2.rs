//! The χ² distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::gamma::Gamma;
use super::shared::{outside, positive, undefined};
use crate::random::Rng;
use crate::real::special::{digamma, ln_gamma};
use crate::support::Support;

/// χ² distribution: p(x) = x^(df/2 − 1) exp(−x/2)/(2^(df/2) Γ(df/2)) for x > 0: a [`Gamma`] of shape df/2 and rate ½.
///
/// Support: x > 0. Mean: df. Variance: 2 df. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), eq. 18.1.
///
/// ```
/// use ppl_runtime::dist::{Chi2, family::Family};
/// assert!((<Chi2>::log_density(2.0, &[2.0]) + 1.0 + std::f64::consts::LN_2).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Chi2<A = ()> {
    pub(crate) df: A,
}

impl<A> Chi2<A> {
    /// The χ² distribution of these degrees of freedom.
    pub fn new(df: A) -> Self {
        Chi2 { df }
    }
}

impl Family<1> for Chi2 {
    const NAME: &'static str = "Chi2";
    const PARAMETERS: [&'static str; 1] = ["df"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 1]) -> Result<(), Invalid> {
        positive(p, 0)
    }

    fn support(_: &[f64; 1]) -> Support {
        Support::Positive
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 1]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if x < 0.0 || x == f64::INFINITY {
            return f64::NEG_INFINITY;
        }
        let [df] = *p;
        <Gamma>::log_density(x, &[0.5 * df, 0.5])
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < 0.0 || x == f64::INFINITY {
            return outside();
        }
        let [df] = *p;
        let Partials {
            value,
            point,
            parameters: [by_shape, _],
        } = <Gamma>::partials(x, &[0.5 * df, 0.5]);
        Partials {
            value,
            point,
            parameters: [0.5 * by_shape],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        let [df] = *p;
        <Gamma>::cdf(x, &[0.5 * df, 0.5])
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        let [df] = *p;
        <Gamma>::quantile(u, &[0.5 * df, 0.5])
    }

    fn draw(rng: &mut Rng, p: &[f64; 1]) -> f64 {
        let [df] = *p;
        <Gamma>::draw(rng, &[0.5 * df, 0.5])
    }

    fn cdf_partials(x: f64, p: &[f64; 1]) -> [f64; 1] {
        [0.5 * <Gamma>::cdf_partials(x, &[0.5 * p[0], 0.5])[0]]
    }

    fn mean(p: &[f64; 1]) -> f64 {
        let [df] = *p;
        df
    }

    fn variance(p: &[f64; 1]) -> f64 {
        let [df] = *p;
        2.0 * df
    }

    fn entropy(p: &[f64; 1]) -> f64 {
        let [df] = *p;
        let h = 0.5 * df;
        h + std::f64::consts::LN_2 + ln_gamma(h) + (1.0 - h) * digamma(h)
    }
}
