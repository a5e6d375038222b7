use ppl::prelude::*;

#[model(name = "coin")]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(1.0, 1.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

fn main() {}
