//! Constrained vectors and matrices: positive ordered, zero-sum and unit vectors, triangular factors, correlation and
//! covariance matrices.

use super::export::{Export, Sink};
use super::latent::{Latent, Reader};
use crate::real::{Mode, Real};
use bumpalo::Bump;
use std::ops::Deref;

macro_rules! vector {
    ($(#[$doc:meta])* $name:ident, $at:ident, $length:expr) => {
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq)]
        pub struct $name<const N: usize>(pub [f64; N]);

        #[doc = concat!("A [`", stringify!($name), "`] in a mode.")]
        #[derive(Copy, Clone, Debug)]
        pub struct $at<M: Mode, const N: usize>(pub [Real<M>; N]);

        impl<const N: usize> Deref for $name<N> {
            type Target = [f64; N];
            #[inline]
            fn deref(&self) -> &[f64; N] {
                &self.0
            }
        }
        impl<M: Mode, const N: usize> Deref for $at<M, N> {
            type Target = [Real<M>; N];
            #[inline]
            fn deref(&self) -> &[Real<M>; N] {
                &self.0
            }
        }
        impl<const N: usize> Export for $name<N> {
            fn export(&self, sink: &mut impl Sink) {
                self.0.export(sink);
            }
        }
        impl<const N: usize> Latent for $name<N> {
            type At<'a, M: Mode> = $at<M, N>;
            const LEN: Option<usize> = Some($length);
            fn write<M: Mode>(x: &$at<M, N>, out: &mut Vec<f64>) {
                out.extend(x.iter().map(|v| v.value()));
            }
            fn reals<M: Mode>(x: &$at<M, N>, out: &mut Vec<Real<M>>) {
                out.extend(x.0);
            }
            fn from_reals<M: Mode>(next: &mut impl FnMut() -> Real<M>, _: &Bump) -> $at<M, N> {
                $at(std::array::from_fn(|_| next()))
            }
            fn read(from: &mut Reader<'_>) -> Self {
                $name(std::array::from_fn(|_| from.number()))
            }
            #[inline]
            fn constant<M: Mode>(&self, _: &Bump) -> $at<M, N> {
                $at(self.0.map(Real::constant))
            }
        }
        impl<'a, M: Mode, const N: usize> IntoIterator for &'a $at<M, N> {
            type Item = &'a Real<M>;
            type IntoIter = std::slice::Iter<'a, Real<M>>;
            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }
    };
}
vector!(
    /// Positive numbers in increasing order.
    PositiveOrdered, PositiveOrderedAt, N
);
vector!(
    /// Numbers that sum to zero.
    ZeroSum, ZeroSumAt, N.saturating_sub(1)
);
vector!(
    /// A vector of length one: a point of the sphere. It takes N unconstrained coordinates, of which the direction
    /// matters alone; their length has a proper distribution of its own.
    UnitVector, UnitVectorAt, N
);

macro_rules! matrix {
    ($(#[$doc:meta])* $name:ident, $at:ident, $length:expr) => {
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq)]
        pub struct $name<const N: usize>(pub [[f64; N]; N]);

        impl<const N: usize> Deref for $name<N> {
            type Target = [[f64; N]; N];
            #[inline]
            fn deref(&self) -> &[[f64; N]; N] {
                &self.0
            }
        }
        impl<const N: usize> Export for $name<N> {
            fn export(&self, sink: &mut impl Sink) {
                self.0.export(sink);
            }
        }
        impl<const N: usize> Latent for $name<N> {
            type At<'a, M: Mode> = $at<M, N>;
            const LEN: Option<usize> = Some($length);
            fn write<M: Mode>(x: &$at<M, N>, out: &mut Vec<f64>) {
                out.extend(x.as_flattened().iter().map(|v| v.value()));
            }
            fn reals<M: Mode>(x: &$at<M, N>, out: &mut Vec<Real<M>>) {
                out.extend(x.as_flattened());
            }
            fn from_reals<M: Mode>(next: &mut impl FnMut() -> Real<M>, _: &Bump) -> $at<M, N> {
                $at::of_reals(std::array::from_fn(|_| std::array::from_fn(|_| next())))
            }
            fn read(from: &mut Reader<'_>) -> Self {
                $name(std::array::from_fn(|_| std::array::from_fn(|_| from.number())))
            }
            #[inline]
            fn constant<M: Mode>(&self, _: &Bump) -> $at<M, N> {
                $at::of_plain(&self.0)
            }
        }
    };
}
macro_rules! tuple_deref {
    ($at:ident, $field:tt) => {
        impl<M: Mode, const N: usize> Deref for $at<M, N> {
            type Target = [[Real<M>; N]; N];
            #[inline]
            fn deref(&self) -> &[[Real<M>; N]; N] {
                &self.$field
            }
        }
    };
}
tuple_deref!(CholeskyAt, 0);
tuple_deref!(CorrelationCholeskyAt, 0);
tuple_deref!(CorrelationAt, matrix);
tuple_deref!(CovarianceAt, matrix);
matrix!(
    /// A lower triangular matrix with a positive diagonal: the Cholesky factor of a covariance matrix.
    Cholesky, CholeskyAt, N * (N + 1) / 2
);
matrix!(
    /// The Cholesky factor of a correlation matrix: lower triangular with a positive diagonal and rows of length one.
    CorrelationCholesky, CorrelationCholeskyAt, N * N.saturating_sub(1) / 2
);
matrix!(
    /// A correlation matrix: symmetric, positive definite, ones on its diagonal.
    Correlation, CorrelationAt, N * N.saturating_sub(1) / 2
);
matrix!(
    /// A covariance matrix: symmetric and positive definite.
    Covariance, CovarianceAt, N * (N + 1) / 2
);

