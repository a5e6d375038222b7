//! The sine bivariate von Mises distribution of two angles, in every mode.

use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::mv_normal::check_finite;
use super::operand::Operand;
use super::report::{Problem, Report};
use super::source::{Source, from_line};
use super::von_mises::{VonMises, wrap};
use crate::real::special::{bessel_ratio_complement, integral, ln_bessel_i0_scaled};
use crate::real::{Lift, Mode, Real};
use crate::support::Bounds;
use bumpalo::Bump;
use std::f64::consts::{PI, TAU};

/// Sine bivariate von Mises distribution of two angles (φ, ψ): with f = φ − location₁ and s = ψ − location₂,
/// p(φ, ψ) = exp(κ₁ cos f + κ₂ cos s + λ sin f sin s)/C.
///
/// `locations` and `concentrations` κ are pairs `(a, b)`, each data or latent; `correlation` is λ. Beyond λ² = κ₁ κ₂ there are two modes.
/// A site is `[f64; 2]` in (−π, π)², data too, in any turn. C = 2π ∫ I₀(√(κ₁² + λ² sin² s)) exp(κ₂ cos s) ds is summed by the
/// trapezoidal rule, which converges exponentially on a circle. From the cube ψ comes by its marginal distribution, φ given ψ is
/// von Mises.
///
/// Source: Singh, Hnizdo & Demchuk, "Probabilistic model for two dependent circular variables", Biometrika 89 (2002),
/// eqs. 1.1 and 2.2.
///
/// ```
/// use ppl_runtime::dist::{Distribution, SineBivariateVonMises};
/// use ppl_runtime::real::{Real, Value};
/// let d = SineBivariateVonMises::new((0.0, 0.0), (0.0, 0.0), 0.0);
/// let p = Distribution::<Value, [f64; 2]>::log_prob(&d, &[1.0, -2.0].map(Real::from));
/// assert!((p.value() + 2.0 * std::f64::consts::TAU.ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct SineBivariateVonMises<A, B, C, D, E> {
    locations: (A, B),
    concentrations: (C, D),
    correlation: E,
}

impl<A, B, C, D, E> SineBivariateVonMises<A, B, C, D, E> {
    /// By the two locations, the two concentrations and the correlation λ.
    pub fn new(locations: (A, B), concentrations: (C, D), correlation: E) -> Self {
        SineBivariateVonMises {
            locations,
            concentrations,
            correlation,
        }
    }
}
impl<A, B, C, D, E> Combine for SineBivariateVonMises<A, B, C, D, E> {}

/// ln of I₀(√(κ₁² + λ² sin² s)) exp(κ₂ cos s), less κ₂.
fn ln_marginal(s: f64, [k1, k2]: [f64; 2], lambda: f64) -> f64 {
    let a = k1.hypot(lambda * s.sin());
    let half = (0.5 * s).sin();
    ln_bessel_i0_scaled(a) + a - 2.0 * k2 * half * half
}

/// ln C and its derivatives by κ₁, κ₂ and λ.
fn normalisation(k: [f64; 2], lambda: f64) -> (f64, [f64; 3]) {
    let [k1, k2] = k;
    let spread = k1 + k2 + 2.0 * lambda.abs();
    let n = 2 * (24 + (10.0 * spread.sqrt()) as usize);
    // Even in s: the ends 0 and π count once, the others twice.
    let node = |i: usize| TAU * i as f64 / n as f64;
    let top = (0..=n / 2)
        .map(|i| ln_marginal(node(i), k, lambda))
        .fold(f64::NEG_INFINITY, f64::max);
    let (mut sum, mut by) = (0.0, [0.0; 3]);
    for i in 0..=n / 2 {
        let (sin, cos) = node(i).sin_cos();
        let twice = if i == 0 || i == n / 2 { 1.0 } else { 2.0 };
        let weight = twice * (ln_marginal(node(i), k, lambda) - top).exp();
        let a = k1.hypot(lambda * sin);
        // I₁(a)/(a I₀(a))
        let ratio = if a < 1e-8 {
            0.5
        } else {
            (1.0 - bessel_ratio_complement(a)) / a
        };
        sum += weight;
        by[0] += weight * ratio * k1;
        by[1] += weight * cos;
        by[2] += weight * ratio * lambda * sin * sin;
    }
    let ln = 2.0 * TAU.ln() + k2 + top + (sum / n as f64).ln();
    (ln, by.map(|b| b / sum))
}

