//! The nested sampler on two shells in ten dimensions, 500 live points: seconds a run, evaluations a second.
//! `cargo bench --bench nested`

use ppl::prelude::*;
use std::f64::consts::TAU;
use std::time::Instant;

/// Two shells of radius 2 and width 0.1 with centres 7 apart, in a cube of side 12; ln Z = −14.590491.
#[model]
fn shells() {
    let x: [f64; 10] = sample(Uniform::new(-6.0, 6.0).iid());
    let off_axis: Real = x[1..].iter().map(|v| v * v).sum();
    let shell = |centre: f64| {
        let radius = (off_axis + (x[0] - centre).powi(2)).sqrt();
        -0.5 * ((radius - 2.0) / 0.1).powi(2) - (0.1 * TAU.sqrt()).ln()
    };
    factor(log_sum_exp(&[shell(-3.5), shell(3.5)]));
}

fn main() -> Result<(), ppl::Error> {
    let model = shells();
    let mut rows = Vec::new();
    for seed in 0..21 {
        let start = Instant::now();
        let run = NestedSampler::new(&model)
            .live_points(500)
            .seed(seed)
            .run()?;
        let seconds = start.elapsed().as_secs_f64();
        rows.push((seconds, run.likelihood_evaluations() as f64));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (seconds, evaluations) = rows[rows.len() / 2];
    println!(
        "median run: {seconds:.3} s, {evaluations:.0} evaluations, {:.1} million a second",
        evaluations / seconds / 1e6
    );
    let total: (f64, f64) = rows.iter().fold((0.0, 0.0), |t, r| (t.0 + r.0, t.1 + r.1));
    println!(
        "all 21 runs: {:.1} million evaluations a second",
        total.1 / total.0 / 1e6
    );
    Ok(())
}
