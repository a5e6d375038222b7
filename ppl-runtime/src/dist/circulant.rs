//! The normal distribution with a circulant covariance matrix, in every mode.

use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::mv_normal::{check_finite, check_location, location};
use super::normal::Normal;
use super::operand::Operands;
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use crate::real::special::LN_SQRT_2PI;
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;
use std::f64::consts::TAU;

/// Normal distribution of n numbers on a ring: the covariance of two depends on their distance around it alone.
///
/// With the eigenvalues λ_k = Σ_j c_j cos(2πjk/n) of the covariance and the Hartley transform
/// z_k = n^(−½) Σ_j (x_j − location_j) (cos + sin)(2πjk/n), ln p(x) = −½ Σ (z²/λ + ln λ) − (n/2) ln 2π: no matrix is factored, and n²
/// products are formed.
///
/// [`CirculantNormal::new`] takes c, the covariances at the distances 0, 1, ..., ⌊n/2⌋ (what a longer vector, such as the
/// first row of the matrix, has beyond them is not read); [`CirculantNormal::spectrum`] takes λ_0, ..., λ_⌊n/2⌋. `location` is a vector or one number. A
/// site is `[f64; N]`, data too. Support: R^n. Mean: location; variance of each number: c_0.
///
/// Source: Gray, *Toeplitz and Circulant Matrices* (2006), section 3.1; Bracewell, *The Hartley Transform* (1986).
///
/// ```
/// use ppl_runtime::dist::{CirculantNormal, Distribution, MvNormal};
/// use ppl_runtime::real::{Real, Value};
/// let x = [0.3, -0.7, 1.0].map(Real::<Value>::from);
/// let a = Distribution::<Value, [f64; 3]>::log_prob(&CirculantNormal::new(0.0, [2.0, 0.5]), &x);
/// let b = MvNormal::covariance(0.0, [[2.0, 0.0, 0.0], [0.5, 2.0, 0.0], [0.5, 0.5, 2.0]]);
/// assert!((a.value() - Distribution::<Value, [f64; 3]>::log_prob(&b, &x).value()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct CirculantNormal<L, C> {
    location: L,
    row: C,
    spectral: bool,
}

impl<L, C> CirculantNormal<L, C> {
    /// By location and the covariances at the distances 0, 1, ..., ⌊n/2⌋.
    pub fn new(location: L, covariances: C) -> Self {
        CirculantNormal {
            location,
            row: covariances,
            spectral: false,
        }
    }
    /// By location and the eigenvalues λ_0, ..., λ_⌊n/2⌋ of the covariance matrix.
    pub fn spectrum(location: L, eigenvalues: C) -> Self {
        CirculantNormal {
            location,
            row: eigenvalues,
            spectral: true,
        }
    }
}
impl<L, C> Combine for CirculantNormal<L, C> {}

/// cos and sin of the n-th parts of a turn.
struct Turns<const N: usize>([(f64, f64); N]);

impl<const N: usize> Turns<N> {
    fn new() -> Self {
        Turns(std::array::from_fn(|j| {
            let (s, c) = (TAU * j as f64 / N as f64).sin_cos();
            (c, s)
        }))
    }
    fn cos(&self, j: usize, k: usize) -> f64 {
        self.0[j * k % N].0
    }
    fn cas(&self, j: usize, k: usize) -> f64 {
        let (c, s) = self.0[j * k % N];
        c + s
    }
    /// The Hartley transform with orthonormal scaling, its own inverse.
    fn hartley(&self, x: &[f64; N]) -> [f64; N] {
        let scale = (N as f64).sqrt().recip();
        std::array::from_fn(|k| {
            scale
                * x.iter()
                    .enumerate()
                    .map(|(j, x)| x * self.cas(j, k))
                    .sum::<f64>()
        })
    }
    /// The eigenvalues (covariances) of given covariances (eigenvalues), without the 1/n of the way back.
    fn cosines(&self, c: &[f64; N]) -> [f64; N] {
        std::array::from_fn(|k| (0..N).map(|j| c[j.min(N - j)] * self.cos(j, k)).sum())
    }
}

