//! The marginal likelihood of Gaussian process regression.

use super::covariance::Covariance;
use super::datum::Score;
use super::distribution::Combine;
use super::operand::Operand;
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::kernels::{cholesky, invert, solve_transposed, weighted_sum};
use crate::real::special::{LN_SQRT_2PI, normal_quantile};
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;

/// Where a process is looked at: `&[f64]`, or `&[[f64; P]]` for several inputs.
pub trait Inputs {
    /// How many.
    fn count(&self) -> usize;
    /// The squared distances of input `i` from those from `i` on.
    fn squared_distances(&self, i: usize, out: &mut [f64]);
}
impl Inputs for [f64] {
    fn count(&self) -> usize {
        self.len()
    }
    #[inline]
    fn squared_distances(&self, i: usize, out: &mut [f64]) {
        for (o, x) in out.iter_mut().zip(&self[i..]) {
            *o = (x - self[i]) * (x - self[i]);
        }
    }
}
impl<const P: usize> Inputs for [[f64; P]] {
    fn count(&self) -> usize {
        self.len()
    }
    #[inline]
    fn squared_distances(&self, i: usize, out: &mut [f64]) {
        for (o, x) in out.iter_mut().zip(&self[i..]) {
            *o = x.iter().zip(&self[i]).map(|(a, b)| (a - b) * (a - b)).sum();
        }
    }
}
impl<T: Inputs + ?Sized> Inputs for &T {
    fn count(&self) -> usize {
        (**self).count()
    }
    #[inline]
    fn squared_distances(&self, i: usize, out: &mut [f64]) {
        (**self).squared_distances(i, out);
    }
}
impl<T> Inputs for Vec<T>
where
    [T]: Inputs,
{
    fn count(&self) -> usize {
        self.len()
    }
    #[inline]
    fn squared_distances(&self, i: usize, out: &mut [f64]) {
        self.as_slice().squared_distances(i, out);
    }
}

/// Values of a Gaussian process of mean 0, seen with normal noise: y ~ N(0, K + noise²·I), K by a covariance function of
/// the inputs. One factorisation gives the log density and its derivative by every parameter,
/// ∂ ln p/∂θ = ½ tr((ααᵀ − C⁻¹)·∂C/∂θ) with C = K + noise²·I and α = C⁻¹·y.
///
/// Source: Rasmussen & Williams, *Gaussian Processes for Machine Learning* (2006), eqs. 5.8 and 5.9.
///
/// ```
/// use ppl_runtime::dist::{GaussianProcess, SquaredExponential, datum::Score};
/// use ppl_runtime::real::Value;
/// let d = GaussianProcess::new(&[0.0, 9.0][..], SquaredExponential::new(3.0, 0.1), 4.0);
/// let p = Score::<Value, [f64]>::score(&d, &[5.0, 0.0], &Default::default());
/// // So far apart that both are N(0, 5).
/// assert!((p.value() + 0.5 + (25.0 * std::f64::consts::TAU).ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct GaussianProcess<X, C, S> {
    inputs: X,
    covariance: C,
    noise: S,
}

impl<X, C, S> GaussianProcess<X, C, S> {
    /// By inputs, covariance function and the standard deviation of the noise.
    pub fn new(inputs: X, covariance: C, noise: S) -> Self {
        GaussianProcess {
            inputs,
            covariance,
            noise,
        }
    }
}

impl<X, C, S> Combine for GaussianProcess<X, C, S> {}

/// The upper triangle of a matrix by rows; what the functions below write row by row.
type Triangle<'a> = &'a mut [f64];

impl<X: Inputs, C, S> GaussianProcess<X, C, S> {
    /// The upper triangle of K + noise²·I, and of its derivatives by the length where they are wanted.
    fn fill<M: Mode>(&self, n: usize, matrix: Triangle<'_>, by_length: Triangle<'_>)
    where
        C: Covariance<M>,
        S: Operand<M>,
    {
        let noise = self.noise.value();
        for i in 0..n {
            let row = &mut matrix[i * n + i..(i + 1) * n];
            self.inputs.squared_distances(i, row);
            let slopes = by_length.get_mut(i * n + i..(i + 1) * n);
            self.covariance.fill(row, slopes.unwrap_or_default());
            row[0] += noise * noise;
        }
    }
}

