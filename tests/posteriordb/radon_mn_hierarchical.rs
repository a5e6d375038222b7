//! Minnesota radon: county intercepts, non-centred because their scale may be near zero.

use super::{Given, Reference, Task};
use ppl::prelude::*;

const COUNTIES: usize = 85;

#[model]
fn radon(county: &[usize], uranium: &[f64], floor: &[f64], log_radon: &[f64]) {
    let mu_alpha = sample(Normal::new(0.0, 10.0));
    let beta: [f64; 2] = sample(Normal::new(0.0, 10.0).iid());
    let sigma_alpha = sample(HalfNormal::new(1.0));
    let sigma_y = sample(HalfNormal::new(1.0));
    let offset: [f64; COUNTIES] = sample(Normal::new(0.0, 1.0).iid());
    let alpha: [f64; COUNTIES] = deterministic(mu_alpha + sigma_alpha * offset);
    let mean = gather(&alpha, county) + beta[0] * uranium + beta[1] * floor;
    observe(log_radon, Normal::new(mean, sigma_y));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("radon_mn_hierarchical");
    let county = r.places("county_idx");
    let columns = ["log_uppm", "floor_measure", "log_radon"];
    let [uranium, floor, log_radon] = columns.map(|n| r.reals(n));
    let model = radon(&county, &uranium, &floor, &log_radon);
    task.model(&r, &model, |p| {
        let (mean, scale) = (p.real("mu_alpha"), p.real("sigma_alpha"));
        let alpha = p.numbers(&["alpha"]);
        let mut latents = p.numbers(&["mu_alpha", "beta", "sigma_alpha", "sigma_y"]);
        latents.extend(alpha.iter().map(|a| (a - mean) / scale));
        Given {
            latents,
            offset: -(alpha.len() as f64) * scale.ln(),
        }
    })
}
