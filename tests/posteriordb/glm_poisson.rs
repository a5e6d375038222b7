//! Poisson regression with a cubic trend.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn glm_poisson(year: &[f64], count: &[usize]) {
    let alpha = sample(Uniform::new(-20.0, 20.0));
    let beta1 = sample(Uniform::new(-10.0, 10.0));
    let beta2 = sample(Uniform::new(-10.0, 10.0));
    let beta3 = sample(Uniform::new(-10.0, 10.0));
    observe(
        count,
        each(year, |t| {
            Poisson::log(alpha + beta1 * t + beta2 * (t * t) + beta3 * (t * t * t))
        }),
    );
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("glm_poisson");
    let (year, count) = (r.reals("year"), r.counts("C"));
    task.model(&r, &glm_poisson(&year, &count), |p| {
        p.numbers(&["alpha", "beta1", "beta2", "beta3"]).into()
    })
}
