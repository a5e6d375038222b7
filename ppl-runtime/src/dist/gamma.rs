//! The gamma distribution.

use super::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, sums_by_blocks,
};
use super::shared::{bounded, density, outside, positive, score_integral, undefined};
use crate::random::Rng;
use crate::real::kernels;
use crate::real::special::{
    LN_SQRT_2PI, digamma, gamma_inv, gamma_lower, gamma_lower_by_shape, gamma_upper,
    ln_gamma_kernel, stirling_error,
};
use crate::support::Support;
use rand::RngExt;

/// Gamma distribution: p(x) = rate^shape x^(shape − 1) exp(−rate x) / Γ(shape) for x > 0, of mean shape/rate.
///
/// Support: x > 0. Mean: shape/rate. Variance: shape/rate². Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), eq. 17.1. Above shape 15 the
/// density is taken in Loader's deviance form ([`bd0`](crate::real::special::bd0)).
///
/// ```
/// use ppl_runtime::dist::{Gamma, family::Family};
/// assert!((<Gamma>::log_density(3.0, &[1.0, 1.0]) + 3.0).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Gamma<A = (), R = ()> {
    pub(crate) shape: A,
    pub(crate) rate: R,
}

impl<A, R> Gamma<A, R> {
    /// The gamma distribution of this shape and rate.
    pub fn new(shape: A, rate: R) -> Self {
        Gamma { shape, rate }
    }
}

/// ln of a product of positive numbers, which may itself over- or underflow.
pub(crate) fn ln_product(x: f64, y: f64) -> f64 {
    let product = x * y;
    if product.is_normal() {
        product.ln()
    } else {
        x.ln() + y.ln()
    }
}

/// A Gamma(shape, 1) draw, never 0.
pub(crate) fn standard_draw(rng: &mut Rng, shape: f64) -> f64 {
    rand_distr::Gamma::new(shape, 1.0)
        .map_or(f64::NAN, |d| rng.sample::<f64, _>(d).max(f64::MIN_POSITIVE))
}

/// ln p for x > 0.
fn ln_p(x: f64, p: &[f64; 2]) -> f64 {
    let [shape, rate] = *p;
    if shape < 15.0 {
        let power = (shape - 1.0) * x.ln() + shape * rate.ln();
        power - rate * x - crate::real::special::ln_gamma(shape)
    } else {
        ln_gamma_kernel(shape, rate * x) + shape.ln() - x.ln()
    }
}

/// ln p at x = 0, the limit from above.
fn ln_p_zero(p: &[f64; 2]) -> f64 {
    if p[0] > 1.0 {
        f64::NEG_INFINITY
    } else if p[0] == 1.0 {
        p[1].ln()
    } else {
        f64::INFINITY
    }
}

/// The shape, if the kernel serves: one shape for all, points inside, parameters valid and their products normal.
fn regular(x: &[f64], shape: &[f64], rate: &[f64]) -> Option<f64> {
    let shape = kernels::shared(shape)?;
    let good = kernels::are_within(x, 1e-150, 1e150) && kernels::are_within(rate, 1e-150, 1e150);
    (good && shape > 1e-3 && shape < 1e300).then_some(shape)
}

/// What the shape alone decides: (shape − ½) ln shape − shape − ln Γ(shape) by the error of Stirling's formula.
fn shape_terms(shape: f64) -> f64 {
    0.5 * shape.ln() - LN_SQRT_2PI - stirling_error(shape)
}

impl Family<2> for Gamma {
    const NAME: &'static str = "Gamma";
    const PARAMETERS: [&'static str; 2] = ["shape", "rate"];
    const DOMAIN: Domain = Domain::Positive;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Positive
    }

    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if x < 0.0 || x == f64::INFINITY {
            return f64::NEG_INFINITY;
        }
        if x == 0.0 { ln_p_zero(p) } else { ln_p(x, p) }
    }

    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x <= 0.0 || x == f64::INFINITY {
            return Partials {
                value: Self::log_density(x, p),
                ..outside()
            };
        }
        let [shape, rate] = *p;
        // shape − rate x with one rounding: the terms are nearly equal where the mass is.
        let point = (-rate).mul_add(x, shape - 1.0) / x;
        let by_rate = (-rate).mul_add(x, shape) / rate;
        Partials {
            value: ln_p(x, p),
            point,
            parameters: [ln_product(rate, x) - digamma(shape), by_rate],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        gamma_lower(p[0], p[1] * x.max(0.0))
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        bounded((gamma_inv(p[0], u, 1.0 - u) / p[1]).max(f64::MIN_POSITIVE))
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        bounded((standard_draw(rng, p[0]) / p[1]).max(f64::MIN_POSITIVE))
    }

    fn survival(x: f64, p: &[f64; 2]) -> f64 {
        gamma_upper(p[0], p[1] * x.max(0.0))
    }

    fn quantile_upper(q: f64, p: &[f64; 2]) -> f64 {
        bounded((gamma_inv(p[0], 1.0 - q, q) / p[1]).max(f64::MIN_POSITIVE))
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= 0.0 {
            return [0.0; 2];
        }
        let by_rate = x * density::<Self, 2>(x, p) / p[1];
        let z = p[1] * x;
        let by_shape = if p[0] < 1000.0 && z < p[0] + 1.0 {
            gamma_lower_by_shape(p[0], z)
        } else {
            score_integral::<Self, 2>(x, p)[0]
        };
        [by_shape, by_rate]
    }

    sums_by_blocks!(2);

    fn block(x: &[f64], p: &[&[f64]; 2]) -> f64 {
        let Some(shape) = regular(x, p[0], p[1]) else {
            return block_by_points::<Self, 2>(x, p);
        };
        kernels::gamma(x, shape, p[1]) + x.len() as f64 * shape_terms(shape)
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 2], partials: &mut [&mut [f64]; 2]) -> f64 {
        let Some(shape) = regular(x, p[0], p[1]) else {
            return block_partials_by_points::<Self, 2>(x, p, partials);
        };
        let [by_shape, by_rate] = partials;
        let value = kernels::gamma_partials(x, shape, p[1], by_shape, by_rate);
        let psi = digamma(shape);
        for by in by_shape.iter_mut() {
            *by -= psi;
        }
        value + x.len() as f64 * shape_terms(shape)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        p[0] / p[1]
    }

    fn variance(p: &[f64; 2]) -> f64 {
        p[0] / (p[1] * p[1])
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let (a, rate) = (p[0], p[1]);
        a - rate.ln() + crate::real::special::ln_gamma(a) + (1.0 - a) * digamma(a)
    }
}
