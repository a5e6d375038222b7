//! The Laplace distribution.

use super::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, sums_by_blocks,
};
use super::shared::{density, finite, positive, undefined};
use crate::random::Rng;
use crate::real::kernels;
use crate::support::Support;
use rand::RngExt;
use rand::distr::Open01;
use std::f64::consts::LN_2;

/// Laplace (double exponential) distribution: p(x) = exp(−|x − location|/scale) / (2 scale) on the real line.
/// The partial by the location is 0 where x = location, between its one-sided values.
///
/// Support: the real line. Mean: location. Variance: 2 scale². Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), eq. 24.1.
///
/// ```
/// use ppl_runtime::dist::{Laplace, family::Family};
/// assert_eq!(<Laplace>::log_density(1.0, &[0.0, 1.0]), -1.0 - std::f64::consts::LN_2);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Laplace<L = (), S = ()> {
    pub(crate) location: L,
    pub(crate) scale: S,
}

impl<L, S> Laplace<L, S> {
    /// The Laplace distribution of this mean and mean absolute deviation.
    pub fn new(location: L, scale: S) -> Self {
        Laplace { location, scale }
    }
}

/// Whether the kernel serves: points and parameters finite, scales positive.
fn regular(x: &[f64], location: &[f64], scale: &[f64]) -> bool {
    kernels::are_within(x, f64::MIN, f64::INFINITY)
        && kernels::are_within(location, f64::MIN, f64::INFINITY)
        && kernels::are_within(scale, f64::MIN_POSITIVE, 8e307)
}

impl Family<2> for Laplace {
    const NAME: &'static str = "Laplace";
    const PARAMETERS: [&'static str; 2] = ["location", "scale"];
    const DOMAIN: Domain = Domain::Real;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Real
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() {
            return f64::NAN;
        }
        -((x - p[0]) / p[1]).abs() - p[1].ln() - LN_2
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        let z = (x - p[0]) / p[1];
        let slope = if z == 0.0 { 0.0 } else { z.signum() / p[1] };
        Partials {
            value: -z.abs() - p[1].ln() - LN_2,
            point: -slope,
            parameters: [slope, (z.abs() - 1.0) / p[1]],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let z = (x - p[0]) / p[1];
        if z < 0.0 {
            0.5 * z.exp()
        } else {
            1.0 - 0.5 * (-z).exp()
        }
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        // ln 2u around u = ½ through the exact difference from it.
        let ln_twice = |v: f64| {
            if v < 0.25 {
                (2.0 * v).ln()
            } else {
                (2.0 * v - 1.0).ln_1p()
            }
        };
        let z = if u < 0.5 {
            ln_twice(u)
        } else {
            -ln_twice(1.0 - u)
        };
        p[0] + p[1] * z
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let u: f64 = rng.sample(Open01);
        Self::quantile(u, p)
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        let f = density::<Self, 2>(x, p);
        [-f, -f * ((x - p[0]) / p[1])]
    }

    fn survival(x: f64, p: &[f64; 2]) -> f64 {
        Self::cdf(p[0] - (x - p[0]), p)
    }

    fn quantile_upper(q: f64, p: &[f64; 2]) -> f64 {
        // Symmetric around 0.
        p[0] - Self::quantile(q, &[0.0, p[1]])
    }

    sums_by_blocks!(2);

    fn block(x: &[f64], p: &[&[f64]; 2]) -> f64 {
        if !regular(x, p[0], p[1]) {
            return block_by_points::<Self, 2>(x, p);
        };
        kernels::laplace(x, p[0], p[1])
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 2], partials: &mut [&mut [f64]; 2]) -> f64 {
        if !regular(x, p[0], p[1]) {
            return block_partials_by_points::<Self, 2>(x, p, partials);
        };
        let [by_location, by_scale] = partials;
        kernels::laplace_partials(x, p[0], p[1], by_location, by_scale)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        p[0]
    }

    fn variance(p: &[f64; 2]) -> f64 {
        2.0 * p[1] * p[1]
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        1.0 + std::f64::consts::LN_2 + p[1].ln()
    }
}
