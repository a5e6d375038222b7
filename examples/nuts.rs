//! The eight schools by NUTS: four chains, diagnostics and warnings.

use ppl::prelude::*;

#[model]
fn eight_schools(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfCauchy::new(5.0));
    let offsets: [f64; 8] = sample(Normal::new(0.0, 1.0).iid());
    let effects: [f64; 8] = deterministic(offsets.map(|z| mean + spread * z));
    observe(y, Normal::new(&effects, error));
}

fn main() -> Result<(), ppl::Error> {
    let y = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    let error = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
    let model = eight_schools(&y, &error);
    let run = Nuts::new(&model)
        .chains(4)
        .warmup(1000)
        .draws(1000)
        .seed(1)
        .run()?;
    println!("{run}");
    let best = run
        .draws()
        .mean(|d| d.effects.iter().all(|e| *e <= d.effects[0]));
    println!("probability that school A gains most: {best:.2}");
    Ok(())
}
