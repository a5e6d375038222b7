use ppl::prelude::*;

#[model]
fn treatments(y: &[f64]) {
    #[branch]
    #[enumerate]
    let both: bool = sample(Bernoulli::new(0.5));
    #[enumerate]
    let number = sample(Normal::new(0.0, 1.0));
    #[enumerate]
    let array: [bool; 2] = sample(Bernoulli::new(0.5).iid());
    observe(y, Normal::new(number, 1.0).iid());
}

fn main() {}