fn valid(k: [f64; 2], lambda: f64) -> bool {
    k.iter().all(|&k| (0.0..f64::INFINITY).contains(&k)) && lambda.is_finite()
}

/// ln p less the normalisation, with ∂/∂f, ∂/∂s, ∂/∂κ₁, ∂/∂κ₂ and ∂/∂λ.
fn kernel(f: f64, s: f64, [k1, k2]: [f64; 2], lambda: f64) -> (f64, [f64; 5]) {
    let ((sf, cf), (ss, cs)) = (f.sin_cos(), s.sin_cos());
    (
        k1 * cf + k2 * cs + lambda * sf * ss,
        [
            lambda * cf * ss - k1 * sf,
            lambda * sf * cs - k2 * ss,
            cf,
            cs,
            sf * ss,
        ],
    )
}

/// The s in (−π, π) at `u` of its marginal distribution, by integrals over parts of the half circle, which are the finer the
/// more concentrated it is.
fn marginal_quantile(u: f64, k: [f64; 2], lambda: f64) -> f64 {
    const MOST: usize = 64;
    let parts = (2 + (k[0] + k[1] + 2.0 * lambda.abs()).sqrt() as usize).min(MOST);
    let edge = |i: usize| PI * i as f64 / parts as f64;
    let top = (0..=parts)
        .map(|i| ln_marginal(edge(i), k, lambda))
        .fold(f64::NEG_INFINITY, f64::max);
    let density = |s: f64| (ln_marginal(s, k, lambda) - top).exp();
    let mut masses = [0.0; MOST];
    for (i, mass) in masses[..parts].iter_mut().enumerate() {
        *mass = integral(edge(i), edge(i + 1), density);
    }
    let total: f64 = masses[..parts].iter().sum();
    // |s| has twice the density on (0, π).
    let mut left = (2.0 * u - 1.0).abs() * total;
    let mut part = 0;
    while part + 1 < parts && left > masses[part] {
        left -= masses[part];
        part += 1;
    }
    let (mut low, mut high) = (edge(part), edge(part + 1));
    let mut s = low + (high - low) * (left / masses[part]).clamp(0.0, 1.0);
    for _ in 0..60 {
        let excess = integral(edge(part), s, density) - left;
        if excess > 0.0 {
            high = s;
        } else {
            low = s;
        }
        let step = excess / density(s);
        let next = s - step;
        s = if next > low && next < high {
            next
        } else {
            0.5 * (low + high)
        };
        // Newton's method: the error left is about the square of the step.
        if step.abs() < 1e-9 || high - low < 1e-15 {
            break;
        }
    }
    s.min(PI.next_down()).copysign(u - 0.5)
}

impl<A, B, C, D, E> SineBivariateVonMises<A, B, C, D, E> {
    fn values<M: Mode>(&self) -> ([f64; 2], [f64; 2], f64)
    where
        A: Operand<M>,
        B: Operand<M>,
        C: Operand<M>,
        D: Operand<M>,
        E: Operand<M>,
    {
        (
            [self.locations.0.value(), self.locations.1.value()],
            [self.concentrations.0.value(), self.concentrations.1.value()],
            self.correlation.value(),
        )
    }

    /// The locations, for a skewed distribution around them.
    pub(crate) fn centre<M: Mode>(&self) -> [Real<M>; 2]
    where
        A: Operand<M>,
        B: Operand<M>,
    {
        [self.locations.0.real(), self.locations.1.real()]
    }

