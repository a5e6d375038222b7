//! Values and gradients of the benchmark's workloads agree with reference values of another system, in every mode.
//! The script that made them is `benches/peers/gradients.py`.

#[path = "../benches/workloads/mod.rs"]
mod workloads;

use ppl::models::{Evaluator, Model};
use serde_json::Value;
use workloads as w;

const TOLERANCE: f64 = 1e-10;

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array()
        .expect("an array")
        .iter()
        .map(|x| x.as_f64().expect("a number"))
        .collect()
}

fn agrees<M: Model>(workload: &str, model: &M) {
    let file = include_str!("reference/gradients.json");
    let file: Value = serde_json::from_str(file).expect("JSON");
    let rows = file["rows"].as_array().expect("rows").iter();
    let rows: Vec<&Value> = rows.filter(|r| r["name"] == workload).collect();
    assert_eq!(rows.len(), 3);
    for row in rows {
        let (given, want) = (numbers(&row["u"]), numbers(&row["gradient"]));
        let u = w::point(
            given.len(),
            row["point"].as_u64().expect("an index") as usize,
        );
        // The parser of the file may be off by the last bit.
        assert!(u.iter().zip(&given).all(|(a, b)| (a - b).abs() <= 1e-15));
        let value = row["value"].as_f64().expect("a number");
        let mut e = Evaluator::new();
        let [mut chosen, mut forward, mut reverse] = [(); 3].map(|()| vec![0.0; u.len()]);
        let values = [
            e.log_density(model, &u).total(),
            model.log_density_and_gradient(&mut e, &u, &mut chosen),
            e.forward::<5, _>(model, &u, &mut forward),
            e.reverse(model, &u, &mut reverse),
        ];
        for v in values {
            assert!(
                (v - value).abs() <= TOLERANCE * value.abs(),
                "{workload}: {v} {value}"
            );
        }
        for gradient in [chosen, forward, reverse] {
            for (g, w) in gradient.iter().zip(&want) {
                assert!(
                    (g - w).abs() <= TOLERANCE * w.abs().max(1.0),
                    "{workload}: {g} {w}"
                );
            }
        }
    }
}

#[test]
fn logistic_regressions() {
    let (x, y) = (w::small_x(), w::outcomes(2000));
    agrees("logistic regression 2,000 × 4", &w::logistic_small(&x, &y));
    let (x, y) = (w::large_x(), w::outcomes(1000));
    agrees("logistic regression 1,000 × 25", &w::logistic_large(&x, &y));
    agrees(
        "logistic regression 1,000 × 25",
        &w::logistic_matrix(&x, &y),
    );
}

#[test]
fn hierarchical_models() {
    let (group, y) = w::grouped();
    agrees(
        "hierarchical normal, 1,000 data",
        &w::hierarchical(&group, &y),
    );
    let (y, error) = w::SCHOOLS;
    agrees("eight schools", &w::eight_schools(&y, &error));
}

#[test]
fn sums_over_discrete_sites() {
    let y = w::clusters();
    agrees("mixture of three, 10,000 data", &w::Mixture { y: &y });
    let y = w::chain();
    agrees("hidden Markov chain, 1,000 × 4", &w::Chain { y: &y });
}
