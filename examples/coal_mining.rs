//! When did British coal mines become safer? One change of rate at an unknown year, which is summed out.
//!
//! Disasters of ten deaths and more by year, 1851 to 1962: Jarrett, "A note on the intervals between coal-mining
//! disasters", Biometrika 66 (1979), by way of R's `boot::coal`.

use ppl::prelude::*;

const DISASTERS: [u32; 112] = [
    4, 5, 4, 1, 0, 4, 3, 4, 0, 6, 3, 3, 4, 0, 2, 6, 3, 3, 5, 4, 5, 3, 1, 4, 4, 1, 5, 5, 3, 4, 2, 5,
    2, 2, 3, 4, 2, 1, 3, 2, 2, 1, 1, 1, 1, 3, 0, 0, 1, 0, 1, 1, 0, 0, 3, 1, 0, 3, 2, 2, 0, 1, 1, 1,
    0, 1, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0, 1, 1, 0, 2, 3, 3, 1, 1, 2, 1, 1, 1, 1, 2, 3, 3, 0, 0, 0, 1,
    4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1,
];

#[model]
fn safer(disasters: &[u32]) {
    let before: f64 = sample(Exponential::new(1.0));
    let after: f64 = sample(Exponential::new(1.0));
    #[enumerate]
    let change: usize = sample(Categorical::new(vec![1.0; disasters.len()]));
    observe(
        disasters,
        each(0..disasters.len(), |t| {
            Poisson::new(if t < change { before } else { after })
        }),
    );
}

fn main() -> Result<(), ppl::Error> {
    let model = safer(&DISASTERS);
    let run = NestedSampler::new(&model).seed(1).progress(true).run()?;
    println!("{run}");

    let draws = run.draws(4000, 2)?;
    let mut years = [0.0; 112];
    draws.iter().for_each(|d| years[d.change] += 1.0 / 4000.0);
    for (t, share) in years.iter().enumerate().filter(|y| *y.1 > 0.02) {
        println!("{}: {share:.2}", 1851 + t);
    }
    Ok(())
}
