//! Does coaching help? Rubin's (1981) eight schools, written in two ways that have the same evidence: the effects of the
//! schools as they are (centred), and as offsets in units of their spread (non-centred).

use ppl::prelude::*;

#[model]
fn centred(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfCauchy::new(5.0));
    let effects: [f64; 8] = sample(Normal::new(mean, spread).iid());
    observe(y, Normal::new(&effects, error));
}

#[model]
fn non_centred(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfCauchy::new(5.0));
    let offsets: [f64; 8] = sample(Normal::new(0.0, 1.0).iid());
    let effects: [f64; 8] = deterministic(offsets.map(|z| mean + spread * z));
    observe(y, Normal::new(&effects, error));
}

fn main() -> Result<(), ppl::Error> {
    let y = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    let error = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];

    let model = centred(&y, &error);
    let run = NestedSampler::new(&model).seed(1).progress(true).run()?;
    println!("{run}");

    let model = non_centred(&y, &error);
    let run = NestedSampler::new(&model).seed(1).progress(true).run()?;
    println!("{run}");
    println!("exact log evidence of both: -31.31135");

    let draws = run.draws(4000, 2)?;
    println!(
        "probability that school A gains most: {:.2}",
        draws.mean(|d| { d.effects.iter().all(|e| *e <= d.effects[0]) })
    );
    Ok(())
}
