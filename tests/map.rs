//! Modes, Hessians and Laplace's approximation against closed forms.

#[path = "map/discrete.rs"]
mod discrete;

use ppl::models::Evaluator;
use ppl::nalgebra::{DMatrix, DVector};
use ppl::prelude::*;

#[model]
fn regression(x: &[[f64; 2]], y: &[f64]) {
    let coefs: [f64; 2] = sample(Normal::new(0.0, 2.0).iid());
    observe(y, each(x, |row| Normal::new(dot(&coefs, row), 0.5)));
}

#[model]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(3.0, 5.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

#[model]
fn logistic(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.5).iid());
    observe(y, each(x, |row| Bernoulli::logit(dot(&coefs, row))));
}

#[model]
fn centred_schools(y: &[f64], error: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfCauchy::new(5.0));
    let effects: [f64; 8] = sample(Normal::new(mean, spread).iid());
    observe(y, Normal::new(&effects, error));
}

#[model]
fn two_means(y: &[f64]) {
    let means: Ordered<2> = sample(Normal::new(0.0, 3.0).iid().ordered());
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new([0.5, 0.5]));
        observe(y[i], Normal::new(means[z], 1.0));
    });
}

fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

/// Posterior mean and covariance, and the log evidence, of the linear regression.
fn conjugate(x: &[[f64; 2]], y: &[f64]) -> (DVector<f64>, DMatrix<f64>, f64) {
    let x = DMatrix::from_fn(x.len(), 2, |i, j| x[i][j]);
    let y = DVector::from_column_slice(y);
    let precision = x.transpose() * &x * 4.0 + DMatrix::identity(2, 2) * 0.25;
    let covariance = precision.try_inverse().expect("positive definite");
    let mean = &covariance * x.transpose() * &y * 4.0;
    let marginal = &x * x.transpose() * 4.0 + DMatrix::identity(y.len(), y.len()) * 0.25;
    let factor = marginal.cholesky().expect("positive definite");
    let ln_det: f64 = factor.l().diagonal().iter().map(|d| 2.0 * d.ln()).sum();
    let squares = y.dot(&factor.solve(&y));
    let n = y.len() as f64;
    let evidence = -0.5 * (squares + ln_det + n * std::f64::consts::TAU.ln());
    (mean, covariance, evidence)
}

#[test]
fn a_normal_posterior_is_found_exactly() -> Result<(), ppl::Error> {
    let x: Vec<[f64; 2]> = (0..30).map(|i| [1.0, wave(i)]).collect();
    let y: Vec<f64> = (0..30)
        .map(|i| 0.7 - 1.2 * wave(i) + 0.4 * wave(3 * i + 1))
        .collect();
    let (mean, covariance, evidence) = conjugate(&x, &y);
    let model = regression(&x, &y);
    let fit = Map::new(&model).seed(1).run()?;
    for k in 0..2 {
        assert!((fit.mode().coefs[k] - mean[k]).abs() < 1e-8);
    }
    let laplace = Map::new(&model).seed(1).laplace()?;
    assert!(
        (laplace.log_evidence() - evidence).abs() < 1e-9,
        "{} {evidence}",
        laplace.log_evidence()
    );
    for i in 0..2 {
        assert!((laplace.mode().coefs[i] - mean[i]).abs() < 1e-10);
        for j in 0..2 {
            let (got, want) = (laplace.covariance()[(i, j)], covariance[(i, j)]);
            assert!(
                (got - want).abs() < 1e-9 * covariance[(i, i)],
                "{got} {want}"
            );
        }
    }
    // The draws have that mean and covariance, within four and a half standard errors.
    let n = 4000;
    let draws = laplace.draws(n, 5)?;
    for k in 0..2 {
        let sd = covariance[(k, k)].sqrt();
        assert!((draws.mean(|d| d.coefs[k]) - mean[k]).abs() < 4.5 * sd / (n as f64).sqrt());
        assert!((draws.sd(|d| d.coefs[k]) / sd - 1.0).abs() < 4.5 / (2.0 * n as f64).sqrt());
    }
    let product = |d: &RegressionDraw| (d.coefs[0] - mean[0]) * (d.coefs[1] - mean[1]);
    let spread = (covariance[(0, 0)] * covariance[(1, 1)] + covariance[(0, 1)].powi(2)).sqrt();
    assert!((draws.mean(product) - covariance[(0, 1)]).abs() < 4.5 * spread / (n as f64).sqrt());
    Ok(())
}

