//! Well switching: logistic regression with an interaction, 3,020 households.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn wells_interaction(x: &[[f64; 3]], switched: &[bool]) {
    let alpha = sample(ImproperUniform::real());
    let beta: [f64; 3] = sample(ImproperUniform::real().iid());
    observe(switched, Bernoulli::logit(matvec(x, &beta) + alpha));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("wells_interaction");
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (dist, arsenic) = (r.reals("dist"), r.reals("arsenic"));
    let (far, much) = (mean(&dist), mean(&arsenic));
    let wells = dist.iter().zip(&arsenic);
    let x: Vec<[f64; 3]> = wells
        .map(|(d, a)| ((d - far) / 100.0, a - much))
        .map(|(c, a)| [c, a, c * a])
        .collect();
    task.model(&r, &wells_interaction(&x, &r.bools("switched")), |p| {
        p.numbers(&["alpha", "beta"]).into()
    })
}
