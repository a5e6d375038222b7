use ppl::prelude::*;

#[model]
fn discards() {
    let _ = sample(Normal::new(0.0, 1.0));
    let _: f64 = deterministic(1.0);
}

fn main() {}
