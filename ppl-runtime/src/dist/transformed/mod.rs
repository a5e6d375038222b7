//! Distributions pushed through bijections, in every mode.

mod bijections;

pub use bijections::{
    Affine, Bijection, Exp, Ln, Logit, LowerAffine, Power, Sigmoid, Softplus, Tanh, Then,
    VectorBijection,
};

use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::ordered::Quantile;
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::{Mode, Real};
use crate::support::Bounds;
use bumpalo::Bump;

/// The distribution of f(X) for a bijection f: p(y) = p_X(x)/|f′(x)| at x = f⁻¹(y).
///
/// Of a number through a [`Bijection`] (a site is `f64`; it can be truncated, ordered and mixed like any other), or of `[f64; N]`
/// through a [`VectorBijection`]. Support: the image of X's. From the cube it comes as f of X.
///
/// Source: Casella & Berger, *Statistical Inference* (2002), theorem 2.1.5.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Exp, LogNormal, Normal, Transformed};
/// use ppl_runtime::real::{Real, Value};
/// let y = Real::<Value>::from(0.7);
/// let a = Distribution::<Value, f64>::log_prob(&Transformed::new(Normal::new(0.3, 2.0), Exp), &y);
/// let b = Distribution::<Value, f64>::log_prob(&LogNormal::new(0.3, 2.0), &y);
/// assert!((a.value() - b.value()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Transformed<D, B> {
    inner: D,
    bijection: B,
}

impl<D, B> Transformed<D, B> {
    /// This distribution through this bijection.
    pub fn new(inner: D, bijection: B) -> Self {
        Transformed { inner, bijection }
    }
}
impl<D, B> Combine for Transformed<D, B> {}

impl<M: Mode, D: Distribution<M, f64>, B: Bijection<M>> Distribution<M, f64> for Transformed<D, B> {
    fn log_prob(&self, y: &Real<M>) -> Real<M> {
        let x = self.bijection.inverse(*y);
        // No x at a y that is a number: outside the image.
        if x.is_nan() && !y.is_nan() && !self.bijection.forward(Real::constant(0.5)).is_nan() {
            return Real::constant(f64::NEG_INFINITY);
        }
        let inner = self.inner.log_prob(&x);
        if inner.value() == f64::NEG_INFINITY {
            return inner;
        }
        inner - self.bijection.ln_slope(x)
    }
    fn draw<S: Source<M>>(&self, source: &mut S, arena: &Bump) -> Real<M> {
        if S::UNCONSTRAINED && source.given() {
            return source.coordinate();
        }
        let x = self.inner.draw(source, arena);
        if S::UNCONSTRAINED {
            source.add_jacobian(self.bijection.ln_slope(x));
        }
        self.bijection.forward(x)
    }
    fn check(&self, report: &mut Report) {
        self.inner.check(report);
    }
    fn check_observation(&self, y: &f64, report: &mut Report) {
        self.inner.check(report);
        if !y.is_finite() {
            report.problem(Problem::Observation {
                value: *y,
                family: "Transformed",
                requirement: "a finite number",
            });
        }
    }
}

impl<M: Mode, D: Quantile<M>, B: Bijection<M>> Quantile<M> for Transformed<D, B> {
    fn quantile_at(&self, u: f64) -> f64 {
        let x = if self.bijection.increases() {
            self.inner.quantile_at(u)
        } else {
            self.inner.quantile_upper_at(u)
        };
        self.bijection.forward(Real::constant(x)).value()
    }
    fn quantile_upper_at(&self, q: f64) -> f64 {
        let x = if self.bijection.increases() {
            self.inner.quantile_upper_at(q)
        } else {
            self.inner.quantile_at(q)
        };
        self.bijection.forward(Real::constant(x)).value()
    }
    fn cdf_at(&self, y: Real<M>) -> Real<M> {
        let x = self.bijection.inverse(y);
        if self.bijection.increases() {
            self.inner.cdf_at(x)
        } else {
            self.inner.survival_at(x)
        }
    }
    fn survival_at(&self, y: Real<M>) -> Real<M> {
        let x = self.bijection.inverse(y);
        if self.bijection.increases() {
            self.inner.survival_at(x)
        } else {
            self.inner.cdf_at(x)
        }
    }
    fn on_line(&self, u: Real<M>) -> (Real<M>, Option<Real<M>>) {
        let (x, jacobian) = self.inner.on_line(u);
        let slope = self.bijection.ln_slope(x);
        let all = jacobian.map_or(slope, |j| j + slope);
        (self.bijection.forward(x), Some(all))
    }
    fn bounds_of(&self) -> Bounds<M> {
        let (low, high) = self.inner.bounds_of().ends();
        let end = |x: Option<Real<M>>, infinite: f64| {
            self.bijection
                .forward(x.unwrap_or(Real::constant(infinite)))
        };
        let (mut low, mut high) = (end(low, f64::NEG_INFINITY), end(high, f64::INFINITY));
        if !self.bijection.increases() {
            (low, high) = (high, low);
        }
        Bounds::between(low, high)
    }
}

impl<M: Mode, D: Distribution<M, [f64; N]>, B: VectorBijection<M, N>, const N: usize>
    Distribution<M, [f64; N]> for Transformed<D, B>
{
    fn log_prob(&self, y: &[Real<M>; N]) -> Real<M> {
        let x = self.bijection.inverse(y);
        self.inner.log_prob(&x) - self.bijection.ln_volume(&x)
    }
    fn draw<S: Source<M>>(&self, source: &mut S, arena: &Bump) -> [Real<M>; N] {
        if S::UNCONSTRAINED && source.given() {
            return std::array::from_fn(|_| source.coordinate());
        }
        let x = self.inner.draw(source, arena);
        if S::UNCONSTRAINED {
            source.add_jacobian(self.bijection.ln_volume(&x));
        }
        self.bijection.forward(&x)
    }
    fn check(&self, report: &mut Report) {
        self.inner.check(report);
    }
}
observed!([D: Distribution<M, [f64; N]>, B: VectorBijection<M, N>, const N: usize] Transformed<D, B>, [f64; N]);
