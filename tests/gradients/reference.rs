//! Values and gradients of the benchmark's workloads agree with reference values of another system, in every mode.
//! The script that made them is `benches/peers/gradients.py`.

use super::by_hand::site;
use super::workloads as w;
use ppl::__private::{ArgumentReport, Frame, Site, SiteKind};
use ppl::models::{Evaluator, Interpreter, Model};
use ppl::prelude::*;
use serde_json::Value;

const TOLERANCE: f64 = 1e-10;

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array()
        .expect("an array")
        .iter()
        .map(|x| x.as_f64().expect("a number"))
        .collect()
}

fn agrees<M: Model>(workload: &str, model: &M) {
    let file = include_str!("../reference/gradients.json");
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
    agrees("mixture of three, 10,000 data", &w::mixture(&y));
    let y = w::chain();
    agrees("hidden Markov chain, 1,000 × 4", &w::hidden_chain(&y));
}

#[test]
fn factors_and_networks() {
    let (x, y) = w::function();
    agrees("Gaussian process, n = 100", &w::process(&x, &y));
    let (x, y) = w::batch();
    let name = "neural network 13-50-1, batch 100";
    agrees(name, &w::network(&x, &y));
    agrees(name, &w::network_by_row(&x, &y));
}

/// Elements of which some have other statements or other values to sum over than their neighbours.
struct Uneven {
    y: Vec<f64>,
    odd: Vec<usize>,
}
written_by_hand!(
    Uneven,
    [
        site("share", SiteKind::Sample, 1),
        site("mean", SiteKind::Sample, 1),
        site("plate", SiteKind::Plate, 1),
        site("z", SiteKind::Enumerate, 1),
        site("again", SiteKind::Enumerate, 1),
        site("y", SiteKind::Observe, 1),
    ],
    |this, i| {
        let share = i.sample::<f64, _>(0, Beta::new(2.0, 2.0));
        let mean = i.sample::<f64, _>(1, Normal::new(0.0, 2.0));
        i.plate_enumerated(2, this.y.len(), |i, k| {
            let z = i.enumerate::<bool, _>(3, Bernoulli::new(share));
            let center = if z { mean * 1.0 } else { Real::from(-1.0) };
            if z {
                // A site that only some combinations have.
                let again = i.enumerate::<bool, _>(4, Bernoulli::new(0.25));
                i.factor(5, if again { mean } else { 0.5 * mean });
            }
            if this.odd.contains(&k) {
                i.observe(5, &this.y[k], Laplace::new(center, 1.5));
            } else {
                i.observe(5, &this.y[k], Normal::new(center, 1.5));
            }
        });
    }
);

#[test]
fn plates_of_elements_that_differ() {
    for odd in [vec![], vec![0], vec![70], vec![149], (0..150).collect()] {
        let y: Vec<f64> = (0..150).map(|i| 3.0 * w::wave(i)).collect();
        let model = Uneven { y, odd };
        let (u, mut e) = ([0.3, -0.4], Evaluator::new());
        let (share, mean) = (1.0 / (1.0 + (-0.3_f64).exp()), -0.4);
        let mut want = 0.0;
        for (k, y) in model.y.iter().enumerate() {
            let density = |m: f64| {
                let z = (y - m) / 1.5;
                if model.odd.contains(&k) {
                    (-z.abs()).exp() / 3.0
                } else {
                    (-0.5 * z * z).exp() / (1.5 * std::f64::consts::TAU.sqrt())
                }
            };
            let factor = 0.25 * f64::exp(mean) + 0.75 * f64::exp(0.5 * mean);
            want += (share * factor * density(mean) + (1.0 - share) * density(-1.0)).ln();
        }
        let got = e.log_density(&model, &u).likelihood;
        assert!((got - want).abs() < 1e-12 * want.abs(), "{got} {want}");
        let [mut forward, mut reverse] = [[0.0; 2]; 2];
        e.forward::<2, _>(&model, &u, &mut forward);
        e.reverse(&model, &u, &mut reverse);
        for k in 0..2 {
            assert!((forward[k] - reverse[k]).abs() < 1e-11 * forward[k].abs().max(1.0));
            let mut at = |h: f64| {
                let mut v = u;
                v[k] += h;
                e.log_density(&model, &v).total()
            };
            let slope = (8.0 * (at(1e-4) - at(-1e-4)) - (at(2e-4) - at(-2e-4))) / 12e-4;
            assert!(
                (slope - forward[k]).abs() < 1e-7 * slope.abs().max(1.0),
                "{slope} {forward:?}"
            );
        }
    }
}

/// A latent whose map from the line depends on what is summed out: Σ_z p(z) U(x; 0, z)·dx/du = σ(u)(1 − σ(u)).
struct Stretched;
written_by_hand!(
    Stretched,
    [
        site("z", SiteKind::Enumerate, 1),
        site("x", SiteKind::Sample, 1)
    ],
    |_this, i| {
        let z = i.enumerate::<usize, _>(0, Categorical::new([0.2, 0.5, 0.3]));
        i.sample::<f64, _>(1, Uniform::new(0.0, 1.0 + z as f64));
    }
);

#[test]
fn the_jacobian_belongs_to_the_sum() {
    let (mut e, mut gradient) = (Evaluator::new(), [0.0]);
    for u in [-1.3, 0.0, 0.7] {
        let s = 1.0 / (1.0 + f64::exp(-u));
        let value = e.reverse(&Stretched, &[u], &mut gradient);
        assert!((value - (s * (1.0 - s)).ln()).abs() < 1e-13, "{value}");
        assert!((gradient[0] - (1.0 - 2.0 * s)).abs() < 1e-13);
    }
}
