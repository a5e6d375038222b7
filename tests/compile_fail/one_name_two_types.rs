use ppl::prelude::*;

#[model]
fn types(flag: bool) {
    if flag {
        let x: f64 = sample(Normal::new(0.0, 1.0));
    } else {
        let x: bool = sample(Bernoulli::new(0.5));
    }
}

fn main() {}
