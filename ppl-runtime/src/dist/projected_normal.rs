//! The projected normal distribution of directions, in every mode.

use super::distribution::{Combine, Distribution};
use super::normal::Normal;
use super::operand::Operands;
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use crate::real::special::{LN_SQRT_2PI, ln_gamma, normal_cdf};
use crate::real::{Lift, Mode, Real};
use crate::support::{UnitVector, UnitVectorAt, unit_vector_from_line};
use bumpalo::Bump;
use std::f64::consts::LN_2;

/// Distribution of the direction of a normal vector with mean `concentration` and unit covariance: for |x| = 1 and
/// t = x·concentration, p(x) = (2π)^(−n/2) exp(−|concentration|²/2) ∫₀^∞ r^(n−1) exp(r t − r²/2) dr, by the sphere's surface.
///
/// `concentration` is a vector of n numbers, data or latent; its direction is the mode, its length how sure. A site is
/// [`UnitVector<N>`](crate::support::UnitVector), data too (or `[f64; N]`). Unlike the von Mises–Fisher distribution it comes from the
/// cube simply, by n coordinates; on R^n it takes n as well, whose length is given a density of its own.
///
/// Source: Hernandez-Stumpfhauser, Breidt & van der Woerd, "The general projected normal distribution of arbitrary
/// dimension", Bayesian Analysis 12 (2017), eq. 1; the integral by its recurrence in n, forward for t > 0, as a continued
/// fraction for t < 0 (DLMF 12.8.1, of the parabolic cylinder function).
///
/// ```
/// use ppl_runtime::dist::{Distribution, ProjectedNormal};
/// use ppl_runtime::real::{Real, Value};
/// use ppl_runtime::support::UnitVector;
/// let p = Distribution::<Value, _>::score(&ProjectedNormal::new([0.0, 0.0]), &UnitVector([0.6, 0.8]), &bumpalo::Bump::new());
/// assert!((p.value() + std::f64::consts::TAU.ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct ProjectedNormal<C> {
    concentration: C,
}

impl<C> ProjectedNormal<C> {
    /// The direction of a normal vector with this mean.
    pub fn new(concentration: C) -> Self {
        ProjectedNormal { concentration }
    }
}
impl<C> Combine for ProjectedNormal<C> {}

/// ln ∫₀^∞ r^(n−1) exp(r t − r²/2) dr less t²/2 if t is positive, and its derivative by t less t (the whole one less t).
fn radial(n: usize, t: f64) -> (f64, f64) {
    let order = n as f64;
    if t.abs() < 0.5 {
        // Σ_j t^j/j! · 2^((n + j)/2 − 1) Γ((n + j)/2)
        let series = |order: f64| -> f64 {
            let mut sum = 0.0;
            let mut power = 1.0;
            for j in 0..80 {
                let h = 0.5 * (order + f64::from(j));
                let term = power * (ln_gamma(h) + (h - 1.0) * LN_2 - ln_gamma(0.5 * order)).exp();
                sum += term;
                if term.abs() < 1e-18 * sum {
                    break;
                }
                power *= t / f64::from(j + 1);
            }
            sum
        };
        let (own, next) = (series(order), series(order + 1.0));
        let up = (ln_gamma(0.5 * (order + 1.0)) - ln_gamma(0.5 * order)).exp();
        let square = if t > 0.0 { 0.5 * t * t } else { 0.0 };
        return (
            own.ln() + ln_gamma(0.5 * order) - square,
            up * next / own - t,
        );
    }
    if t > 0.0 {
        // Ratios R_k of the integrals of order k + 1 and k: R_{k+1} = t + k/R_k.
        let first = LN_SQRT_2PI.exp() * normal_cdf(t);
        let mut ln = first.ln();
        let mut excess = (-0.5 * t * t).exp() / first;
        for k in 1..n {
            let ratio = t + excess;
            ln += ratio.ln();
            excess = k as f64 / ratio;
        }
        return (ln, excess);
    }
    // R_k = k/(|t| + R_{k+1}) from far up.
    let a = -t;
    let far = n + 60 + (250.0 / (a * a)) as usize;
    let mut ratio = 0.5 * ((a * a + 4.0 * far as f64).sqrt() - a);
    let mut ln = 0.0;
    let mut own = 0.0;
    for k in (1..far).rev() {
        ratio = k as f64 / (a + ratio);
        if k == n {
            own = ratio;
        } else if k < n {
            ln += ratio.ln();
        }
    }
    // The first integral is 1/(R_1 + |t|).
    (ln - (ratio + a).ln(), own + a)
}

