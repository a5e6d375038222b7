//! Time a step of Stein variational inference; `benches/peers/stein.py` has NumPyro's side.
//!
//! `cargo bench --bench stein && python benches/peers/stein.py time` prints both sides, milliseconds a step, the least
//! and the median of some runs.

#![allow(missing_docs, reason = "a benchmark's models")]

mod models;
#[path = "../../examples/bnn/network.rs"]
mod network;

use models::{FLIPS, coin, coin_guide, two_hills};
use network::network;
use ppl::infer::svi::{Adagrad, FitState, Init};
use ppl::prelude::*;
use std::time::Instant;

/// A number in (−1, 1) without a pattern that matters, the same in every language.
fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

/// Prints milliseconds a step of some runs that start anew, unless the command line names other workloads.
fn time(
    name: &str,
    steps: u64,
    runs: usize,
    start: impl Fn(u64) -> FitState,
    go: impl Fn(&FitState, u64),
) {
    if std::env::args()
        .skip(1)
        .any(|a| !a.starts_with("--") && !name.contains(&a))
    {
        return;
    }
    let mut each: Vec<f64> = (0..runs as u64)
        .map(|seed| {
            let state = start(seed);
            let begun = Instant::now();
            go(&state, steps);
            1e3 * begun.elapsed().as_secs_f64() / steps as f64
        })
        .collect();
    each.sort_by(f64::total_cmp);
    println!(
        "| {name} | {steps} | {:.4} | {:.4} |",
        each[0],
        each[runs / 2]
    );
}

fn main() {
    let full = !std::env::args().any(|a| a == "--test");
    let (many, runs) = if full { (1, 7) } else { (50, 1) };
    println!("| ppl, ms a step | steps | least | median |\n|---|---|---|---|");

    let model = coin(&FLIPS);
    let stein = SteinVi::new(&model, coin_guide(), Adam::new(5e-4), RbfKernel::default());
    time(
        "coin, 10 particles × 10 draws",
        2000 / many,
        runs,
        |seed| stein.init(seed).expect("a start"),
        |state, steps| drop(stein.resume(state, steps).expect("a fit")),
    );

    let model = two_hills();
    let svgd = Svgd::new(
        &model,
        Adagrad::new(0.5).momentum(0.9),
        RbfKernel::default(),
    )
    .particles(100)
    .init_at(Init::uniform(3.0));
    time(
        "SVGD in two dimensions, 100 particles",
        1000 / many,
        runs,
        |seed| svgd.init(seed).expect("a start"),
        |state, steps| drop(svgd.resume(state, steps).expect("a fit")),
    );

    let x: Vec<[f64; 13]> = (0..455)
        .map(|i| std::array::from_fn(|j| 1.7 * wave(13 * i + j)))
        .collect();
    let y: Vec<f64> = x
        .iter()
        .enumerate()
        .map(|(i, x)| (x[0] + x[1]).max(0.0) - x[2] + 0.3 * wave(7 * i))
        .collect();
    let parts: Vec<(Vec<[f64; 13]>, Vec<f64>)> = (0..64)
        .map(|k| {
            let rows: Vec<usize> = (0..100).map(|i| (i * 181 + 97 * k) % 455).collect();
            let y = rows.iter().map(|i| y[*i]).collect();
            (rows.iter().map(|i| x[*i]).collect(), y)
        })
        .collect();
    let whole = network(&x, &y, 1.0);
    let batches: Vec<_> = parts.iter().map(|(x, y)| network(x, y, 4.55)).collect();
    for (particles, draws, steps) in [(5, 50, 200), (100, 10, 50)] {
        let guide = AutoNormal::new().init(Init::uniform(0.1));
        let adagrad = Adagrad::new(1.0).momentum(0.9);
        let stein = SteinVi::new(&whole, guide, adagrad, RbfKernel::default())
            .particles(particles)
            .elbo_draws(draws)
            .minibatches(&batches);
        time(
            &format!("network 13-50-1, batch 100, {particles} particles × {draws} draws"),
            (steps / many).max(1),
            runs.min(3),
            |seed| stein.init(seed).expect("a start"),
            |state, steps| drop(stein.resume(state, steps).expect("a fit")),
        );
    }
}
