use ppl::prelude::*;

#[model]
fn endless(y: f64) {
    loop {
        observe(y, Normal::new(0.0, 1.0));
        break;
    }
}

fn main() {}
