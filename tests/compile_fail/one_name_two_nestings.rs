use ppl::prelude::*;

#[model]
fn nestings(flag: bool) {
    if flag {
        let x: f64 = sample(Normal::new(0.0, 1.0));
    } else {
        plate(3, |_| {
            let x: f64 = sample(Normal::new(0.0, 1.0));
        });
    }
}

fn main() {}
