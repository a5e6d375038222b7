use ppl::prelude::*;

#[model]
fn chains(y: &[f64]) {
    markov(y.len(), 0.0, f64::max);
    markov(y.len(), 0.0, |t| 0.0);
    markov(y.len(), |t, prev| prev);
    let last = markov(y.len(), 0.0, |t, prev| prev);
    let sum = 1.0 + markov(y.len(), 0.0, |t, prev| prev);
}

fn main() {}
