//! Operators between `Real<M>`, `f64` and references to them, for every mode alike.

use super::mode::{Mode, Real};
use std::cmp::Ordering;
use std::iter::{Product, Sum};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, Sub, SubAssign};

macro_rules! operator {
    (
        $trait:ident, $method:ident, |$a:ident, $b:ident| $value:expr,
        both: $lift:ident($da:expr, $db:expr),
        right: $right:ident($($by_right:expr),+), left: $left:ident($($by_left:expr),+)
    ) => {
        impl<M: Mode> $trait for Real<M> {
            type Output = Real<M>;
            #[inline(always)]
            fn $method(self, other: Real<M>) -> Real<M> {
                let ($a, $b) = (M::value(self.0), M::value(other.0));
                M::$lift($value, [(self, $da), (other, $db)])
            }
        }
        impl<M: Mode> $trait<f64> for Real<M> {
            type Output = Real<M>;
            #[inline(always)]
            fn $method(self, $b: f64) -> Real<M> {
                let $a = M::value(self.0);
                M::$right($value, self, $($by_right),+)
            }
        }
        impl<M: Mode> $trait<Real<M>> for f64 {
            type Output = Real<M>;
            #[inline(always)]
            fn $method(self, other: Real<M>) -> Real<M> {
                let ($a, $b) = (self, M::value(other.0));
                M::$left($value, other, $($by_left),+)
            }
        }
        operator!(@ $trait, $method, Real<M>, &Real<M>);
        operator!(@ $trait, $method, &Real<M>, Real<M>);
        operator!(@ $trait, $method, &Real<M>, &Real<M>);
        operator!(@ $trait, $method, Real<M>, &f64);
        operator!(@ $trait, $method, &Real<M>, f64);
        operator!(@ $trait, $method, &Real<M>, &f64);
        operator!(@ $trait, $method, f64, &Real<M>);
        operator!(@ $trait, $method, &f64, Real<M>);
        operator!(@ $trait, $method, &f64, &Real<M>);
    };
    (@ $trait:ident, $method:ident, $left:ty, $right:ty) => {
        impl<M: Mode> $trait<$right> for $left {
            type Output = Real<M>;
            #[inline(always)]
            fn $method(self, other: $right) -> Real<M> {
                $trait::$method(self.to_owned(), other.to_owned())
            }
        }
    };
}

operator!(
    Add, add, |a, b| a + b,
    both: lift_sum(1.0, 1.0), right: lift_shifted(1.0, b), left: lift_shifted(1.0, a)
);
operator!(
    Sub, sub, |a, b| a - b,
    both: lift_sum(1.0, -1.0), right: lift_shifted(1.0, -b), left: lift_shifted(-1.0, a)
);
operator!(
    Mul, mul, |a, b| a * b,
    both: lift_times(b, a), right: lift_scaled(b), left: lift_scaled(a)
);
operator!(
    Div, div, |a, b| a / b,
    both: lift_product(1.0 / b, -a / (b * b)),
    right: lift_scaled(1.0 / b), left: lift_bent(-a / (b * b))
);
operator!(
    Rem, rem, |a, b| a % b,
    both: lift(1.0, -(a / b).trunc()), right: lift_bent(1.0), left: lift_bent(-(a / b).trunc())
);

impl<M: Mode> Neg for Real<M> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        M::lift_shifted(-M::value(self.0), self, -1.0, 0.0)
    }
}
impl<M: Mode> Neg for &Real<M> {
    type Output = Real<M>;
    #[inline]
    fn neg(self) -> Real<M> {
        -*self
    }
}

macro_rules! assign {
    ($($trait:ident, $method:ident, $op:tt;)*) => { $(
        impl<M: Mode> $trait for Real<M> {
            #[inline]
            fn $method(&mut self, other: Real<M>) { *self = *self $op other; }
        }
        impl<M: Mode> $trait<&Real<M>> for Real<M> {
            #[inline]
            fn $method(&mut self, other: &Real<M>) { *self = *self $op *other; }
        }
        impl<M: Mode> $trait<f64> for Real<M> {
            #[inline]
            fn $method(&mut self, other: f64) { *self = *self $op other; }
        }
        impl<M: Mode> $trait<&f64> for Real<M> {
            #[inline]
            fn $method(&mut self, other: &f64) { *self = *self $op *other; }
        }
    )* };
}
assign!(AddAssign, add_assign, +; SubAssign, sub_assign, -; MulAssign, mul_assign, *; DivAssign, div_assign, /;);

impl<M: Mode> From<f64> for Real<M> {
    #[inline]
    fn from(value: f64) -> Self {
        Real::constant(value)
    }
}
impl<M: Mode> From<&f64> for Real<M> {
    #[inline]
    fn from(value: &f64) -> Self {
        Real::constant(*value)
    }
}
impl<M: Mode> From<&Real<M>> for Real<M> {
    #[inline]
    fn from(value: &Real<M>) -> Self {
        *value
    }
}

impl<M: Mode> Sum for Real<M> {
    #[inline]
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.reduce(|a, b| a + b)
            .unwrap_or_else(|| Real::constant(0.0))
    }
}
impl<'a, M: Mode> Sum<&'a Real<M>> for Real<M> {
    #[inline]
    fn sum<I: Iterator<Item = &'a Self>>(iter: I) -> Self {
        iter.copied().sum()
    }
}
impl<M: Mode> Product for Real<M> {
    #[inline]
    fn product<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.reduce(|a, b| a * b)
            .unwrap_or_else(|| Real::constant(1.0))
    }
}
impl<'a, M: Mode> Product<&'a Real<M>> for Real<M> {
    #[inline]
    fn product<I: Iterator<Item = &'a Self>>(iter: I) -> Self {
        iter.copied().product()
    }
}

impl<M: Mode> PartialEq for Real<M> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}
impl<M: Mode> PartialEq<f64> for Real<M> {
    #[inline]
    fn eq(&self, other: &f64) -> bool {
        self.value() == *other
    }
}
impl<M: Mode> PartialEq<Real<M>> for f64 {
    #[inline]
    fn eq(&self, other: &Real<M>) -> bool {
        *self == other.value()
    }
}
impl<M: Mode> PartialOrd for Real<M> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value().partial_cmp(&other.value())
    }
}
impl<M: Mode> PartialOrd<f64> for Real<M> {
    #[inline]
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        self.value().partial_cmp(other)
    }
}
impl<M: Mode> PartialOrd<Real<M>> for f64 {
    #[inline]
    fn partial_cmp(&self, other: &Real<M>) -> Option<Ordering> {
        self.partial_cmp(&other.value())
    }
}
