use ppl::prelude::*;

#[model]
fn later(y: &[f64]) {
    #[branch]
    let second: bool = sample(Bernoulli::new(0.5));
    #[enumerate]
    let z: usize = sample(Poisson::new(1.0));
    markov(3, 0.0, |t, prev| prev);
    let a: f64 = param(1.0);
    let b = 1.0 + submodel(second);
}

fn main() {}
