//! Metrics and what windows teach them.

use super::super::Metric;
use super::super::estimate::Estimate;
use super::super::inverse_metric::InverseMetric;
use super::{covariance, metrics, normal};
use crate::random::{Purpose, keyed};
use nalgebra::{DMatrix, DVector};

/// M⁻¹, column by column.
fn matrix(metric: &InverseMetric, dim: usize) -> DMatrix<f64> {
    let mut whole = DMatrix::zeros(dim, dim);
    for j in 0..dim {
        let mut p = vec![0.0; dim];
        p[j] = 1.0;
        let mut v = vec![0.0; dim];
        metric.velocity(&p, &mut v);
        whole.set_column(j, &DVector::from_vec(v));
    }
    whole
}

#[test]
fn momenta_have_the_mass_matrix() {
    // Var(vᵢ) of v = M⁻¹ p is M⁻¹: 40,000 draws hold each entry to 5 standard errors.
    let (dim, n) = (4, 40_000);
    for metric in metrics(dim) {
        let exact = matrix(&metric, dim);
        let rng = &mut keyed(6, Purpose::User, 0, 0);
        let (mut p, mut v) = (vec![0.0; dim], vec![0.0; dim]);
        let mut found = DMatrix::zeros(dim, dim);
        for _ in 0..n {
            metric.refresh(&mut p, &mut v, rng);
            let v = DVector::from_column_slice(&v);
            found += &v * v.transpose() / n as f64;
        }
        for i in 0..dim {
            for j in 0..dim {
                let square = exact[(i, j)].powi(2) + exact[(i, i)] * exact[(j, j)];
                let z = (found[(i, j)] - exact[(i, j)]) / (square / n as f64).sqrt();
                assert!(z.abs() < 5.0, "{i} {j}: {z}");
            }
        }
    }
}

#[test]
fn window_estimates_are_stans() {
    let (dim, n) = (4, 60);
    let rng = &mut keyed(7, Purpose::User, 0, 0);
    let x = DMatrix::from_fn(dim, n, |i, _| 3.0 + normal(rng) * (i + 1) as f64);
    let mean = x.column_mean();
    let mut exact = DMatrix::zeros(dim, dim);
    for c in x.column_iter() {
        exact += (c - &mean) * (c - &mean).transpose() / (n as f64 - 1.0);
    }
    let n = n as f64;
    let exact = exact * (n / (n + 5.0)) + DMatrix::identity(dim, dim) * (1e-3 * 5.0 / (n + 5.0));
    for metric in [Metric::Diagonal, Metric::Dense] {
        let mut estimate = Estimate::new(metric, dim);
        x.column_iter()
            .for_each(|c| estimate.add(c.as_slice(), &[0.0; 4]));
        let found = matrix(&estimate.take().unwrap(), dim);
        for i in 0..dim {
            for j in 0..dim {
                let exact = if metric == Metric::Dense || i == j {
                    exact[(i, j)]
                } else {
                    0.0
                };
                assert!((found[(i, j)] - exact).abs() < 1e-12 * (1.0 + exact.abs()));
            }
        }
        assert!(
            estimate.take().is_none(),
            "a window's draws are not used twice"
        );
    }
}

/// Draws of a normal of this covariance with their gradients, and the metric learnt from them.
fn learnt(covariance: &DMatrix<f64>, n: usize) -> DMatrix<f64> {
    let dim = covariance.nrows();
    let factor = covariance.clone().cholesky().unwrap();
    let rng = &mut keyed(8, Purpose::User, 0, 0);
    let mut estimate = Estimate::new(Metric::LowRank, dim);
    for _ in 0..n {
        let u = factor.l() * DVector::from_fn(dim, |_, _| normal(rng));
        estimate.add(u.as_slice(), (-factor.solve(&u)).as_slice());
    }
    matrix(&estimate.take().unwrap(), dim)
}

/// The largest over the smallest eigenvalue of M Σ: 1 if the metric is a multiple of Σ.
fn condition(metric: DMatrix<f64>, covariance: &DMatrix<f64>) -> f64 {
    let whiten = metric.cholesky().unwrap().l().try_inverse().unwrap();
    let eigen = (&whiten * covariance * whiten.transpose()).symmetric_eigenvalues();
    eigen.max() / eigen.min()
}

#[test]
fn low_rank_metric_finds_few_directions_among_many() {
    // 80 coordinates of different scales with two wide and one narrow direction. Directions within a factor of 2 are
    // left alone, so the best to hope for is (2 · 2)². From fewer draws than coordinates it must still beat the best
    // diagonal by far.
    let dim = 80;
    let basis = super::covariance(dim).qr().q();
    let mut covariance = DMatrix::identity(dim, dim);
    for (j, variance) in [(0, 400.0), (1, 50.0), (2, 0.0004)] {
        covariance += basis.column(j) * basis.column(j).transpose() * (variance - 1.0);
    }
    for i in 0..dim {
        let scale = 1.0 + (i % 5) as f64;
        covariance.row_mut(i).scale_mut(scale);
        covariance.column_mut(i).scale_mut(scale);
    }
    let diagonal = condition(DMatrix::from_diagonal(&covariance.diagonal()), &covariance);
    let (few, many) = (learnt(&covariance, 30), learnt(&covariance, 250));
    assert!(condition(few, &covariance) < diagonal / 10.0);
    assert!(condition(many, &covariance) < 16.0);
}

#[test]
fn low_rank_metric_takes_a_normal_of_few_coordinates_exactly() {
    let covariance = covariance(6) * 100.0;
    assert!(condition(learnt(&covariance, 300), &covariance) < 4.0);
}
