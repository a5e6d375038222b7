//! The Gaussian random walk in every mode.

use super::datum::{Score, array_as_slice};
use super::distribution::{Combine, Distribution};
use super::mv_normal::check_finite;
use super::normal::Normal;
use super::operand::Operand;
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use crate::real::special::LN_SQRT_2PI;
use crate::real::{Lift, Mode, Real};
use crate::support::Seq;
use bumpalo::Bump;

/// Gaussian random walk: x₀ and all steps x_t − x_{t−1} are normal with mean 0 and this scale,
/// ln p(x) = −½ Σ (x_t − x_{t−1})²/scale² − n ln scale − (n/2) ln 2π with x_{−1} = 0.
///
/// A site is `[f64; N]`, or `Vec<f64>` of [`GaussianRandomWalk::steps`] numbers; data of any length. Support: R^n. From the
/// cube it comes step by step. Mean: 0; covariance: scale² (1 + min(s, t)), from 0.
///
/// Source: NumPyro documentation, `GaussianRandomWalk`; Shumway & Stoffer, *Time Series Analysis* (2017), example 1.10.
///
/// ```
/// use ppl_runtime::dist::{GaussianRandomWalk, datum::Score};
/// use ppl_runtime::real::Value;
/// let p = Score::<Value, [f64]>::score(&GaussianRandomWalk::new(1.0), &[1.0, 1.0], &bumpalo::Bump::new());
/// assert!((p.value() + 0.5 + std::f64::consts::TAU.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct GaussianRandomWalk<S> {
    scale: S,
    steps: Option<usize>,
}

impl<S> GaussianRandomWalk<S> {
    /// The random walk with steps of this scale; its length comes from the data or the annotation.
    pub fn new(scale: S) -> Self {
        GaussianRandomWalk { scale, steps: None }
    }
    /// A random walk of n numbers.
    pub fn steps(scale: S, n: usize) -> Self {
        GaussianRandomWalk {
            scale,
            steps: Some(n),
        }
    }
}
impl<S> Combine for GaussianRandomWalk<S> {}

fn valid(scale: f64) -> bool {
    scale > 0.0 && scale < f64::INFINITY
}

impl<S> GaussianRandomWalk<S> {
    fn ln_p<M: Mode>(
        &self,
        n: usize,
        x: impl Fn(usize) -> f64,
        push: impl Fn(usize, f64, &mut M::Lift),
    ) -> Real<M>
    where
        S: Operand<M>,
    {
        let s = self.scale.value();
        if !valid(s) {
            return Real::constant(f64::NAN);
        }
        let mut lift = M::Lift::begin();
        let (mut squares, mut last) = (0.0, 0.0);
        for t in 0..n {
            let z = (x(t) - last) / s;
            squares += z * z;
            if M::GRADIENT {
                let next = if t + 1 < n {
                    (x(t + 1) - x(t)) / s
                } else {
                    0.0
                };
                push(t, (next - z) / s, &mut lift);
            }
            last = x(t);
        }
        let count = n as f64;
        if !S::CONSTANT {
            lift.push(self.scale.real(), (squares - count) / s);
        }
        lift.finish(-0.5 * squares - count * (s.ln() + LN_SQRT_2PI))
    }

    fn next<M: Mode, Src: Source<M>>(&self, source: &mut Src, last: &mut Real<M>) -> Real<M>
    where
        S: Operand<M>,
    {
        if on_line::<M, Src>(source) {
            return source.coordinate();
        }
        *last += source.scalar(&Normal::new(0.0, self.scale));
        *last
    }

    fn check_scale<M: Mode>(&self, report: &mut Report)
    where
        S: Operand<M>,
    {
        let value = self.scale.value();
        if S::CONSTANT && !valid(value) {
            report.problem(Problem::Parameter {
                family: "GaussianRandomWalk",
                parameter: "scale",
                value,
                requirement: "positive and finite",
            });
        }
    }
}

impl<M: Mode, S: Operand<M>, const N: usize> Distribution<M, [f64; N]> for GaussianRandomWalk<S> {
    fn log_prob(&self, x: &[Real<M>; N]) -> Real<M> {
        self.ln_p(N, |t| x[t].value(), |t, by, lift| lift.push(x[t], by))
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> [Real<M>; N] {
        let mut last = Real::constant(0.0);
        std::array::from_fn(|_| self.next(source, &mut last))
    }
    fn check(&self, report: &mut Report) {
        self.check_scale::<M>(report);
        if let Some(n) = self.steps
            && n != N
        {
            report.problem(Problem::Length {
                data: N,
                distribution: n,
            });
        }
    }
}

impl<M: Mode, S: Operand<M>> Distribution<M, Vec<f64>> for GaussianRandomWalk<S> {
    fn log_prob(&self, x: &Seq<'_, Real<M>>) -> Real<M> {
        self.ln_p(x.len(), |t| x[t].value(), |t, by, lift| lift.push(x[t], by))
    }
    fn draw<'a, Src: Source<M>>(&self, source: &mut Src, arena: &'a Bump) -> Seq<'a, Real<M>> {
        let mut last = Real::constant(0.0);
        let n = self.steps.unwrap_or(0);
        Seq(arena.alloc_slice_fill_with(n, |_| self.next(source, &mut last)))
    }
    fn check(&self, report: &mut Report) {
        self.check_scale::<M>(report);
        if self.steps.is_none() {
            report.problem(Problem::Expression(
                "GaussianRandomWalk: a latent `Vec` needs its length: write `GaussianRandomWalk::steps(scale, n)`"
                    .into(),
            ));
        }
    }
}

impl<M: Mode, S: Operand<M>> Score<M, [f64]> for GaussianRandomWalk<S> {
    fn score(&self, x: &[f64], _: &Bump) -> Real<M> {
        self.ln_p(x.len(), |t| x[t], |_, _, _| ())
    }
    fn check(&self, x: Option<&[f64]>, report: &mut Report) {
        self.check_scale::<M>(report);
        if let Some(x) = x {
            check_finite("GaussianRandomWalk", x, report);
            if let Some(n) = self.steps
                && n != x.len()
            {
                report.problem(Problem::Length {
                    data: x.len(),
                    distribution: n,
                });
            }
        }
    }
    fn simulate<Src: Source<M>>(&self, n: usize, source: &mut Src, _: &Bump, out: &mut Vec<f64>) {
        let mut last = Real::constant(0.0);
        out.extend((0..n).map(|_| self.next(source, &mut last).value()));
    }
    fn own_length(&self) -> Option<usize> {
        self.steps
    }
}
impl<M: Mode, S: Operand<M>, const N: usize> Score<M, [f64; N]> for GaussianRandomWalk<S> {
    array_as_slice!(f64, N);
}
