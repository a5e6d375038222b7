//! A metric of scales and a few directions, from draws and the gradients there.

use super::inverse_metric::InverseMetric;
use nalgebra::{DMatrix, SymmetricEigen};

/// The last draws of a window, with their gradients.
#[derive(Clone, Debug)]
pub(super) struct Pairs {
    dim: usize,
    kept: usize,
    added: usize,
    draws: Vec<f64>,
    gradients: Vec<f64>,
}

/// Draws that are kept for a few directions: twice their number bounds the rank, and its cube the cost.
pub(super) const FOR_DIRECTIONS: usize = 256;
/// Added to both covariances in the scaled coordinates, so that directions without a draw keep variance 1.
const RIDGE: f64 = 1e-5;
/// Directions whose scaled variance lies between 1/2 and 2 are left to the scales: a step costs less than they would
/// save.
const CUTOFF: f64 = 2.0;
/// Directions in the span of the draws below this part of the widest are rounding.
const NEGLIGIBLE: f64 = 1e-10;

impl Pairs {
    /// Keeps the last so many draws.
    pub(super) fn new(dim: usize, kept: usize) -> Self {
        Pairs {
            dim,
            kept,
            added: 0,
            draws: Vec::new(),
            gradients: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, u: &[f64], gradient: &[f64]) {
        if self.added < self.kept {
            self.draws.extend_from_slice(u);
            self.gradients.extend_from_slice(gradient);
        } else {
            let at = self.added % self.kept * self.dim;
            self.draws[at..at + self.dim].copy_from_slice(u);
            self.gradients[at..at + self.dim].copy_from_slice(gradient);
        }
        self.added += 1;
    }

    /// The metric of scales and directions that the window gives, and a fresh start.
    pub(super) fn take(&mut self) -> Option<InverseMetric> {
        std::mem::replace(self, Pairs::new(self.dim, self.kept)).directions()
    }

    /// The scales, and the directions in which the scaled metric is far from 1.
    pub(super) fn directions(&self) -> Option<InverseMetric> {
        let Scaled { scale, basis, mean } = self.scaled()?;
        let eigen = SymmetricEigen::try_new(mean, f64::EPSILON, 0)?;
        let mut directions = Vec::new();
        for (j, &lambda) in eigen.eigenvalues.iter().enumerate() {
            if lambda.is_finite() && !(1.0 / CUTOFF..=CUTOFF).contains(&lambda) && lambda > 0.0 {
                let u = match &basis {
                    Some(basis) => basis * eigen.eigenvectors.column(j),
                    None => eigen.eigenvectors.column(j).into_owned(),
                };
                directions.push((lambda, u.as_slice().to_vec()));
            }
        }
        Some(InverseMetric::low_rank(scale, directions))
    }

    /// The whole matrix, if the draws are not fewer than the coordinates.
    pub(super) fn whole(&self) -> Option<InverseMetric> {
        let Scaled {
            scale,
            basis: None,
            mean,
        } = self.scaled()?
        else {
            return None;
        };
        InverseMetric::dense(DMatrix::from_fn(self.dim, self.dim, |i, j| {
            scale[i] * mean[(i, j)] * scale[j]
        }))
    }

    /// For a normal of covariance Σ the draws have covariance Σ and the gradients Σ⁻¹; where they are not, the metric
    /// that is the mean of both in the geometry of positive matrices solves M⁻¹ C_g M⁻¹ = C_x. That minimises the
    /// Fisher divergence to a normal. It is found for the scales sd(u)/sd(g) first, and then in the span of scaled draws and gradients.
    fn scaled(&self) -> Option<Scaled> {
        let dim = self.dim;
        let n = self.draws.len() / dim;
        if n < 3 {
            return None;
        }
        let mut x = DMatrix::from_column_slice(dim, n, &self.draws);
        let mut g = DMatrix::from_column_slice(dim, n, &self.gradients);
        let mut scale = vec![1.0; dim];
        for (i, scale) in scale.iter_mut().enumerate() {
            let (sd_x, sd_g) = (centre(&mut x, i), centre(&mut g, i));
            let ratio = (sd_x / sd_g).sqrt();
            if ratio.is_finite() && ratio > 0.0 {
                *scale = ratio;
            }
            x.row_mut(i).scale_mut(1.0 / *scale);
            g.row_mut(i).scale_mut(*scale);
        }
        let basis = if dim > 2 * n {
            Some(span(&x, &g)?)
        } else {
            None
        };
        let within = |points: &DMatrix<f64>| {
            let inside = basis.as_ref().map(|basis| basis.tr_mul(points));
            let inside = inside.as_ref().unwrap_or(points);
            let mut covariance = inside * inside.transpose() / (n as f64 - 1.0);
            for i in 0..covariance.nrows() {
                covariance[(i, i)] += RIDGE;
            }
            covariance
        };
        let mean = geometric_mean(within(&x), within(&g))?;
        Some(Scaled { scale, basis, mean })
    }
}

/// A metric in scaled coordinates.
struct Scaled {
    scale: Vec<f64>,
    /// An orthonormal basis of the span that `mean` is of; nothing if that is of all coordinates.
    basis: Option<DMatrix<f64>>,
    mean: DMatrix<f64>,
}

/// Takes the mean out of a row, and gives its standard deviation.
fn centre(points: &mut DMatrix<f64>, row: usize) -> f64 {
    let mean = points.row(row).mean();
    points.row_mut(row).add_scalar_mut(-mean);
    (points.row(row).norm_squared() / (points.ncols() as f64 - 1.0)).sqrt()
}

/// An orthonormal basis of the span of both sets of points.
fn span(x: &DMatrix<f64>, g: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let (dim, n) = x.shape();
    let mut both = DMatrix::zeros(dim, 2 * n);
    both.columns_mut(0, n).copy_from(&(x / x.norm()));
    both.columns_mut(n, n).copy_from(&(g / g.norm()));
    let eigen = SymmetricEigen::try_new(both.tr_mul(&both), f64::EPSILON, 0)?;
    let widest = eigen.eigenvalues.max();
    let kept: Vec<usize> = (0..2 * n)
        .filter(|&j| eigen.eigenvalues[j] > NEGLIGIBLE * widest)
        .collect();
    let mut basis = DMatrix::zeros(dim, kept.len());
    for (k, &j) in kept.iter().enumerate() {
        basis.set_column(k, &(&both * eigen.eigenvectors.column(j)));
    }
    // Narrow directions come out of the product with rounding; the factorisation makes them orthonormal.
    Some(basis.qr().q())
}

/// The solution S of S B S = A: S = B^−½ (B^½ A B^½)^½ B^−½.
fn geometric_mean(a: DMatrix<f64>, b: DMatrix<f64>) -> Option<DMatrix<f64>> {
    let b = SymmetricEigen::try_new(b, f64::EPSILON, 0)?;
    let (root, inverse) = (power(&b, 0.5), power(&b, -0.5));
    let middle = &root * a * &root;
    let middle = SymmetricEigen::try_new((&middle + middle.transpose()) * 0.5, f64::EPSILON, 0)?;
    let mean = &inverse * power(&middle, 0.5) * &inverse;
    let mean = (&mean + mean.transpose()) * 0.5;
    mean.iter().all(|m| m.is_finite()).then_some(mean)
}

fn power(of: &SymmetricEigen<f64, nalgebra::Dyn>, exponent: f64) -> DMatrix<f64> {
    let mut scaled = of.eigenvectors.clone();
    for (mut column, lambda) in scaled.column_iter_mut().zip(of.eigenvalues.iter()) {
        column.scale_mut(lambda.max(RIDGE * RIDGE).powf(exponent));
    }
    scaled * of.eigenvectors.transpose()
}
