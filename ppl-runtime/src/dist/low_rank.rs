//! The multivariate normal distribution whose covariance is a diagonal and a product of few columns, in every mode.

use super::datum::observed;
use super::distribution::{Combine, Distribution};
use super::mv_normal::{check_finite, check_location, location};
use super::normal::Normal;
use super::operand::{Operand, Operands};
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use super::vector::factor::{Square, cholesky, ln_diagonal, solve, solve_transposed};
use crate::real::special::LN_SQRT_2PI;
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;

/// Multivariate normal distribution of n numbers with covariance Σ = W Wᵀ + diag(d), W of n × k: O(n k²) instead of
/// O(n³).
///
/// With C = I + Wᵀ diag(d)⁻¹ W, c = C⁻¹ Wᵀ diag(d)⁻¹ (x − location) and r = x − location − W c,
/// ln p(x) = −½ (Σ r²/d + |c|²) − ½ Σ ln d − ½ ln |C| − (n/2) ln 2π (Woodbury's identity, as a sum of squares).
///
/// Shapes: `location` a vector or one number; `loadings` is W, an array of n rows of k numbers, data or latent; `variances`
/// is d, a vector or one number. A site is `[f64; N]`, data too. Support: R^n. From the cube it comes by its conditionals in
/// order. Mean: location; variance: Σ.
///
/// Source: Woodbury (1950); Rasmussen & Williams, *Gaussian Processes for Machine Learning* (2006), eq. A.9.
///
/// ```
/// use ppl_runtime::dist::{Distribution, LowRankMvNormal, MvNormal};
/// use ppl_runtime::real::{Real, Value};
/// let x = [0.3, -0.7].map(Real::<Value>::from);
/// let low = LowRankMvNormal::new(0.0, [[1.0], [2.0]], [0.5, 0.7]);
/// let full = MvNormal::covariance(0.0, [[1.5, 2.0], [2.0, 4.7]]);
/// let (a, b) = (Distribution::<Value, [f64; 2]>::log_prob(&low, &x), Distribution::<Value, [f64; 2]>::log_prob(&full, &x));
/// assert!((a.value() - b.value()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct LowRankMvNormal<L, T, D, const N: usize, const K: usize> {
    location: L,
    loadings: [[T; K]; N],
    variances: D,
}

impl<L, T, D, const N: usize, const K: usize> LowRankMvNormal<L, T, D, N, K> {
    /// By location, loadings W and variances d.
    pub fn new(location: L, loadings: [[T; K]; N], variances: D) -> Self {
        LowRankMvNormal {
            location,
            loadings,
            variances,
        }
    }
}
impl<L, T, D, const N: usize, const K: usize> Combine for LowRankMvNormal<L, T, D, N, K> {}

/// ln p and its partials.
struct Score<const N: usize, const K: usize> {
    value: f64,
    by_x: [f64; N],
    by_loadings: [[f64; K]; N],
    by_variances: [f64; N],
}

fn partials<const N: usize, const K: usize>(
    x: &[f64; N],
    location: &[f64; N],
    w: &[[f64; K]; N],
    d: &[f64; N],
) -> Option<Score<N, K>> {
    if d.iter().any(|&d| !(d > 0.0 && d < f64::INFINITY)) {
        return None;
    }
    let y: [f64; N] = std::array::from_fn(|i| x[i] - location[i]);
    let mut capacity: Square<K> = std::array::from_fn(|k| {
        std::array::from_fn(|m| {
            let sum: f64 = (0..N).map(|i| w[i][k] * (w[i][m] / d[i])).sum();
            if k == m { 1.0 + sum } else { sum }
        })
    });
    if !cholesky(&mut capacity) {
        return None;
    }
    let apply = |v: &mut [f64; K]| {
        solve(&capacity, v);
        solve_transposed(&capacity, v);
    };
    let mut c: [f64; K] = std::array::from_fn(|k| (0..N).map(|i| w[i][k] * (y[i] / d[i])).sum());
    apply(&mut c);
    let dot = |a: &[f64; K], b: &[f64; K]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    // v = Σ⁻¹ (x − location)
    let rest: [f64; N] = std::array::from_fn(|i| y[i] - dot(&w[i], &c));
    let v: [f64; N] = std::array::from_fn(|i| rest[i] / d[i]);
    let squares: f64 = (0..N).map(|i| rest[i] * v[i]).sum::<f64>() + dot(&c, &c);
    let ln_d: f64 = d.iter().map(|d| d.ln()).sum();
    let (mut by_loadings, mut by_variances) = ([[0.0; K]; N], [0.0; N]);
    for i in 0..N {
        let mut row = w[i];
        apply(&mut row);
        // Row i of Σ⁻¹ W is C⁻¹ wᵢ/dᵢ, and Wᵀ v is c.
        by_loadings[i] = std::array::from_fn(|k| v[i] * c[k] - row[k] / d[i]);
        let precision = (1.0 - dot(&w[i], &row) / d[i]) / d[i];
        by_variances[i] = 0.5 * (v[i] * v[i] - precision);
    }
    Some(Score {
        value: -0.5 * (squares + ln_d) - ln_diagonal(&capacity) - N as f64 * LN_SQRT_2PI,
        by_x: v.map(|v| -v),
        by_loadings,
        by_variances,
    })
}

