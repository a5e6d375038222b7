//! The spread of a distribution of vectors: a triangular factor, a covariance matrix or a precision matrix.

use super::operand::Operand;
use super::report::{Problem, Report};
use super::vector::factor::{
    Square, cholesky, cholesky_pullback, inverse, inverse_pullback, is_factor, reversed, transposed,
};
use crate::real::{Lift, Mode, Real};
use crate::support::{CorrelationAt, CovarianceAt};

/// A lower triangular factor, data or latent; what is above the diagonal is not read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a lower triangular factor",
    note = "write `[[f64; N]; N]`, `[[Real; N]; N]` or a nalgebra matrix"
)]
pub trait Factor<M: Mode> {
    /// Whether all elements are constants.
    const CONSTANT: bool;
    /// Rows.
    fn size(&self) -> usize;
    /// One element.
    fn at(&self, i: usize, j: usize) -> Real<M>;
}

/// A matrix, data or latent. Of a symmetric one what is above the diagonal is not read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a matrix",
    note = "write `[[f64; C]; R]`, `[[Real; C]; R]` or a nalgebra matrix"
)]
pub trait Matrix<M: Mode> {
    /// Whether all elements are constants.
    const CONSTANT: bool;
    /// Rows.
    fn rows(&self) -> usize;
    /// Columns.
    fn columns(&self) -> usize;
    /// One element; NaN outside.
    fn at(&self, i: usize, j: usize) -> Real<M>;
}

impl<M: Mode, T: Operand<M>, const N: usize> Factor<M> for [[T; N]; N] {
    const CONSTANT: bool = T::CONSTANT;
    fn size(&self) -> usize {
        N
    }
    #[inline]
    fn at(&self, i: usize, j: usize) -> Real<M> {
        self[i][j].real()
    }
}
impl<M: Mode, R: nalgebra::Dim, C: nalgebra::Dim, S: nalgebra::RawStorage<f64, R, C>> Factor<M>
    for nalgebra::Matrix<f64, R, C, S>
{
    const CONSTANT: bool = true;
    fn size(&self) -> usize {
        self.nrows()
    }
    #[inline]
    fn at(&self, i: usize, j: usize) -> Real<M> {
        Real::constant(self.get((i, j)).copied().unwrap_or(f64::NAN))
    }
}
impl<M: Mode, T: Factor<M> + ?Sized> Factor<M> for &T {
    const CONSTANT: bool = T::CONSTANT;
    fn size(&self) -> usize {
        (**self).size()
    }
    #[inline]
    fn at(&self, i: usize, j: usize) -> Real<M> {
        (**self).at(i, j)
    }
}

impl<M: Mode, T: Operand<M>, const R: usize, const C: usize> Matrix<M> for [[T; C]; R] {
    const CONSTANT: bool = T::CONSTANT;
    fn rows(&self) -> usize {
        R
    }
    fn columns(&self) -> usize {
        C
    }
    #[inline]
    fn at(&self, i: usize, j: usize) -> Real<M> {
        let element = self.get(i).and_then(|row| row.get(j));
        element.map_or(Real::constant(f64::NAN), Operand::real)
    }
}
impl<M: Mode, R: nalgebra::Dim, C: nalgebra::Dim, S: nalgebra::RawStorage<f64, R, C>> Matrix<M>
    for nalgebra::Matrix<f64, R, C, S>
{
    const CONSTANT: bool = true;
    fn rows(&self) -> usize {
        self.nrows()
    }
    fn columns(&self) -> usize {
        self.ncols()
    }
    #[inline]
    fn at(&self, i: usize, j: usize) -> Real<M> {
        Real::constant(self.get((i, j)).copied().unwrap_or(f64::NAN))
    }
}
impl<M: Mode, T: Matrix<M> + ?Sized> Matrix<M> for &T {
    const CONSTANT: bool = T::CONSTANT;
    fn rows(&self) -> usize {
        (**self).rows()
    }
    fn columns(&self) -> usize {
        (**self).columns()
    }
    #[inline]
    fn at(&self, i: usize, j: usize) -> Real<M> {
        (**self).at(i, j)
    }
}
macro_rules! symmetric {
    ($($at:ident),*) => { $(
        impl<M: Mode, const N: usize> Matrix<M> for $at<M, N> {
            const CONSTANT: bool = false;
            fn rows(&self) -> usize {
                N
            }
            fn columns(&self) -> usize {
                N
            }
            #[inline]
            fn at(&self, i: usize, j: usize) -> Real<M> {
                (**self).get(i).and_then(|row| row.get(j)).copied().unwrap_or(Real::constant(f64::NAN))
            }
        }
    )* };
}
symmetric!(CorrelationAt, CovarianceAt);

