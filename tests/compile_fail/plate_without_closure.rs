use ppl::prelude::*;

#[model]
fn without_closure(y: &[f64]) {
    let element = |i: usize| y[i];
    plate(y.len(), element);
    plate(y.len(), |i, j| {});
}

fn main() {}