/// ln p with ∂/∂x and ∂/∂concentration.
fn partials<const N: usize>(x: &[f64; N], c: &[f64; N]) -> (f64, [f64; N], [f64; N]) {
    let t: f64 = x.iter().zip(c).map(|(x, c)| x * c).sum();
    let (ln, excess) = radial(N, t);
    // The part of the mean across x; its whole length where the integral keeps its own exponential.
    let across: [f64; N] = std::array::from_fn(|i| c[i] - t * x[i]);
    let rest = if t > 0.0 { &across } else { c };
    let squares: f64 = rest.iter().map(|v| v * v).sum();
    (
        ln - 0.5 * squares - N as f64 * LN_SQRT_2PI,
        c.map(|c| (t + excess) * c),
        std::array::from_fn(|i| excess * x[i] - across[i]),
    )
}

impl<C> ProjectedNormal<C> {
    fn ln_p<M: Mode, const N: usize>(&self, x: &[Real<M>; N]) -> Real<M>
    where
        C: Operands<M>,
    {
        let mut c = [0.0; N];
        self.concentration.fill(0, &mut c);
        if c.iter().any(|c| !c.is_finite()) {
            return Real::constant(f64::NAN);
        }
        let (value, by_x, by_c) = partials(&x.map(Real::value), &c);
        let mut lift = M::Lift::begin();
        lift.push_all(x, &by_x);
        if !C::CONSTANT {
            self.concentration.push(0, &by_c, &mut lift);
        }
        lift.finish(value)
    }

    fn check_parameters<M: Mode, const N: usize>(&self, report: &mut Report)
    where
        C: Operands<M>,
    {
        super::mv_normal::check_location::<M, C, N>("ProjectedNormal", &self.concentration, report);
    }
}

fn check_direction(x: &[f64], report: &mut Report) {
    let square: f64 = x.iter().map(|x| x * x).sum();
    if (square - 1.0).abs() > 1e-9 || square.is_nan() {
        report.problem(Problem::Observation {
            value: square.sqrt(),
            family: "ProjectedNormal",
            requirement: "a vector of length 1",
        });
    }
}

impl<M: Mode, C: Operands<M>, const N: usize> Distribution<M, UnitVector<N>>
    for ProjectedNormal<C>
{
    fn log_prob(&self, x: &UnitVectorAt<M, N>) -> Real<M> {
        self.ln_p(&x.0)
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> UnitVectorAt<M, N> {
        if on_line::<M, Src>(source) {
            let (x, jacobian) = unit_vector_from_line::<M, N>(|| source.coordinate());
            source.add_jacobian(jacobian);
            return UnitVectorAt(x);
        }
        let z: [Real<M>; N] = std::array::from_fn(|i| {
            self.concentration.at(i) + source.scalar(&Normal::new(0.0, 1.0))
        });
        let length = z.iter().map(|z| *z * *z).sum::<Real<M>>().sqrt();
        UnitVectorAt(z.map(|z| z / length))
    }
    fn check(&self, report: &mut Report) {
        self.check_parameters::<M, N>(report);
    }
    fn check_observation(&self, x: &UnitVector<N>, report: &mut Report) {
        self.check_parameters::<M, N>(report);
        check_direction(&x.0, report);
    }
}

/// A direction as plain numbers: data alone, since a latent must say that it is a [`UnitVector`].
impl<M: Mode, C: Operands<M>, const N: usize> super::datum::Score<M, [f64; N]>
    for ProjectedNormal<C>
{
    fn score(&self, x: &[f64; N], _: &Bump) -> Real<M> {
        self.ln_p(&x.map(Real::constant))
    }
    fn check(&self, x: Option<&[f64; N]>, report: &mut Report) {
        self.check_parameters::<M, N>(report);
        if let Some(x) = x {
            check_direction(x, report);
        }
    }
    fn simulate<Src: Source<M>>(
        &self,
        _: usize,
        source: &mut Src,
        arena: &Bump,
        out: &mut Vec<f64>,
    ) {
        Distribution::<M, UnitVector<N>>::simulate(self, source, arena, out);
    }
    fn own_length(&self) -> Option<usize> {
        None
    }
}
