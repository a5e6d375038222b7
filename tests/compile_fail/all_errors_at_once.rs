use ppl::prelude::*;

#[model]
fn many(y: &[f64], (a, b): (f64, f64)) -> Real {
    let _ = sample(Normal::new(0.0, 1.0));
    while a > 0.0 {
        observe(y, Normal::new(0.0, 1.0).iid());
    }
    factor(1.0, 2.0);
}

fn main() {}
