//! The rules of the language, checked by running models: what is in their draws and in their log densities.

#[path = "language/arguments.rs"]
mod arguments;
#[path = "language/branches.rs"]
mod branches;
#[path = "language/chains.rs"]
mod chains;
#[path = "language/checks.rs"]
mod checks;
#[path = "language/early_exits.rs"]
mod early_exits;
#[path = "language/enumeration.rs"]
mod enumeration;
#[path = "language/generated/mod.rs"]
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
#[path = "language/unread.rs"]
mod unread;

use checks::{check_density, normal};
use ppl::models::{Evaluator, Model};
use ppl::random::{Purpose, keyed};

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
