//! Simulation-based calibration of guides: those that can hold the posterior pass, those that cannot are rejected.

use ppl::Error;
use ppl::infer::calibration::{
    Calibration, Quantities, Settings, Simulated, long_enough, nuts_columns, prior_and_data, sbc,
};
use ppl::infer::svi::{Adam, AutoMultivariateNormal, AutoNormal, Elbo, Svi, SviFit};
use ppl::prelude::*;
use ppl::random::Rng;

#[model]
fn location(y: &[f64]) {
    let mean = sample(Normal::new(1.0, 2.0));
    observe(y, Normal::new(mean, 1.5).iid());
}

#[model]
fn coin(flips: &[bool]) {
    let fairness = sample(Beta::new(2.0, 3.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

#[guide(coin)]
fn coin_guide() {
    let alpha: f64 = param(3.0, Positive);
    let beta: f64 = param(3.0, Positive);
    let fairness: f64 = sample(Beta::new(alpha, beta));
}

/// Two latents of which only the sum is seen: the posterior is normal, with correlation −0.99.
#[model]
fn sum(y: f64) {
    let a = sample(Normal::new(0.0, 1.0));
    let b = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(a + b, 0.1));
}

/// A rate that falls to nothing, so that the last steps have no noise left.
fn falling(first: f64, steps: u64) -> impl Fn(u64) -> f64 + Clone + Send + Sync {
    move |step| first * (1.0 - step as f64 / steps as f64)
}

fn settings(replications: usize) -> Settings {
    Settings {
        seed: 12,
        replications,
        ..Settings::default()
    }
}

fn columns<D, const N: usize>(
    fit: &SviFit<'_, D>,
    draws: usize,
    seed: u64,
    quantities: [fn(&D) -> f64; N],
) -> Result<Quantities, Error>
where
    D: ppl::support::Export + Clone + Send + Sync,
{
    let draws = fit.draws(draws, seed)?;
    let column = |f: fn(&D) -> f64| vec![draws.iter().map(f).collect()];
    Ok(quantities.map(column).to_vec())
}

fn normal_guide_of_a_normal_posterior(replications: usize) -> Calibration {
    let settings = settings(replications);
    let shape = location(&[0.0; 6]);
    let truth = |rng: &mut Rng| {
        let (draw, data) = prior_and_data(&shape, rng);
        (vec![draw.mean], data)
    };
    let fit = |data: &Simulated, seed: u64| {
        let y = data.numbers("y");
        let model = location(&y);
        let svi = Svi::new(&model, AutoNormal::new(), Adam::new(falling(0.1, 1000)));
        let fit = svi.elbo(Elbo::Path).run(1000, seed)?;
        columns(&fit, settings.draws, seed, [|d| d.mean])
    };
    sbc(&settings, truth, fit).expect("the guide can be fitted")
}

fn beta_guide_of_a_coin(replications: usize) -> Calibration {
    let settings = settings(replications);
    let shape = coin(&[false; 7]);
    let truth = |rng: &mut Rng| {
        let (draw, data) = prior_and_data(&shape, rng);
        (vec![draw.fairness], data)
    };
    let fit = |data: &Simulated, seed: u64| {
        let flips: Vec<bool> = data.numbers("flips").iter().map(|x| *x != 0.0).collect();
        let model = coin(&flips);
        let svi = Svi::new(&model, coin_guide(), Adam::new(falling(0.05, 2000)));
        let fit = svi.elbo_draws(10).run(2000, seed)?;
        columns(&fit, settings.draws, seed, [|d| d.fairness])
    };
    sbc(&settings, truth, fit).expect("the guide can be fitted")
}

fn sum_by(
    replications: usize,
    fitted: impl Fn(&Sum, u64, usize) -> Result<Quantities, Error> + Sync,
) -> Calibration {
    let settings = settings(replications);
    let shape = sum(0.0);
    let truth = |rng: &mut Rng| {
        let (draw, data) = prior_and_data(&shape, rng);
        (vec![draw.a, draw.b], data)
    };
    let fit = |data: &Simulated, seed: u64| {
        let model = sum(data.numbers("y")[0]);
        fitted(&model, seed, settings.draws)
    };
    sbc(&settings, truth, fit).expect("the engine can run")
}

fn full_guide_of_a_correlated_normal(replications: usize) -> Calibration {
    sum_by(replications, |model, seed, draws| {
        let adam = Adam::new(falling(0.05, 3000));
        let svi = Svi::new(model, AutoMultivariateNormal::new(), adam);
        let fit = svi.elbo(Elbo::Path).elbo_draws(4).run(3000, seed)?;
        columns(&fit, draws, seed, [|d: &SumDraw| d.a, |d| d.b])
    })
}

fn passes(name: &str, calibration: &Calibration) {
    println!("{name}\n{calibration}");
    assert!(calibration.p_value() > 1e-4, "{name}\n{calibration}");
}

#[test]
fn guides_that_can_hold_the_posterior() {
    passes("normal", &normal_guide_of_a_normal_posterior(100));
    passes("beta", &beta_guide_of_a_coin(100));
    passes("full", &full_guide_of_a_correlated_normal(100));
}

#[test]
#[ignore = "minutes"]
fn guides_at_length() {
    passes("normal", &normal_guide_of_a_normal_posterior(1000));
    passes("beta", &beta_guide_of_a_coin(1000));
    passes("full", &full_guide_of_a_correlated_normal(1000));
}

/// Independent normals are too narrow for a correlated normal, and calibration has to see it, by either test.
#[test]
fn a_mean_field_guide_is_rejected() {
    let guide = sum_by(100, |model, seed, draws| {
        let fit = Svi::new(model, AutoNormal::new(), Adam::new(0.02)).run(1000, seed)?;
        columns(&fit, draws, seed, [|d: &SumDraw| d.a, |d| d.b])
    });
    println!("mean-field guide\n{guide}");
    assert!(guide.p_value() < 1e-4, "{guide}");
    for ranks in guide.quantities() {
        assert!(ranks.chi_square_p_value() < 1e-4, "{guide}");
        assert!(ranks.ecdf_p_value() < 1e-4, "{guide}");
    }
    let nuts = sum_by(100, |model, seed, draws| {
        long_enough(draws, 400, |length| {
            let nuts = Nuts::new(model).seed(seed).chains(2).warmup(500);
            let run = nuts.target_acceptance(0.9).draws(length).run()?;
            Ok(nuts_columns(&run, |d| vec![d.a, d.b]))
        })
    });
    passes("NUTS", &nuts);
}
