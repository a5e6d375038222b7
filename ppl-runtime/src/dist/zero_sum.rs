//! The normal distribution on the plane of vectors that sum to zero, and order statistics of positive variables.

use super::distribution::{Combine, Distribution};
use super::normal::Normal;
use super::operand::Operand;
use super::order_statistics;
use super::ordered::{OrderedBy, Quantile};
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use crate::real::special::LN_SQRT_2PI;
use crate::real::{Lift, Mode, Real};
use crate::support::{
    Bounds, PositiveOrdered, PositiveOrderedAt, ZeroSum, ZeroSumAt, positive_ordered_from_line,
    zero_sum_from_line,
};
use bumpalo::Bump;

/// Normal distribution on the plane Σx = 0: p(x) = exp(−|x|²/(2 scale²))/(scale √(2π))^(n − 1), a density by the
/// area of that plane. It is the law of n independent normals of this scale less their mean; each has variance
/// scale² (1 − 1/n).
///
/// Source: Stan functions reference, "Zero-sum vectors".
///
/// ```
/// use ppl_runtime::dist::{Distribution, ZeroSumNormal};
/// use ppl_runtime::real::Value;
/// use ppl_runtime::support::ZeroSum;
/// let arena = bumpalo::Bump::new();
/// let p = Distribution::<Value, _>::score(&ZeroSumNormal::new(1.0), &ZeroSum([0.0, 0.0, 0.0]), &arena);
/// assert!((p.value() + std::f64::consts::TAU.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct ZeroSumNormal<S> {
    scale: S,
}

impl<S> ZeroSumNormal<S> {
    /// The zero-sum normal distribution of this scale.
    pub fn new(scale: S) -> Self {
        ZeroSumNormal { scale }
    }
}
impl<S> Combine for ZeroSumNormal<S> {}

impl<M: Mode, C: Operand<M>, const N: usize> Distribution<M, ZeroSum<N>> for ZeroSumNormal<C> {
    fn log_prob(&self, x: &ZeroSumAt<M, N>) -> Real<M> {
        let s = self.scale.value();
        if !(s > 0.0 && s.is_finite()) {
            return Real::constant(f64::NAN);
        }
        let n = N.saturating_sub(1) as f64;
        let squares: f64 = x.iter().map(|v| (v.value() / s) * (v.value() / s)).sum();
        let mut lift = M::Lift::begin();
        for v in x {
            lift.push(*v, -v.value() / s / s);
        }
        if !C::CONSTANT {
            lift.push(self.scale.real(), (squares - n) / s);
        }
        lift.finish(-0.5 * squares - n * (s.ln() + LN_SQRT_2PI))
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> ZeroSumAt<M, N> {
        ZeroSumAt(if on_line::<M, S>(source) {
            zero_sum_from_line::<M, N>(|| source.coordinate())
        } else {
            zero_sum_from_line::<M, N>(|| source.scalar(&Normal::new(0.0, self.scale)))
        })
    }
    fn check(&self, report: &mut Report) {
        let value = self.scale.value();
        if C::CONSTANT && !(value > 0.0 && value.is_finite()) {
            report.problem(Problem::Parameter {
                family: "ZeroSumNormal",
                parameter: "scale",
                value,
                requirement: "positive and finite",
            });
        }
    }
}

/// As for [`Ordered`](crate::support::Ordered) vectors, of a family of positive numbers.
impl<M: Mode, D: Quantile<M>, const N: usize> Distribution<M, PositiveOrdered<N>> for OrderedBy<D> {
    fn log_prob(&self, x: &PositiveOrderedAt<M, N>) -> Real<M> {
        let ln_factorial: f64 = (1..=N).map(|k| (k as f64).ln()).sum();
        self.0.log_prob_iid(&x.0) + ln_factorial
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> PositiveOrderedAt<M, N> {
        if S::UNCONSTRAINED {
            let (x, jacobian) = positive_ordered_from_line::<M, N>(|| source.coordinate());
            if let Some(j) = jacobian {
                source.add_jacobian(j);
            }
            return PositiveOrderedAt(x);
        }
        let u: [f64; N] = std::array::from_fn(|_| source.uniform());
        let mut v = [0.0; N];
        order_statistics::uniform(&u, &mut v);
        PositiveOrderedAt(v.map(|v| Real::constant(self.0.quantile_at(v))))
    }
    fn check(&self, report: &mut Report) {
        self.0.check(report);
        if !matches!(self.0.bounds_of(), Bounds::Positive) {
            report.problem(Problem::Expression(
                "a positive ordered vector needs the distribution of a positive number".into(),
            ));
        }
    }
}
