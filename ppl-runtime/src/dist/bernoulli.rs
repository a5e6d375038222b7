//! The Bernoulli distribution, by probability and by logit.

use super::family::{Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points};
use super::shared::{finite, outside, probability, undefined};
use crate::random::Rng;
use crate::real::kernels;
use crate::real::special::{log_sigmoid, sigmoid};
use crate::support::Support;
use rand::RngExt;
use rand::distr::Open01;

/// Bernoulli distribution: P(1) = p, P(0) = 1 − p.
///
/// Support: `false` and `true`. Mean: probability. Variance: probability (1 − probability). Entropy: closed.
///
/// ```
/// use ppl_runtime::dist::{Bernoulli, family::Family};
/// assert_eq!(<Bernoulli>::log_density(1.0, &[0.25]), 0.25_f64.ln());
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Bernoulli<P = ()> {
    pub(crate) probability: P,
}

/// Bernoulli distribution by its logit: P(1) = 1/(1 + exp(−logit)). Made by [`Bernoulli::logit`].
///
/// Support: `false` and `true`. Mean: σ(logit). Variance: σ(logit) σ(−logit). Entropy: closed.
///
/// ```
/// use ppl_runtime::dist::{BernoulliLogit, family::Family};
/// assert_eq!(<BernoulliLogit>::log_density(1.0, &[-800.0]), -800.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct BernoulliLogit<L = ()> {
    pub(crate) logit: L,
}

impl<P> Bernoulli<P> {
    /// The Bernoulli distribution of this probability of `true`.
    pub fn new(probability: P) -> Self {
        Bernoulli { probability }
    }

    /// The Bernoulli distribution whose probability of `true` has this logit ln(p/(1 − p)).
    pub fn logit(logit: P) -> BernoulliLogit<P> {
        BernoulliLogit { logit }
    }
}

/// P(X ≤ x), given P(0).
fn cdf(x: f64, zero: f64) -> f64 {
    if x.is_nan() {
        f64::NAN
    } else if x < 0.0 {
        0.0
    } else if x < 1.0 {
        zero
    } else {
        1.0
    }
}

/// The least of 0 and 1 whose distribution function reaches u, given P(1) and P(0).
fn quantile(u: f64, one: f64, zero: f64) -> f64 {
    if u.is_nan() || one.is_nan() {
        return f64::NAN;
    }
    // The smaller of u and 1 − u holds the digits.
    let above = if u < 0.5 { u > zero } else { 1.0 - u < one };
    f64::from(u8::from(above))
}

fn draw(rng: &mut Rng, one: f64) -> f64 {
    let u: f64 = rng.sample(Open01);
    f64::from(u8::from(u < one))
}

impl Family<1> for Bernoulli {
    const NAME: &'static str = "Bernoulli";
    const PARAMETERS: [&'static str; 1] = ["probability"];
    const DOMAIN: Domain = Domain::Boolean;

    #[inline]
    fn check(p: &[f64; 1]) -> Result<(), Invalid> {
        probability(p, 0)
    }

    fn support(_: &[f64; 1]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 1]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            f64::NAN
        } else if x == 1.0 {
            p[0].ln()
        } else if x == 0.0 {
            (-p[0]).ln_1p()
        } else {
            f64::NEG_INFINITY
        }
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        let (value, slope) = if x == 1.0 {
            (p[0].ln(), p[0].recip())
        } else if x == 0.0 {
            ((-p[0]).ln_1p(), -(1.0 - p[0]).recip())
        } else {
            return outside();
        };
        Partials {
            value,
            point: 0.0,
            parameters: [slope],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        cdf(x, 1.0 - p[0])
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        quantile(u, p[0], 1.0 - p[0])
    }

    fn draw(rng: &mut Rng, p: &[f64; 1]) -> f64 {
        draw(rng, p[0])
    }

    fn mean(p: &[f64; 1]) -> f64 {
        p[0]
    }

    fn variance(p: &[f64; 1]) -> f64 {
        p[0] * (1.0 - p[0])
    }

    fn block(x: &[f64], p: &[&[f64]; 1]) -> f64 {
        if !kernels::are_outcomes(x, &[]) {
            return block_by_points::<Self, 1>(x, p);
        }
        kernels::bernoulli(x, p[0])
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 1], partials: &mut [&mut [f64]; 1]) -> f64 {
        // An invalid probability has no derivatives.
        if !kernels::are_outcomes(x, p[0]) {
            return block_partials_by_points::<Self, 1>(x, p, partials);
        }
        kernels::bernoulli_partials(x, p[0], partials[0])
    }

    fn entropy(p: &[f64; 1]) -> f64 {
        let q = 1.0 - p[0];
        let part = |x: f64, ln: f64| if x == 0.0 { 0.0 } else { -x * ln };
        part(p[0], p[0].ln()) + part(q, (-p[0]).ln_1p())
    }
}

impl Family<1> for BernoulliLogit {
    const NAME: &'static str = "Bernoulli::logit";
    const PARAMETERS: [&'static str; 1] = ["logit"];
    const DOMAIN: Domain = Domain::Boolean;

    #[inline]
    fn check(p: &[f64; 1]) -> Result<(), Invalid> {
        finite(p, 0)
    }

    fn support(_: &[f64; 1]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 1]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            f64::NAN
        } else if x == 1.0 {
            log_sigmoid(p[0])
        } else if x == 0.0 {
            log_sigmoid(-p[0])
        } else {
            f64::NEG_INFINITY
        }
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 1]) -> Partials<1> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x != 0.0 && x != 1.0 {
            return outside();
        }
        let towards = if x == 1.0 { p[0] } else { -p[0] };
        let slope = sigmoid(-towards);
        Partials {
            value: log_sigmoid(towards),
            point: 0.0,
            parameters: [if x == 1.0 { slope } else { -slope }],
        }
    }

    fn cdf(x: f64, p: &[f64; 1]) -> f64 {
        cdf(x, sigmoid(-p[0]))
    }

    fn quantile(u: f64, p: &[f64; 1]) -> f64 {
        quantile(u, sigmoid(p[0]), sigmoid(-p[0]))
    }

    fn draw(rng: &mut Rng, p: &[f64; 1]) -> f64 {
        draw(rng, sigmoid(p[0]))
    }

    fn mean(p: &[f64; 1]) -> f64 {
        sigmoid(p[0])
    }

    fn variance(p: &[f64; 1]) -> f64 {
        sigmoid(p[0]) * sigmoid(-p[0])
    }

    fn block(x: &[f64], p: &[&[f64]; 1]) -> f64 {
        kernels::bernoulli_logit(x, p[0])
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 1], partials: &mut [&mut [f64]; 1]) -> f64 {
        kernels::bernoulli_logit_partials(x, p[0], partials[0])
    }

    fn entropy(p: &[f64; 1]) -> f64 {
        use crate::real::special::{sigmoid, softplus};
        sigmoid(p[0]) * softplus(-p[0]) + sigmoid(-p[0]) * softplus(p[0])
    }
}
