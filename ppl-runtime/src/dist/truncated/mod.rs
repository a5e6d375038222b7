//! Truncated, censored and folded distributions of a number.

mod censored;
mod folded;

pub use censored::{Censored, IntervalCensored};
pub use folded::Folded;

use super::distribution::{Combine, Distribution};
use super::operand::Operand;
use super::ordered::Quantile;
use super::report::{Problem, Report};
use super::source::{Source, from_line};
use crate::real::{Mode, Real};
use crate::support::Bounds;
use bumpalo::Bump;

/// A distribution of a number, given that it is between two bounds: p(x)/P(low < X < high) on low ≤ x ≤ high. An infinite
/// bound is none. Bounds may be data or latent; derivatives go through the distribution function.
///
/// P is taken from whichever tail holds its digits; beyond the reach of `f64` (38 standard deviations of a normal) it is
/// 0 and the point is rejected.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), section 13.10.1.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Normal, Truncated};
/// use ppl_runtime::real::{Real, Value};
/// let d = Truncated::new(Normal::new(0.0, 1.0), 0.0, f64::INFINITY);
/// let p = Distribution::<Value, f64>::log_prob(&d, &Real::from(0.0));
/// assert!((p.value() - 0.5 * (2.0 / std::f64::consts::PI).ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Truncated<D, L, H> {
    inner: D,
    low: L,
    high: H,
}

impl<D, L, H> Truncated<D, L, H> {
    /// This distribution between these bounds.
    pub fn new(inner: D, low: L, high: H) -> Self {
        Truncated { inner, low, high }
    }
}
impl<D, L, H> Combine for Truncated<D, L, H> {}

/// P(low < X < high) from the tail that holds its digits.
fn mass<M: Mode, D: Quantile<M>>(d: &D, low: Real<M>, high: Real<M>) -> Real<M> {
    let (no_low, no_high) = (
        low.value() == f64::NEG_INFINITY,
        high.value() == f64::INFINITY,
    );
    match (no_low, no_high) {
        (true, true) => Real::constant(1.0),
        (true, false) => d.cdf_at(high),
        (false, true) => d.survival_at(low),
        (false, false) => {
            let above = d.survival_at(low);
            if above.value() < 0.5 {
                above - d.survival_at(high)
            } else {
                d.cdf_at(high) - d.cdf_at(low)
            }
        }
    }
}

fn bounds_problem(family: &str, low: f64, high: f64, report: &mut Report) {
    if low.is_nan() || high.is_nan() || low >= high {
        report.problem(Problem::Expression(format!(
            "{family}: the bounds are {low} and {high}, and the first must be below the second"
        )));
    }
}

impl<D, L, H> Truncated<D, L, H> {
    /// The quantile, from the nearer tail.
    fn at<M: Mode>(&self, u: f64) -> f64
    where
        D: Quantile<M>,
        L: Operand<M>,
        H: Operand<M>,
    {
        let (low, high) = (self.low.value(), self.high.value());
        let mass = mass::<M, D>(&self.inner, self.low.real(), self.high.real()).value();
        let below = if low == f64::NEG_INFINITY {
            0.0
        } else {
            self.inner.cdf_at(Real::constant(low)).value()
        };
        let x = if below + u * mass < 0.5 {
            self.inner.quantile_at(below + u * mass)
        } else {
            let above = if high == f64::INFINITY {
                0.0
            } else {
                self.inner.survival_at(Real::constant(high)).value()
            };
            self.inner.quantile_upper_at(above + (1.0 - u) * mass)
        };
        // Rounding may step over a bound; comparisons, not `clamp`, which panics on crossed bounds.
        if x > high {
            high
        } else if x < low {
            low
        } else {
            x
        }
    }

    fn bounds<M: Mode>(&self) -> Bounds<M>
    where
        D: Quantile<M>,
        L: Operand<M>,
        H: Operand<M>,
    {
        let (mut low, mut high) = self.inner.bounds_of().ends();
        if self.low.value() > low.map_or(f64::NEG_INFINITY, Real::value) {
            low = Some(self.low.real());
        }
        if self.high.value() < high.map_or(f64::INFINITY, Real::value) {
            high = Some(self.high.real());
        }
        match (low, high) {
            (None, None) => Bounds::Real,
            (Some(a), None) => Bounds::Above(a),
            (None, Some(b)) => Bounds::Below(b),
            (Some(a), Some(b)) => Bounds::Interval(a, b),
        }
    }
}

impl<M: Mode, D: Quantile<M>, L: Operand<M>, H: Operand<M>> Distribution<M, f64>
    for Truncated<D, L, H>
{
    fn log_prob(&self, x: &Real<M>) -> Real<M> {
        if x.value() < self.low.value() || x.value() > self.high.value() {
            return Real::constant(f64::NEG_INFINITY);
        }
        self.inner.log_prob(x) - mass::<M, D>(&self.inner, self.low.real(), self.high.real()).ln()
    }
    fn log_prob_iid(&self, x: &[Real<M>]) -> Real<M> {
        let outside = |x: &Real<M>| x.value() < self.low.value() || x.value() > self.high.value();
        if x.iter().any(outside) {
            return Real::constant(f64::NEG_INFINITY);
        }
        let mass = mass::<M, D>(&self.inner, self.low.real(), self.high.real());
        self.inner.log_prob_iid(x) - mass.ln() * x.len() as f64
    }
    fn score_iid(&self, x: &[f64], arena: &Bump) -> Real<M> {
        if x.iter()
            .any(|&x| x < self.low.value() || x > self.high.value())
        {
            return Real::constant(f64::NEG_INFINITY);
        }
        let mass = mass::<M, D>(&self.inner, self.low.real(), self.high.real());
        self.inner.score_iid(x, arena) - mass.ln() * x.len() as f64
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> Real<M> {
        if S::UNCONSTRAINED {
            return from_line(self.bounds(), source);
        }
        Real::constant(self.at(source.uniform()))
    }
    fn check(&self, report: &mut Report) {
        self.inner.check(report);
        if L::CONSTANT && H::CONSTANT {
            bounds_problem("Truncated", self.low.value(), self.high.value(), report);
        }
    }
    fn check_observation(&self, x: &f64, report: &mut Report) {
        Distribution::<M, f64>::check(self, report);
        self.inner.check_observation(x, report);
        let below = L::CONSTANT && *x < self.low.value();
        if below || H::CONSTANT && *x > self.high.value() {
            report.problem(Problem::Observation {
                value: *x,
                family: "Truncated",
                requirement: "between the bounds",
            });
        }
    }
}
