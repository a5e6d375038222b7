//! The methods of `f64` on `Real<M>`, each with its derivative.

use super::mode::{Mode, Real};
use super::special::{log_sigmoid_and_slope, sigmoids};
use std::f64::consts::{LN_2, LN_10};

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident: |$x:ident, $y:ident| $value:expr, $derivative:expr;)*) => { $(
        $(#[$doc])*
        #[inline]
        #[must_use]
        pub fn $name(self) -> Self {
            let $x = M::value(self.0);
            let $y = $value;
            // Elements of a site write alike where a derivative happens to be one.
            M::lift_product($y, [(self, $derivative)])
        }
    )* };
}

/// The methods that return a plain `f64` or `bool` look at the value alone.
impl<M: Mode> Real<M> {
    unary! {
        /// e^x.
        exp: |x, y| x.exp(), y;
        /// 2^x.
        exp2: |x, y| x.exp2(), y * LN_2;
        /// e^x − 1, exact near 0.
        exp_m1: |x, y| x.exp_m1(), y + 1.0;
        /// ln x.
        ln: |x, _y| x.ln(), 1.0 / x;
        /// ln(1 + x), exact near 0.
        ln_1p: |x, _y| x.ln_1p(), 1.0 / (1.0 + x);
        /// log₂ x.
        log2: |x, _y| x.log2(), 1.0 / (x * LN_2);
        /// log₁₀ x.
        log10: |x, _y| x.log10(), 1.0 / (x * LN_10);
        /// √x.
        sqrt: |x, y| x.sqrt(), 0.5 / y;
        /// ∛x.
        cbrt: |x, y| x.cbrt(), y / (3.0 * x);
        /// 1/x.
        recip: |x, y| x.recip(), -y * y;
        /// |x|, with derivative 0 at 0.
        abs: |x, _y| x.abs(), if x == 0.0 { 0.0 } else { x.signum() };
        /// sin x.
        sin: |x, _y| x.sin(), x.cos();
        /// cos x.
        cos: |x, _y| x.cos(), -x.sin();
        /// tan x.
        tan: |x, y| x.tan(), 1.0 + y * y;
        /// arcsin x.
        asin: |x, _y| x.asin(), 1.0 / (1.0 - x * x).sqrt();
        /// arccos x.
        acos: |x, _y| x.acos(), -1.0 / (1.0 - x * x).sqrt();
        /// arctan x.
        atan: |x, _y| x.atan(), 1.0 / (1.0 + x * x);
        /// sinh x.
        sinh: |x, _y| x.sinh(), x.cosh();
        /// cosh x.
        cosh: |x, _y| x.cosh(), x.sinh();
        /// tanh x.
        tanh: |x, y| x.tanh(), 1.0 - y * y;
        /// arsinh x.
        asinh: |x, _y| x.asinh(), 1.0 / x.hypot(1.0);
        /// arcosh x.
        acosh: |x, _y| x.acosh(), 1.0 / (x * x - 1.0).sqrt();
        /// artanh x.
        atanh: |x, _y| x.atanh(), 1.0 / (1.0 - x * x);
        /// ⌊x⌋, with derivative 0.
        floor: |x, _y| x.floor(), 0.0;
        /// ⌈x⌉, with derivative 0.
        ceil: |x, _y| x.ceil(), 0.0;
        /// x rounded, with derivative 0.
        round: |x, _y| x.round(), 0.0;
        /// x truncated, with derivative 0.
        trunc: |x, _y| x.trunc(), 0.0;
        /// x − trunc(x).
        fract: |x, _y| x.fract(), 1.0;
        /// The sign of x, with derivative 0.
        signum: |x, _y| x.signum(), 0.0;
        /// x in radians from degrees.
        to_radians: |x, _y| x.to_radians(), std::f64::consts::PI / 180.0;
        /// x in degrees from radians.
        to_degrees: |x, _y| x.to_degrees(), 180.0 / std::f64::consts::PI;
    }
    /// 1/(1 + e^−x), the inverse of the logit; exact in both tails.
    #[inline]
    #[must_use]
    pub fn sigmoid(self) -> Self {
        let (y, rest) = sigmoids(M::value(self.0));
        M::lift_product(y, [(self, y * rest)])
    }
    /// ln(1/(1 + e^−x)), exact in both tails.
    #[inline]
    #[must_use]
    pub fn log_sigmoid(self) -> Self {
        let (y, slope) = log_sigmoid_and_slope(M::value(self.0));
        M::lift_product(y, [(self, slope)])
    }
    /// ln(1 + e^x), exact in both tails.
    #[inline]
    #[must_use]
    pub fn softplus(self) -> Self {
        let (y, slope) = log_sigmoid_and_slope(-M::value(self.0));
        M::lift_product(-y, [(self, slope)])
    }
    /// x^n for an integer n.
    #[inline]
    #[must_use]
    pub fn powi(self, n: i32) -> Self {
        let x = M::value(self.0);
        let slope = if n == 0 {
            0.0
        } else {
            f64::from(n) * x.powi(n - 1)
        };
        Real::lift(x.powi(n), [(self, slope)])
    }
    /// x^p for a real p, data or latent.
    #[inline]
    #[must_use]
    pub fn powf(self, p: impl Into<Real<M>>) -> Self {
        let p = p.into();
        let (x, e) = (M::value(self.0), M::value(p.0));
        let y = x.powf(e);
        let by_x = if e == 0.0 { 0.0 } else { e * x.powf(e - 1.0) };
        let by_p = if y == 0.0 { 0.0 } else { y * x.ln() };
        Real::lift(y, [(self, by_x), (p, by_p)])
    }
    /// The logarithm of x to a base.
    #[inline]
    #[must_use]
    pub fn log(self, base: impl Into<Real<M>>) -> Self {
        self.ln() / base.into().ln()
    }
    /// √(x² + y²).
    #[inline]
    #[must_use]
    pub fn hypot(self, other: impl Into<Real<M>>) -> Self {
        let other = other.into();
        let h = self.value().hypot(other.value());
        Real::lift(h, [(self, self.value() / h), (other, other.value() / h)])
    }
    /// The angle of the point (x, self).
    #[inline]
    #[must_use]
    pub fn atan2(self, x: impl Into<Real<M>>) -> Self {
        let x = x.into();
        let (b, a) = (self.value(), x.value());
        let r2 = a * a + b * b;
        Real::lift(b.atan2(a), [(self, a / r2), (x, -b / r2)])
    }
    /// self · a + b.
    #[inline]
    #[must_use]
    pub fn mul_add(self, a: impl Into<Real<M>>, b: impl Into<Real<M>>) -> Self {
        let (a, b) = (a.into(), b.into());
        let value = self.value().mul_add(a.value(), b.value());
        Real::lift(value, [(self, a.value()), (a, self.value()), (b, 1.0)])
    }
    /// sin x and cos x.
    #[inline]
    #[must_use]
    pub fn sin_cos(self) -> (Self, Self) {
        let (s, c) = self.value().sin_cos();
        (Real::lift(s, [(self, c)]), Real::lift(c, [(self, -s)]))
    }
    /// The larger of two; the other where one is NaN, as for `f64`.
    #[inline]
    #[must_use]
    pub fn max(self, other: impl Into<Real<M>>) -> Self {
        let other = other.into();
        M::chosen(if self.value() >= other.value() || other.value().is_nan() {
            self
        } else {
            other
        })
    }
    /// The smaller of two; the other where one is NaN, as for `f64`.
    #[inline]
    #[must_use]
    pub fn min(self, other: impl Into<Real<M>>) -> Self {
        let other = other.into();
        M::chosen(if self.value() <= other.value() || other.value().is_nan() {
            self
        } else {
            other
        })
    }
    /// x held between two bounds. Unlike `f64::clamp` it does not panic where the bounds are in the wrong order:
    /// the upper bound wins.
    #[inline]
    #[must_use]
    pub fn clamp(self, low: impl Into<Real<M>>, high: impl Into<Real<M>>) -> Self {
        let (low, high) = (low.into(), high.into());
        M::chosen(
            if self.value() > high.value() || low.value() > high.value() {
                high
            } else if self.value() < low.value() {
                low
            } else {
                self
            },
        )
    }
    /// The magnitude of x with the sign of another.
    #[inline]
    #[must_use]
    pub fn copysign(self, sign: impl Into<Real<M>>) -> Self {
        let same = self.value().is_sign_positive() == sign.into().value().is_sign_positive();
        M::chosen(if same { self } else { -self })
    }
    /// Whether the value is NaN.
    #[inline]
    pub fn is_nan(self) -> bool {
        self.value().is_nan()
    }
    /// Whether the value is neither infinite nor NaN.
    #[inline]
    pub fn is_finite(self) -> bool {
        self.value().is_finite()
    }
    /// Whether the value is infinite.
    #[inline]
    pub fn is_infinite(self) -> bool {
        self.value().is_infinite()
    }
    /// Whether the sign is +.
    #[inline]
    pub fn is_sign_positive(self) -> bool {
        self.value().is_sign_positive()
    }
    /// Whether the sign is −.
    #[inline]
    pub fn is_sign_negative(self) -> bool {
        self.value().is_sign_negative()
    }
}
