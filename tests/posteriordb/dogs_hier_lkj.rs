//! Dog avoidance learning, correlated dog effects with an LKJ prior. In the first trial every dog is shocked: the
//! probability is 1 there, and the term 0.

use super::dogs_logistic::history;
use super::{Given, Reference, Task};
use ppl::dist::{LkjCholesky, Logistic};
use ppl::prelude::*;
use ppl::support::CorrelationCholesky;

const DOGS: usize = 30;

#[model]
fn dogs_hier_lkj(dog: &[usize], shocks: &[f64], avoided: &[f64], y: &[bool]) {
    let mu_logit_ab: [f64; 2] = sample(Logistic::new(0.0, 1.0).iid());
    let sigma_logit_ab: [f64; 2] = sample(HalfNormal::new(1.0).iid());
    let factor_of_omega: CorrelationCholesky<2> = sample(LkjCholesky::new(2.0));
    let rho: f64 = deterministic(factor_of_omega[1][0]);
    let z: [[f64; 2]; DOGS] = sample(Normal::new(0.0, 1.0).iid().iid());
    let logit_a = z.map(|z| mu_logit_ab[0] + sigma_logit_ab[0] * z[0]);
    let logit_b = z.map(|z| {
        let second = rho * z[0] + factor_of_omega[1][1] * z[1];
        mu_logit_ab[1] + sigma_logit_ab[1] * second
    });
    let a: [f64; DOGS] = deterministic(logit_a.map(|l| l.sigmoid()));
    let b: [f64; DOGS] = deterministic(logit_b.map(|l| l.sigmoid()));
    let (ln_a, ln_b) = (
        logit_a.map(|l| l.log_sigmoid()),
        logit_b.map(|l| l.log_sigmoid()),
    );
    let ln_p = gather(&ln_a, dog) * shocks + gather(&ln_b, dog) * avoided;
    observe(y, Bernoulli::new(ln_p.exp()));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("dogs_hier_lkj");
    let y: Vec<[bool; 25]> = r.rows("y").iter().map(|d| d.map(|x| x != 0.0)).collect();
    let past: Vec<[f64; 2]> = y.iter().flat_map(history).collect();
    let [shocks, avoided] = [0, 1].map(|k| past.iter().map(|p| p[k]).collect::<Vec<f64>>());
    let dog: Vec<usize> = (0..past.len()).map(|i| i / y[0].len()).collect();
    task.model(
        &r,
        &dogs_hier_lkj(&dog, &shocks, &avoided, y.as_flattened()),
        |p| {
            let rho = p.real("rho");
            let mut latents = p.numbers(&["mu_logit_ab", "sigma_logit_ab"]);
            latents.extend([1.0, 0.0, rho, (1.0 - rho * rho).sqrt()]);
            latents.extend(p.numbers(&["z"]));
            Given::from(latents)
        },
    )
}
