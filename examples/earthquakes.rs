//! Do great earthquakes come in quiet and busy spells? A hidden Markov model, its states summed by forward recursion
//! and drawn backwards.
//!
//! Earthquakes of magnitude 7 and more by year, 1900 to 2006: Zucchini & MacDonald, *Hidden Markov Models for Time
//! Series* (2009), table 1.1.

use ppl::prelude::*;

const EARTHQUAKES: [u32; 107] = [
    13, 14, 8, 10, 16, 26, 32, 27, 18, 32, 36, 24, 22, 23, 22, 18, 25, 21, 21, 14, 8, 11, 14, 23,
    18, 17, 19, 20, 22, 19, 13, 26, 13, 14, 22, 24, 21, 22, 26, 21, 23, 24, 27, 41, 31, 27, 35, 26,
    28, 36, 39, 21, 17, 22, 17, 19, 15, 34, 10, 15, 22, 18, 15, 20, 15, 22, 19, 16, 30, 27, 29, 23,
    20, 16, 21, 21, 25, 16, 18, 15, 18, 14, 10, 15, 8, 15, 6, 11, 8, 7, 18, 16, 13, 12, 13, 20, 15,
    16, 12, 18, 15, 16, 13, 15, 16, 11, 11,
];

#[model]
fn spells(counts: &[u32]) {
    let stay: [f64; 2] = sample(Beta::new(8.0, 2.0).iid());
    let rates: Ordered<2> = sample(Gamma::new(4.0, 0.2).iid().ordered());
    markov(counts.len(), false, |t, before| {
        let p = if before { stay[1] } else { 1.0 - stay[0] };
        #[enumerate]
        let busy: bool = sample(Bernoulli::new(p));
        observe(counts[t], Poisson::new(rates[usize::from(busy)]));
        busy
    });
}

fn main() -> Result<(), ppl::Error> {
    let model = spells(&EARTHQUAKES);
    let run = NestedSampler::new(&model).seed(1).progress(true).run()?;
    println!("{run}");

    let draws = run.draws(2000, 2)?;
    println!(
        "earthquakes a year: {:.1} and {:.1}",
        draws.mean(|d| d.rates[0]),
        draws.mean(|d| d.rates[1])
    );
    for (t, count) in EARTHQUAKES.iter().enumerate().step_by(10) {
        let busy = draws.mean(|d| f64::from(u8::from(d.busy[t])));
        println!(
            "{}: {count} earthquakes, busy with probability {busy:.2}",
            1900 + t
        );
    }
    Ok(())
}
