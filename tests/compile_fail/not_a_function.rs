use ppl::prelude::*;

#[model]
struct Coin {
    flips: Vec<bool>,
}

fn main() {}
