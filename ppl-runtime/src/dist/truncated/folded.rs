//! Absolute values.

use crate::dist::distribution::{Combine, Distribution};
use crate::dist::mixture::{bisect, ln_add};
use crate::dist::ordered::Quantile;
use crate::dist::report::{Problem, Report};
use crate::dist::source::{Source, from_line};
use crate::real::{Mode, Real};
use crate::support::Bounds;
use bumpalo::Bump;

/// The distribution of |X|: p(x) + p(−x) for x ≥ 0.
///
/// Source: Leone, Nelson & Nottingham, "The folded normal distribution", Technometrics 3 (1961), eq. 2.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Folded, HalfNormal, Normal};
/// use ppl_runtime::real::{Real, Value};
/// let x = Real::<Value>::from(0.7);
/// let p = Distribution::<Value, f64>::log_prob(&Folded::new(Normal::new(0.0, 2.0)), &x);
/// let half = Distribution::<Value, f64>::log_prob(&HalfNormal::new(2.0), &x);
/// assert!((p.value() - half.value()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Folded<D> {
    inner: D,
}

impl<D> Folded<D> {
    /// The absolute value of a number of this distribution.
    pub fn new(inner: D) -> Self {
        Folded { inner }
    }
}
impl<D> Combine for Folded<D> {}

impl<M: Mode, D: Quantile<M>> Distribution<M, f64> for Folded<D> {
    fn log_prob(&self, x: &Real<M>) -> Real<M> {
        if x.value() < 0.0 {
            return Real::constant(f64::NEG_INFINITY);
        }
        ln_add([self.inner.log_prob(x), self.inner.log_prob(&-*x)])
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> Real<M> {
        if S::UNCONSTRAINED {
            return from_line(Bounds::Positive, source);
        }
        // The central interval of mass u is inside the symmetric one up to its farther end.
        let u = source.uniform();
        let (a, b) = (
            self.inner.quantile_at(0.5 - 0.5 * u).abs(),
            self.inner.quantile_upper_at(0.5 - 0.5 * u).abs(),
        );
        let tails = |x: f64| {
            let above = self.inner.survival_at(Real::constant(x)).value();
            let below = self.inner.cdf_at(Real::constant(-x)).value();
            (1.0 - above - below, above + below)
        };
        Real::constant(bisect(u, 0.0, a.max(b), tails))
    }
    fn check(&self, report: &mut Report) {
        self.inner.check(report);
    }
    fn check_observation(&self, x: &f64, report: &mut Report) {
        self.inner.check(report);
        if !(*x >= 0.0 && x.is_finite()) {
            report.problem(Problem::Observation {
                value: *x,
                family: "Folded",
                requirement: "zero or positive",
            });
        }
    }
}
