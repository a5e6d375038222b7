//! Divide, Conquer and Combine on the models and settings of NumPyro's tests: seconds a run and the weight of the second
//! program, a line of JSON a model. `python benches/peers/dcc.py` runs this and NumPyro side by side.
//! `cargo bench --bench dcc`

#[path = "../tests/dcc/models.rs"]
mod models;

use models::*;
use ppl::prelude::*;
use std::time::Instant;

const RUNS: usize = 21;

/// The median run.
fn time<M: Model + Sync>(
    name: &str,
    model: &M,
    exact: [f64; 2],
    (warmup, draws, chains): (usize, usize, usize),
) -> Result<(), ppl::Error> {
    let mut seconds = Vec::new();
    let mut weights = Vec::new();
    for seed in 0..RUNS as u64 {
        let start = Instant::now();
        let dcc = Dcc::new(model).seed(seed).chains(chains);
        let run = dcc.warmup(warmup).draws(draws).run()?;
        seconds.push(start.elapsed().as_secs_f64());
        weights.extend(run.program("second=true").map(|p| p.weight()));
    }
    seconds.sort_by(f64::total_cmp);
    let exact = (exact[1] - ln_sum(&exact)).exp();
    let squares: f64 = weights.iter().map(|w| (w.mean - exact).powi(2)).sum();
    println!(
        "{{\"model\": \"{name}\", \"seconds\": {:.6}, \"exact\": {exact:.6e}, \"error\": {:.2e}}}",
        seconds[RUNS / 2],
        (squares / RUNS as f64).sqrt()
    );
    Ok(())
}

fn main() -> Result<(), ppl::Error> {
    let y = normals();
    let exact = two_programs_exact(0.2);
    time("doc", &two_programs(0.2), exact, (500, 1000, 1))?;
    let exact = address_path_exact(0.2);
    time("address", &address_path(0.2), exact, (50, 50, 1))?;
    let (kernels, weights) = ([1.0, 2.0], [2.0, 0.62177]);
    let exact = two_scales_exact(&y, kernels);
    time("kernels", &two_scales(&y, kernels), exact, (50, 50, 2))?;
    let exact = two_scales_exact(&y, weights);
    time("weights", &two_scales(&y, weights), exact, (500, 1000, 1))
}
