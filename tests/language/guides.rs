//! `#[guide]`: parameters, latents by name in any order, and their way into the engines.

use super::normal;
use ppl::infer::stein::{RbfKernel, SteinVi};
use ppl::infer::svi::{Adam, CosineDecay, Svi};
use ppl::models::{Evaluator, Guide, SiteKind};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};

mod models {
    use ppl::prelude::*;

    #[model]
    pub fn coin(flips: &[bool]) {
        let fairness: f64 = sample(Beta::new(10.0, 10.0));
        observe(flips, Bernoulli::new(fairness).iid());
    }
}

/// A guide in the model's own family.
#[guide(models::coin)]
pub fn coin_guide() {
    let alpha: f64 = param(15.0, Positive);
    let beta: f64 = param(init(Exponential::new(0.1)), Positive);
    let fairness: f64 = sample(Beta::new(alpha, beta));
}

/// A rate that falls to nothing, so that the last step has no noise left.
fn falling() -> Adam<CosineDecay> {
    Adam::new(CosineDecay {
        initial: 0.05,
        last: 0.0,
        steps: 3000,
    })
}

const FLIPS: [bool; 10] = [
    true, true, true, true, true, true, false, false, false, false,
];

#[test]
fn a_guide_has_its_parameters_and_latents_in_its_table() {
    type Coin = CoinGuide;
    let rows: Vec<_> = Coin::SITES.iter().map(|s| (s.name, s.kind, s.ty)).collect();
    let expected = [
        ("alpha", SiteKind::Param, "f64"),
        ("beta", SiteKind::Param, "f64"),
        ("fairness", SiteKind::Sample, "f64"),
    ];
    assert_eq!((Coin::NAME, &rows[..]), ("coin_guide", &expected[..]));
    let params = CoinGuideParams {
        alpha: 1.0,
        beta: 2.0,
    };
    assert_eq!(params.clone(), params);
}

#[test]
fn a_guide_in_the_family_of_the_posterior_finds_it() -> Result<(), ppl::Error> {
    let model = models::coin(&FLIPS);
    let fit = Svi::new(&model, coin_guide(), falling())
        .elbo_draws(20)
        .run(3000, 4)?;
    let draws = fit.draws(20_000, 1)?;
    // Beta(16, 14).
    let (mean, sd) = (draws.mean(|d| d.fairness), draws.sd(|d| d.fairness));
    assert!((mean - 16.0 / 30.0).abs() < 0.01, "{mean}");
    let exact = (16.0 * 14.0 / (900.0 * 31.0f64)).sqrt();
    assert!((sd / exact - 1.0).abs() < 0.1, "{sd} {exact}");
    let names: Vec<&str> = fit.params().iter().map(|p| &*p.name).collect();
    assert_eq!(names, ["alpha", "beta"]);
    Ok(())
}

#[test]
fn particles_of_a_guide_start_apart() -> Result<(), ppl::Error> {
    let model = models::coin(&FLIPS);
    let stein = SteinVi::new(&model, coin_guide(), Adam::new(0.05), RbfKernel::default())
        .particles(5)
        .elbo_draws(5);
    let start = stein.init(1)?.values;
    let beta: Vec<f64> = start.iter().skip(1).step_by(2).copied().collect();
    assert!(
        start
            .iter()
            .step_by(2)
            .all(|a| (a - 15f64.ln()).abs() < 1e-12),
        "{start:?}"
    );
    assert!(beta.windows(2).all(|b| b[0] != b[1]), "{beta:?}");
    let draws = stein.run(500, 1)?.draws(2000, 1)?;
    let mean = draws.mean(|d| d.fairness);
    assert!((mean - 16.0 / 30.0).abs() < 0.05, "{mean}");
    Ok(())
}

#[model]
fn regression<const P: usize>(x: &[[f64; P]], y: &[f64]) {
    let beta: [f64; P] = sample(Normal::new(0.0, 1.0).iid());
    let noise: f64 = sample(HalfNormal::new(1.0));
    let total: f64 = deterministic(beta.iter().sum::<Real>());
    plate(y.len(), |i| {
        let shift: f64 = sample(Normal::new(0.0, 0.5));
        #[enumerate]
        let outlier: bool = sample(Bernoulli::new(0.1));
        let scale = if outlier { 10.0 * noise } else { noise };
        observe(y[i], Normal::new(dot(&beta, &x[i]) + shift, scale));
    });
    let last: f64 = sample(Normal::new(total, 1.0));
}

/// The latents in another order, the plate's as one vector, and parameters of every type.
#[guide(regression::<P>)]
fn regression_guide<const P: usize>(n: usize, widths: &[f64]) {
    let centre = param(0.5);
    let means: [f64; P] = param([0.25; P]);
    let scales: Vec<f64> = param(widths, Positive);
    let share: f64 = param(0.5, UnitInterval);
    let bounded: f64 = param(1.0, Interval(0.0, 4.0));
    let last: f64 = sample(Normal::new(centre, bounded));
    let noise: f64 = sample(LogNormal::new(0.0, share));
    let shift: Vec<f64> = sample(each(0..n, |i| Normal::new(last, scales[i])));
    let beta: [f64; P] = sample(Normal::new(&means, 1.0));
}

