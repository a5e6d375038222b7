use ppl::prelude::*;

#[model]
fn treatments(y: f64) {
    #[branch]
    let x = 1.0;
    #[enumerate]
    let d: f64 = deterministic(x);
    #[branch]
    observe(y, Normal::new(x, 1.0));
    #[enumerate]
    if x > 0.0 {
        factor(1.0);
    }
}

fn main() {}
