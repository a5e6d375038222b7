//! Dog avoidance learning, correlated dog effects with an LKJ prior. In the first trial every dog is shocked: the
//! probability is 1 there, and the term 0.

use super::dogs_logistic::history;
use super::{Given, Reference, Task};
use ppl::dist::{LkjCholesky, Logistic};
use ppl::prelude::*;
use ppl::support::CorrelationCholesky;

/// Per trial: earlier shocks, earlier avoidances.
type History = [[f64; 2]; 25];

#[model]
fn dogs_hier_lkj(past: &[History], y: &[[bool; 25]]) {
    let mu_logit_ab: [f64; 2] = sample(Logistic::new(0.0, 1.0).iid());
    let sigma_logit_ab: [f64; 2] = sample(HalfNormal::new(1.0).iid());
    let factor_of_omega: CorrelationCholesky<2> = sample(LkjCholesky::new(2.0));
    let rho: f64 = deterministic(factor_of_omega[1][0]);
    plate(y.len(), |j| {
        let z: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
        let second = rho * z[0] + factor_of_omega[1][1] * z[1];
        let logit_a = mu_logit_ab[0] + sigma_logit_ab[0] * z[0];
        let logit_b = mu_logit_ab[1] + sigma_logit_ab[1] * second;
        let a: f64 = deterministic(logit_a.sigmoid());
        let b: f64 = deterministic(logit_b.sigmoid());
        let (ln_a, ln_b) = (logit_a.log_sigmoid(), logit_b.log_sigmoid());
        observe(
            y[j],
            each(&past[j], |[shocks, avoided]| {
                Bernoulli::new((*shocks * ln_a + *avoided * ln_b).exp())
            }),
        );
    });
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("dogs_hier_lkj");
    let y: Vec<[bool; 25]> = r.rows("y").iter().map(|d| d.map(|x| x != 0.0)).collect();
    let past: Vec<History> = y.iter().map(history).collect();
    task.model(&r, &dogs_hier_lkj(&past, &y), |p| {
        let rho = p.real("rho");
        let mut latents = p.numbers(&["mu_logit_ab", "sigma_logit_ab"]);
        latents.extend([1.0, 0.0, rho, (1.0 - rho * rho).sqrt()]);
        latents.extend(p.numbers(&["z"]));
        Given::from(latents)
    })
}
