//! The conditional autoregressive distribution of numbers on a graph, in every mode.

mod adjacency;

pub use adjacency::Adjacency;

use super::datum::{Score, array_as_slice};
use super::distribution::{Combine, Distribution};
use super::mv_normal::check_finite;
use super::normal::Normal;
use super::operand::{Operand, Operands};
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use crate::real::special::LN_SQRT_2PI;
use crate::real::{Lift, Mode, Real};
use crate::support::Seq;
use bumpalo::Bump;

/// Conditional autoregressive distribution of n numbers on a graph: normal with the precision matrix
/// τ (D − α W), D the diagonal of W's row sums.
///
/// Given the others, number i has mean location_i + α Σ_j w_ij (x_j − location_j)/d_i and variance 1/(τ d_i):
/// ln p(x) = ½ (n ln τ + Σ ln d + Σ ln(1 − α λ)) − ½ τ yᵀ(D − α W) y − (n/2) ln 2π with y = x − location and λ the eigenvalues
/// of D^(−½) W D^(−½), which [`Adjacency`] holds: O(edges) an evaluation.
///
/// `location` is a vector or one number, `correlation` is α in (−1, 1) and `precision` τ > 0, data or latent. A site is `[f64; N]` or
/// `Vec<f64>` of the graph's length, data too. Support: R^n. From the cube it comes through the dense Cholesky factor of the precision.
///
/// Source: Gelfand & Vounatsou, "Proper multivariate conditional autoregressive models for spatial data analysis",
/// Biostatistics 4 (2003), section 2; Jin, Carlin & Banerjee (2005), eq. 3 for the determinant.
///
/// ```
/// use ppl_runtime::dist::{Adjacency, Car, datum::Score};
/// use ppl_runtime::real::Value;
/// let pair = Adjacency::new(&[[0.0, 1.0], [1.0, 0.0]]).unwrap();
/// let p = Score::<Value, [f64]>::score(&Car::new(0.0, 0.0, 1.0, &pair), &[0.0, 0.0], &bumpalo::Bump::new());
/// assert!((p.value() + std::f64::consts::TAU.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Car<'g, L, A, T> {
    location: L,
    correlation: A,
    precision: T,
    graph: &'g Adjacency,
}

impl<'g, L, A, T> Car<'g, L, A, T> {
    /// By location, correlation α, conditional precision τ and graph.
    pub fn new(location: L, correlation: A, precision: T, graph: &'g Adjacency) -> Self {
        Car {
            location,
            correlation,
            precision,
            graph,
        }
    }
}
impl<L, A, T> Combine for Car<'_, L, A, T> {}

impl<L, A, T> Car<'_, L, A, T> {
    fn ln_p<M: Mode>(
        &self,
        n: usize,
        x: impl Fn(usize) -> f64,
        push: impl Fn(usize, f64, &mut M::Lift),
    ) -> Real<M>
    where
        L: Operands<M>,
        A: Operand<M>,
        T: Operand<M>,
    {
        let (graph, a, tau) = (self.graph, self.correlation.value(), self.precision.value());
        let inside = graph.eigenvalues.iter().all(|l| a * l < 1.0);
        if n != graph.len() || !(inside && tau > 0.0 && tau < f64::INFINITY && a.is_finite()) {
            return Real::constant(f64::NAN);
        }
        let y = |i: usize| x(i) - self.location.at(i).value();
        let (mut own, mut cross) = (0.0, 0.0);
        let mut lift = M::Lift::begin();
        for i in 0..n {
            let (yi, around) = (y(i), graph.around(i, y));
            own += graph.degrees[i] * yi * yi;
            cross += yi * around;
            if M::GRADIENT {
                let by = -tau * (graph.degrees[i] * yi - a * around);
                push(i, by, &mut lift);
                if !L::CONSTANT {
                    self.location.push(i, &[-by], &mut lift);
                }
            }
        }
        let ln: f64 = graph.eigenvalues.iter().map(|l| (-a * l).ln_1p()).sum();
        let (count, form) = (n as f64, own - a * cross);
        if !A::CONSTANT {
            let slope: f64 = graph.eigenvalues.iter().map(|l| l / (1.0 - a * l)).sum();
            lift.push(self.correlation.real(), 0.5 * (tau * cross - slope));
        }
        if !T::CONSTANT {
            lift.push(self.precision.real(), 0.5 * (count / tau - form));
        }
        let value = 0.5 * (count * tau.ln() + graph.ln_degrees + ln - tau * form);
        lift.finish(value - count * LN_SQRT_2PI)
    }

    /// x = location + K⁻ᵀ z with K Kᵀ the precision matrix.
    fn fill<M: Mode, Src: Source<M>>(&self, source: &mut Src, arena: &Bump, out: &mut [Real<M>])
    where
        L: Operands<M>,
        A: Operand<M>,
        T: Operand<M>,
    {
        let (graph, n) = (self.graph, self.graph.len().min(out.len()));
        let (a, tau) = (self.correlation.real(), self.precision.real());
        let k = arena.alloc_slice_fill_copy(n * n, Real::constant(0.0));
        for i in 0..n {
            k[i * n + i] = tau * graph.degrees[i];
            for &(j, w) in graph.neighbours_of(i) {
                if j < i {
                    k[i * n + j] = -(tau * a * w);
                }
            }
            for j in 0..=i {
                let rest = (0..j).fold(k[i * n + j], |r, m| r - k[i * n + m] * k[j * n + m]);
                k[i * n + j] = if i == j {
                    rest.sqrt()
                } else {
                    rest / k[j * n + j]
                };
            }
        }
        for x in &mut out[..n] {
            *x = source.scalar(&Normal::new(0.0, 1.0));
        }
        for i in (0..n).rev() {
            let rest = (i + 1..n).fold(out[i], |r, m| r - k[m * n + i] * out[m]);
            out[i] = rest / k[i * n + i];
        }
        for (i, x) in out[..n].iter_mut().enumerate() {
            *x += self.location.at(i);
        }
    }

    fn check_all<M: Mode>(&self, n: usize, report: &mut Report)
    where
        L: Operands<M>,
        A: Operand<M>,
        T: Operand<M>,
    {
        for m in [self.location.len(), Some(self.graph.len())]
            .into_iter()
            .flatten()
        {
            if m != n {
                report.problem(Problem::Length {
                    data: n,
                    distribution: m,
                });
            }
        }
        let (a, tau) = (self.correlation.value(), self.precision.value());
        if A::CONSTANT && (a.is_nan() || a.abs() >= 1.0) {
            report.problem(Problem::Parameter {
                family: "Car",
                parameter: "correlation",
                value: a,
                requirement: "between -1 and 1",
            });
        }
        if T::CONSTANT && !(tau > 0.0 && tau < f64::INFINITY) {
            report.problem(Problem::Parameter {
                family: "Car",
                parameter: "precision",
                value: tau,
                requirement: "positive and finite",
            });
        }
    }
}

