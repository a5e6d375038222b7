//! The metric from draws and gradients.

use super::super::fisher::{Fisher, Shape};
use super::super::inverse_metric::InverseMetric;
use super::super::leapfrog::State;
use super::{covariance, normal};
use crate::random::{Purpose, keyed};
use nalgebra::{DMatrix, DVector};

/// A draw from N(0, Σ), with its gradient −Σ⁻¹ x.
fn draw(sigma: &DMatrix<f64>, t: usize) -> State {
    let rng = &mut keyed(3, Purpose::User, t as u64, 0);
    let factor = sigma.clone().cholesky().expect("positive definite");
    let z = DVector::from_fn(sigma.nrows(), |_, _| normal(rng));
    let x = factor.l() * z;
    let g = -factor.solve(&x);
    let mut state = State::new(x.len());
    state.q.copy_from_slice(x.as_slice());
    state.g.copy_from_slice(g.as_slice());
    state.log_density = 0.5 * x.dot(&g);
    state
}

fn variances(metric: &InverseMetric) -> &[f64] {
    match metric {
        InverseMetric::Diagonal(variance) => variance,
        other => panic!("{other:?} is not diagonal"),
    }
}

#[test]
fn three_draws_give_the_variances_of_independent_normals() {
    let sigma = DMatrix::from_diagonal(&DVector::from_column_slice(&[1e-8, 0.3, 7.0, 1e6]));
    let (mut fisher, mut metric) = Fisher::new(1000, Shape::Variances, &draw(&sigma, 0), &[]);
    assert!(!fisher.learn(0, &draw(&sigma, 1), &mut metric));
    assert!(fisher.learn(1, &draw(&sigma, 2), &mut metric));
    for (v, s) in variances(&metric).iter().zip(sigma.diagonal().iter()) {
        assert!((v / s - 1.0).abs() < 1e-9, "{v} for {s}");
    }
    assert!(!fisher.learn(2, &draw(&sigma, 3), &mut metric));
}

#[test]
fn correlated_normals_get_the_mean_of_both_variances() {
    let sigma = covariance(6);
    let precision = sigma.clone().try_inverse().expect("positive definite");
    let (mut fisher, mut metric) = Fisher::new(1000, Shape::Variances, &draw(&sigma, 0), &[]);
    for t in 0..1000 {
        fisher.learn(t, &draw(&sigma, t + 1), &mut metric);
    }
    // The estimate has some 470 draws: the logarithm of a ratio of standard deviations has a standard error of at most
    // 1/√470 = 4.6 %.
    for (i, v) in variances(&metric).iter().enumerate() {
        let exact = (sigma[(i, i)] / precision[(i, i)]).sqrt();
        assert!((v / exact).ln().abs() < 4.5 * 0.046, "{v}, {exact}");
    }
}

#[test]
fn the_first_metric_is_the_inverse_gradient() {
    let mut start = State::new(3);
    start.g.copy_from_slice(&[4.0, -0.5, 0.0]);
    let (_, metric) = Fisher::new(1000, Shape::Variances, &start, &[]);
    assert_eq!(variances(&metric), [0.25, 2.0, 1.0]);
}

#[test]
fn transitions_that_stay_teach_nothing() {
    let sigma = DMatrix::identity(2, 2);
    let (mut fisher, mut metric) = Fisher::new(1000, Shape::Variances, &draw(&sigma, 0), &[]);
    let before = variances(&metric).to_vec();
    for t in 0..50 {
        assert!(!fisher.learn(t, &draw(&sigma, 0), &mut metric));
    }
    assert_eq!(variances(&metric), before);
}

#[test]
fn the_way_to_the_typical_set_is_forgotten() {
    let sigma = DMatrix::from_diagonal(&DVector::from_column_slice(&[1.0, 1.0]));
    let mut far = draw(&sigma, 0);
    far.q.fill(1e6);
    far.g.fill(1.0);
    let (mut fisher, mut metric) = Fisher::new(200, Shape::Variances, &far, &[]);
    for t in 0..200 {
        fisher.learn(t, &draw(&sigma, t + 1), &mut metric);
    }
    for v in variances(&metric) {
        assert!((v - 1.0).abs() < 1e-9, "{v}");
    }
}

/// M⁻¹ Σ⁻¹, the identity if the metric is the covariance.
fn off_by(metric: &InverseMetric, sigma: &DMatrix<f64>) -> f64 {
    let dim = sigma.nrows();
    let precision = sigma.clone().try_inverse().expect("positive definite");
    let mut worst: f64 = 0.0;
    for j in 0..dim {
        let mut v = vec![0.0; dim];
        metric.velocity(precision.column(j).as_slice(), &mut v);
        for (i, v) in v.iter().enumerate() {
            worst = worst.max((v - if i == j { 1.0 } else { 0.0 }).abs());
        }
    }
    worst
}

#[test]
fn a_few_draws_give_the_whole_matrix_of_a_normal() {
    // For a normal the gradients are a linear map of the draws, so that their covariances tell Σ exactly but for what is
    // added to both, 10⁻⁵ of the scaled ones.
    let sigma = covariance(6) * 1e4;
    let (mut fisher, mut metric) = Fisher::new(1000, Shape::Whole, &draw(&sigma, 0), &[]);
    for t in 0..19 {
        fisher.learn(t, &draw(&sigma, t + 1), &mut metric);
    }
    assert!(matches!(metric, InverseMetric::Dense { .. }));
    assert!(
        off_by(&metric, &sigma) < 1e-2,
        "{}",
        off_by(&metric, &sigma)
    );
}

#[test]
fn the_way_up_gives_a_first_metric() {
    let sigma = DMatrix::from_diagonal(&DVector::from_column_slice(&[1e-4, 1.0, 1e6]));
    let way: Vec<State> = (0..5).map(|t| draw(&sigma, t)).collect();
    let (_, metric) = Fisher::new(1000, Shape::Whole, &way[4], &way);
    for (v, s) in variances(&metric).iter().zip(sigma.diagonal().iter()) {
        assert!((v / s - 1.0).abs() < 1e-9, "{v} for {s}");
    }
}

#[test]
fn windows_stay_short_for_as_long_as_the_log_density_climbs() {
    // A chain that is on its way until the 500th of 1,000 transitions, with gradients that mislead.
    let sigma = DMatrix::from_diagonal(&DVector::from_column_slice(&[1.0, 4.0]));
    let (mut fisher, mut metric) = Fisher::new(1000, Shape::Variances, &draw(&sigma, 0), &[]);
    for t in 0..600 {
        let mut state = draw(&sigma, t + 1);
        if t < 500 {
            state.g.iter_mut().for_each(|g| *g *= 1e3);
            state.log_density = -1e4 + 10.0 * t as f64;
        }
        fisher.learn(t, &state, &mut metric);
    }
    for (v, s) in variances(&metric).iter().zip([1.0, 4.0]) {
        assert!((v / s - 1.0).abs() < 1e-9, "{v} for {s}");
    }
}

#[test]
fn the_last_window_is_enough_for_as_many_coordinates_as_it_has_draws() {
    // 50 transitions of which 5 settle the step size: the last window never has 2 · 20 draws.
    let sigma = covariance(20);
    let (mut fisher, mut metric) = Fisher::new(50, Shape::Whole, &draw(&sigma, 0), &[]);
    for t in 0..50 {
        fisher.learn(t, &draw(&sigma, t + 1), &mut metric);
    }
    assert!(matches!(metric, InverseMetric::Dense { .. }));
    assert!(
        off_by(&metric, &sigma) < 1e-2,
        "{}",
        off_by(&metric, &sigma)
    );
}
