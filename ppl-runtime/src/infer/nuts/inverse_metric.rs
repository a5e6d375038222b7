//! The inverse M⁻¹ of the mass matrix: an estimate of the posterior's covariance.

use super::vector::{add_scaled, dot, matrix_times};
use crate::random::Rng;
use nalgebra::DMatrix;
use rand_distr::{Distribution, StandardNormal};

/// M⁻¹ in the form that its [`Metric`](super::Metric) asks for.
#[derive(Clone, Debug)]
pub(super) enum InverseMetric {
    /// Variances.
    Diagonal(Vec<f64>),
    /// A covariance, with its Cholesky factor.
    Dense {
        covariance: DMatrix<f64>,
        factor: DMatrix<f64>,
    },
    /// S (I + Σ_j (λ_j − 1) u_j u_jᵀ) S with S diagonal and orthonormal u_j.
    LowRank { scale: Vec<f64>, terms: Vec<Term> },
}

/// A direction of a low-rank metric.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub lambda: f64,
    /// S u.
    pub scaled: Vec<f64>,
    /// S⁻¹ u.
    pub unscaled: Vec<f64>,
}

impl InverseMetric {
    /// The identity.
    pub(super) fn unit(dim: usize) -> Self {
        InverseMetric::Diagonal(vec![1.0; dim])
    }

    /// A dense metric; nothing if the matrix is not positive definite.
    pub(super) fn dense(covariance: DMatrix<f64>) -> Option<Self> {
        let factor = covariance.clone().cholesky()?.unpack();
        Some(InverseMetric::Dense { covariance, factor })
    }

    /// A low-rank metric of scales and orthonormal directions.
    pub(super) fn low_rank(scale: Vec<f64>, directions: Vec<(f64, Vec<f64>)>) -> Self {
        let term = |(lambda, u): (f64, Vec<f64>)| Term {
            lambda,
            scaled: u.iter().zip(&scale).map(|(u, s)| u * s).collect(),
            unscaled: u.iter().zip(&scale).map(|(u, s)| u / s).collect(),
        };
        let terms = directions.into_iter().map(term).collect();
        InverseMetric::LowRank { scale, terms }
    }

    /// v = M⁻¹ p.
    #[inline(always)]
    pub(super) fn velocity(&self, p: &[f64], v: &mut [f64]) {
        match self {
            InverseMetric::Diagonal(variance) => {
                for ((v, p), m) in v.iter_mut().zip(p).zip(variance) {
                    *v = m * p;
                }
            }
            InverseMetric::Dense { covariance, .. } => {
                matrix_times(covariance.as_slice(), p, v);
            }
            InverseMetric::LowRank { scale, terms } => {
                for ((v, p), s) in v.iter_mut().zip(p).zip(scale) {
                    *v = s * s * p;
                }
                for t in terms {
                    add_scaled(v, (t.lambda - 1.0) * dot(&t.scaled, p), &t.scaled);
                }
            }
        }
    }

    /// p ~ N(0, M) and v = M⁻¹ p.
    pub(super) fn refresh(&self, p: &mut [f64], v: &mut [f64], rng: &mut Rng) {
        // v holds the standard normal z until it is known.
        for z in v.iter_mut() {
            *z = StandardNormal.sample(rng);
        }
        match self {
            InverseMetric::Diagonal(variance) => {
                for ((p, z), m) in p.iter_mut().zip(v.iter()).zip(variance) {
                    *p = z / m.sqrt();
                }
            }
            InverseMetric::Dense { factor, .. } => {
                // Lᵀ p = z, where M⁻¹ = L Lᵀ.
                for j in (0..p.len()).rev() {
                    let column = &factor.as_slice()[j * v.len()..(j + 1) * v.len()];
                    p[j] = (v[j] - dot(&column[j + 1..], &p[j + 1..])) / column[j];
                }
            }
            InverseMetric::LowRank { scale, terms } => {
                for ((p, z), s) in p.iter_mut().zip(v.iter()).zip(scale) {
                    *p = z / s;
                }
                for t in terms {
                    // u·z = (S⁻¹u)·(S z);
                    let along: f64 = t
                        .unscaled
                        .iter()
                        .zip(scale)
                        .zip(v.iter())
                        .map(|((u, s), z)| u * s * z)
                        .sum();
                    add_scaled(p, (t.lambda.sqrt().recip() - 1.0) * along, &t.unscaled);
                }
            }
        }
        self.velocity(p, v);
    }
}