#[test]
fn the_jacobian_counts_on_the_line_and_not_for_the_latents() -> Result<(), ppl::Error> {
    let flips: Vec<bool> = (0..20).map(|i| i % 3 == 0).collect();
    let (heads, tails) = (7.0, 13.0);
    let (a, b) = (3.0 + heads, 5.0 + tails);
    let model = coin(&flips);
    let fit = Map::new(&model).run()?;
    assert!((fit.mode().fairness - (a - 1.0) / (a + b - 2.0)).abs() < 1e-8);
    let laplace = Map::new(&model).laplace()?;
    let p: f64 = a / (a + b);
    assert!((laplace.mode().fairness - p).abs() < 1e-10);
    let variance = 1.0 / ((a + b) * p * (1.0 - p));
    assert!((laplace.covariance()[(0, 0)] / variance - 1.0).abs() < 1e-9);
    let ln_beta = |a: f64, b: f64| libm_lgamma(a) + libm_lgamma(b) - libm_lgamma(a + b);
    let at_mode = a * p.ln() + b * (1.0 - p).ln() - ln_beta(3.0, 5.0);
    let want = at_mode + 0.5 * (std::f64::consts::TAU * variance).ln();
    assert!((laplace.log_evidence() - want).abs() < 1e-10);
    Ok(())
}

/// ln Γ of a whole number.
fn libm_lgamma(n: f64) -> f64 {
    (1..n as usize).map(|k| (k as f64).ln()).sum()
}

#[test]
fn hessians_of_a_logistic_regression() -> Result<(), ppl::Error> {
    let x: Vec<[f64; 3]> = (0..200)
        .map(|i| std::array::from_fn(|j| 2.0 * wave(3 * i + j)))
        .collect();
    let y: Vec<bool> = (0..200).map(|i| (i * 7919) % 13 < 6).collect();
    let model = logistic(&x, &y);
    let (u, mut e) = ([0.3, -0.8, 1.1], Evaluator::new());
    let mut want = -DMatrix::<f64>::identity(3, 3) / 2.25;
    for row in &x {
        let p = 1.0 / (1.0 + (-(0..3).map(|j| u[j] * row[j]).sum::<f64>()).exp());
        for i in 0..3 {
            for j in 0..3 {
                want[(i, j)] -= p * (1.0 - p) * row[i] * row[j];
            }
        }
    }
    let got = e.hessian(&model, &u);
    assert!((&got - &want).amax() < 1e-10 * want.amax(), "{got} {want}");
    let direction = DVector::from_column_slice(&[2.0, 0.0, -700.0]);
    let mut product = [0.0; 3];
    e.hessian_vector(&model, &u, direction.as_slice(), &mut product);
    let want = want * direction;
    for (g, w) in product.iter().zip(&want) {
        assert!((g - w).abs() < 1e-10 * want.amax());
    }
    // At the mode the gradient is nothing.
    let fit = Map::new(&model).seed(3).run()?;
    let mut gradient = [0.0; 3];
    e.reverse(&model, fit.unconstrained(), &mut gradient);
    assert!(gradient.iter().all(|g| g.abs() < 1e-7), "{gradient:?}");
    Ok(())
}

#[test]
fn a_density_without_maximum_is_an_error() {
    let (y, error) = (
        [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0],
        [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0],
    );
    let found = Map::new(&centred_schools(&y, &error)).run();
    let words = found.expect_err("it grows without bound").to_string();
    assert!(words.contains("no maximum was found"), "{words}");
}

#[test]
fn the_highest_of_several_modes_is_taken() -> Result<(), ppl::Error> {
    let y: Vec<f64> = (0..40)
        .map(|i| if i % 2 == 0 { -2.0 } else { 2.5 } + 0.5 * wave(i))
        .collect();
    let model = two_means(&y);
    let fit = Map::new(&model).starts(6).seed(2).run()?;
    let means = &fit.mode().means;
    assert!((means[0] + 2.0).abs() < 0.4 && (means[1] - 2.5).abs() < 0.4);
    let again = Map::new(&model).starts(6).seed(2).run()?;
    assert_eq!(fit.unconstrained(), again.unconstrained());
    Ok(())
}