impl<L, C> CirculantNormal<L, C> {
    fn eigenvalues<M: Mode, const N: usize>(&self, turns: &Turns<N>) -> [f64; N]
    where
        C: Operands<M>,
    {
        let mut c = [0.0; N];
        self.row.fill(0, &mut c[..N / 2 + 1]);
        if self.spectral {
            std::array::from_fn(|k| c[k.min(N - k)])
        } else {
            turns.cosines(&c)
        }
    }
}

impl<M: Mode, L: Operands<M>, C: Operands<M>, const N: usize> Distribution<M, [f64; N]>
    for CirculantNormal<L, C>
{
    fn log_prob(&self, x: &[Real<M>; N]) -> Real<M> {
        let turns = Turns::<N>::new();
        let lambda = self.eigenvalues::<M, N>(&turns);
        if lambda.iter().any(|&l| !(l > 0.0 && l < f64::INFINITY)) {
            return Real::constant(f64::NAN);
        }
        let at = location::<M, L, N>(&self.location);
        let z = turns.hartley(&std::array::from_fn(|i| x[i].value() - at[i]));
        let terms = z.iter().zip(&lambda).map(|(z, l)| z * z / l + l.ln());
        let value = -0.5 * terms.sum::<f64>() - N as f64 * LN_SQRT_2PI;
        if !M::GRADIENT {
            return Real::constant(value);
        }
        let by_x = turns.hartley(&std::array::from_fn(|k| -z[k] / lambda[k]));
        let mut lift = M::Lift::begin();
        lift.push_all(x, &by_x);
        if !L::CONSTANT {
            self.location.push(0, &by_x.map(|b| -b), &mut lift);
        }
        if !C::CONSTANT {
            let by: [f64; N] =
                std::array::from_fn(|k| 0.5 * (z[k] * z[k] / lambda[k] - 1.0) / lambda[k]);
            let by = if self.spectral {
                by
            } else {
                std::array::from_fn(|j| (0..N).map(|k| by[k] * turns.cos(j, k)).sum())
            };
            let mut folded = [0.0; N];
            for (j, by) in by.iter().enumerate() {
                folded[j.min(N - j)] += by;
            }
            self.row.push(0, &folded[..N / 2 + 1], &mut lift);
        }
        lift.finish(value)
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> [Real<M>; N] {
        if on_line::<M, Src>(source) {
            return std::array::from_fn(|_| source.coordinate());
        }
        let turns = Turns::<N>::new();
        let row: [Real<M>; N] = std::array::from_fn(|j| self.row.at(j.min(N - j)));
        let z: [Real<M>; N] = std::array::from_fn(|k| {
            let lambda = if self.spectral {
                row[k]
            } else {
                M::weighted_sum(&row, &std::array::from_fn::<f64, N, _>(|j| turns.cos(j, k)))
            };
            lambda.sqrt() * source.scalar(&Normal::new(0.0, 1.0))
        });
        let scale = (N as f64).sqrt().recip();
        std::array::from_fn(|j| {
            let weights: [f64; N] = std::array::from_fn(|k| scale * turns.cas(j, k));
            self.location.at(j) + M::weighted_sum(&z, &weights)
        })
    }
    fn check(&self, report: &mut Report) {
        check_location::<M, L, N>("CirculantNormal", &self.location, report);
        let name = if self.spectral {
            "eigenvalues"
        } else {
            "covariances"
        };
        if let Some(n) = self.row.len()
            && n < N / 2 + 1
        {
            report.problem(Problem::Expression(format!(
                "CirculantNormal: {n} {name}, and {} are needed",
                N / 2 + 1
            )));
        } else if C::CONSTANT {
            let lambda = self.eigenvalues::<M, N>(&Turns::new());
            if let Some(bad) = lambda.iter().find(|&&l| !(l > 0.0 && l < f64::INFINITY)) {
                report.problem(Problem::Expression(format!(
                    "CirculantNormal: the covariance matrix has the eigenvalue {bad}, and all must be positive"
                )));
            }
        }
    }
    fn check_observation(&self, x: &[f64; N], report: &mut Report) {
        Distribution::<M, [f64; N]>::check(self, report);
        check_finite("CirculantNormal", x, report);
    }
}
observed!([L: Operands<M>, C: Operands<M>, const N: usize] CirculantNormal<L, C>, [f64; N]);
