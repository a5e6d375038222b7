//! Arithmetic of a number with each element of an array, as one operation.

use super::mode::{Mode, Real};
use std::ops::{Add, Div, Mul, Sub};

/// An operator of an array `x` and a number `s`: its value, and its derivatives by the element (one for all) and by the
/// number.
macro_rules! with_each {
    ($trait:ident, $method:ident, |$x:ident, $s:ident| $value:expr, $by_x:expr, $by_s:expr) => {
        impl<M: Mode, const N: usize> $trait<Real<M>> for &[Real<M>; N] {
            type Output = [Real<M>; N];
            #[inline(always)]
            fn $method(self, shared: Real<M>) -> [Real<M>; N] {
                let $s = M::value(shared.0);
                let value = |i: usize| {
                    let $x = M::value(self[i].0);
                    $value
                };
                let by_shared = |i: usize| {
                    let $x = M::value(self[i].0);
                    let _ = $x;
                    $by_s
                };
                M::group(self, $by_x, shared, by_shared, value)
            }
        }
        impl<M: Mode, const N: usize> $trait<Real<M>> for [Real<M>; N] {
            type Output = [Real<M>; N];
            #[inline(always)]
            fn $method(self, shared: Real<M>) -> [Real<M>; N] {
                $trait::$method(&self, shared)
            }
        }
    };
}
with_each!(Add, add, |x, s| x + s, 1.0, 1.0);
with_each!(Sub, sub, |x, s| x - s, 1.0, -1.0);
with_each!(Mul, mul, |x, s| x * s, s, x);
with_each!(Div, div, |x, s| x / s, 1.0 / s, -x / s.powi(2));

/// An operator of a number `s` and an array `x`, likewise.
macro_rules! each_with {
    ($trait:ident, $method:ident, |$x:ident, $s:ident| $value:expr, $by_x:expr, $by_s:expr) => {
        impl<M: Mode, const N: usize> $trait<&[Real<M>; N]> for Real<M> {
            type Output = [Real<M>; N];
            #[inline(always)]
            fn $method(self, each: &[Real<M>; N]) -> [Real<M>; N] {
                let $s = M::value(self.0);
                let value = |i: usize| {
                    let $x = M::value(each[i].0);
                    $value
                };
                let by_shared = |i: usize| {
                    let $x = M::value(each[i].0);
                    let _ = $x;
                    $by_s
                };
                M::group(each, $by_x, self, by_shared, value)
            }
        }
        impl<M: Mode, const N: usize> $trait<[Real<M>; N]> for Real<M> {
            type Output = [Real<M>; N];
            #[inline(always)]
            fn $method(self, each: [Real<M>; N]) -> [Real<M>; N] {
                $trait::$method(self, &each)
            }
        }
    };
}
each_with!(Add, add, |x, s| s + x, 1.0, 1.0);
each_with!(Sub, sub, |x, s| s - x, -1.0, 1.0);
each_with!(Mul, mul, |x, s| s * x, s, x);
