//! The multivariate normal distribution in every mode.

use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::normal::Normal;
use super::operand::Operands;
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use super::spread::{self, ByCovariance, ByFactor, ByPrecision, Spread};
use super::vector::mv_normal as plain;
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;

/// Multivariate normal distribution of n numbers:
/// ln p(x) = −½ (x − location)ᵀ Σ⁻¹ (x − location) − ½ ln |Σ| − (n/2) ln 2π.
///
/// | | Σ |
/// |---|---|
/// | [`MvNormal::cholesky`] | L Lᵀ, by the lower triangular L (what is above its diagonal is not read) |
/// | [`MvNormal::covariance`] | itself (its lower triangle is read) |
/// | [`MvNormal::precision`] | the inverse of the matrix (its lower triangle is read) |
///
/// Shapes: `location` is a vector or one number for all; matrices are arrays of arrays, nalgebra matrices or latents
/// ([`Covariance`](crate::support::Covariance), [`Cholesky`](crate::support::Cholesky), ...). A site is `[f64; N]`,
/// data too; `.iid()` scores rows and factors the matrix once for all. Support: R^n. From the cube it comes by its conditionals
/// in order, x = location + L z with z standard normal. Mean: location; variance: Σ; entropy: [`plain::entropy`].
///
/// Source: Kotz, Balakrishnan & Johnson, *Continuous Multivariate Distributions* 1 (2000), eq. 45.1.
///
/// ```
/// use ppl_runtime::dist::{Distribution, MvNormal};
/// use ppl_runtime::real::{Real, Value};
/// let x = [0.0, 0.0].map(Real::<Value>::from);
/// let ln_p = -(2.0 * std::f64::consts::TAU).ln();
/// let d = MvNormal::cholesky([0.0, 0.0], [[1.0, 0.0], [0.0, 2.0]]);
/// assert!((Distribution::<Value, [f64; 2]>::log_prob(&d, &x).value() - ln_p).abs() < 1e-15);
/// let d = MvNormal::precision(0.0, [[1.0, 0.0], [0.0, 0.25]]);
/// assert!((Distribution::<Value, [f64; 2]>::log_prob(&d, &x).value() - ln_p).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct MvNormal<L, S> {
    location: L,
    spread: S,
}

impl<L, F> MvNormal<L, ByFactor<F>> {
    /// By location and lower Cholesky factor of the covariance matrix.
    pub fn cholesky(location: L, factor: F) -> Self {
        MvNormal {
            location,
            spread: ByFactor(factor),
        }
    }
}
impl<L, C> MvNormal<L, ByCovariance<C>> {
    /// By location and covariance matrix.
    pub fn covariance(location: L, covariance: C) -> Self {
        MvNormal {
            location,
            spread: ByCovariance(covariance),
        }
    }
}
impl<L, P> MvNormal<L, ByPrecision<P>> {
    /// By location and precision matrix, the inverse of the covariance matrix.
    pub fn precision(location: L, precision: P) -> Self {
        MvNormal {
            location,
            spread: ByPrecision(precision),
        }
    }
}

impl<L, S> Combine for MvNormal<L, S> {}

/// The values of a location.
pub(crate) fn location<M: Mode, L: Operands<M>, const N: usize>(from: &L) -> [f64; N] {
    let mut location = [0.0; N];
    from.fill(0, &mut location);
    location
}

/// Looks at a location of N elements.
pub(crate) fn check_location<M: Mode, L: Operands<M>, const N: usize>(
    family: &'static str,
    from: &L,
    report: &mut Report,
) {
    if let Some(n) = from.len()
        && n != N
    {
        report.problem(Problem::Length {
            data: N,
            distribution: n,
        });
    } else if L::CONSTANT
        && let Some(value) = location::<M, L, N>(from)
            .into_iter()
            .find(|x| !x.is_finite())
    {
        report.problem(Problem::Parameter {
            family,
            parameter: "location",
            value,
            requirement: "finite",
        });
    }
}

