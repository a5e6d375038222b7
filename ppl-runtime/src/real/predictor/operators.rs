//! How predictors are written.

use super::super::matrix::{MatVec, Rows};
use super::super::mode::{Mode, Real};
use super::terms::{IntoTerm, Shared, Slope};
use super::{Factor, Predictor, Stretched, Sum, Term, Weighted};
use std::ops::{Add, Mul, Neg, Sub};

impl<M: Mode, E: Term<M>, T: IntoTerm<M>> Add<T> for Predictor<M, E> {
    type Output = Predictor<M, Sum<E, T::Term>>;
    #[inline]
    fn add(self, other: T) -> Self::Output {
        Predictor::new(Sum::new::<M>(self.term, other.into_term()))
    }
}
impl<M: Mode, E: Term<M>, T: IntoTerm<M>> Sub<T> for Predictor<M, E> {
    type Output = Predictor<M, Sum<E, Factor<T::Term>>>;
    #[inline]
    fn sub(self, other: T) -> Self::Output {
        let (term, by) = (other.into_term(), -1.0);
        Predictor::new(Sum::new::<M>(self.term, Factor { term, by }))
    }
}
impl<M: Mode, E: Term<M>> Neg for Predictor<M, E> {
    type Output = Predictor<M, Factor<E>>;
    #[inline]
    fn neg(self) -> Self::Output {
        self * -1.0
    }
}

macro_rules! added_to {
    ($([$($generics:tt)*] $type:ty, $term:ty;)*) => { $(
        impl<M: Mode, E: Term<M>, $($generics)*> Add<Predictor<M, E>> for $type {
            type Output = Predictor<M, Sum<$term, E>>;
            #[inline]
            fn add(self, other: Predictor<M, E>) -> Self::Output {
                Predictor::new(Sum::new::<M>(self.into_term(), other.term))
            }
        }
        impl<M: Mode, E: Term<M>, $($generics)*> Sub<Predictor<M, E>> for $type {
            type Output = Predictor<M, Sum<$term, Factor<E>>>;
            #[inline]
            fn sub(self, other: Predictor<M, E>) -> Self::Output {
                let (term, by) = (other.term, -1.0);
                Predictor::new(Sum::new::<M>(self.into_term(), Factor { term, by }))
            }
        }
    )* };
}
added_to! {
    [] Real<M>, Shared<M>;
    [] f64, Shared<M>;
    [X: Rows + Copy] MatVec<'_, X, M>, Self;
}

impl<M: Mode, E: Term<M>> Mul<f64> for Predictor<M, E> {
    type Output = Predictor<M, Factor<E>>;
    #[inline]
    fn mul(self, by: f64) -> Self::Output {
        let term = self.term;
        Predictor::new(Factor { term, by })
    }
}
impl<M: Mode, E: Term<M>> Mul<Predictor<M, E>> for f64 {
    type Output = Predictor<M, Factor<E>>;
    #[inline]
    fn mul(self, other: Predictor<M, E>) -> Self::Output {
        other * self
    }
}
impl<M: Mode, E: Term<M>> Mul<Real<M>> for Predictor<M, E> {
    type Output = Predictor<M, Stretched<M, E>>;
    #[inline]
    fn mul(self, by: Real<M>) -> Self::Output {
        let term = self.term;
        Predictor::new(Stretched { term, by })
    }
}
impl<M: Mode, E: Term<M>> Mul<Predictor<M, E>> for Real<M> {
    type Output = Predictor<M, Stretched<M, E>>;
    #[inline]
    fn mul(self, other: Predictor<M, E>) -> Self::Output {
        other * self
    }
}

macro_rules! data {
    ($([$($generics:tt)*] $type:ty;)*) => { $(
        impl<'x, M: Mode, E: Term<M>, $($generics)*> Mul<&'x $type> for Predictor<M, E> {
            type Output = Predictor<M, Weighted<'x, E>>;
            #[inline]
            fn mul(self, x: &'x $type) -> Self::Output {
                Predictor::new(Weighted::new::<M>(self.term, x))
            }
        }
        impl<'x, M: Mode, E: Term<M>, $($generics)*> Mul<Predictor<M, E>> for &'x $type {
            type Output = Predictor<M, Weighted<'x, E>>;
            #[inline]
            fn mul(self, other: Predictor<M, E>) -> Self::Output {
                other * self
            }
        }
        impl<'x, M: Mode, $($generics)*> Mul<&'x $type> for Real<M> {
            type Output = Predictor<M, Slope<'x, M>>;
            #[inline]
            fn mul(self, x: &'x $type) -> Self::Output {
                let slope = self;
                Predictor::new(Slope { slope, x })
            }
        }
        impl<'x, M: Mode, $($generics)*> Mul<Real<M>> for &'x $type {
            type Output = Predictor<M, Slope<'x, M>>;
            #[inline]
            fn mul(self, slope: Real<M>) -> Self::Output {
                slope * self
            }
        }
    )* };
}
data! {
    [] [f64];
    [] Vec<f64>;
    [const N: usize] [f64; N];
}
