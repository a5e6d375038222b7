use ppl::prelude::*;

#[model]
fn macros() {
    let xs = vec![sample(Normal::new(0.0, 1.0)); 2];
    println!("{}", deterministic(1.0));
}

fn main() {}
