use ppl::prelude::*;

struct Holder;

impl Holder {
    #[model]
    fn method(&self, y: f64) {
        observe(y, Normal::new(0.0, 1.0));
    }
}

fn main() {}