#[test]
fn latents_stand_in_any_order_and_a_vector_for_a_plate() {
    let widths = [0.5, 2.0, 1.5];
    let guide = regression_guide::<2>(3, &widths);
    let mut rng = keyed(0, Purpose::Layout, 0, 0);
    let trace = Evaluator::new()
        .trace_guide(&guide, &mut rng)
        .expect("a guide");
    let sizes: Vec<_> = trace.params.iter().map(|p| (&*p.name, p.len)).collect();
    assert_eq!(
        sizes,
        [
            ("centre", 1),
            ("means", 2),
            ("scales", 3),
            ("share", 1),
            ("bounded", 1)
        ]
    );
    let start = &trace.start;
    let expected = [
        0.5,
        0.25,
        0.25,
        0.5f64.ln(),
        2f64.ln(),
        1.5f64.ln(),
        0.0,
        -(3f64.ln()),
    ];
    assert!(
        start
            .iter()
            .zip(&expected)
            .all(|(a, b)| (a - b).abs() < 1e-12),
        "{start:?}"
    );
    // In the model's order: beta, noise, shift, last.
    let x = [0.1, 0.2, 1.3, -0.4, 0.5, 0.6, 0.7];
    let order = [6, 2, 3, 4, 5, 0, 1];
    let values = [0.5, 0.25, 0.25, 0.5, 2.0, 1.5, 0.5, 1.0];
    let density = Evaluator::new().log_guide(&guide, &values, &order, &x);
    let mut by_hand = normal(0.7, 0.5, 1.0);
    by_hand += normal(1.3f64.ln(), 0.0, 0.5) - 1.3f64.ln();
    by_hand += (0..3)
        .map(|i| normal(x[3 + i], 0.7, widths[i]))
        .sum::<f64>();
    by_hand += normal(0.1, 0.25, 1.0) + normal(0.2, 0.25, 1.0);
    assert!((density - by_hand).abs() < 1e-12, "{density} {by_hand}");
}

#[model]
fn frames() {
    let frame: f64 = sample(Normal::new(0.0, 1.0));
    let site: f64 = sample(Normal::new(frame, 1.0));
}

/// Names that generated code uses too.
#[guide(frames)]
fn frames_guide() {
    let frame: f64 = sample(Normal::new(0.0, 1.0));
    let site: f64 = sample(Normal::new(frame, 1.0));
}

#[model]
fn groups(y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    plate(y.len(), |i| {
        let effect: f64 = sample(Normal::new(mean, 1.0));
        observe(y[i], Normal::new(effect, 1.0));
    });
    if y.len() > 2 {
        let extra: f64 = sample(Normal::new(0.0, 1.0));
    }
}

#[guide(groups)]
fn groups_guide(y: &[f64]) {
    if y.len() > 2 {
        let extra: f64 = sample(Normal::new(0.0, 1.0));
    }
    let centre: f64 = param(0.0);
    let width: f64 = param(1.0, Positive);
    let mean: f64 = sample(Normal::new(centre, width));
    plate(y.len(), |i| {
        let slope: f64 = param(0.5);
        let spread: f64 = param(1.0, Positive);
        let effect: f64 = sample(Normal::new(slope * y[i] + 0.5 * mean, spread));
    });
}

#[test]
fn a_structured_guide_reaches_an_exact_posterior() -> Result<(), ppl::Error> {
    // Given the mean, an effect is N((y + mean) / 2, 1/2): the guide's family holds the posterior.
    let y = [2.0, -0.5, 1.0];
    let model = groups(&y);
    let guide = groups_guide(&y);
    let fit = Svi::new(&model, guide, falling())
        .elbo_draws(20)
        .run(3000, 4)?;
    let draws = fit.draws(20_000, 1)?;
    let precision = 1.0 + 3.0 / 2.0;
    let mean = draws.mean(|d| d.mean);
    let exact = y.iter().sum::<f64>() / 2.0 / precision;
    assert!((mean - exact).abs() < 0.03, "{mean} {exact}");
    let sd = draws.sd(|d| d.mean) / (1.0 / precision).sqrt();
    assert!((sd - 1.0).abs() < 0.05, "{sd}");
    let first = draws.mean(|d| d.effect[0]);
    assert!((first - (2.0 + exact) / 2.0).abs() < 0.03, "{first}");
    let extra = draws.sd(|d| d.extra.unwrap_or(f64::NAN));
    assert!((extra - 1.0).abs() < 0.05, "{extra}");
    Ok(())
}