impl<M: Mode, L: Operands<M>, A: Operand<M>, T: Operand<M>, const N: usize>
    Distribution<M, [f64; N]> for Car<'_, L, A, T>
{
    fn log_prob(&self, x: &[Real<M>; N]) -> Real<M> {
        self.ln_p(N, |i| x[i].value(), |i, by, lift| lift.push(x[i], by))
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, arena: &Bump) -> [Real<M>; N] {
        if on_line::<M, Src>(source) {
            return std::array::from_fn(|_| source.coordinate());
        }
        let mut out = [Real::constant(f64::NAN); N];
        self.fill(source, arena, &mut out);
        out
    }
    fn check(&self, report: &mut Report) {
        self.check_all::<M>(N, report);
    }
}

impl<M: Mode, L: Operands<M>, A: Operand<M>, T: Operand<M>> Distribution<M, Vec<f64>>
    for Car<'_, L, A, T>
{
    fn log_prob(&self, x: &Seq<'_, Real<M>>) -> Real<M> {
        self.ln_p(
            x.0.len(),
            |i| x[i].value(),
            |i, by, lift| lift.push(x[i], by),
        )
    }
    fn draw<'a, Src: Source<M>>(&self, source: &mut Src, arena: &'a Bump) -> Seq<'a, Real<M>> {
        let n = self.graph.len();
        if on_line::<M, Src>(source) {
            return Seq(arena.alloc_slice_fill_with(n, |_| source.coordinate()));
        }
        let out = arena.alloc_slice_fill_copy(n, Real::constant(f64::NAN));
        self.fill(source, arena, out);
        Seq(out)
    }
    fn check(&self, report: &mut Report) {
        self.check_all::<M>(self.graph.len(), report);
    }
}

impl<M: Mode, L: Operands<M>, A: Operand<M>, T: Operand<M>> Score<M, [f64]> for Car<'_, L, A, T> {
    fn score(&self, x: &[f64], _: &Bump) -> Real<M> {
        self.ln_p(x.len(), |i| x[i], |_, _, _| ())
    }
    fn check(&self, x: Option<&[f64]>, report: &mut Report) {
        self.check_all::<M>(x.map_or(self.graph.len(), <[f64]>::len), report);
        if let Some(x) = x {
            check_finite("Car", x, report);
        }
    }
    fn simulate<Src: Source<M>>(
        &self,
        n: usize,
        source: &mut Src,
        arena: &Bump,
        out: &mut Vec<f64>,
    ) {
        let x = arena.alloc_slice_fill_copy(n, Real::constant(f64::NAN));
        self.fill(source, arena, x);
        out.extend(x.iter().map(|x| x.value()));
    }
    fn own_length(&self) -> Option<usize> {
        Some(self.graph.len())
    }
}
impl<M: Mode, L: Operands<M>, A: Operand<M>, T: Operand<M>, const N: usize> Score<M, [f64; N]>
    for Car<'_, L, A, T>
{
    array_as_slice!(f64, N);
}
