//! Bayesian logistic regression on 2,000 simulated rows of three covariates: the first model of the documentation.

use ppl::prelude::*;
use ppl::random::{Purpose, keyed};
use rand::RngExt;
use rand_distr::StandardNormal;

/// Bayesian logistic regression.
#[model]
fn logistic_regression(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 10.0));
    observe(
        y,
        each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)),
    );
}

/// 2,000 rows with coefficients 1, 2, 3 and no intercept.
fn data() -> (Vec<[f64; 3]>, Vec<bool>) {
    let mut rng = keyed(0, Purpose::User, 0, 0);
    let x: Vec<[f64; 3]> = (0..2000)
        .map(|_| std::array::from_fn(|_| rng.sample(StandardNormal)))
        .collect();
    let y = x
        .iter()
        .map(|r| rng.random::<f64>() < 1.0 / (1.0 + (-dot(r, &[1.0, 2.0, 3.0])).exp()))
        .collect();
    (x, y)
}

fn main() -> Result<(), ppl::Error> {
    let (x, y) = data();
    let model = logistic_regression(&x, &y); // bound to its data
    let run = NestedSampler::new(&model).seed(2).progress(true).run()?;
    println!("{run}"); // log evidence ± sd, ESS, information, evaluations, a row a parameter
    let draws = run.draws(1000, 3)?; // equally weighted, typed
    let slope: f64 = draws.mean(|d| d.coefs[0]); // d: &LogisticRegressionDraw
    println!("mean of the first coefficient: {slope:.2}");
    run.plot("target/logistic")?; // diagnostics and corner plot
    Ok(())
}