/// What says how a distribution of vectors spreads: all its densities are taken by the lower Cholesky factor L of the
/// covariance matrix.
pub trait Spread<M: Mode> {
    /// Whether all elements are constants.
    const CONSTANT: bool;
    /// What it is called in messages.
    const NAME: &'static str;
    /// Rows and columns.
    fn size(&self) -> (usize, usize);
    /// L; `None` where the matrix is not positive definite or of another size.
    fn factor<const N: usize>(&self) -> Option<Square<N>>;
    /// Sends ∂/∂L on.
    fn push<const N: usize>(&self, l: &Square<N>, by: Square<N>, lift: &mut M::Lift);
    /// L with its derivatives.
    fn reals<const N: usize>(&self) -> [[Real<M>; N]; N];
}

/// A spread by the lower factor L itself.
#[derive(Copy, Clone, Debug)]
pub struct ByFactor<F>(pub(crate) F);
/// A spread by the covariance (or scale) matrix L Lᵀ.
#[derive(Copy, Clone, Debug)]
pub struct ByCovariance<C>(pub(crate) C);
/// A spread by the precision matrix, the inverse of the covariance matrix.
#[derive(Copy, Clone, Debug)]
pub struct ByPrecision<P>(pub(crate) P);

fn lower<M: Mode, const N: usize>(at: impl Fn(usize, usize) -> Real<M>) -> Square<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| if j <= i { at(i, j).value() } else { 0.0 }))
}

fn push_lower<M: Mode, const N: usize>(
    at: impl Fn(usize, usize) -> Real<M>,
    by: &Square<N>,
    lift: &mut M::Lift,
) {
    for (i, row) in by.iter().enumerate() {
        for (j, by) in row.iter().enumerate().take(i + 1) {
            lift.push(at(i, j), *by);
        }
    }
}

impl<M: Mode, F: Factor<M>> Spread<M> for ByFactor<F> {
    const CONSTANT: bool = F::CONSTANT;
    const NAME: &'static str = "factor";
    fn size(&self) -> (usize, usize) {
        (self.0.size(), self.0.size())
    }
    #[inline]
    fn factor<const N: usize>(&self) -> Option<Square<N>> {
        if self.0.size() != N {
            return None;
        }
        let l = lower(|i, j| self.0.at(i, j));
        is_factor(&l).then_some(l)
    }
    #[inline]
    fn push<const N: usize>(&self, _: &Square<N>, by: Square<N>, lift: &mut M::Lift) {
        if !F::CONSTANT {
            push_lower::<M, N>(|i, j| self.0.at(i, j), &by, lift);
        }
    }
    fn reals<const N: usize>(&self) -> [[Real<M>; N]; N] {
        let zero = Real::constant(0.0);
        std::array::from_fn(|i| {
            std::array::from_fn(|j| if j <= i { self.0.at(i, j) } else { zero })
        })
    }
}

impl<M: Mode, C: Matrix<M>> Spread<M> for ByCovariance<C> {
    const CONSTANT: bool = C::CONSTANT;
    const NAME: &'static str = "covariance";
    fn size(&self) -> (usize, usize) {
        (self.0.rows(), self.0.columns())
    }
    fn factor<const N: usize>(&self) -> Option<Square<N>> {
        if (self.0.rows(), self.0.columns()) != (N, N) {
            return None;
        }
        let mut l = lower(|i, j| self.0.at(i, j));
        cholesky(&mut l).then_some(l)
    }
    fn push<const N: usize>(&self, l: &Square<N>, mut by: Square<N>, lift: &mut M::Lift) {
        if !C::CONSTANT {
            cholesky_pullback(l, &mut by);
            push_lower::<M, N>(|i, j| self.0.at(i, j), &by, lift);
        }
    }
    fn reals<const N: usize>(&self) -> [[Real<M>; N]; N] {
        real_cholesky(|i, j| self.0.at(i, j))
    }
}

