//! Linear regression with strongly correlated coefficients.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn blr(x: &[[f64; 5]], y: &[f64]) {
    let beta: [f64; 5] = sample(Normal::new(0.0, 10.0).iid());
    let sigma = sample(HalfNormal::new(10.0));
    observe(y, each(x, |row| Normal::new(dot(&beta, row), sigma)));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("sblrc_blr");
    task.model(&r, &blr(&r.rows("X"), &r.reals("y")), |p| {
        p.numbers(&["beta", "sigma"]).into()
    })
}
