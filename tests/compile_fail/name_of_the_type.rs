use ppl::prelude::*;

#[model]
fn Coin(flips: &[bool]) {
    observe(flips, Bernoulli::new(0.5).iid());
}

#[model]
fn __() {}

fn main() {}
