//! The multivariate Student t distribution in every mode.

use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::mv_normal::{check_finite, check_location, location};
use super::operand::{Operand, Operands};
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use super::spread::{self, ByCovariance, ByFactor, Spread};
use super::student_t::StudentT;
use super::vector::factor::{Square, ln_diagonal, solve, solve_transposed};
use crate::real::special::{LN_SQRT_2PI, digamma_difference, ln_1p_minus, stirling_error};
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;

/// Multivariate Student t distribution of n numbers, with z of L z = x − location and q = |z|²:
/// p(x) = Γ((df + n)/2)/(Γ(df/2) (df π)^(n/2) |L|) (1 + q/df)^(−(df + n)/2).
///
/// The scale matrix L Lᵀ comes as the factor L ([`MultivariateStudentT::cholesky`]) or itself
/// ([`MultivariateStudentT::scale_matrix`]); shapes are those of [`MvNormal`](super::MvNormal). A site is `[f64; N]`, data
/// too. Support: R^n. From the cube it comes by its conditionals: given the i numbers before it, z_i is a t of df + i degrees of
/// freedom and scale √((df + Σ z²)/(df + i)). Mean: location for df > 1; variance: L Lᵀ df/(df − 2) for df > 2.
///
/// Source: Kotz & Nadarajah, *Multivariate t Distributions and Their Applications* (2004), eq. 1.1 and section 1.11.
///
/// ```
/// use ppl_runtime::dist::{Distribution, MultivariateStudentT};
/// use ppl_runtime::real::{Real, Value};
/// let d = MultivariateStudentT::cholesky(1.0, [0.0, 0.0], [[1.0, 0.0], [0.0, 1.0]]);
/// let p = Distribution::<Value, [f64; 2]>::log_prob(&d, &[0.0, 0.0].map(Real::from));
/// assert!((p.value() + std::f64::consts::TAU.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct MultivariateStudentT<D, L, S> {
    df: D,
    location: L,
    spread: S,
}

impl<D, L, F> MultivariateStudentT<D, L, ByFactor<F>> {
    /// By degrees of freedom, location and lower Cholesky factor of the scale matrix.
    pub fn cholesky(df: D, location: L, factor: F) -> Self {
        MultivariateStudentT {
            df,
            location,
            spread: ByFactor(factor),
        }
    }
}
impl<D, L, C> MultivariateStudentT<D, L, ByCovariance<C>> {
    /// By degrees of freedom, location and scale matrix, which is not the covariance.
    pub fn scale_matrix(df: D, location: L, matrix: C) -> Self {
        MultivariateStudentT {
            df,
            location,
            spread: ByCovariance(matrix),
        }
    }
}
impl<D, L, S> Combine for MultivariateStudentT<D, L, S> {}

/// ln p, with ∂/∂x, ∂/∂L and ∂/∂df; ∂/∂location is −∂/∂x.
fn partials<const N: usize>(
    x: &[f64; N],
    df: f64,
    location: &[f64; N],
    l: &Square<N>,
) -> (f64, [f64; N], Square<N>, f64) {
    let n = N as f64;
    let mut z: [f64; N] = std::array::from_fn(|i| x[i] - location[i]);
    solve(l, &mut z);
    let q: f64 = z.iter().map(|z| z * z).sum();
    // ln Γ(a + h) − ln Γ(a) − h ln a by Stirling's formula: the logarithms would cancel for many degrees of freedom.
    let (a, h) = (0.5 * df, 0.5 * n);
    let t = h / a;
    let ratio =
        a * ln_1p_minus(t) + (h - 0.5) * t.ln_1p() + stirling_error(a + h) - stirling_error(a);
    let tail = (q / df).ln_1p();
    let value = ratio - n * LN_SQRT_2PI - ln_diagonal(l) - (a + h) * tail;
    let weight = (df + n) / (df + q);
    let mut w = z;
    solve_transposed(l, &mut w);
    let by = std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let pivot = if i == j { l[i][i].recip() } else { 0.0 };
            if j <= i {
                weight * w[i] * z[j] - pivot
            } else {
                0.0
            }
        })
    });
    let by_df = 0.5 * (digamma_difference(a, h) - h / a - tail + weight * (q / df));
    (value, w.map(|w| -weight * w), by, by_df)
}

fn valid(df: f64) -> bool {
    df > 0.0 && df < f64::INFINITY
}

impl<M: Mode, D: Operand<M>, L: Operands<M>, S: Spread<M>, const N: usize> Distribution<M, [f64; N]>
    for MultivariateStudentT<D, L, S>
{
    fn log_prob(&self, x: &[Real<M>; N]) -> Real<M> {
        let df = self.df.value();
        let Some(l) = self.spread.factor::<N>().filter(|_| valid(df)) else {
            return Real::constant(f64::NAN);
        };
        let location = location::<M, L, N>(&self.location);
        let (value, by_x, by_l, by_df) = partials(&x.map(Real::value), df, &location, &l);
        if !M::GRADIENT {
            return Real::constant(value);
        }
        let mut lift = M::Lift::begin();
        lift.push_all(x, &by_x);
        if !L::CONSTANT {
            self.location.push(0, &by_x.map(|b| -b), &mut lift);
        }
        self.spread.push(&l, by_l, &mut lift);
        if !D::CONSTANT {
            lift.push(self.df.real(), by_df);
        }
        lift.finish(value)
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> [Real<M>; N] {
        if on_line::<M, Src>(source) {
            return std::array::from_fn(|_| source.coordinate());
        }
        let df = self.df.real();
        let mut squares = Real::constant(0.0);
        let z: [Real<M>; N] = std::array::from_fn(|i| {
            let all = df + i as f64;
            let scale = ((df + squares) / all).sqrt();
            let z = source.scalar(&StudentT::new(all, 0.0, scale));
            squares += z * z;
            z
        });
        let step = spread::transform(&self.spread, &z);
        std::array::from_fn(|i| self.location.at(i) + step[i])
    }
    fn check(&self, report: &mut Report) {
        let value = self.df.value();
        if D::CONSTANT && !valid(value) {
            report.problem(Problem::Parameter {
                family: "MultivariateStudentT",
                parameter: "df",
                value,
                requirement: "positive and finite",
            });
        }
        check_location::<M, L, N>("MultivariateStudentT", &self.location, report);
        spread::check::<M, S, N>("MultivariateStudentT", &self.spread, report);
    }
    fn check_observation(&self, x: &[f64; N], report: &mut Report) {
        Distribution::<M, [f64; N]>::check(self, report);
        check_finite("MultivariateStudentT", x, report);
    }
}
observed!([D: Operand<M>, L: Operands<M>, S: Spread<M>, const N: usize] MultivariateStudentT<D, L, S>, [f64; N]);
