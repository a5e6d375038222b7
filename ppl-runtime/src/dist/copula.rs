//! The Gaussian copula in every mode.

use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::ordered::Quantile;
use super::report::{Problem, Report};
use super::source::Source;
use super::spread::{self, ByCovariance, ByFactor, Spread};
use super::vector::mv_normal as plain;
use crate::real::special::{LN_SQRT_2PI, normal_cdf, normal_quantile, normal_survival};
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;

/// Numbers with given marginal distributions whose normal scores are jointly normal: with z_i = Φ⁻¹(F_i(x_i)),
/// ln p(x) = ln N(z; 0, R) + Σ (ln f_i(x_i) − ln φ(z_i)).
///
/// `marginals` is an array of n distributions of a number; the correlation matrix R comes itself ([`GaussianCopula::new`]) or by its
/// lower factor ([`GaussianCopula::cholesky`]). Its diagonal should be 1, else the marginals are not those given. A site is
/// `[f64; N]`, data too. Support: the product of the marginals'. From the cube it comes by x_i = F_i⁻¹(Φ(z_i)), z = L ε. z is
/// taken from the nearer tail.
///
/// Source: Nelsen, *An Introduction to Copulas* (2006), section 2.3; Song, "Multivariate dispersion models generated from
/// Gaussian copula", Scandinavian Journal of Statistics 27 (2000), eq. 7.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Gamma, GaussianCopula};
/// use ppl_runtime::real::{Real, Value};
/// let d = GaussianCopula::new([Gamma::new(1.0, 1.0), Gamma::new(1.0, 1.0)], [[1.0, 0.0], [0.0, 1.0]]);
/// let p = Distribution::<Value, [f64; 2]>::log_prob(&d, &[0.5, 2.0].map(Real::from));
/// assert!((p.value() + 2.5).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct GaussianCopula<D, S, const N: usize> {
    marginals: [D; N],
    spread: S,
}

impl<D, C, const N: usize> GaussianCopula<D, ByCovariance<C>, N> {
    /// By marginals and correlation matrix.
    pub fn new(marginals: [D; N], correlation: C) -> Self {
        GaussianCopula {
            marginals,
            spread: ByCovariance(correlation),
        }
    }
}
impl<D, F, const N: usize> GaussianCopula<D, ByFactor<F>, N> {
    /// By marginals and the lower Cholesky factor of the correlation matrix.
    pub fn cholesky(marginals: [D; N], factor: F) -> Self {
        GaussianCopula {
            marginals,
            spread: ByFactor(factor),
        }
    }
}
impl<D, S, const N: usize> Combine for GaussianCopula<D, S, N> {}

/// Φ⁻¹(F(x)), from the tail that holds its digits.
fn score<M: Mode, D: Quantile<M>>(d: &D, x: Real<M>) -> Real<M> {
    let below = d.cdf_at(x);
    let (tail, sign) = if below.value() <= 0.5 {
        (below, 1.0)
    } else {
        (d.survival_at(x), -1.0)
    };
    let z = normal_quantile(tail.value());
    let slope = (0.5 * z * z + LN_SQRT_2PI).exp();
    Real::lift(sign * z, [(tail, sign * slope)])
}

impl<M: Mode, D: Quantile<M>, S: Spread<M>, const N: usize> Distribution<M, [f64; N]>
    for GaussianCopula<D, S, N>
{
    fn log_prob(&self, x: &[Real<M>; N]) -> Real<M> {
        let Some(l) = self.spread.factor::<N>() else {
            return Real::constant(f64::NAN);
        };
        let marginals: Real<M> = (0..N).map(|i| self.marginals[i].log_prob(&x[i])).sum();
        if marginals.value() == f64::NEG_INFINITY {
            return marginals;
        }
        let z: [Real<M>; N] = std::array::from_fn(|i| score(&self.marginals[i], x[i]));
        let at = z.map(Real::value);
        let (mut w, mut by_z, mut by_location) = ([0.0; N], [0.0; N], [0.0; N]);
        let mut by = [[0.0; N]; N];
        let joint = plain::partials(
            &at,
            &[0.0; N],
            l.as_flattened(),
            &mut w,
            &mut by_z,
            &mut by_location,
            by.as_flattened_mut(),
        );
        let alone: f64 = at.iter().map(|z| 0.5 * z * z + LN_SQRT_2PI).sum();
        let mut lift = M::Lift::begin();
        for i in 0..N {
            lift.push(z[i], by_z[i] + at[i]);
        }
        self.spread.push(&l, by, &mut lift);
        marginals + lift.finish(joint + alone)
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> [Real<M>; N] {
        if Src::UNCONSTRAINED {
            return std::array::from_fn(|i| {
                let u = source.coordinate();
                if source.given() {
                    return u;
                }
                let (x, jacobian) = self.marginals[i].on_line(u);
                if let Some(j) = jacobian {
                    source.add_jacobian(j);
                }
                x
            });
        }
        let e: [Real<M>; N] =
            std::array::from_fn(|_| Real::constant(normal_quantile(source.uniform())));
        let z = spread::transform(&self.spread, &e);
        std::array::from_fn(|i| {
            let z = z[i].value();
            Real::constant(if z <= 0.0 {
                self.marginals[i].quantile_at(normal_cdf(z))
            } else {
                self.marginals[i].quantile_upper_at(normal_survival(z))
            })
        })
    }
    fn check(&self, report: &mut Report) {
        for (i, d) in self.marginals.iter().enumerate() {
            report.element(i, |r| d.check(r));
        }
        spread::check::<M, S, N>("GaussianCopula", &self.spread, report);
        if S::CONSTANT
            && let Some(l) = self.spread.factor::<N>()
        {
            for row in &l {
                let variance: f64 = row.iter().map(|x| x * x).sum();
                if (variance - 1.0).abs() > 1e-6 {
                    report.problem(Problem::Expression(format!(
                        "GaussianCopula: the correlation matrix has {variance} on its diagonal and must have 1"
                    )));
                }
            }
        }
    }
    fn check_observation(&self, x: &[f64; N], report: &mut Report) {
        Distribution::<M, [f64; N]>::check(self, report);
        for (i, (d, x)) in self.marginals.iter().zip(x).enumerate() {
            report.element(i, |r| d.check_observation(x, r));
        }
    }
}
observed!([D: Quantile<M>, S: Spread<M>, const N: usize] GaussianCopula<D, S, N>, [f64; N]);
