use ppl::prelude::*;

#[model]
fn let_else() {
    let x: f64 = sample(Normal::new(0.0, 1.0)) else {
        return;
    };
}

fn main() {}
