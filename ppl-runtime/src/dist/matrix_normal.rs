//! The normal distribution of matrices, in every mode.

use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::mv_normal::check_finite;
use super::normal::Normal;
use super::operand::Operand;
use super::report::Report;
use super::source::{Source, on_line};
use super::spread::{self, ByCovariance, ByFactor, Spread};
use super::vector::factor::{Square, ln_diagonal, solve, solve_transposed};
use crate::real::special::LN_SQRT_2PI;
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;

/// Normal distribution of r × c matrices with dependent rows and dependent columns: with Z = A⁻¹ (X − location) B⁻ᵀ,
/// ln p(X) = −½ |Z|² − c Σ ln A_ii − r Σ ln B_jj − (r c/2) ln 2π.
///
/// A Aᵀ is the covariance of the rows (r × r), B Bᵀ that of the columns (c × c); they come as factors
/// ([`MatrixNormal::cholesky`]) or as matrices ([`MatrixNormal::covariance`]). `location` is an array of r rows of c numbers. A site is
/// `[[f64; C]; R]`, data too. From the cube it comes as location + A Z Bᵀ. Mean: location; covariance of X_ij and X_kl:
/// (A Aᵀ)_ik (B Bᵀ)_jl.
///
/// Source: Gupta & Nagar, *Matrix Variate Distributions* (1999), definition 2.2.1.
///
/// ```
/// use ppl_runtime::dist::{Distribution, MatrixNormal};
/// use ppl_runtime::real::{Real, Value};
/// let d = MatrixNormal::cholesky([[0.0, 0.0]], [[2.0]], [[1.0, 0.0], [0.0, 1.0]]);
/// let p = Distribution::<Value, [[f64; 2]; 1]>::log_prob(&d, &[[0.0, 0.0].map(Real::from)]);
/// assert!((p.value() + (4.0 * std::f64::consts::TAU).ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct MatrixNormal<T, A, B, const R: usize, const C: usize> {
    location: [[T; C]; R],
    rows: A,
    columns: B,
}

impl<T, A, B, const R: usize, const C: usize> MatrixNormal<T, ByFactor<A>, ByFactor<B>, R, C> {
    /// By location and the lower Cholesky factors of the covariances of rows and of columns.
    pub fn cholesky(location: [[T; C]; R], rows: A, columns: B) -> Self {
        MatrixNormal {
            location,
            rows: ByFactor(rows),
            columns: ByFactor(columns),
        }
    }
}
impl<T, A, B, const R: usize, const C: usize>
    MatrixNormal<T, ByCovariance<A>, ByCovariance<B>, R, C>
{
    /// By location and the covariance matrices of rows and of columns.
    pub fn covariance(location: [[T; C]; R], rows: A, columns: B) -> Self {
        MatrixNormal {
            location,
            rows: ByCovariance(rows),
            columns: ByCovariance(columns),
        }
    }
}
impl<T, A, B, const R: usize, const C: usize> Combine for MatrixNormal<T, A, B, R, C> {}

/// ln p with ∂/∂X, ∂/∂A and ∂/∂B.
fn partials<const R: usize, const C: usize>(
    d: &[[f64; C]; R],
    a: &Square<R>,
    b: &Square<C>,
) -> (f64, [[f64; C]; R], Square<R>, Square<C>) {
    let column = |x: &[[f64; C]; R], j: usize| -> [f64; R] { std::array::from_fn(|i| x[i][j]) };
    let mut z = *d;
    for j in 0..C {
        let mut x = column(&z, j);
        solve(a, &mut x);
        for i in 0..R {
            z[i][j] = x[i];
        }
    }
    for row in &mut z {
        solve(b, row);
    }
    let squares: f64 = z.as_flattened().iter().map(|z| z * z).sum();
    // half = A⁻ᵀ Z, other = Z B⁻¹, w = A⁻ᵀ Z B⁻¹
    let mut half = z;
    for j in 0..C {
        let mut x = column(&half, j);
        solve_transposed(a, &mut x);
        for i in 0..R {
            half[i][j] = x[i];
        }
    }
    let (mut w, mut other) = (half, z);
    for row in w.iter_mut().chain(&mut other) {
        solve_transposed(b, row);
    }
    let mut by_a = [[0.0; R]; R];
    for i in 0..R {
        for j in 0..=i {
            by_a[i][j] = (0..C).map(|k| half[i][k] * z[j][k]).sum();
        }
        by_a[i][i] -= C as f64 / a[i][i];
    }
    let mut by_b = [[0.0; C]; C];
    for i in 0..C {
        for j in 0..=i {
            by_b[i][j] = (0..R).map(|k| other[k][i] * z[k][j]).sum();
        }
        by_b[i][i] -= R as f64 / b[i][i];
    }
    let value = -0.5 * squares
        - C as f64 * ln_diagonal(a)
        - R as f64 * ln_diagonal(b)
        - (R * C) as f64 * LN_SQRT_2PI;
    (value, w.map(|row| row.map(|w| -w)), by_a, by_b)
}

impl<M: Mode, T: Operand<M>, A: Spread<M>, B: Spread<M>, const R: usize, const C: usize>
    Distribution<M, [[f64; C]; R]> for MatrixNormal<T, A, B, R, C>
{
    fn log_prob(&self, x: &[[Real<M>; C]; R]) -> Real<M> {
        let (Some(a), Some(b)) = (self.rows.factor::<R>(), self.columns.factor::<C>()) else {
            return Real::constant(f64::NAN);
        };
        let d: [[f64; C]; R] = std::array::from_fn(|i| {
            std::array::from_fn(|j| x[i][j].value() - self.location[i][j].value())
        });
        let (value, by_x, by_a, by_b) = partials(&d, &a, &b);
        if !M::GRADIENT {
            return Real::constant(value);
        }
        let mut lift = M::Lift::begin();
        lift.push_all(x.as_flattened(), by_x.as_flattened());
        if !T::CONSTANT {
            for (m, by) in self.location.as_flattened().iter().zip(by_x.as_flattened()) {
                lift.push(m.real(), -by);
            }
        }
        self.rows.push(&a, by_a, &mut lift);
        self.columns.push(&b, by_b, &mut lift);
        lift.finish(value)
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> [[Real<M>; C]; R] {
        if on_line::<M, Src>(source) {
            return std::array::from_fn(|_| std::array::from_fn(|_| source.coordinate()));
        }
        let z: [[Real<M>; C]; R] = std::array::from_fn(|_| {
            let row = std::array::from_fn(|_| source.scalar(&Normal::new(0.0, 1.0)));
            spread::transform(&self.columns, &row)
        });
        let a = self.rows.reals::<R>();
        std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let step: Real<M> = (0..=i).map(|k| a[i][k] * z[k][j]).sum();
                self.location[i][j].real() + step
            })
        })
    }
    fn check(&self, report: &mut Report) {
        if T::CONSTANT {
            let values = self.location.map(|row| row.map(|m| m.value()));
            check_finite("MatrixNormal", values.as_flattened(), report);
        }
        spread::check::<M, A, R>("MatrixNormal", &self.rows, report);
        spread::check::<M, B, C>("MatrixNormal", &self.columns, report);
    }
    fn check_observation(&self, x: &[[f64; C]; R], report: &mut Report) {
        Distribution::<M, [[f64; C]; R]>::check(self, report);
        check_finite("MatrixNormal", x.as_flattened(), report);
    }
}
observed!([T: Operand<M>, A: Spread<M>, B: Spread<M>, const R: usize, const C: usize] MatrixNormal<T, A, B, R, C>, [[f64; C]; R]);
