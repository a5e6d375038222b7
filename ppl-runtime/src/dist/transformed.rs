//! Distributions pushed through bijections, in every mode.

use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::operand::{Operand, Operands};
use super::ordered::Quantile;
use super::report::{Problem, Report};
use super::source::Source;
use super::spread::{ByFactor, Factor, Spread};
use super::vector::factor::ln_diagonal;
use crate::real::{Mode, Real};
use crate::support::Bounds;
use bumpalo::Bump;

/// An increasing or decreasing map of numbers to numbers with a smooth inverse. Implement it for a map of your own: a type
/// parameterised by latents holds them as [`Operand`]s.
pub trait Bijection<M: Mode>: Copy {
    /// Whether it increases.
    fn increases(&self) -> bool;
    /// f(x). Of ±∞ the limit.
    fn forward(&self, x: Real<M>) -> Real<M>;
    /// The x with f(x) = y; NaN where there is none.
    fn inverse(&self, y: Real<M>) -> Real<M>;
    /// ln |f′(x)|.
    fn ln_slope(&self, x: Real<M>) -> Real<M>;
}

/// A map of vectors of N numbers to such vectors with a smooth inverse.
pub trait VectorBijection<M: Mode, const N: usize>: Copy {
    /// f(x).
    fn forward(&self, x: &[Real<M>; N]) -> [Real<M>; N];
    /// The x with f(x) = y; NaN where there is none.
    fn inverse(&self, y: &[Real<M>; N]) -> [Real<M>; N];
    /// ln |det f′(x)|.
    fn ln_volume(&self, x: &[Real<M>; N]) -> Real<M>;
}

