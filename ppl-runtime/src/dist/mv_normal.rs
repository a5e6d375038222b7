//! The multivariate normal distribution in every mode.

use super::datum::Score;
use super::distribution::{Combine, Distribution};
use super::normal::Normal;
use super::operand::{Operand, Operands};
use super::report::{Problem, Report};
use super::source::Source;
use super::vector::mv_normal as plain;
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;

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

/// Multivariate normal distribution by the Cholesky factor L of its covariance L Lᵀ:
/// ln p(x) = −½ ‖L⁻¹(x − location)‖² − Σ ln L_ii − (n/2) ln 2π.
///
/// Source: Kotz, Balakrishnan & Johnson, *Continuous Multivariate Distributions* 1 (2000), ch. 45.
///
/// ```
/// use ppl_runtime::dist::{Distribution, MvNormal};
/// use ppl_runtime::real::{Real, Value};
/// let d = MvNormal::cholesky([0.0, 0.0], [[1.0, 0.0], [0.0, 2.0]]);
/// let x = [0.0, 0.0].map(Real::<Value>::from);
/// let p = Distribution::<Value, [f64; 2]>::log_prob(&d, &x);
/// assert!((p.value() + (2.0 * std::f64::consts::TAU).ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct MvNormal<L, F> {
    location: L,
    factor: F,
}

impl<L, F> MvNormal<L, F> {
    /// By location and lower Cholesky factor of the covariance.
    pub fn cholesky(location: L, factor: F) -> Self {
        MvNormal { location, factor }
    }
}

impl<L, F> Combine for MvNormal<L, F> {}

/// Plain copies of the parameters.
fn parameters<M: Mode, L: Operands<M>, F: Factor<M>, const N: usize>(
    d: &MvNormal<L, F>,
) -> ([f64; N], [[f64; N]; N]) {
    let mut location = [0.0; N];
    d.location.fill(0, &mut location);
    let factor = std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            if j <= i {
                d.factor.at(i, j).value()
            } else {
                0.0
            }
        })
    });
    (location, factor)
}

impl<M: Mode, L: Operands<M>, F: Factor<M>, const N: usize> Distribution<M, [f64; N]>
    for MvNormal<L, F>
{
    fn log_prob(&self, x: &[Real<M>; N]) -> Real<M> {
        if self.factor.size() != N {
            return Real::constant(f64::NAN);
        }
        let (location, factor) = parameters::<M, L, F, N>(self);
        let point = x.map(Real::value);
        let mut z = [0.0; N];
        if !M::GRADIENT {
            return Real::constant(plain::log_density(
                &point,
                &location,
                factor.as_flattened(),
                &mut z,
            ));
        }
        let (mut by_x, mut by_location, mut by_factor) = ([0.0; N], [0.0; N], [[0.0; N]; N]);
        let value = plain::partials(
            &point,
            &location,
            factor.as_flattened(),
            &mut z,
            &mut by_x,
            &mut by_location,
            by_factor.as_flattened_mut(),
        );
        let mut lift = M::Lift::begin();
        lift.push_all(x, &by_x);
        if !L::CONSTANT {
            self.location.push(0, &by_location, &mut lift);
        }
        if !F::CONSTANT {
            for (i, row) in by_factor.iter().enumerate() {
                for (j, by) in row.iter().enumerate().take(i + 1) {
                    lift.push(self.factor.at(i, j), *by);
                }
            }
        }
        lift.finish(value)
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> [Real<M>; N] {
        if S::UNCONSTRAINED {
            return std::array::from_fn(|_| source.coordinate());
        }
        let z: [Real<M>; N] = std::array::from_fn(|_| source.scalar(&Normal::new(0.0, 1.0)));
        std::array::from_fn(|i| {
            let step: Real<M> = (0..=i).map(|j| self.factor.at(i, j) * z[j]).sum();
            self.location.at(i) + step
        })
    }
    fn check(&self, report: &mut Report) {
        for n in [self.location.len(), Some(self.factor.size())]
            .into_iter()
            .flatten()
        {
            if n != N {
                report.problem(Problem::Length {
                    data: N,
                    distribution: n,
                });
                return;
            }
        }
        let (location, factor) = parameters::<M, L, F, N>(self);
        let given = |p: [f64; N]| if L::CONSTANT { p } else { [0.0; N] };
        if F::CONSTANT
            && let Err(invalid) = plain::check(&given(location), factor.as_flattened())
        {
            let name = if invalid.parameter == 0 {
                "location"
            } else {
                "factor"
            };
            report.problem(Problem::Expression(format!(
                "MvNormal: `{name}` must be {}",
                invalid.requirement
            )));
        }
    }
    fn check_observation(&self, x: &[f64; N], report: &mut Report) {
        Distribution::<M, [f64; N]>::check(self, report);
        if let Some((i, value)) = x.iter().copied().enumerate().find(|x| !x.1.is_finite()) {
            let requirement = "finite numbers";
            report.element(i, |r| {
                r.problem(Problem::Observation {
                    value,
                    family: "MvNormal",
                    requirement,
                });
            });
        }
    }
}

impl<M: Mode, L: Operands<M>, F: Factor<M>, const N: usize> Score<M, [f64; N]> for MvNormal<L, F> {
    fn score(&self, x: &[f64; N], arena: &Bump) -> Real<M> {
        Distribution::<M, [f64; N]>::score(self, x, arena)
    }
    fn check(&self, x: Option<&[f64; N]>, report: &mut Report) {
        match x {
            Some(x) => Distribution::<M, [f64; N]>::check_observation(self, x, report),
            None => Distribution::<M, [f64; N]>::check(self, report),
        }
    }
    fn simulate<S: Source<M>>(&self, _: usize, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        Distribution::<M, [f64; N]>::simulate(self, source, arena, out);
    }
    fn own_length(&self) -> Option<usize> {
        Some(N)
    }
}
