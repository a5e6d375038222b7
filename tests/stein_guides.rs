//! Written guides, starts, summed-out latents, minibatches and predictions of Stein variational inference.

#[path = "stein_guides/apart.rs"]
mod apart;
#[path = "stein_guides/by_hand.rs"]
mod by_hand;
#[path = "stein_guides/minibatches.rs"]
mod minibatches;
#[path = "stein_guides/predictions.rs"]
mod predictions;
#[path = "stein_guides/rejected.rs"]
mod rejected;
#[path = "stein_guides/schools.rs"]
mod schools;
#[path = "stein_guides/starts.rs"]
mod starts;

use ppl::infer::stein::{RbfKernel, SteinVi};
use ppl::infer::svi::{Adam, AutoNormal, CosineDecay, Elbo, GuideParameter, Svi};
use ppl::prelude::*;

#[model]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(10.0, 10.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

#[guide(coin)]
fn coin_guide() {
    let alpha: f64 = param(init(Uniform::new(5.0, 25.0)), Positive);
    let beta: f64 = param(init(Uniform::new(5.0, 25.0)), Positive);
    let fairness: f64 = sample(Beta::new(alpha, beta));
}

const FLIPS: [bool; 10] = [
    true, true, true, true, true, true, false, false, false, false,
];

fn falling(initial: f64, steps: u64) -> CosineDecay {
    CosineDecay {
        initial,
        last: 0.0,
        steps,
    }
}

/// (α, β) of each component.
fn betas(params: &[GuideParameter]) -> Vec<(f64, f64)> {
    let (alpha, beta) = (&params[0].values, &params[1].values);
    alpha.iter().zip(beta).map(|(a, b)| (a[0], b[0])).collect()
}

/// Mean and standard deviation of a mixture of beta distributions.
fn moments(components: &[(f64, f64)]) -> (f64, f64) {
    let m = components.len() as f64;
    let mean = components.iter().map(|(a, b)| a / (a + b)).sum::<f64>() / m;
    let second = |(a, b): &(f64, f64)| a * (a + 1.0) / ((a + b) * (a + b + 1.0));
    let second = components.iter().map(second).sum::<f64>() / m;
    (mean, (second - mean * mean).sqrt())
}

/// The posterior is Beta(16, 14), which the guide can be.
#[test]
fn a_beta_guide_finds_the_exact_posterior_of_the_coin() {
    let model = coin(&FLIPS);
    let steps = 3000;
    let adam = || Adam::new(falling(0.05, steps));
    for seed in 0..10 {
        // The gradient through the draws alone has no noise at an exact guide.
        let svi = Svi::new(&model, coin_guide(), adam()).elbo(Elbo::Path);
        let svi = svi.elbo_draws(10);
        let stein = |particles, repulsion| {
            let kernel = RbfKernel::default();
            let stein = SteinVi::new(&model, coin_guide(), adam(), kernel);
            let stein = stein.particles(particles).repulsion_temperature(repulsion);
            moments(&betas(stein.run(steps, seed).unwrap().params()))
        };
        let found = [
            moments(&betas(svi.run(steps, seed).unwrap().params())),
            stein(1, 1.0),
            stein(5, 0.0),
        ];
        for (mean, sd) in found {
            println!("{seed}: {mean:.5} {sd:.6}");
            assert!((mean / 0.533_333 - 1.0).abs() <= 0.005, "mean {mean}");
            assert!((sd / 0.089_603 - 1.0).abs() <= 0.005, "sd {sd}");
        }
    }
}

#[model]
fn summed(y: &[f64]) {
    let share: f64 = sample(Beta::new(2.0, 2.0));
    let centre: f64 = sample(Normal::new(0.0, 3.0));
    plate(y.len(), |i| {
        #[enumerate]
        let right: bool = sample(Bernoulli::new(share));
        let mean = if right { centre } else { -centre };
        observe(y[i], Normal::new(mean, 1.0));
    });
}

#[model]
fn summed_by_hand(y: &[f64]) {
    let share: f64 = sample(Beta::new(2.0, 2.0));
    let centre: f64 = sample(Normal::new(0.0, 3.0));
    let mut total = Real::from(0.0);
    for y in y {
        let normal = |mean| -0.5 * (*y - mean) * (*y - mean) - 0.918_938_533_204_672_7;
        total += log_sum_exp(&[
            share.ln() + normal(centre),
            (1.0 - share).ln() + normal(-centre),
        ]);
    }
    factor(total);
}

/// The evidence lower bound of a model with summed-out latents is that of the sum.
#[test]
fn summed_out_latents_in_the_bound() {
    let y = [2.1, 1.7, -2.2, 2.4, -1.6, 1.9, 0.1];
    let (by_plate, by_hand) = (summed(&y), summed_by_hand(&y));
    fn states<M: Model + Sync>(model: &M) -> [Vec<f64>; 2] {
        let stein = SteinVi::new(
            model,
            AutoNormal::new(),
            Adam::new(0.02),
            RbfKernel::default(),
        );
        let svi = Svi::new(model, AutoNormal::new(), Adam::new(0.02));
        [
            stein
                .particles(4)
                .run(200, 1)
                .unwrap()
                .state()
                .values
                .clone(),
            svi.run(200, 1).unwrap().state().values.clone(),
        ]
    }
    for (found, expected) in states(&by_plate).iter().zip(states(&by_hand)) {
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-9 * a.abs().max(1.0), "{a} {b}");
        }
    }
    // And the summed-out latents are drawn given the rest.
    let fit = Svi::new(&by_plate, AutoNormal::new(), Adam::new(falling(0.05, 2000)));
    let draws = fit.run(2000, 3).unwrap().draws(2000, 4).unwrap();
    let right = |i: usize| draws.mean(|d| d.right[i] == (d.centre > 0.0));
    assert!(
        right(0) > 0.95 && right(2) < 0.05,
        "{} {}",
        right(0),
        right(2)
    );
}
