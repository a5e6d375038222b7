//! What tests of the language share with the programs that are written for them.

use ppl::models::{Evaluator, Layout, Model};

/// ln of the normal density.
pub fn normal(x: f64, mean: f64, sd: f64) -> f64 {
    let z = (x - mean) / sd;
    -0.5 * z * z - sd.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln()
}

/// A layout of `u.len()` coordinates, the log density `expected` there, and a gradient equal to finite differences.
#[track_caller]
pub fn check_density<M: Model>(model: &M, u: &[f64], expected: f64) {
    let layout = Layout::of(model).expect("the model binds");
    assert_eq!(layout.dim, u.len(), "coordinates");
    let mut evaluator = Evaluator::new();
    let density = evaluator.log_density(model, u).total();
    assert!(
        (density - expected).abs() < 1e-12 * expected.abs().max(1.0),
        "log density {density}, by hand {expected}"
    );
    let mut gradient = vec![0.0; u.len()];
    let value = model.log_density_and_gradient(&mut evaluator, u, &mut gradient);
    assert!((value - expected).abs() < 1e-12 * expected.abs().max(1.0));
    for (k, g) in gradient.iter().enumerate() {
        let mut at = |step: f64| {
            let mut moved = u.to_vec();
            moved[k] += step;
            evaluator.log_density(model, &moved).total()
        };
        let h = 1e-5;
        let difference = (at(h) - at(-h)) / (2.0 * h);
        assert!(
            (g - difference).abs() < 1e-6 * difference.abs().max(1.0),
            "derivative {k}: {g}, by differences {difference}"
        );
    }
}

/// Every sequence of `n` digits below `k`.
pub fn sequences(n: usize, k: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..k.pow(n as u32)).map(move |mut code| {
        let digits = (0..n).map(|_| {
            let digit = code % k;
            code /= k;
            digit
        });
        digits.collect()
    })
}
