use ppl::prelude::*;

#[model]
fn closures(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 1.0));
    observe(
        y,
        each(0..3, |_| {
            let x: f64 = sample(Normal::new(0.0, 1.0));
            Normal::new(mu + x, 1.0)
        }),
    );
    let f = || factor(1.0);
}

fn main() {}
