//! By the logit of the probability.

use super::rows::{SharedProbability, rising_trials};
use super::{BinomialLogit, cdf, draw, quantile};
use crate::dist::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, rows_by_lanes,
};
use crate::dist::shared::{finite, is_count, outside, size, undefined};
use crate::random::Rng;
use crate::real::kernels;
use crate::real::special::{ln_beta_kernel, log_sigmoid, sigmoid};
use crate::support::Support;

/// Whether the kernel serves: counts of which none is larger than its trials, logits whose probabilities are numbers.
fn regular(x: &[f64], [n, logit]: &[&[f64]; 2]) -> bool {
    let fits = x.iter().zip(*n).fold(true, |all, (x, n)| all & (x <= n));
    fits && kernels::are_counts(x)
        && kernels::are_counts(n)
        && kernels::are_within(logit, -600.0, 600.0)
}

/// ln P(k) by the logit.
fn ln_p_logit(k: f64, n: f64, logit: f64) -> f64 {
    if logit.abs() < 600.0 {
        return ln_beta_kernel(k, n - k, sigmoid(logit), sigmoid(-logit));
    }
    // p or 1 − p underflows: the coefficient from an even coin.
    let coefficient = ln_beta_kernel(k, n - k, 0.5, 0.5) + n * std::f64::consts::LN_2;
    coefficient + k * log_sigmoid(logit) + (n - k) * log_sigmoid(-logit)
}

impl Family<2> for BinomialLogit {
    const NAME: &'static str = "Binomial::logit";
    const PARAMETERS: [&'static str; 2] = ["n", "logit"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        size(p, 0)?;
        finite(p, 1)
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
        ln_p_logit(x, p[0], p[1])
    }

    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        let [n, logit] = *p;
        if !is_count(x) || x > n {
            return outside();
        }
        // k − n p = k (1 − p) − (n − k) p
        let slope = x * sigmoid(-logit) - (n - x) * sigmoid(logit);
        Partials {
            value: ln_p_logit(x, n, logit),
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
        if let ([logit], n) = (p[1], p[0]) {
            let shared = SharedProbability {
                logarithms: [log_sigmoid(*logit), log_sigmoid(-logit)],
                slopes: [sigmoid(-logit), sigmoid(*logit)],
            };
            if rising_trials(x, n, &shared, values, partials) {
                return;
            }
        }
        rows_by_lanes::<Self, 2, GRADIENT>(x, p, values, partials);
    }

    fn block(x: &[f64], p: &[&[f64]; 2]) -> f64 {
        if !regular(x, p) {
            return block_by_points::<Self, 2>(x, p);
        }
        kernels::binomial_logit(x, p[0], p[1])
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 2], partials: &mut [&mut [f64]; 2]) -> f64 {
        if !regular(x, p) {
            return block_partials_by_points::<Self, 2>(x, p, partials);
        }
        let [by_n, by_logit] = partials;
        by_n.fill(0.0);
        kernels::binomial_logit_partials(x, p[0], p[1], by_logit)
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        cdf(x, p[0], sigmoid(p[1]), sigmoid(-p[1]))
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        quantile(u, p[0], sigmoid(p[1]), sigmoid(-p[1]))
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        draw(rng, p[0], sigmoid(p[1]))
    }

    fn mean(p: &[f64; 2]) -> f64 {
        p[0] * sigmoid(p[1])
    }

    fn variance(p: &[f64; 2]) -> f64 {
        p[0] * sigmoid(p[1]) * sigmoid(-p[1])
    }
}
