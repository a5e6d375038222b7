//! Values and gradients of a set of models against code by hand for the same densities, in one run:
//! `cargo bench --bench gradients`. `benches/peers/` has the Python side.

mod by_hand;
mod workloads;

use ppl::models::{Evaluator, Layout, Model};
use std::hint::black_box;
use std::time::Instant;
use workloads as w;

/// One way to evaluate.
type Way<'a> = Box<dyn FnMut() -> f64 + 'a>;

/// The median time of each way in µs, all taking turns.
fn medians(ways: &mut [Way<'_>]) -> Vec<f64> {
    let mut times = vec![Vec::new(); ways.len()];
    let batches: Vec<usize> = ways
        .iter_mut()
        .map(|f| {
            f();
            let start = Instant::now();
            f();
            // A batch takes about 200 µs.
            (200e-6 / start.elapsed().as_secs_f64().max(1e-9)).clamp(1.0, 5000.0) as usize
        })
        .collect();
    for _ in 0..75 {
        for (k, f) in ways.iter_mut().enumerate() {
            let start = Instant::now();
            for _ in 0..batches[k] {
                black_box(f());
            }
            times[k].push(start.elapsed().as_secs_f64() * 1e6 / batches[k] as f64);
        }
    }
    times
        .iter_mut()
        .map(|t| {
            t.sort_by(f64::total_cmp);
            t[t.len() / 2]
        })
        .collect()
}

/// Rows of the table: the model's value, its gradient as chosen, and in both modes, against code by hand.
fn compare<M: Model>(name: &str, model: &M, by_hand: impl Fn(&[f64], &mut [f64]) -> f64) {
    // `cargo bench --bench gradients -- mixture` measures what has that in its name.
    if std::env::args()
        .skip(1)
        .any(|a| !a.starts_with("--") && !name.contains(&a))
    {
        return;
    }
    let dim = Layout::of(model).map_or(0, |l| l.dim);
    let u = w::point(dim, 0);
    let [mut g0, mut g1, mut g2, mut g3] = [(); 4].map(|()| vec![0.0; dim]);
    let [mut e0, mut e1, mut e2, mut e3] = [(); 4].map(|()| Evaluator::new());
    let (hand, ours) = (
        by_hand(&u, &mut g0),
        model.log_density_and_gradient(&mut e0, &u, &mut g1),
    );
    assert!(
        (hand - ours).abs() <= 1e-9 * hand.abs(),
        "{name}: {hand} by hand, {ours}"
    );
    for (a, b) in g0.iter().zip(&g1) {
        assert!(
            (a - b).abs() <= 1e-9 * a.abs().max(1.0),
            "{name}: {g0:?} by hand, {g1:?}"
        );
    }
    let mut ways: Vec<Way<'_>> = vec![
        Box::new(|| by_hand(black_box(&u), &mut g0)),
        Box::new(|| e0.log_density(model, black_box(&u)).total()),
        Box::new(|| model.log_density_and_gradient(&mut e1, black_box(&u), &mut g1)),
        Box::new(|| e2.forward::<8, _>(model, black_box(&u), &mut g2)),
        Box::new(|| e3.reverse(model, black_box(&u), &mut g3)),
    ];
    let t = medians(&mut ways);
    println!(
        "| {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
        t[0],
        t[2],
        t[2] / t[0],
        t[1],
        t[3],
        t[4]
    );
}

fn main() {
    println!("µs an evaluation; the gradient by hand is with its value.\n");
    println!(
        "| workload | gradient by hand | gradient | ratio | value | forward in eights | reverse |"
    );
    println!("|---|---|---|---|---|---|---|");
    let (x, y) = (w::small_x(), w::outcomes(2000));
    compare(
        "logistic regression 2,000 × 4",
        &w::logistic_small(&x, &y),
        |u, g| by_hand::logistic(&x, &y, 10.0, u, g),
    );
    let (x, y) = (w::large_x(), w::outcomes(1000));
    compare(
        "logistic regression 1,000 × 25",
        &w::logistic_large(&x, &y),
        |u, g| by_hand::logistic(&x, &y, 1.0, u, g),
    );
    compare(
        "the same by `matvec`",
        &w::logistic_matrix(&x, &y),
        |u, g| by_hand::logistic(&x, &y, 1.0, u, g),
    );
    let (group, y) = w::grouped();
    compare(
        "hierarchical normal, 1,000 data",
        &w::hierarchical(&group, &y),
        |u, g| by_hand::hierarchical(&group, &y, u, g),
    );
    let (y, error) = w::SCHOOLS;
    compare("eight schools", &w::eight_schools(&y, &error), |u, g| {
        by_hand::eight_schools(&y, &error, u, g)
    });
    let y = w::clusters();
    compare("mixture of three, 10,000 data", &w::mixture(&y), |u, g| {
        by_hand::mixture(&y, u, g)
    });
    let y = w::chain();
    compare(
        "hidden Markov chain, 1,000 × 4",
        &w::hidden_chain(&y),
        |u, g| by_hand::chain(&y, u, g),
    );
    let (x, y) = w::function();
    compare("Gaussian process, n = 100", &w::process(&x, &y), |u, g| {
        by_hand::process(&x, &y, u, g)
    });
    let (x, y) = w::batch();
    compare(
        "neural network 13-50-1, batch 100",
        &w::network(&x, &y),
        |u, g| by_hand::network(&x, &y, u, g),
    );
    compare(
        "the same network row by row",
        &w::network_by_row(&x, &y),
        |u, g| by_hand::network(&x, &y, u, g),
    );
}
