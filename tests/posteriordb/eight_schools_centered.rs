//! Eight schools, centred: a funnel.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn eight_schools_centred(y: &[f64; 8], error: &[f64; 8]) {
    let mu = sample(Normal::new(0.0, 5.0));
    let tau = sample(HalfCauchy::new(5.0));
    let theta: [f64; 8] = sample(Normal::new(mu, tau).iid());
    observe(y, Normal::new(&theta, error));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("eight_schools_centered");
    let (y, error) = (r.array("y"), r.array("sigma"));
    task.model(&r, &eight_schools_centred(&y, &error), |p| {
        p.numbers(&["mu", "tau", "theta"]).into()
    })
}
