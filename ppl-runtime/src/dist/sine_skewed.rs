//! Skewed distributions of angles, in every mode.

use super::bivariate_von_mises::SineBivariateVonMises;
use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::mv_normal::check_finite;
use super::operand::Operand;
use super::report::{Problem, Report};
use super::shared::invert;
use super::source::Source;
use super::univariate::Univariate;
use super::von_mises::VonMises;
use crate::dist::family::Family;
use crate::real::{Mode, Real};
use bumpalo::Bump;
use std::f64::consts::PI;

/// A distribution of angles, symmetric around its location, with more mass on one side:
/// p(x) = p₀(x) (1 + Σ skewness_i sin(x_i − location_i)), for Σ |skewness_i| ≤ 1.
///
/// Of a [`VonMises`] angle with one skewness (a site is `f64` in (−π, π)), or of a [`SineBivariateVonMises`] pair with
/// an array of two (a site is `[f64; 2]`). From the cube the angle comes by its distribution function, which is that of p₀ less skewness times
/// (p₀(x) − p₀(−π))/concentration; the pair by a draw of p₀ that a further coordinate reflects in its location.
///
/// Source: Abe & Pewsey, "Sine-skewed circular distributions", Statistical Papers 52 (2011), eq. 4; Ameijeiras-Alonso & Ley,
/// "Sine-skewed toroidal distributions", Biostatistics 23 (2022), eq. 2.1.
///
/// ```
/// use ppl_runtime::dist::{Distribution, SineSkewed, VonMises};
/// use ppl_runtime::real::{Real, Value};
/// let d = SineSkewed::new(VonMises::new(0.0, 0.0), 0.5);
/// let p = Distribution::<Value, f64>::log_prob(&d, &Real::from(std::f64::consts::FRAC_PI_2));
/// assert!((p.value() - (1.5 / std::f64::consts::TAU).ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct SineSkewed<D, S> {
    inner: D,
    skewness: S,
}

impl<D, S> SineSkewed<D, S> {
    /// This distribution, skewed.
    pub fn new(inner: D, skewness: S) -> Self {
        SineSkewed { inner, skewness }
    }
}
impl<D, S> Combine for SineSkewed<D, S> {}

/// ln(1 + Σ skewness sin(x − location)), NaN where the skewness is too large.
fn ln_skew<M: Mode, const N: usize>(
    x: [Real<M>; N],
    centre: [Real<M>; N],
    skewness: [Real<M>; N],
) -> Real<M> {
    let size: f64 = skewness.iter().map(|s| s.value().abs()).sum();
    if size.is_nan() || size > 1.0 {
        return Real::constant(f64::NAN);
    }
    let pull: Real<M> = (0..N).map(|i| skewness[i] * (x[i] - centre[i]).sin()).sum();
    pull.ln_1p()
}

fn check_skewness(skewness: &[f64], report: &mut Report) {
    let sum: f64 = skewness.iter().map(|s| s.abs()).sum();
    if sum > 1.0 || sum.is_nan() {
        report.problem(Problem::Parameter {
            family: "SineSkewed",
            parameter: "skewness",
            value: sum,
            requirement: "at most 1 in absolute value (or in the sum of absolute values)",
        });
    }
}

impl<M: Mode, A: Operand<M>, B: Operand<M>, S: Operand<M>> Distribution<M, f64>
    for SineSkewed<VonMises<A, B>, S>
{
    fn log_prob(&self, x: &Real<M>) -> Real<M> {
        let skew = ln_skew([*x], [self.inner.location.real()], [self.skewness.real()]);
        self.inner.log_prob(x) + skew
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, arena: &Bump) -> Real<M> {
        if Src::UNCONSTRAINED {
            if Src::SIMULATES && !source.given() {
                return source.coordinate();
            }
            return self.inner.draw(source, arena);
        }
        let p = self.inner.values();
        let [location, concentration] = p;
        let skewness = self.skewness.value();
        let density = |x: f64| <VonMises as Family<2>>::log_density(x, &p).exp();
        let base = density(-PI);
        let tails = |x: f64| {
            // (p₀(x) − p₀(−π))/κ, with cos(x − m) − cos(π + m) as a product.
            let difference = -2.0 * (0.5 * (x + PI)).sin() * (0.5 * (x - PI) - location).sin();
            let exponent = concentration * difference;
            let rise = if exponent.abs() < 1e-300 {
                difference
            } else {
                difference * (exponent.exp_m1() / exponent)
            };
            let shift = skewness * base * rise;
            let below = <VonMises as Family<2>>::cdf(x, &p) - shift;
            let above = <VonMises as Family<2>>::survival(x, &p) + shift;
            (below.max(0.0), above.max(0.0))
        };
        let ln_p = |x: f64| density(x).ln() + (skewness * (x - location).sin()).ln_1p();
        Real::constant(invert(source.angle(), -PI, PI, tails, ln_p))
    }
    fn check(&self, report: &mut Report) {
        self.inner.check(report);
        if S::CONSTANT {
            check_skewness(&[self.skewness.value()], report);
        }
    }
    fn check_observation(&self, x: &f64, report: &mut Report) {
        Distribution::<M, f64>::check(self, report);
        check_finite("SineSkewed", &[*x], report);
    }
}

impl<
    M: Mode,
    A: Operand<M>,
    B: Operand<M>,
    C: Operand<M>,
    D: Operand<M>,
    E: Operand<M>,
    S: Operand<M>,
> Distribution<M, [f64; 2]> for SineSkewed<SineBivariateVonMises<A, B, C, D, E>, [S; 2]>
{
    fn log_prob(&self, x: &[Real<M>; 2]) -> Real<M> {
        let skewness = [self.skewness[0].real(), self.skewness[1].real()];
        self.inner.log_prob(x) + ln_skew(*x, self.inner.centre(), skewness)
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, arena: &Bump) -> [Real<M>; 2] {
        let x = self.inner.draw(source, arena);
        if Src::UNCONSTRAINED {
            return x;
        }
        let centre = self.inner.centre::<M>().map(Real::value);
        let pull: f64 = (0..2)
            .map(|i| self.skewness[i].value() * (x[i].value() - centre[i]).sin())
            .sum();
        let keep = source.uniform() <= 0.5 * (1.0 + pull);
        std::array::from_fn(|i| {
            let x = x[i].value();
            let reflected = super::von_mises::wrap(2.0 * centre[i] - x);
            Real::constant(if keep {
                x
            } else {
                reflected.clamp(-PI.next_down(), PI.next_down())
            })
        })
    }
    fn check(&self, report: &mut Report) {
        self.inner.check(report);
        if S::CONSTANT {
            check_skewness(
                &[self.skewness[0].value(), self.skewness[1].value()],
                report,
            );
        }
    }
    fn check_observation(&self, x: &[f64; 2], report: &mut Report) {
        Distribution::<M, [f64; 2]>::check(self, report);
        check_finite("SineSkewed", x, report);
    }
}
observed!([A: Operand<M>, B: Operand<M>, C: Operand<M>, D: Operand<M>, E: Operand<M>, S: Operand<M>] SineSkewed<SineBivariateVonMises<A, B, C, D, E>, [S; 2]>, [f64; 2]);
