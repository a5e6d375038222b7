//! Summer temperature trend on years that are not centred: correlation beyond 0.9999.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn kilpisjarvi(year: &[f64], temperature: &[f64], at: (f64, f64), slope: (f64, f64)) {
    let alpha = sample(Normal::new(at.0, at.1));
    let beta = sample(Normal::new(slope.0, slope.1));
    let sigma = sample(ImproperUniform::positive());
    observe(
        temperature,
        each(year, |x| Normal::new(alpha + beta * x, sigma)),
    );
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("kilpisjarvi");
    let at = (r.real("pmualpha"), r.real("psalpha"));
    let slope = (r.real("pmubeta"), r.real("psbeta"));
    let (x, y) = (r.reals("x"), r.reals("y"));
    task.model(&r, &kilpisjarvi(&x, &y, at, slope), |p| {
        p.numbers(&["alpha", "beta", "sigma"]).into()
    })
}
