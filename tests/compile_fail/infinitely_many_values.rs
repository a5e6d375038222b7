use ppl::prelude::*;

#[model]
fn counts(y: &[f64]) {
    #[enumerate]
    let count: usize = sample(Poisson::new(3.0));
    observe(y, Normal::new(count as f64, 1.0).iid());
}

fn main() {}
