//! Does the distance in which a car stops grow with its speed or with the square of it? Each answer is a program of
//! its own, weighed by its evidence.
//!
//! Speeds in miles an hour and distances in feet: Ezekiel, "Methods of Correlation Analysis" (1930), in the version of
//! R's `cars`.

use ppl::prelude::*;

const SPEED: [f64; 50] = [
    4., 4., 7., 7., 8., 9., 10., 10., 10., 11., 11., 12., 12., 12., 12., 13., 13., 13., 13., 14.,
    14., 14., 14., 15., 15., 15., 16., 16., 17., 17., 17., 18., 18., 18., 18., 19., 19., 19., 20.,
    20., 20., 20., 20., 22., 23., 24., 24., 24., 24., 25.,
];
const DISTANCE: [f64; 50] = [
    2., 10., 4., 22., 16., 10., 18., 26., 34., 17., 28., 14., 20., 24., 28., 26., 34., 34., 46.,
    26., 36., 60., 80., 20., 26., 54., 32., 40., 32., 40., 50., 42., 56., 76., 84., 36., 46., 68.,
    32., 48., 52., 56., 64., 66., 54., 70., 92., 93., 120., 85.,
];

#[model]
fn stopping(speed: &[f64], distance: &[f64]) {
    let reaction: f64 = sample(HalfNormal::new(3.0));
    // Fast cars scatter more.
    let spread: f64 = sample(HalfNormal::new(3.0));
    #[branch]
    let braking: bool = sample(Bernoulli::new(0.5));
    let slowing = if braking {
        let rate: f64 = sample(HalfNormal::new(0.2));
        rate
    } else {
        Real::from(0.0)
    };
    plate(speed.len(), |i| {
        let v = speed[i];
        let mean = reaction * v + slowing * v * v;
        observe(distance[i], Normal::new(mean, spread * v.sqrt()));
    });
}

fn main() -> Result<(), ppl::Error> {
    let model = stopping(&SPEED, &DISTANCE);
    let run = Dcc::new(&model).seed(1).run()?;
    for program in run.programs() {
        println!("{:16} weight {}", program.name(), program.weight());
    }
    let draws = run.draws(4000, 2)?;
    println!("feet a mile an hour: {:.2}", draws.mean(|d| d.reaction));
    println!(
        "and, where there is one, a square term of {:.3}",
        draws.mean(|d| d.rate)
    );
    Ok(())
}
