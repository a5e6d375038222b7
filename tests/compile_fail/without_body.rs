use ppl::prelude::*;

#[model]
fn declared(y: f64);

fn main() {}
