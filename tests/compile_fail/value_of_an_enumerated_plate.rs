use ppl::prelude::*;

#[model]
fn mixture(y: &[f64]) {
    let states = plate(y.len(), |i| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.5));
        observe(y[i], Normal::new(if z { 1.0 } else { 0.0 }, 1.0));
        z
    });
}

fn main() {}
