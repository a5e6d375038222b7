//! Numbers of which only a window or an interval is seen.

use super::{bounds_problem, mass};
use crate::dist::datum::Score;
use crate::dist::distribution::{Combine, Distribution};
use crate::dist::operand::Operand;
use crate::dist::ordered::Quantile;
use crate::dist::report::Report;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use bumpalo::Bump;

/// A number observed through a window: what is below `low` is recorded as `low`, what is above `high` as `high`. Such a
/// record has a probability, P(X ≤ low) or P(X ≥ high); others have their density. An infinite bound is none.
///
/// Source: J. Tobin, "Estimation of relationships for limited dependent variables", Econometrica 26 (1958), eq. 6.
///
/// ```
/// use ppl_runtime::dist::{Censored, Distribution, Normal};
/// use ppl_runtime::real::{Real, Value};
/// let d = Censored::new(Normal::new(0.0, 1.0), 0.0, f64::INFINITY);
/// let p = Distribution::<Value, f64>::log_prob(&d, &Real::from(0.0));
/// assert!((p.value() - 0.5f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Censored<D, L, H> {
    inner: D,
    low: L,
    high: H,
}

impl<D, L, H> Censored<D, L, H> {
    /// This distribution seen through the window from `low` to `high`.
    pub fn new(inner: D, low: L, high: H) -> Self {
        Censored { inner, low, high }
    }
}
impl<D, L, H> Combine for Censored<D, L, H> {}

impl<M: Mode, D: Quantile<M>, L: Operand<M>, H: Operand<M>> Distribution<M, f64>
    for Censored<D, L, H>
{
    fn log_prob(&self, x: &Real<M>) -> Real<M> {
        if x.value() <= self.low.value() {
            self.inner.cdf_at(self.low.real()).ln()
        } else if x.value() >= self.high.value() {
            self.inner.survival_at(self.high.real()).ln()
        } else {
            self.inner.log_prob(x)
        }
    }
    /// A censored number is for data: as a latent it would be neither continuous nor discrete, and on R^n it is NaN.
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> Real<M> {
        if S::UNCONSTRAINED {
            let _ = source.coordinate();
            return Real::constant(f64::NAN);
        }
        let x = Real::constant(self.inner.quantile_at(source.uniform()));
        x.max(self.low.real()).min(self.high.real())
    }
    fn check(&self, report: &mut Report) {
        self.inner.check(report);
        if L::CONSTANT && H::CONSTANT {
            bounds_problem("Censored", self.low.value(), self.high.value(), report);
        }
    }
}

/// A number of which only an interval is observed, `[low, high]`: P(low < X ≤ high). Infinite ends censor on one side.
///
/// ```
/// use ppl_runtime::dist::{IntervalCensored, Normal, datum::Score};
/// use ppl_runtime::real::Value;
/// let d = IntervalCensored::new(Normal::new(0.0, 1.0));
/// let p = Score::<Value, [f64; 2]>::score(&d, &[f64::NEG_INFINITY, 0.0], &bumpalo::Bump::new());
/// assert!((p.value() - 0.5f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct IntervalCensored<D> {
    inner: D,
}

impl<D> IntervalCensored<D> {
    /// This distribution, seen in intervals.
    pub fn new(inner: D) -> Self {
        IntervalCensored { inner }
    }
}
impl<D> Combine for IntervalCensored<D> {}

impl<M: Mode, D: Quantile<M>> Score<M, [f64; 2]> for IntervalCensored<D> {
    fn score(&self, x: &[f64; 2], _: &Bump) -> Real<M> {
        mass::<M, D>(&self.inner, Real::constant(x[0]), Real::constant(x[1])).ln()
    }
    fn check(&self, x: Option<&[f64; 2]>, report: &mut Report) {
        self.inner.check(report);
        if let Some(x) = x {
            bounds_problem("IntervalCensored", x[0], x[1], report);
        }
    }
    /// Simulates the number itself, as an interval of no length.
    fn simulate<S: Source<M>>(&self, _: usize, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        let x = self.inner.draw(source, arena).value();
        out.extend([x, x]);
    }
    fn own_length(&self) -> Option<usize> {
        Some(2)
    }
}
