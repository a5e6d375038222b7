use ppl::prelude::*;

#[model]
fn noise(scale: Real) {
    let e: f64 = sample(Normal::new(0.0, scale));
}

fn main() {
    let run = NestedSampler::new(&noise(1.0)).run();
}
