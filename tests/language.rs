//! The rules of the language, checked by running models: what is in their draws and in their log densities.

#[path = "language/arguments.rs"]
mod arguments;
#[path = "language/branches.rs"]
mod branches;
#[path = "language/chains.rs"]
mod chains;
#[path = "language/early_exits.rs"]
mod early_exits;
#[path = "language/enumeration.rs"]
mod enumeration;
#[path = "language/generated.rs"]
mod generated;
#[path = "language/generics.rs"]
mod generics;
#[path = "language/guides.rs"]
mod guides;
#[path = "language/hygiene.rs"]
mod hygiene;
#[path = "language/loops.rs"]
mod loops;
#[path = "language/outputs.rs"]
mod outputs;
#[path = "language/programs.rs"]
mod programs;
#[path = "language/statements.rs"]
mod statements;
#[path = "language/submodels.rs"]
mod submodels;

use ppl::models::{Evaluator, Layout, Model};
use ppl::random::{Purpose, keyed};

/// ln of the normal density.
fn normal(x: f64, mean: f64, sd: f64) -> f64 {
    let z = (x - mean) / sd;
    -0.5 * z * z - sd.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln()
}

/// A layout of `u.len()` coordinates, the log density `expected` there, and a gradient equal to finite differences.
#[track_caller]
fn check_density<M: Model>(model: &M, u: &[f64], expected: f64) {
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

/// The draw at a point of R^n.
fn draw<M: Model>(model: &M, u: &[f64]) -> M::Draw {
    Evaluator::new().draw_at_line(model, u, &mut keyed(0, Purpose::Layout, 0, 0))
}

/// The draw at a point of the unit cube.
fn draw_at_cube<M: Model>(model: &M, u: &[f64]) -> M::Draw {
    Evaluator::new().draw_at_cube(model, u, &mut keyed(0, Purpose::Layout, 0, 0))
}

/// Counts that come from probabilities in proportion to `weights`: Pearson's χ² is below the 1 − 10⁻⁶ quantile, by
/// Wilson and Hilferty (1931).
#[track_caller]
fn chi_square(counts: &[f64], weights: &[f64]) {
    let (n, total): (f64, f64) = (counts.iter().sum(), weights.iter().sum());
    let (mut statistic, mut freedom) = (0.0, -1.0);
    for (count, weight) in counts.iter().zip(weights) {
        let expected = n * weight / total;
        if expected > 5.0 {
            statistic += (count - expected).powi(2) / expected;
            freedom += 1.0;
        } else {
            assert!(*count < 40.0, "{counts:?} {weights:?}");
        }
    }
    let k: f64 = 2.0 / (9.0 * f64::max(freedom, 1.0));
    let bound = f64::max(freedom, 1.0) * (1.0 - k + 4.753 * k.sqrt()).powi(3);
    assert!(
        statistic < bound,
        "χ² {statistic} of {freedom}: {counts:?} {weights:?}"
    );
}
