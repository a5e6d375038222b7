//! The Gompertz distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{density, outside, positive, undefined};
use crate::real::special::tail_integral;
use crate::support::Support;

/// Gompertz distribution of life times: p(x) = c r exp(r x − c (e^(r x) − 1)) for x ≥ 0, with concentration c and rate r: a
/// hazard c r e^(r x).
///
/// Support: x ≥ 0. Mean: ∫ P(X > x) dx, by quadrature. Variance: likewise. Entropy: not in closed form.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), eq. 22.118.
///
/// ```
/// use ppl_runtime::dist::{Gompertz, family::Family};
/// assert_eq!(<Gompertz>::log_density(0.0, &[1.0, 1.0]), 0.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Gompertz<A = (), B = ()> {
    pub(crate) concentration: A,
    pub(crate) rate: B,
}

impl<A, B> Gompertz<A, B> {
    /// The Gompertz distribution of this concentration and rate.
    pub fn new(concentration: A, rate: B) -> Self {
        Gompertz {
            concentration,
            rate,
        }
    }
}

impl Family<2> for Gompertz {
    const NAME: &'static str = "Gompertz";
    const PARAMETERS: [&'static str; 2] = ["concentration", "rate"];
    const DOMAIN: Domain = Domain::NonNegative;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Positive
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if x < 0.0 || x == f64::INFINITY {
            return outside();
        }
        let [concentration, rate] = *p;
        let z = rate * x;
        let grown = z.exp_m1();
        // 1 − c e^z
        let balance = (-concentration).mul_add(grown, 1.0 - concentration);
        Partials {
            value: concentration.ln() + rate.ln() + z - concentration * grown,
            point: rate * balance,
            parameters: [concentration.recip() - grown, rate.recip() + x * balance],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [concentration, rate] = *p;
        -(-concentration * (rate * x.max(0.0)).exp_m1()).exp_m1()
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [concentration, rate] = *p;
        ((-(-u).ln_1p() / concentration).ln_1p() / rate).max(f64::MIN_POSITIVE)
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        let grown = (p[1] * x.max(0.0)).exp_m1();
        [
            grown * (-p[0] * grown).exp(),
            x.max(0.0) * density::<Self, 2>(x, p) / p[1],
        ]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [concentration, rate] = *p;
        // ∫ P(X > x) dx
        let survival = |t: f64| -concentration * t.exp_m1();
        tail_integral(concentration.max(1.0), survival) / rate
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [concentration, rate] = *p;
        // E X² = ∫ 2x P(X > x) dx
        let survival = |t: f64| -concentration * t.exp_m1();
        let step = concentration.max(1.0);
        let mean = tail_integral(step, survival);
        let square = tail_integral(step, |t| (2.0 * t).ln() + survival(t));
        (square - mean * mean) / (rate * rate)
    }
}
