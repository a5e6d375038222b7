//! Distributions without a density of their own: the improper uniform, and a point mass.

use super::distribution::{Combine, Distribution};
use super::operand::Operand;
use super::report::{Problem, Report};
use super::source::{Source, from_line};
use crate::real::special::LN_SQRT_2PI;
use crate::real::{Mode, Real};
use crate::support::{Bounds, Support, constrain};
use bumpalo::Bump;

/// The improper uniform "density" 1 on a support: a prior for engines on R^n, whose posterior may be proper. It has no
/// quantiles and can't be simulated; a [`Report`] says so by [`Report::improper`], for engines that need either. What a
/// simulation gets, to find a layout, is a point of the support and no draw.
///
/// ```
/// use ppl_runtime::dist::{Distribution, ImproperUniform};
/// use ppl_runtime::real::{Real, Value};
/// let d = ImproperUniform::positive();
/// assert_eq!(Distribution::<Value, f64>::log_prob(&d, &Real::from(3.0)).value(), 0.0);
/// assert_eq!(Distribution::<Value, f64>::log_prob(&d, &Real::from(-3.0)).value(), f64::NEG_INFINITY);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct ImproperUniform {
    support: Support,
}

impl ImproperUniform {
    /// On the real line.
    pub fn real() -> Self {
        ImproperUniform {
            support: Support::Real,
        }
    }
    /// On the positive numbers.
    pub fn positive() -> Self {
        ImproperUniform {
            support: Support::Positive,
        }
    }
    /// On the positive numbers, through ln(1 + e^u): unlike e^u it is nearly u for large numbers.
    pub fn softplus_positive() -> Self {
        ImproperUniform {
            support: Support::SoftplusPositive,
        }
    }
    /// On the circle, as angles from −π to π.
    pub fn circular() -> Self {
        ImproperUniform {
            support: Support::CIRCLE,
        }
    }
    /// Above a number.
    pub fn above(low: f64) -> Self {
        ImproperUniform {
            support: Support::Above(low),
        }
    }
    /// Below a number.
    pub fn below(high: f64) -> Self {
        ImproperUniform {
            support: Support::Below(high),
        }
    }
}
impl Combine for ImproperUniform {}

impl<M: Mode> Distribution<M, f64> for ImproperUniform {
    fn log_prob(&self, x: &Real<M>) -> Real<M> {
        let x = x.value();
        let inside = match self.support {
            Support::Positive | Support::SoftplusPositive => x > 0.0,
            Support::Above(a) => x > a,
            Support::Below(b) => x < b,
            Support::Interval(a, b) => x >= a && x <= b,
            _ => x.is_finite(),
        };
        Real::constant(if inside { 0.0 } else { f64::NEG_INFINITY })
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> Real<M> {
        let bounds = Bounds::from(self.support);
        if S::UNCONSTRAINED {
            return from_line(bounds, source);
        }
        constrain(bounds, Real::constant(2.0 * source.uniform() - 1.0)).0
    }
    fn check(&self, report: &mut Report) {
        report.improper("ImproperUniform");
        if let Support::Above(x) | Support::Below(x) = self.support
            && !x.is_finite()
        {
            report.problem(Problem::Parameter {
                family: "ImproperUniform",
                parameter: "bound",
                value: x,
                requirement: "finite",
            });
        }
    }
}

/// All mass at one number, which may be latent: P(x) = 1 there, 0 elsewhere. As a latent it takes one idle coordinate, which
/// moves nothing: on R^n that has a standard normal density of its own, so that it stays proper.
///
/// ```
/// use ppl_runtime::dist::{Delta, Distribution};
/// use ppl_runtime::real::{Real, Value};
/// let d = Delta::new(2.0);
/// assert_eq!(Distribution::<Value, f64>::log_prob(&d, &Real::from(2.0)).value(), 0.0);
/// assert_eq!(Distribution::<Value, f64>::log_prob(&d, &Real::from(2.1)).value(), f64::NEG_INFINITY);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Delta<V> {
    value: V,
}

impl<V> Delta<V> {
    /// The point mass at this number.
    pub fn new(value: V) -> Self {
        Delta { value }
    }
}
impl<V> Combine for Delta<V> {}

impl<M: Mode, V: Operand<M>> Distribution<M, f64> for Delta<V> {
    fn log_prob(&self, x: &Real<M>) -> Real<M> {
        let same = x.value() == self.value.value();
        Real::constant(if same { 0.0 } else { f64::NEG_INFINITY })
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> Real<M> {
        if S::UNCONSTRAINED {
            let u = source.coordinate();
            source.add_jacobian(-0.5 * u * u - LN_SQRT_2PI);
        } else {
            let _ = source.uniform();
        }
        self.value.real()
    }
    fn check(&self, report: &mut Report) {
        let value = self.value.value();
        if V::CONSTANT && !value.is_finite() {
            report.problem(Problem::Parameter {
                family: "Delta",
                parameter: "value",
                value,
                requirement: "finite",
            });
        }
    }
}
