//! The LKJ distribution in every mode.

use super::beta::Beta;
use super::distribution::{Combine, Distribution};
use super::operand::Operand;
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use super::spread::Factor;
use super::vector::lkj as plain;
use crate::real::{Lift, Mode, Real};
use crate::support::{
    CholeskyAt, Correlation, CorrelationAt, CorrelationCholesky, CorrelationCholeskyAt,
    CovarianceAt, correlation_cholesky_from_line, correlation_from_line,
};
use bumpalo::Bump;

/// LKJ distribution of correlation matrices: p(R) ∝ |R|^(concentration − 1), uniform at 1, nearer to the identity above.
/// Each correlation has variance 1/(2 concentration + n − 1).
///
/// From the cube it comes by its partial correlations, which are independent beta variables.
///
/// Source: Lewandowski, Kurowicka & Joe (2009), eq. 16.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Lkj};
/// use ppl_runtime::real::Value;
/// use ppl_runtime::support::{Correlation, Latent};
/// let r = Correlation([[1.0, 0.3], [0.3, 1.0]]);
/// let arena = bumpalo::Bump::new();
/// let p = Distribution::<Value, _>::score(&Lkj::new(1.0), &r, &arena);
/// assert!((p.value() + 2f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Lkj<C> {
    concentration: C,
}

/// The distribution of the Cholesky factor of an [`Lkj`] correlation matrix:
/// p(L) ∝ Π L_ii^(2(concentration − 1) + n − i) (i from 1), a density by the elements below the diagonal.
///
/// Source: Stan functions reference, "Cholesky LKJ correlation distribution".
///
/// ```
/// use ppl_runtime::dist::{Distribution, LkjCholesky};
/// use ppl_runtime::real::Value;
/// use ppl_runtime::support::CorrelationCholesky;
/// let l = CorrelationCholesky([[1.0, 0.0], [0.6, 0.8]]);
/// let arena = bumpalo::Bump::new();
/// let p = Distribution::<Value, _>::score(&LkjCholesky::new(1.0), &l, &arena);
/// assert!((p.value() + 2f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct LkjCholesky<C> {
    concentration: C,
}

impl<C> Lkj<C> {
    /// The LKJ distribution of this concentration.
    pub fn new(concentration: C) -> Self {
        Lkj { concentration }
    }
}
impl<C> LkjCholesky<C> {
    /// The LKJ distribution of this concentration, by Cholesky factors.
    pub fn new(concentration: C) -> Self {
        LkjCholesky { concentration }
    }
}
impl<C> Combine for Lkj<C> {}
impl<C> Combine for LkjCholesky<C> {}

fn log_prob<M: Mode, C: Operand<M>, const N: usize>(
    concentration: &C,
    factor: &[[Real<M>; N]; N],
    by_factor: bool,
) -> Real<M> {
    let diagonal: [Real<M>; N] = std::array::from_fn(|i| factor[i][i]);
    let values = diagonal.map(Real::value);
    if !M::GRADIENT {
        return Real::constant(plain::log_density(
            &values,
            concentration.value(),
            by_factor,
        ));
    }
    let mut by_diagonal = [0.0; N];
    let (value, by_eta) =
        plain::partials(&values, concentration.value(), by_factor, &mut by_diagonal);
    let mut lift = M::Lift::begin();
    for i in 1..N {
        lift.push(diagonal[i], by_diagonal[i]);
    }
    if !C::CONSTANT {
        lift.push(concentration.real(), by_eta);
    }
    lift.finish(value)
}

fn from_cube<M: Mode, S: Source<M>, const N: usize>(
    eta: Real<M>,
    source: &mut S,
) -> [[Real<M>; N]; N] {
    if S::UNCONSTRAINED {
        // Draws that move with the concentration.
        let mut factor = [[Real::constant(0.0); N]; N];
        for (i, row) in factor.iter_mut().enumerate() {
            let mut left = Real::constant(1.0);
            for (j, x) in row[..i].iter_mut().enumerate() {
                let h = eta + 0.5 * (N - 2 - j) as f64;
                let share = source.scalar(&Beta::new(h, h));
                *x = (2.0 * share - 1.0) * left;
                left *= 2.0 * (share * (1.0 - share)).sqrt();
            }
            row[i] = left;
        }
        return factor;
    }
    let eta = eta.value();
    let mut factor = [[0.0; N]; N];
    plain::from_cube(eta, || source.uniform(), factor.as_flattened_mut(), N);
    factor.map(|row| row.map(Real::constant))
}

fn check<M: Mode, C: Operand<M>>(family: &'static str, concentration: &C, report: &mut Report) {
    let value = concentration.value();
    if C::CONSTANT && !(value > 0.0 && value.is_finite()) {
        report.problem(Problem::Parameter {
            family,
            parameter: "concentration",
            value,
            requirement: "positive and finite",
        });
    }
}

impl<M: Mode, C: Operand<M>, const N: usize> Distribution<M, Correlation<N>> for Lkj<C> {
    fn log_prob(&self, x: &CorrelationAt<M, N>) -> Real<M> {
        log_prob(&self.concentration, x.factor(), false)
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> CorrelationAt<M, N> {
        if on_line::<M, S>(source) {
            let (x, jacobian) = correlation_from_line::<M, N>(|| source.coordinate());
            if let Some(j) = jacobian {
                source.add_jacobian(j);
            }
            return x;
        }
        CorrelationAt::of_factor(from_cube(self.concentration.real(), source))
    }
    fn check(&self, report: &mut Report) {
        check::<M, C>("Lkj", &self.concentration, report);
    }
}

impl<M: Mode, C: Operand<M>, const N: usize> Distribution<M, CorrelationCholesky<N>>
    for LkjCholesky<C>
{
    fn log_prob(&self, x: &CorrelationCholeskyAt<M, N>) -> Real<M> {
        log_prob(&self.concentration, x, true)
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> CorrelationCholeskyAt<M, N> {
        if on_line::<M, S>(source) {
            let (x, jacobian) = correlation_cholesky_from_line::<M, N>(|| source.coordinate());
            if let Some(j) = jacobian {
                source.add_jacobian(j);
            }
            return CorrelationCholeskyAt(x);
        }
        CorrelationCholeskyAt(from_cube(self.concentration.real(), source))
    }
    fn check(&self, report: &mut Report) {
        check::<M, C>("LkjCholesky", &self.concentration, report);
    }
}

macro_rules! factor {
    ($($at:ident, |$x:ident| $rows:expr;)*) => { $(
        impl<M: Mode, const N: usize> Factor<M> for $at<M, N> {
            const CONSTANT: bool = false;
            fn size(&self) -> usize {
                N
            }
            #[inline]
            fn at(&self, i: usize, j: usize) -> Real<M> {
                let $x = self;
                $rows[i][j]
            }
        }
    )* };
}
factor! {
    CholeskyAt, |x| x.0;
    CorrelationCholeskyAt, |x| x.0;
    CorrelationAt, |x| x.factor();
    CovarianceAt, |x| x.factor();
}
