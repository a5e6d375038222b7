use ppl::prelude::*;

#[model]
fn kinds(flag: bool) {
    if flag {
        let x: f64 = sample(Normal::new(0.0, 1.0));
    } else {
        let x: f64 = deterministic(1.0);
    }
}

fn main() {}
