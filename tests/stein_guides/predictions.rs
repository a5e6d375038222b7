//! Predictions of a mixture of guides.

use super::*;
use ppl::infer::stein::MixtureGuidePredictive;

#[test]
fn predictions_of_a_mixture() {
    let model = coin(&FLIPS);
    let stein = SteinVi::new(&model, coin_guide(), Adam::new(0.05), RbfKernel::default());
    let fit = stein.particles(3).run(300, 1).unwrap();
    let n = 30_000;
    let predictive = || MixtureGuidePredictive::new(&fit).draws(n);
    let sample = predictive().sites(["fairness", "flips"]).run(7).unwrap();
    assert_eq!(sample.components(), fit.components(n, 7).unwrap());
    assert_eq!(sample.sites().len(), 2);

    // Each draw is one of the component that is recorded for it.
    let components = betas(fit.params());
    let fairness = sample.site("fairness").unwrap();
    for (k, (a, b)) in components.iter().enumerate() {
        let of_k = |i: &usize| sample.components()[*i] == k;
        let x: Vec<f64> = (0..n).filter(of_k).map(|i| fairness[i][0]).collect();
        let share = x.len() as f64 / n as f64;
        assert!(
            (share - 1.0 / 3.0).abs() < 5.0 * 0.47 / (n as f64).sqrt(),
            "{share}"
        );
        let (mean, sd) = moments(&[(*a, *b)]);
        let found = x.iter().sum::<f64>() / x.len() as f64;
        assert!(
            (found - mean).abs() < 5.0 * sd / (x.len() as f64).sqrt(),
            "{found} {mean}"
        );
    }
    // The mixture's density, from the formula.
    let one = |(a, b): &(f64, f64), x: f64| {
        let ln_beta = ppl::real::special::ln_beta(*a, *b);
        ((a - 1.0) * x.ln() + (b - 1.0) * (1.0 - x).ln() - ln_beta).exp()
    };
    for i in [0, 17, 4321] {
        let x = fairness[i][0];
        let density: f64 = components.iter().map(|c| one(c, x)).sum::<f64>() / 3.0;
        assert!((sample.log_density()[i] - density.ln()).abs() < 1e-10);
        assert!((fit.log_density(&[x]) - density.ln()).abs() < 1e-10);
        assert_eq!(sample.draws()[i].fairness, x);
    }
    // Replicated flips have the mixture's mean.
    let flips = sample.site("flips").unwrap();
    let heads = flips.iter().flatten().sum::<f64>() / (10 * n) as f64;
    let (mean, sd) = moments(&components);
    let error = 5.0 * ((sd * sd + 0.025) / n as f64).sqrt();
    assert!((heads - mean).abs() < error, "{heads} {mean}");

    let default = predictive().draws(10).run(7).unwrap();
    let names: Vec<&str> = default.sites().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["flips"]);
    let error = predictive()
        .sites(["fairnes"])
        .run(7)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`fairnes`") && error.contains("`fairness`"),
        "{error}"
    );
    assert!(predictive().draws(0).run(7).is_err());
}
