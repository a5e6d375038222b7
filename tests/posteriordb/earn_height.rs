//! Earnings on height: flat priors, very different scales.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn earn_height(height: &[f64], earn: &[f64]) {
    let beta: [f64; 2] = sample(ImproperUniform::real().iid());
    let sigma = sample(ImproperUniform::positive());
    observe(
        earn,
        each(height, |h| Normal::new(beta[0] + beta[1] * h, sigma)),
    );
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("earn_height");
    let (height, earn) = (r.reals("height"), r.reals("earn"));
    task.model(&r, &earn_height(&height, &earn), |p| {
        p.numbers(&["beta", "sigma"]).into()
    })
}