/// A [`Cholesky`] factor in a mode.
#[derive(Copy, Clone, Debug)]
pub struct CholeskyAt<M: Mode, const N: usize>(pub [[Real<M>; N]; N]);

/// A [`CorrelationCholesky`] in a mode.
#[derive(Copy, Clone, Debug)]
pub struct CorrelationCholeskyAt<M: Mode, const N: usize>(pub [[Real<M>; N]; N]);

/// A [`Correlation`] matrix in a mode. It keeps its Cholesky factor, from which it came.
#[derive(Copy, Clone, Debug)]
pub struct CorrelationAt<M: Mode, const N: usize> {
    matrix: [[Real<M>; N]; N],
    factor: [[Real<M>; N]; N],
}

/// A [`Covariance`] matrix in a mode. It keeps its Cholesky factor, from which it came.
#[derive(Copy, Clone, Debug)]
pub struct CovarianceAt<M: Mode, const N: usize> {
    matrix: [[Real<M>; N]; N],
    factor: [[Real<M>; N]; N],
}

fn reals<M: Mode, const N: usize>(x: &[[f64; N]; N]) -> [[Real<M>; N]; N] {
    x.map(|row| row.map(Real::constant))
}

impl<M: Mode, const N: usize> CholeskyAt<M, N> {
    fn of_plain(x: &[[f64; N]; N]) -> Self {
        CholeskyAt(reals(x))
    }
    fn of_reals(x: [[Real<M>; N]; N]) -> Self {
        CholeskyAt(x)
    }
}
impl<M: Mode, const N: usize> CorrelationCholeskyAt<M, N> {
    fn of_plain(x: &[[f64; N]; N]) -> Self {
        CorrelationCholeskyAt(reals(x))
    }
    fn of_reals(x: [[Real<M>; N]; N]) -> Self {
        CorrelationCholeskyAt(x)
    }
    /// The factor of the covariance matrix with these standard deviations: row i times scale i.
    pub fn scaled(&self, scale: impl AsRef<[Real<M>]>) -> CholeskyAt<M, N> {
        let scale = scale.as_ref();
        CholeskyAt(std::array::from_fn(|i| {
            let by = scale.get(i).copied().unwrap_or(Real::constant(f64::NAN));
            std::array::from_fn(|j| {
                if j <= i {
                    self.0[i][j] * by
                } else {
                    self.0[i][j]
                }
            })
        }))
    }
}

macro_rules! symmetric {
    ($at:ident) => {
        impl<M: Mode, const N: usize> $at<M, N> {
            fn of_plain(x: &[[f64; N]; N]) -> Self {
                $at {
                    matrix: reals(x),
                    factor: reals(&cholesky(x)),
                }
            }
            fn of_reals(matrix: [[Real<M>; N]; N]) -> Self {
                let mut factor = [[Real::constant(0.0); N]; N];
                for i in 0..N {
                    for j in 0..=i {
                        let rest =
                            (0..j).fold(matrix[i][j], |r, k| r - factor[i][k] * factor[j][k]);
                        factor[i][j] = if i == j {
                            rest.sqrt()
                        } else {
                            rest / factor[j][j]
                        };
                    }
                }
                $at { matrix, factor }
            }
            /// L Lᵀ of a lower triangular factor.
            pub fn of_factor(factor: [[Real<M>; N]; N]) -> Self {
                let mut matrix = factor;
                for i in 0..N {
                    for j in 0..=i {
                        let dot = (1..=j).fold(factor[i][0] * factor[j][0], |sum, k| {
                            sum + factor[i][k] * factor[j][k]
                        });
                        matrix[i][j] = dot;
                        matrix[j][i] = dot;
                    }
                }
                $at { matrix, factor }
            }
            /// Its lower Cholesky factor.
            pub fn factor(&self) -> &[[Real<M>; N]; N] {
                &self.factor
            }
        }
    };
}
symmetric!(CorrelationAt);
symmetric!(CovarianceAt);

/// The lower Cholesky factor; NaN from the first pivot that is not positive.
pub fn cholesky<const N: usize>(a: &[[f64; N]; N]) -> [[f64; N]; N] {
    let mut l = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            let rest = a[i][j] - dot;
            l[i][j] = if i > j {
                rest / l[j][j]
            } else if rest > 0.0 {
                rest.sqrt()
            } else {
                f64::NAN
            };
        }
    }
    l
}
