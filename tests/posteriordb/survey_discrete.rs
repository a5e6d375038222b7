//! Number of surveys and return rate: a discrete latent count, as a latent and summed out.

use super::{Reference, Task};
use ppl::prelude::*;

const MOST: usize = 500;

#[model]
fn survey_discrete(k: &[usize]) {
    let theta = sample(Uniform::new(0.0, 1.0));
    let n: usize = sample(DiscreteUniform::new(1.0, MOST as f64));
    observe(k, Binomial::new(n, theta).iid());
}

#[model]
fn survey_summed(k: &[usize]) {
    let theta = sample(Uniform::new(0.0, 1.0));
    #[enumerate]
    let n: usize = sample(DiscreteUniform::new(1.0, MOST as f64));
    observe(k, Binomial::new(n, theta).iid());
}

/// With the count as a latent.
pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("survey_discrete");
    task.model(&r, &survey_discrete(&r.counts("k")), |p| {
        p.numbers(&["theta", "n"]).into()
    })
}

/// With the count summed out.
pub fn visit_summed<T: Task>(task: T) -> T::Output {
    let r = Reference::load("survey_discrete").summed();
    task.model(&r, &survey_summed(&r.counts("k")), |p| {
        p.numbers(&["theta"]).into()
    })
}
