//! By the probability.

use super::rows::{SharedProbability, rising_trials};
use super::{Binomial, cdf, draw, quantile};
use crate::dist::family::{Domain, Family, Invalid, Partials, rows_by_lanes};
use crate::dist::shared::{is_count, outside, probability, size, undefined};
use crate::random::Rng;
use crate::real::special::ln_beta_kernel;
use crate::support::Support;

impl Family<2> for Binomial {
    const NAME: &'static str = "Binomial";
    const PARAMETERS: [&'static str; 2] = ["n", "probability"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        size(p, 0)?;
        probability(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) || x > p[0] {
            return f64::NEG_INFINITY;
        }
        ln_beta_kernel(x, p[0] - x, p[1], 1.0 - p[1])
    }

    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        let [n, probability] = *p;
        if !is_count(x) || x > n {
            return outside();
        }
        let q = 1.0 - probability;
        let slope = if x == 0.0 {
            -n / q
        } else if x == n {
            n / probability
        } else {
            // k − n p with one rounding: the terms are nearly equal where the mass is.
            (-n).mul_add(probability, x) / probability / q
        };
        Partials {
            value: ln_beta_kernel(x, n - x, probability, q),
            point: 0.0,
            parameters: [0.0, slope],
        }
    }

    fn rows<const GRADIENT: bool>(
        x: &[f64],
        p: &[&[f64]; 2],
        values: &mut [f64],
        partials: &mut [&mut [f64]; 2],
    ) {
        if let ([probability], n) = (p[1], p[0]) {
            let (p, q) = (*probability, 1.0 - probability);
            let shared = SharedProbability {
                logarithms: [p.ln(), (-p).ln_1p()],
                slopes: [1.0 / p, 1.0 / q],
            };
            if rising_trials(x, n, &shared, values, partials) {
                return;
            }
        }
        rows_by_lanes::<Self, 2, GRADIENT>(x, p, values, partials);
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        cdf(x, p[0], p[1], 1.0 - p[1])
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        quantile(u, p[0], p[1], 1.0 - p[1])
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        draw(rng, p[0], p[1])
    }

    fn mean(p: &[f64; 2]) -> f64 {
        p[0] * p[1]
    }

    fn variance(p: &[f64; 2]) -> f64 {
        p[0] * p[1] * (1.0 - p[1])
    }
}
