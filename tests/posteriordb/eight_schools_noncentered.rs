//! Eight schools, non-centred.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn eight_schools_non_centred(y: &[f64; 8], error: &[f64; 8]) {
    let mu = sample(Normal::new(0.0, 5.0));
    let tau = sample(HalfCauchy::new(5.0));
    let offsets: [f64; 8] = sample(Normal::new(0.0, 1.0).iid());
    let theta: [f64; 8] = deterministic(offsets.map(|z| mu + tau * z));
    observe(y, Normal::new(&theta, error));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("eight_schools_noncentered");
    let (y, error) = (r.array("y"), r.array("sigma"));
    task.model(&r, &eight_schools_non_centred(&y, &error), |p| {
        p.numbers(&["mu", "tau", "theta_trans"]).into()
    })
}
