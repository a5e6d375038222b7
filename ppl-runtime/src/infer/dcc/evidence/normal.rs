//! A normal distribution fitted to draws.

use crate::random::Rng;
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};
use rand::RngExt;
use rand_distr::StandardNormal;

/// A multivariate normal distribution with the moments of some draws.
pub(super) struct FittedNormal {
    mean: DVector<f64>,
    factor: Cholesky<f64, Dyn>,
    ln_normaliser: f64,
}

impl FittedNormal {
    /// Mean and covariance of the draws; the variances alone where there are too few draws for the covariance. Nothing if
    /// a coordinate does not vary.
    pub fn fit(draws: &[&[f64]]) -> Option<Self> {
        let (n, dim) = (draws.len(), draws.first()?.len());
        if n < 4 {
            return None;
        }
        let mut mean = DVector::<f64>::zeros(dim);
        for u in draws {
            mean += DVector::from_column_slice(u);
        }
        mean /= n as f64;
        let mut covariance = DMatrix::<f64>::zeros(dim, dim);
        let mut centred = DVector::<f64>::zeros(dim);
        for u in draws {
            for i in 0..dim {
                centred[i] = u[i] - mean[i];
            }
            covariance.ger(1.0 / (n as f64 - 1.0), &centred, &centred, 1.0);
        }
        let variances = covariance.diagonal();
        if !variances.iter().all(|v| *v > 0.0 && v.is_finite()) {
            return None;
        }
        let whole = (n > 2 * dim + 2)
            .then(|| Cholesky::new(covariance))
            .flatten();
        let factor = match whole {
            Some(factor) => factor,
            None => Cholesky::new(DMatrix::from_diagonal(&variances))?,
        };
        let ln_det: f64 = factor.l_dirty().diagonal().iter().map(|x| x.ln()).sum();
        let ln_normaliser = -ln_det - 0.5 * dim as f64 * std::f64::consts::TAU.ln();
        Some(FittedNormal {
            mean,
            factor,
            ln_normaliser,
        })
    }

    /// A draw and its log density.
    pub fn draw(&self, rng: &mut Rng) -> (Vec<f64>, f64) {
        let z = DVector::from_fn(self.mean.len(), |_, _| rng.sample::<f64, _>(StandardNormal));
        let log_density = self.ln_normaliser - 0.5 * z.norm_squared();
        let u = &self.mean + self.factor.l() * z;
        (u.data.into(), log_density)
    }

    /// The log density at a point.
    pub fn log_density(&self, u: &[f64]) -> f64 {
        let mut centred = DVector::from_column_slice(u) - &self.mean;
        // The factor has a positive diagonal, so that the system can be solved.
        self.factor
            .l_dirty()
            .solve_lower_triangular_mut(&mut centred);
        self.ln_normaliser - 0.5 * centred.norm_squared()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};

    #[test]
    fn density_of_a_draw_by_both_ways() {
        let rng = &mut keyed(1, Purpose::User, 0, 0);
        let draws: Vec<[f64; 3]> = (0..50)
            .map(|_| {
                let z: [f64; 3] = std::array::from_fn(|_| rng.sample(StandardNormal));
                [z[0], 3.0 * z[0] + 0.1 * z[1], z[2] - 5.0]
            })
            .collect();
        let all: Vec<&[f64]> = draws.iter().map(|d| &d[..]).collect();
        for some in [&all[..], &all[..6]] {
            let normal = FittedNormal::fit(some).unwrap();
            for _ in 0..10 {
                let (u, log_density) = normal.draw(rng);
                assert!((normal.log_density(&u) - log_density).abs() < 1e-9);
            }
        }
        assert!(FittedNormal::fit(&[&[1.0], &[1.0], &[1.0], &[1.0], &[1.0]]).is_none());
    }
}
