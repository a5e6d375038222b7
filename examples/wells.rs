//! Why do households of Bangladesh whose well holds arsenic switch to another one? A logistic regression on 3,020 of
//! them, by distance to the nearest safe well, arsenic in their own, and the interaction: evidence and coefficients.
//!
//! `cargo run --release --example wells`, or with a CSV file of your own:
//! `cargo run --release --example wells -- my.csv`

use ppl::prelude::*;
use std::error::Error;
use std::fs;

#[model]
fn wells(x: &[[f64; 3]], switched: &[bool]) {
    let intercept: f64 = sample(Normal::new(0.0, 2.5));
    let slopes: [f64; 3] = sample(Normal::new(0.0, 2.5).iid());
    observe(
        switched,
        each(x, |row| Bernoulli::logit(dot(&slopes, row) + intercept)),
    );
}

/// The columns of the file.
#[derive(Default)]
struct Households {
    switched: Vec<bool>,
    distance: Vec<f64>,
    arsenic: Vec<f64>,
}

fn read(path: &str) -> Result<Households, Box<dyn Error>> {
    let mut all = Households::default();
    for (n, line) in fs::read_to_string(path)?.lines().enumerate().skip(1) {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [s, d, a] = fields[..] else {
            return Err(format!("{path}, line {}: three fields wanted", n + 1).into());
        };
        all.switched.push(s == "1");
        all.distance.push(d.parse()?);
        all.arsenic.push(a.parse()?);
    }
    Ok(all)
}

fn centred(x: &[f64], unit: f64) -> Vec<f64> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    x.iter().map(|v| (v - mean) / unit).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1);
    let path =
        path.unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/wells.csv").into());
    let Households {
        switched,
        distance,
        arsenic,
    } = read(&path)?;
    let (distance, arsenic) = (centred(&distance, 100.0), centred(&arsenic, 1.0));
    let x: Vec<[f64; 3]> = distance
        .iter()
        .zip(&arsenic)
        .map(|(d, a)| [*d, *a, d * a])
        .collect();

    let model = wells(&x, &switched);
    let run = NestedSampler::new(&model).seed(1).progress(true).run()?;
    println!("{run}");

    let draws = run.draws(2000, 2)?;
    let farther = draws.mean(|d| d.slopes[0] < 0.0);
    println!("households farther from a safe well switch less: probability {farther:.3}");
    run.plot("target/wells")?;
    println!("pictures: target/wells/diagnostics.svg, target/wells/corner.svg");
    Ok(())
}
