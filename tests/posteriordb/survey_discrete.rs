//! Number of surveys and return rate: a discrete latent count, as a latent and summed out by hand.

use super::{Reference, Task};
use ppl::dist::DiscreteUniform;
use ppl::prelude::*;
use ppl::real::special::ln_gamma;

const MOST: usize = 500;

#[model]
fn survey_discrete(k: &[usize]) {
    let theta = sample(Uniform::new(0.0, 1.0));
    let n: usize = sample(DiscreteUniform::new(1.0, MOST as f64));
    observe(k, Binomial::new(n, theta).iid());
}

/// `ln_ways[n - 1]` is Σ ln C(n, k\[i\]).
#[model]
fn survey_summed(ln_ways: &[f64; MOST], surveys: f64, returned: f64) {
    let theta = sample(Uniform::new(0.0, 1.0));
    let (ln_yes, ln_no) = (theta.ln(), (1.0 - theta).ln());
    let terms: [Real; MOST] = std::array::from_fn(|i| {
        let sent = surveys * (i + 1) as f64;
        ln_ways[i] - (MOST as f64).ln() + returned * ln_yes + (sent - returned) * ln_no
    });
    factor(log_sum_exp(&terms));
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
    let k = r.reals("k");
    let ln_ways = std::array::from_fn(|i| {
        let n = (i + 1) as f64;
        k.iter()
            .map(|k| match *k <= n {
                true => ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0),
                false => f64::NEG_INFINITY,
            })
            .sum()
    });
    let model = survey_summed(&ln_ways, k.len() as f64, k.iter().sum());
    task.model(&r, &model, |p| p.numbers(&["theta"]).into())
}
