//! A coin by Stein variational inference, with a guide of our own: ten beta distributions that repel one another.
//!
//! Twelve tosses; with a Beta(10, 10) prior the posterior is Beta(10 + heads, 10 + tails).

use ppl::prelude::*;

#[model]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(10.0, 10.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

#[guide(coin)]
fn coin_guide() {
    let alpha: f64 = param(15.0, Positive);
    // Particles must start apart.
    let beta: f64 = param(init(Exponential::new(0.1)), Positive);
    let fairness: f64 = sample(Beta::new(alpha, beta));
}

fn main() -> Result<(), ppl::Error> {
    let flips = [
        true, true, false, true, true, true, false, true, true, false, true, true,
    ];
    let model = coin(&flips);
    let stein = SteinVi::new(&model, coin_guide(), Adam::new(1e-2), RbfKernel::default())
        .particles(10)
        .elbo_draws(10);
    let fit = stein.run(2000, 1)?;
    let draws = fit.draws(4000, 2)?;
    let (mean, sd) = (draws.mean(|d| d.fairness), draws.sd(|d| d.fairness));
    println!("mixture    {mean:.3} ± {sd:.3}");
    let (a, b): (f64, f64) = (10.0 + 9.0, 10.0 + 3.0);
    let sd = (a * b / ((a + b) * (a + b) * (a + b + 1.0))).sqrt();
    println!("posterior  {:.3} ± {sd:.3}", a / (a + b));
    Ok(())
}
