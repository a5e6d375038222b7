//! Draws at which the model has no density.

use super::*;

#[model]
fn bounded() {
    let x: f64 = sample(Uniform::new(0.0, 1.0));
    let y: f64 = sample(Normal::new(x, 1.0));
}

/// A guide that draws where the prior has no density.
#[guide(bounded)]
fn too_wide(centre: f64) {
    let at: f64 = param(centre);
    let width: f64 = param(0.2, Positive);
    let x: f64 = sample(Normal::new(at, width));
    let y: f64 = sample(Normal::new(0.5, 1.0));
}

#[test]
fn rejected_draws_are_counted_and_shown() {
    let model = bounded();
    let adam = Adam::new(1e-9);
    let svi = |guide| Svi::new(&model, guide, adam).elbo_draws(100);
    let inside = svi(too_wide(0.5)).run(20, 1).unwrap();
    let outside = svi(too_wide(1.0)).run(20, 1).unwrap();
    // Of N(0.5, 0.2²) 1.24 % lie outside of (0, 1), of N(1, 0.2²) half; 2,000 draws.
    assert!(
        (5..=50).contains(&inside.rejected()),
        "{}",
        inside.rejected()
    );
    assert!(
        (900..=1100).contains(&outside.rejected()),
        "{}",
        outside.rejected()
    );
    let kernel = RbfKernel::default();
    let stein = SteinVi::new(&model, too_wide(1.0), adam, kernel)
        .particles(5)
        .elbo_draws(20);
    let fit = stein.run(20, 1).unwrap();
    assert!((900..=1100).contains(&fit.rejected()), "{}", fit.rejected());
    let shown = format!("  rejected      {} draws", fit.rejected());
    assert!(fit.to_string().contains(&shown), "{fit}");
    let half = stein.run(10, 1).unwrap();
    let rest = stein.resume(half.state(), 10).unwrap();
    assert_eq!(half.rejected() + rest.rejected(), fit.rejected());

    let coin = coin(&FLIPS);
    let none = Svi::new(&coin, AutoNormal::new(), Adam::new(0.05));
    let none = none.run(50, 1).unwrap();
    let shown = none.to_string();
    assert_eq!(none.rejected(), 0);
    assert!(
        shown.contains("variational inference of `coin`: 50 steps")
            && shown.contains("loss")
            && shown.contains("fairness")
            && !shown.contains("rejected"),
        "{shown}"
    );
}
