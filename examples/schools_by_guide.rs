//! Eight schools by a guide of our own: a vector of the guide stands for what the model's plate samples one by one.
//! Then what would have been if the schools had nothing to do with one another, and if they were one.
//!
//! Rubin, "Estimation in parallel randomized experiments", Journal of Educational Statistics 6 (1981).

use ppl::prelude::*;

const EFFECT: [f64; 8] = [28., 8., -3., 7., -1., 1., 18., 12.];
const ERROR: [f64; 8] = [15., 10., 16., 11., 9., 11., 10., 18.];

#[model]
fn schools(effect: &[f64], error: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 5.0));
    let tau: f64 = sample(HalfNormal::new(5.0));
    plate(effect.len(), |j| {
        let eta: f64 = sample(Normal::new(0.0, 1.0));
        let theta: f64 = deterministic(mu + tau * eta);
        observe(effect[j], Normal::new(theta, error[j]));
    });
}

#[guide(schools)]
fn schools_guide() {
    let mean: f64 = param(0.0);
    let spread: f64 = param(5.0, Positive);
    let mu: f64 = sample(Normal::new(mean, spread));
    let log_mean: f64 = param(1.0);
    let log_spread: f64 = param(1.0, Positive);
    let tau: f64 = sample(LogNormal::new(log_mean, log_spread));
    let at: [f64; 8] = param([0.0; 8]);
    let scale: [f64; 8] = param([1.0; 8], Positive);
    let eta: Vec<f64> = sample(Normal::new(at, scale));
}

fn main() -> Result<(), ppl::Error> {
    let model = schools(&EFFECT, &ERROR);
    let fit = Svi::new(&model, schools_guide(), Adam::new(0.02))
        .elbo_draws(10)
        .run(3000, 1)?;
    let guided = fit.draws(4000, 2)?;
    let nuts = Nuts::new(&model).seed(1).run()?;
    println!("school   guide   NUTS");
    for j in 0..8 {
        let (ours, exact) = (
            guided.mean(|d| d.theta[j]),
            nuts.draws().mean(|d| d.theta[j]),
        );
        println!("  {j}     {ours:6.2} {exact:6.2}");
    }
    for tau in [0.0, 25.0] {
        let as_if = (&model).fix(SchoolsPartial {
            tau: Some(tau),
            ..SchoolsPartial::default()
        });
        let run = Nuts::new(&as_if).seed(1).run()?;
        let first = run.draws().mean(|d| d.theta[0]);
        println!("with τ = {tau:2}, the first school has {first:.1}");
    }
    Ok(())
}
