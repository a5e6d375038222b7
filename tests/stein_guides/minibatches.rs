//! Minibatches, and observations that count more than once.

use super::*;
use ppl::models::Evaluator;

#[model]
fn level(y: &[f64], weight: f64) {
    let mu: f64 = sample(Normal::new(0.0, 10.0));
    observe(y, each(y, |_| Normal::new(mu, 1.0)).scaled(weight));
}

#[model]
fn levels(y: &[f64]) {
    let mu: Vec<f64> = sample(Normal::new(0.0, 1.0).iid_n(y.len()));
    observe(y, Normal::new(&mu, 1.0));
}

#[test]
fn minibatches_have_the_posterior_of_all_data() {
    let n = 200;
    let y: Vec<f64> = (0..n).map(|i| 1.5 + (1.7 * f64::from(i)).sin()).collect();
    let whole = level(&y, 1.0);
    let batches: Vec<_> = y.chunks(50).map(|y| level(y, 4.0)).collect();
    let precision = 0.01 + f64::from(n);
    let (mean, sd) = (y.iter().sum::<f64>() / precision, precision.powf(-0.5));
    let steps = 4000;
    let svi = Svi::new(&whole, AutoNormal::new(), Adam::new(falling(0.05, steps)))
        .minibatches(&batches)
        .elbo_draws(5);
    let fit = svi.run(steps, 1).unwrap();
    let (loc, scale) = (fit.params()[0].values[0][0], fit.params()[1].values[0][0]);
    // The noise of a batch's mean, 0.12, averages over the last hundreds of steps to an eighth of a deviation.
    assert!((loc - mean).abs() < 0.5 * sd, "{loc} {mean} {sd}");
    assert!((scale / sd - 1.0).abs() < 0.05, "{scale} {sd}");

    // A step's batch follows from seed and step: resuming gives the same bits.
    let half = svi.run(15, 2).unwrap();
    let rest = svi.resume(half.state(), 25).unwrap();
    assert_eq!(rest.state(), svi.run(40, 2).unwrap().state());
    let stein = SteinVi::new(
        &whole,
        AutoNormal::new(),
        Adam::new(0.02),
        RbfKernel::default(),
    );
    let stein = stein.particles(3).minibatches(&batches);
    let half = stein.run(15, 2).unwrap();
    let rest = stein.resume(half.state(), 25).unwrap();
    let run = stein.run(40, 2).unwrap();
    assert_eq!(rest.state(), run.state());
    assert_ne!(
        run.losses(),
        stein.minibatches(&[]).run(40, 2).unwrap().losses()
    );

    let (two, three) = (levels(&y[..2]), [levels(&y[..3])]);
    let other = Svi::new(&two, AutoNormal::new(), Adam::new(0.1)).minibatches(&three);
    let error = other.run(1, 0).unwrap_err().to_string();
    assert!(
        error.contains("`minibatches`") && error.contains("batch 0"),
        "{error}"
    );
}

#[test]
fn scaled_observations_count_so_often() {
    let y = [0.3, -1.2, 0.8];
    let mut e = Evaluator::new();
    for u in [0.2, -1.0] {
        let plain = e.log_density(&level(&y, 1.0), &[u]);
        let scaled = e.log_density(&level(&y, 2.5), &[u]);
        assert!((scaled.likelihood - 2.5 * plain.likelihood).abs() < 1e-12);
        assert_eq!(scaled.prior, plain.prior);
    }
    let bad = level(&y, -1.0);
    assert!(
        Svi::new(&bad, AutoNormal::new(), Adam::new(0.1))
            .run(1, 0)
            .is_err()
    );
}