    /// Σ ln p of points: one normalisation for all.
    fn sum<M: Mode>(
        &self,
        n: usize,
        x: impl Fn(usize) -> [f64; 2],
        push: impl Fn(usize, [f64; 2], &mut M::Lift),
    ) -> Real<M>
    where
        A: Operand<M>,
        B: Operand<M>,
        C: Operand<M>,
        D: Operand<M>,
        E: Operand<M>,
    {
        let (m, k, lambda) = self.values::<M>();
        if !valid(k, lambda) {
            return Real::constant(f64::NAN);
        }
        let (ln_c, by_c) = normalisation(k, lambda);
        let count = n as f64;
        let (mut value, mut by) = (-count * ln_c, [0.0; 5]);
        let mut lift = M::Lift::begin();
        for i in 0..n {
            let x = x(i);
            let (one, slopes) = kernel(x[0] - m[0], x[1] - m[1], k, lambda);
            value += one;
            push(i, [slopes[0], slopes[1]], &mut lift);
            for (b, s) in by.iter_mut().zip(slopes) {
                *b += s;
            }
        }
        let mut parameter = |constant: bool, real: Real<M>, by: f64| {
            if !constant {
                lift.push(real, by);
            }
        };
        parameter(A::CONSTANT, self.locations.0.real(), -by[0]);
        parameter(B::CONSTANT, self.locations.1.real(), -by[1]);
        parameter(
            C::CONSTANT,
            self.concentrations.0.real(),
            by[2] - count * by_c[0],
        );
        parameter(
            D::CONSTANT,
            self.concentrations.1.real(),
            by[3] - count * by_c[1],
        );
        parameter(
            E::CONSTANT,
            self.correlation.real(),
            by[4] - count * by_c[2],
        );
        lift.finish(value)
    }
}

impl<M: Mode, A: Operand<M>, B: Operand<M>, C: Operand<M>, D: Operand<M>, E: Operand<M>>
    Distribution<M, [f64; 2]> for SineBivariateVonMises<A, B, C, D, E>
{
    fn log_prob(&self, x: &[Real<M>; 2]) -> Real<M> {
        self.sum(
            1,
            |_| x.map(Real::value),
            |_, by, lift| lift.push_all(x, &by),
        )
    }
    fn score_iid(&self, x: &[[f64; 2]], _: &Bump) -> Real<M> {
        self.sum(x.len(), |i| x[i], |_, _, _| ())
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> [Real<M>; 2] {
        if Src::UNCONSTRAINED {
            let circle = Bounds::Interval(Real::constant(-PI), Real::constant(PI));
            return std::array::from_fn(|_| from_line(circle, source));
        }
        let (m, k, lambda) = self.values::<M>();
        let s = marginal_quantile(source.angle(), k, lambda);
        let pull = lambda * s.sin();
        let centre = m[0] + pull.atan2(k[0]);
        let f = source.scalar(&VonMises::new(centre, k[0].hypot(pull)));
        let psi = wrap(m[1] + s).clamp(-PI.next_down(), PI.next_down());
        [f, Real::constant(psi)]
    }
    fn check(&self, report: &mut Report) {
        let (m, k, lambda) = self.values::<M>();
        let mut problem = |constant: bool, good: bool, parameter, value, requirement| {
            if constant && !good {
                report.problem(Problem::Parameter {
                    family: "SineBivariateVonMises",
                    parameter,
                    value,
                    requirement,
                });
            }
        };
        problem(A::CONSTANT, m[0].is_finite(), "locations", m[0], "finite");
        problem(B::CONSTANT, m[1].is_finite(), "locations", m[1], "finite");
        let size = "zero or positive, and finite";
        let positive = |k: f64| (0.0..f64::INFINITY).contains(&k);
        problem(C::CONSTANT, positive(k[0]), "concentrations", k[0], size);
        problem(D::CONSTANT, positive(k[1]), "concentrations", k[1], size);
        problem(
            E::CONSTANT,
            lambda.is_finite(),
            "correlation",
            lambda,
            "finite",
        );
    }
    fn check_observation(&self, x: &[f64; 2], report: &mut Report) {
        Distribution::<M, [f64; 2]>::check(self, report);
        check_finite("SineBivariateVonMises", x, report);
    }
}
observed!([A: Operand<M>, B: Operand<M>, C: Operand<M>, D: Operand<M>, E: Operand<M>] SineBivariateVonMises<A, B, C, D, E>, [f64; 2]);