/// Looks at an observed vector, whose elements must be finite.
pub(crate) fn check_finite(family: &'static str, x: &[f64], report: &mut Report) {
    if let Some((i, value)) = x.iter().copied().enumerate().find(|x| !x.1.is_finite()) {
        report.element(i, |r| {
            r.problem(Problem::Observation {
                value,
                family,
                requirement: "finite numbers",
            });
        });
    }
}

impl<M: Mode, L: Operands<M>, S: Spread<M>, const N: usize> Distribution<M, [f64; N]>
    for MvNormal<L, S>
{
    fn log_prob(&self, x: &[Real<M>; N]) -> Real<M> {
        let Some(l) = self.spread.factor::<N>() else {
            return Real::constant(f64::NAN);
        };
        let (location, point) = (location::<M, L, N>(&self.location), x.map(Real::value));
        let (factor, mut z) = (l.as_flattened(), [0.0; N]);
        if !M::GRADIENT {
            return Real::constant(plain::log_density(&point, &location, factor, &mut z));
        }
        let (mut by_x, mut by_location, mut by) = ([0.0; N], [0.0; N], [[0.0; N]; N]);
        let value = plain::partials(
            &point,
            &location,
            factor,
            &mut z,
            &mut by_x,
            &mut by_location,
            by.as_flattened_mut(),
        );
        let mut lift = M::Lift::begin();
        lift.push_all(x, &by_x);
        if !L::CONSTANT {
            self.location.push(0, &by_location, &mut lift);
        }
        self.spread.push(&l, by, &mut lift);
        lift.finish(value)
    }
    fn score_iid(&self, x: &[[f64; N]], _: &Bump) -> Real<M> {
        let Some(l) = self.spread.factor::<N>() else {
            return Real::constant(f64::NAN);
        };
        let location = location::<M, L, N>(&self.location);
        if x.len() >= N && location.iter().all(|m| m.is_finite()) {
            let (mut by_location, mut by) = ([0.0; N], [[0.0; N]; N]);
            let sum = plain::sum_partials(x, &location, &l, &mut by_location, &mut by);
            if !M::GRADIENT {
                return Real::constant(sum);
            }
            let mut lift = M::Lift::begin();
            if !L::CONSTANT {
                self.location.push(0, &by_location, &mut lift);
            }
            self.spread.push(&l, by, &mut lift);
            return lift.finish(sum);
        }
        let (factor, mut z, mut sum) = (l.as_flattened(), [0.0; N], 0.0);
        if !M::GRADIENT {
            for x in x {
                sum += plain::log_density(x, &location, factor, &mut z);
            }
            return Real::constant(sum);
        }
        let (mut by_location, mut by) = ([0.0; N], [[0.0; N]; N]);
        let (mut by_x, mut one, mut one_factor) = ([0.0; N], [0.0; N], [[0.0; N]; N]);
        for x in x {
            let rows = one_factor.as_flattened_mut();
            sum += plain::partials(x, &location, factor, &mut z, &mut by_x, &mut one, rows);
            for (s, by) in by_location.iter_mut().zip(one) {
                *s += by;
            }
            for (s, by) in by.as_flattened_mut().iter_mut().zip(&*rows) {
                *s += by;
            }
        }
        let mut lift = M::Lift::begin();
        if !L::CONSTANT {
            self.location.push(0, &by_location, &mut lift);
        }
        self.spread.push(&l, by, &mut lift);
        lift.finish(sum)
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> [Real<M>; N] {
        if on_line::<M, Src>(source) {
            return std::array::from_fn(|_| source.coordinate());
        }
        let z: [Real<M>; N] = std::array::from_fn(|_| source.scalar(&Normal::new(0.0, 1.0)));
        let step = spread::transform(&self.spread, &z);
        std::array::from_fn(|i| self.location.at(i) + step[i])
    }
    fn check(&self, report: &mut Report) {
        check_location::<M, L, N>("MvNormal", &self.location, report);
        spread::check::<M, S, N>("MvNormal", &self.spread, report);
    }
    fn check_observation(&self, x: &[f64; N], report: &mut Report) {
        Distribution::<M, [f64; N]>::check(self, report);
        check_finite("MvNormal", x, report);
    }
}
observed!([L: Operands<M>, S: Spread<M>, const N: usize] MvNormal<L, S>, [f64; N]);
