use ppl::prelude::*;

#[model]
fn selfish(y: f64) {
    let mu: f64 = sample(Normal::new(self.y, 1.0));
}

fn main() {}
