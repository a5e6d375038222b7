//! The Pareto distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, outside, positive, undefined};
use super::weibull::ln_ratio;
use crate::support::Support;

/// Pareto distribution: p(x) = shape scale^shape / x^(shape + 1) for x ≥ scale.
///
/// Support: x ≥ scale. Mean: scale·shape/(shape − 1) for shape > 1. Variance: scale² shape/((shape − 1)² (shape − 2)) for shape > 2. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), eq. 20.3.
///
/// ```
/// use ppl_runtime::dist::{Pareto, family::Family};
/// assert!((<Pareto>::log_density(2.0, &[1.0, 1.0]) + 4.0_f64.ln()).abs() < 1e-15);
/// assert_eq!(<Pareto>::log_density(0.5, &[1.0, 1.0]), f64::NEG_INFINITY);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Pareto<A = (), B = ()> {
    pub(crate) scale: A,
    pub(crate) shape: B,
}

impl<A, B> Pareto<A, B> {
    /// The Pareto distribution above this scale, with a tail of this exponent.
    pub fn new(scale: A, shape: B) -> Self {
        Pareto { scale, shape }
    }
}

impl Family<2> for Pareto {
    const NAME: &'static str = "Pareto";
    const PARAMETERS: [&'static str; 2] = ["scale", "shape"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)
    }

    fn support(p: &[f64; 2]) -> Support {
        Support::Above(p[0])
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < p[0] || x == f64::INFINITY {
            return outside();
        }
        let [scale, shape] = *p;
        let t = ln_ratio(x, scale);
        Partials {
            value: shape.ln() - shape * t - x.ln(),
            point: -(shape + 1.0) / x,
            parameters: [shape / scale, shape.recip() - t],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [scale, shape] = *p;
        if x <= scale {
            return 0.0;
        }
        -(-shape * ln_ratio(x, scale)).exp_m1()
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [scale, shape] = *p;
        bounded(scale * (-(-u).ln_1p() / shape).exp())
    }

    fn survival(x: f64, p: &[f64; 2]) -> f64 {
        if x <= p[0] {
            return 1.0;
        }
        (-p[1] * ln_ratio(x, p[0])).exp()
    }

    fn quantile_upper(q: f64, p: &[f64; 2]) -> f64 {
        bounded(p[0] * (-q.ln() / p[1]).exp())
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= p[0] {
            return [0.0; 2];
        }
        let f = x * density::<Self, 2>(x, p);
        [-f / p[0], f * ln_ratio(x, p[0]) / p[1]]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [scale, shape] = *p;
        if shape > 1.0 {
            scale * (shape / (shape - 1.0))
        } else {
            f64::INFINITY
        }
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [scale, shape] = *p;
        if shape > 2.0 {
            let d = shape - 1.0;
            scale * scale * (shape / (d * d * (shape - 2.0)))
        } else {
            f64::INFINITY
        }
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let [scale, shape] = *p;
        (scale / shape).ln() + 1.0 + shape.recip()
    }
}
