//! Child test score on mother's IQ, high school and their interaction; not centred.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn kidiq_interaction(x: &[[f64; 4]], score: &[f64]) {
    let beta: [f64; 4] = sample(ImproperUniform::real().iid());
    let sigma = sample(HalfCauchy::new(2.5));
    observe(score, each(x, |row| Normal::new(dot(&beta, row), sigma)));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("kidiq_interaction");
    let mothers = r.reals("mom_hs").into_iter().zip(r.reals("mom_iq"));
    let x: Vec<[f64; 4]> = mothers.map(|(hs, iq)| [1.0, hs, iq, hs * iq]).collect();
    task.model(&r, &kidiq_interaction(&x, &r.reals("kid_score")), |p| {
        p.numbers(&["beta", "sigma"]).into()
    })
}