macro_rules! maps {
    ($($(#[$doc:meta])* $name:ident, |$x:ident| $forward:expr, |$y:ident| $inverse:expr, |$s:ident| $slope:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Copy, Clone, Debug)]
        pub struct $name;
        impl<M: Mode> Bijection<M> for $name {
            fn increases(&self) -> bool {
                true
            }
            #[inline]
            fn forward(&self, $x: Real<M>) -> Real<M> {
                $forward
            }
            #[inline]
            fn inverse(&self, $y: Real<M>) -> Real<M> {
                $inverse
            }
            #[inline]
            fn ln_slope(&self, $s: Real<M>) -> Real<M> {
                $slope
            }
        }
    )* };
}
maps! {
    /// e^x, from the line to the positive numbers.
    Exp, |x| x.exp(), |y| y.ln(), |x| x;
    /// ln x, from the positive numbers to the line.
    Ln, |x| x.ln(), |y| y.exp(), |x| -x.ln();
    /// 1/(1 + e^−x), from the line to (0, 1).
    Sigmoid, |x| x.sigmoid(), |y| (y / (1.0 - y)).ln(), |x| x.log_sigmoid() + (-x).log_sigmoid();
    /// ln(x/(1 − x)), from (0, 1) to the line.
    Logit, |x| (x / (1.0 - x)).ln(), |y| y.sigmoid(), |x| -x.ln() - (-x).ln_1p();
    /// ln(1 + e^x), from the line to the positive numbers; nearly x above 0.
    Softplus, |x| x.softplus(), |y| y + (-(-y).exp_m1()).ln(), |x| x.log_sigmoid();
    /// tanh x, from the line to (−1, 1).
    Tanh, |x| x.tanh(), |y| y.atanh(), |x| 2.0 * (std::f64::consts::LN_2 - x - (-2.0 * x).softplus());
}

/// shift + scale·x, both data or latent; the scale may be negative, not 0.
#[derive(Copy, Clone, Debug)]
pub struct Affine<A, B> {
    /// What is added.
    pub shift: A,
    /// What it is multiplied by.
    pub scale: B,
}
impl<M: Mode, A: Operand<M>, B: Operand<M>> Bijection<M> for Affine<A, B> {
    fn increases(&self) -> bool {
        self.scale.value() >= 0.0
    }
    #[inline]
    fn forward(&self, x: Real<M>) -> Real<M> {
        self.shift.real() + self.scale.real() * x
    }
    #[inline]
    fn inverse(&self, y: Real<M>) -> Real<M> {
        (y - self.shift.real()) / self.scale.real()
    }
    #[inline]
    fn ln_slope(&self, _: Real<M>) -> Real<M> {
        self.scale.real().abs().ln()
    }
}

/// x^exponent of positive numbers; the exponent may be negative, not 0.
#[derive(Copy, Clone, Debug)]
pub struct Power<E> {
    /// The exponent.
    pub exponent: E,
}
impl<M: Mode, E: Operand<M>> Bijection<M> for Power<E> {
    fn increases(&self) -> bool {
        self.exponent.value() >= 0.0
    }
    #[inline]
    fn forward(&self, x: Real<M>) -> Real<M> {
        x.powf(self.exponent.real())
    }
    #[inline]
    fn inverse(&self, y: Real<M>) -> Real<M> {
        if y.value() < 0.0 {
            return Real::constant(f64::NAN);
        }
        y.powf(self.exponent.real().recip())
    }
    #[inline]
    fn ln_slope(&self, x: Real<M>) -> Real<M> {
        let e = self.exponent.real();
        e.abs().ln() + (e - 1.0) * x.ln()
    }
}

/// One bijection after another: `Then(first, second)`.
#[derive(Copy, Clone, Debug)]
pub struct Then<A, B>(pub A, pub B);
impl<M: Mode, A: Bijection<M>, B: Bijection<M>> Bijection<M> for Then<A, B> {
    fn increases(&self) -> bool {
        self.0.increases() == self.1.increases()
    }
    #[inline]
    fn forward(&self, x: Real<M>) -> Real<M> {
        self.1.forward(self.0.forward(x))
    }
    #[inline]
    fn inverse(&self, y: Real<M>) -> Real<M> {
        self.0.inverse(self.1.inverse(y))
    }
    #[inline]
    fn ln_slope(&self, x: Real<M>) -> Real<M> {
        self.0.ln_slope(x) + self.1.ln_slope(self.0.forward(x))
    }
}

/// shift + L x of vectors, L lower triangular with a positive diagonal.
#[derive(Copy, Clone, Debug)]
pub struct LowerAffine<A, F> {
    shift: A,
    factor: ByFactor<F>,
}
impl<A, F> LowerAffine<A, F> {
    /// By shift (a vector or one number) and factor.
    pub fn new(shift: A, factor: F) -> Self {
        LowerAffine {
            shift,
            factor: ByFactor(factor),
        }
    }
}
impl<M: Mode, A: Operands<M> + Copy, F: Factor<M> + Copy, const N: usize> VectorBijection<M, N>
    for LowerAffine<A, F>
{
    fn forward(&self, x: &[Real<M>; N]) -> [Real<M>; N] {
        let moved = super::spread::transform(&self.factor, x);
        std::array::from_fn(|i| self.shift.at(i) + moved[i])
    }
    fn inverse(&self, y: &[Real<M>; N]) -> [Real<M>; N] {
        let l = self.factor.reals::<N>();
        let mut x = *y;
        for i in 0..N {
            let rest = (0..i).fold(y[i] - self.shift.at(i), |r, k| r - l[i][k] * x[k]);
            x[i] = rest / l[i][i];
        }
        x
    }
    fn ln_volume(&self, _: &[Real<M>; N]) -> Real<M> {
        let Some(l) = self.factor.factor::<N>() else {
            return Real::constant(f64::NAN);
        };
        let by = std::array::from_fn(|i| {
            std::array::from_fn(|j| if i == j { l[i][i].recip() } else { 0.0 })
        });
        let mut lift = <M::Lift as crate::real::Lift<M>>::begin();
        self.factor.push(&l, by, &mut lift);
        crate::real::Lift::finish(lift, ln_diagonal(&l))
    }
}

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
