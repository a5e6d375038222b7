//! Smooth maps with smooth inverses, of numbers and of vectors.

use crate::dist::operand::{Operand, Operands};
use crate::dist::spread::{ByFactor, Factor, Spread, transform};
use crate::dist::vector::factor::ln_diagonal;
use crate::real::{Lift, Mode, Real};

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
        let moved = transform(&self.factor, x);
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
        let mut lift = M::Lift::begin();
        self.factor.push(&l, by, &mut lift);
        lift.finish(ln_diagonal(&l))
    }
}