impl<M: Mode, L: Operands<M>, T: Operand<M>, D: Operands<M>, const N: usize, const K: usize>
    Distribution<M, [f64; N]> for LowRankMvNormal<L, T, D, N, K>
{
    fn log_prob(&self, x: &[Real<M>; N]) -> Real<M> {
        let w = self.loadings.map(|row| row.map(|w| w.value()));
        let at = location::<M, L, N>(&self.location);
        let d = location::<M, D, N>(&self.variances);
        let Some(score) = partials(&x.map(Real::value), &at, &w, &d) else {
            return Real::constant(f64::NAN);
        };
        if !M::GRADIENT {
            return Real::constant(score.value);
        }
        let mut lift = M::Lift::begin();
        lift.push_all(x, &score.by_x);
        if !L::CONSTANT {
            self.location.push(0, &score.by_x.map(|b| -b), &mut lift);
        }
        if !T::CONSTANT {
            for (row, by) in self.loadings.iter().zip(&score.by_loadings) {
                lift.push_all(&row.map(|w| w.real()), by);
            }
        }
        if !D::CONSTANT {
            self.variances.push(0, &score.by_variances, &mut lift);
        }
        lift.finish(score.value)
    }
    /// Number i given those before it is normal with the mean and variance that the posterior of the k factors gives.
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> [Real<M>; N] {
        if on_line::<M, Src>(source) {
            return std::array::from_fn(|_| source.coordinate());
        }
        let mut mean = [Real::constant(0.0); K];
        let mut cov = [[Real::constant(0.0); K]; K];
        for (k, row) in cov.iter_mut().enumerate() {
            row[k] = Real::constant(1.0);
        }
        std::array::from_fn(|i| {
            let w = self.loadings[i].map(|w| w.real());
            let gain: [Real<M>; K] =
                std::array::from_fn(|k| (0..K).map(|m| cov[k][m] * w[m]).sum());
            let variance: Real<M> =
                self.variances.at(i) + (0..K).map(|k| w[k] * gain[k]).sum::<Real<M>>();
            let sd = variance.sqrt();
            let z = source.scalar(&Normal::new(0.0, 1.0));
            let expected: Real<M> = (0..K).map(|k| w[k] * mean[k]).sum();
            for k in 0..K {
                mean[k] += gain[k] / sd * z;
                for m in 0..K {
                    cov[k][m] -= gain[k] * gain[m] / variance;
                }
            }
            self.location.at(i) + expected + sd * z
        })
    }
    fn check(&self, report: &mut Report) {
        check_location::<M, L, N>("LowRankMvNormal", &self.location, report);
        if let Some(n) = self.variances.len()
            && n != N
        {
            report.problem(Problem::Length {
                data: N,
                distribution: n,
            });
        } else if D::CONSTANT
            && let Some(value) = location::<M, D, N>(&self.variances)
                .into_iter()
                .find(|&d| !(d > 0.0 && d < f64::INFINITY))
        {
            report.problem(Problem::Parameter {
                family: "LowRankMvNormal",
                parameter: "variances",
                value,
                requirement: "positive and finite",
            });
        }
    }
    fn check_observation(&self, x: &[f64; N], report: &mut Report) {
        Distribution::<M, [f64; N]>::check(self, report);
        check_finite("LowRankMvNormal", x, report);
    }
}
observed!([L: Operands<M>, T: Operand<M>, D: Operands<M>, const N: usize, const K: usize] LowRankMvNormal<L, T, D, N, K>, [f64; N]);
