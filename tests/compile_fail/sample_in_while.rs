use ppl::prelude::*;

#[model]
fn waiting(y: f64) {
    let mut k = 0;
    while k < 3 {
        let x: f64 = sample(Normal::new(0.0, 1.0));
        k += 1;
    }
    observe(y, Normal::new(0.0, 1.0));
}

fn main() {}