impl<M: Mode, X: Inputs, C: Covariance<M>, S: Operand<M>> Score<M, [f64]>
    for GaussianProcess<X, C, S>
{
    fn score(&self, y: &[f64], arena: &Bump) -> Real<M> {
        let n = y.len();
        let noise = self.noise.value();
        if n != self.inputs.count() || noise.is_nan() || noise < 0.0 || !self.covariance.is_valid()
        {
            return Real::constant(f64::NAN);
        }
        let buffer = |wanted: bool, n: usize| {
            arena.alloc_slice_fill_copy(if wanted { n } else { 0 }, 0.0_f64)
        };
        let (u, by_length) = (buffer(true, n * n), buffer(M::GRADIENT, n * n));
        self.fill(n, u, by_length);
        let kept = buffer(M::GRADIENT, n * n);
        kept.copy_from_slice(&u[..kept.len()]);
        let weights = buffer(true, n);
        if !cholesky(u, weights, n) {
            return Real::constant(f64::NEG_INFINITY);
        }
        let z = arena.alloc_slice_copy(y);
        solve_transposed(u, z, n);
        let squares: f64 = z.iter().map(|z| z * z).sum();
        let ln_det: f64 = (0..n).map(|i| u[i * n + i].ln()).sum();
        let value = -0.5 * squares - ln_det - n as f64 * LN_SQRT_2PI;
        if !M::GRADIENT {
            return Real::constant(value);
        }
        let (root, inverse) = (buffer(true, n * n), buffer(true, n * n));
        invert(u, root, inverse, weights, n);
        // α = C⁻¹·y = L⁻ᵀ·z.
        let alpha = buffer(true, n);
        for (k, z) in z.iter().enumerate() {
            for (a, r) in alpha.iter_mut().zip(&root[k * n..=k * n + k]) {
                *a += z * r;
            }
        }
        // ααᵀ − C⁻¹ counts twice off the diagonal, and by half on it.
        let (mut by_amplitude, mut by_length_sum, mut trace) = (0.0, 0.0, 0.0);
        let variance = noise * noise;
        for i in 0..n {
            let adjoint = &mut weights[..n - i];
            for (k, a) in adjoint.iter_mut().enumerate() {
                *a = alpha[i] * alpha[i + k] - inverse[(i + k) * n + i];
            }
            adjoint[0] *= 0.5;
            trace += adjoint[0];
            let row = i * n + i..(i + 1) * n;
            by_amplitude += weighted_sum(adjoint, &kept[row.clone()]) - adjoint[0] * variance;
            by_length_sum += weighted_sum(adjoint, &by_length[row]);
        }
        let mut lift = M::Lift::begin();
        let [amplitude, length] = self.covariance.parameters();
        if !C::CONSTANT[0] {
            lift.push(amplitude, 2.0 * by_amplitude / amplitude.value());
        }
        if !C::CONSTANT[1] {
            lift.push(length, by_length_sum);
        }
        if !S::CONSTANT {
            lift.push(self.noise.real(), 2.0 * noise * trace);
        }
        lift.finish(value)
    }
    fn check(&self, x: Option<&[f64]>, report: &mut Report) {
        let n = self.inputs.count();
        if let Some(x) = x {
            if x.len() != n {
                report.problem(Problem::Length {
                    data: x.len(),
                    distribution: n,
                });
            }
            for (i, value) in x.iter().enumerate().filter(|x| !x.1.is_finite()) {
                report.element(i, |r| {
                    r.problem(Problem::Observation {
                        value: *value,
                        family: "GaussianProcess",
                        requirement: "finite numbers",
                    });
                });
            }
        }
        self.covariance.check(report);
        if S::CONSTANT && !(self.noise.value() >= 0.0 && self.noise.value().is_finite()) {
            report.problem(Problem::Parameter {
                family: "GaussianProcess",
                parameter: "noise",
                value: self.noise.value(),
                requirement: "zero or positive",
            });
        }
    }
    fn simulate<Src: Source<M>>(
        &self,
        n: usize,
        source: &mut Src,
        arena: &Bump,
        out: &mut Vec<f64>,
    ) {
        let u = arena.alloc_slice_fill_copy(n * n, 0.0);
        let weights = arena.alloc_slice_fill_copy(n, 0.0);
        self.fill(n, u, &mut []);
        let definite = n == self.inputs.count() && cholesky(u, weights, n);
        for z in weights.iter_mut() {
            *z = normal_quantile(source.uniform());
        }
        for i in 0..n {
            let value = (0..=i).map(|k| u[k * n + i] * weights[k]).sum();
            out.push(if definite { value } else { f64::NAN });
        }
    }
    fn own_length(&self) -> Option<usize> {
        Some(self.inputs.count())
    }
}
