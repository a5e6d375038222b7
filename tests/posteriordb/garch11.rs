//! GARCH(1,1): a bound that depends on a parameter, and a prior flat on the triangle that it makes.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn garch11(y: &[f64], first_scale: f64) {
    let mu = sample(ImproperUniform::real());
    let alpha0 = sample(ImproperUniform::positive());
    let alpha1 = sample(Uniform::new(0.0, 1.0));
    let beta1 = sample(Uniform::new(0.0, 1.0 - alpha1));
    factor((1.0 - alpha1).ln());
    let scales = (0..y.len()).scan(Real::from(first_scale), |scale, t| {
        if t > 0 {
            let off = y[t - 1] - mu;
            *scale = (alpha0 + alpha1 * off * off + beta1 * *scale * *scale).sqrt();
        }
        Some(*scale)
    });
    observe(y, each(scales, |scale| Normal::new(mu, scale)));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("garch11");
    task.model(&r, &garch11(&r.reals("y"), r.real("sigma1")), |p| {
        p.numbers(&["mu", "alpha0", "alpha1", "beta1"]).into()
    })
}
