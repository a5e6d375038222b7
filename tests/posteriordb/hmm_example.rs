//! Two-state hidden Markov model; the first state has weight 1 for each.

use super::{Given, Reference, Task};
use ppl::prelude::*;
use ppl::real::special::normal_cdf;

#[model]
fn hmm_example(y: &[f64]) {
    let theta1: Simplex<2> = sample(Dirichlet::symmetric(1.0));
    let theta2: Simplex<2> = sample(Dirichlet::symmetric(1.0));
    let low = sample(Truncated::new(Normal::new(3.0, 1.0), 0.0, f64::INFINITY));
    let gap = sample(ImproperUniform::positive());
    let high = low + gap;
    observe(high, Normal::new(10.0, 1.0));
    let mu: [f64; 2] = deterministic([low, high]);
    let rows: [[Real; 2]; 3] = [*theta1, *theta2, [Real::from(0.5); 2]];
    markov(y.len(), 2, |t, before: usize| {
        #[enumerate]
        let state: usize = sample(Categorical::new(&rows[before]));
        observe(y[t], Normal::new(mu[state], 1.0));
        state
    });
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("hmm_example");
    task.model(&r, &hmm_example(&r.reals("y")), |p| {
        let [low, high] = p.numbers(&["mu"])[..] else {
            panic!("two means")
        };
        let mut latents = p.numbers(&["theta1", "theta2"]);
        latents.extend([low, high - low]);
        Given {
            latents,
            // Ours draws the first state, each with probability 1/2; and its prior of the lower mean is normalised.
            offset: std::f64::consts::LN_2 + normal_cdf(3.0).ln(),
        }
    })
}
