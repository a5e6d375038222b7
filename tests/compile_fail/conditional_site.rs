use ppl::prelude::*;

#[model]
fn conditional() {
    #[cfg(unix)]
    let x: f64 = sample(Normal::new(0.0, 1.0));
}

fn main() {}
