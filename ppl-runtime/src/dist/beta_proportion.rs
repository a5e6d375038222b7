//! The beta distribution by its mean.

use super::beta::Beta;
use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{outside, positive, require, undefined};
use crate::random::Rng;
use crate::support::Support;

/// Beta distribution by its mean m and concentration c: a [`Beta`] of shapes m c and (1 − m) c.
///
/// Support: 0 < x < 1. Mean: mean. Variance: mean (1 − mean)/(concentration + 1). Entropy: closed.
///
/// Source: Ferrari & Cribari-Neto, "Beta regression for modelling rates and proportions" (2004), eq. 4.
///
/// ```
/// use ppl_runtime::dist::{BetaProportion, family::Family};
/// assert!((<BetaProportion>::log_density(0.5, &[0.5, 4.0]) - 1.5_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct BetaProportion<A = (), B = ()> {
    pub(crate) mean: A,
    pub(crate) concentration: B,
}

impl<A, B> BetaProportion<A, B> {
    /// The beta distribution of this mean and concentration.
    pub fn new(mean: A, concentration: B) -> Self {
        BetaProportion {
            mean,
            concentration,
        }
    }
}

impl Family<2> for BetaProportion {
    const NAME: &'static str = "BetaProportion";
    const PARAMETERS: [&'static str; 2] = ["mean", "concentration"];
    const DOMAIN: Domain = Domain::Unit;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        require(p[0] > 0.0 && p[0] < 1.0, 0, "between 0 and 1")?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Unit
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if x <= 0.0 || x >= 1.0 {
            return f64::NEG_INFINITY;
        }
        let [mean, concentration] = *p;
        <Beta>::log_density(x, &[mean * concentration, (1.0 - mean) * concentration])
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x >= 1.0 {
            return outside();
        }
        let [mean, concentration] = *p;
        let beta = <Beta>::partials(x, &[mean * concentration, (1.0 - mean) * concentration]);
        let [by_a, by_b] = beta.parameters;
        Partials {
            value: beta.value,
            point: beta.point,
            parameters: [
                concentration * (by_a - by_b),
                mean * by_a + (1.0 - mean) * by_b,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [mean, concentration] = *p;
        <Beta>::cdf(x, &[mean * concentration, (1.0 - mean) * concentration])
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [mean, concentration] = *p;
        <Beta>::quantile(u, &[mean * concentration, (1.0 - mean) * concentration])
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [mean, concentration] = *p;
        <Beta>::draw(rng, &[mean * concentration, (1.0 - mean) * concentration])
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        let [mean, concentration] = *p;
        let [by_a, by_b] =
            <Beta>::cdf_partials(x, &[mean * concentration, (1.0 - mean) * concentration]);
        [
            concentration * (by_a - by_b),
            mean * by_a + (1.0 - mean) * by_b,
        ]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [mean, _] = *p;
        mean
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [mean, concentration] = *p;
        mean * (1.0 - mean) / (concentration + 1.0)
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [mean, concentration] = *p;
        <Beta>::entropy(&[mean * concentration, (1.0 - mean) * concentration])
    }
}
