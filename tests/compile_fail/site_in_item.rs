use ppl::prelude::*;

#[model]
fn items(y: f64) {
    fn prior() -> f64 {
        let x: f64 = sample(Normal::new(0.0, 1.0));
        x
    }
    let later = async {
        observe(y, Normal::new(0.0, 1.0));
    };
    let constant = const { deterministic(1.0) };
}

fn main() {}