/// With P = U Uᵀ, U upper triangular (a Cholesky factor from the last row up), L = U⁻ᵀ.
impl<M: Mode, P: Matrix<M>> Spread<M> for ByPrecision<P> {
    const CONSTANT: bool = P::CONSTANT;
    const NAME: &'static str = "precision";
    fn size(&self) -> (usize, usize) {
        (self.0.rows(), self.0.columns())
    }
    fn factor<const N: usize>(&self) -> Option<Square<N>> {
        if (self.0.rows(), self.0.columns()) != (N, N) {
            return None;
        }
        // Of the reversed matrix the lower triangle is the upper one of P, which is not read.
        let mut k: Square<N> = lower(|i, j| self.0.at(N - 1 - j, N - 1 - i));
        cholesky(&mut k).then(|| inverse(&transposed(&reversed(&k))))
    }
    fn push<const N: usize>(&self, l: &Square<N>, mut by: Square<N>, lift: &mut M::Lift) {
        if !P::CONSTANT {
            inverse_pullback(l, &mut by);
            let mut by_k = reversed(&transposed(&by));
            let k = reversed(&transposed(&inverse(l)));
            cholesky_pullback(&k, &mut by_k);
            push_lower::<M, N>(|i, j| self.0.at(N - 1 - j, N - 1 - i), &by_k, lift);
        }
    }
    fn reals<const N: usize>(&self) -> [[Real<M>; N]; N] {
        let k = real_cholesky::<M, N>(|i, j| self.0.at(N - 1 - j, N - 1 - i));
        let t = |i: usize, j: usize| k[N - 1 - j][N - 1 - i];
        let mut l = [[Real::constant(0.0); N]; N];
        for i in 0..N {
            l[i][i] = t(i, i).recip();
            for j in 0..i {
                let dot = (j..i).fold(Real::constant(0.0), |sum, k| sum + t(i, k) * l[k][j]);
                l[i][j] = -dot * l[i][i];
            }
        }
        l
    }
}

fn real_cholesky<M: Mode, const N: usize>(
    at: impl Fn(usize, usize) -> Real<M>,
) -> [[Real<M>; N]; N] {
    let mut l = [[Real::constant(0.0); N]; N];
    for i in 0..N {
        for j in 0..=i {
            let rest = (0..j).fold(at(i, j), |r, k| r - l[i][k] * l[j][k]);
            l[i][j] = if i == j { rest.sqrt() } else { rest / l[j][j] };
        }
    }
    l
}

/// Looks at the size of a spread, and at its elements if they are constants.
pub(crate) fn check<M: Mode, S: Spread<M>, const N: usize>(
    family: &str,
    spread: &S,
    report: &mut Report,
) {
    let (rows, columns) = spread.size();
    if rows != N || columns != N {
        report.problem(Problem::Expression(format!(
            "{family}: `{}` is {rows} × {columns} and must be {N} × {N}",
            S::NAME
        )));
    } else if S::CONSTANT && spread.factor::<N>().is_none() {
        report.problem(Problem::Expression(format!(
            "{family}: `{}` must be {}",
            S::NAME,
            if S::NAME == "factor" {
                "finite, and positive on its diagonal"
            } else {
                "positive definite"
            }
        )));
    }
}

/// L z.
pub(crate) fn transform<M: Mode, S: Spread<M>, const N: usize>(
    spread: &S,
    z: &[Real<M>; N],
) -> [Real<M>; N] {
    let l = spread.reals::<N>();
    std::array::from_fn(|i| (1..=i).fold(l[i][0] * z[0], |sum, j| sum + l[i][j] * z[j]))
}
