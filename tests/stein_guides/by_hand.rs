//! Guides that a person writes, through SVI and SteinVI.

use ppl::infer::stein::{RbfKernel, SteinVi};
use ppl::infer::svi::{Adam, Svi};
use ppl::models::{Frame, Guide, GuideInterpreter, Positive, Site, SiteKind, init};
use ppl::prelude::*;

#[model]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(10.0, 10.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

/// What `#[guide(coin)]` makes of a function, written by hand.
#[derive(Clone)]
struct CoinGuide;

impl Guide for CoinGuide {
    type Latents = CoinLatents;
    type Params = [f64; 2];
    const NAME: &'static str = "coin_guide";
    const SITES: &'static [Site] = &[
        site("alpha", SiteKind::Param),
        site("beta", SiteKind::Param),
        site("fairness", SiteKind::Sample),
    ];
    fn run<'a, M: Mode, I: GuideInterpreter<'a, M>>(&self, i: &mut I) {
        let alpha = i.param::<f64, _>(0, init(Uniform::new(5.0, 25.0)), Positive);
        let beta = i.param::<f64, _>(1, init(Uniform::new(5.0, 25.0)), Positive);
        i.sample::<f64, _>(2, Beta::new(alpha, beta));
    }
    fn decode(frame: Frame<'_>) -> CoinLatents {
        CoinLatents {
            fairness: frame.one(2),
        }
    }
    fn decode_params(frame: Frame<'_>) -> [f64; 2] {
        [frame.one(0), frame.one(1)]
    }
}

const fn site(name: &'static str, kind: SiteKind) -> Site {
    Site {
        name,
        kind,
        ty: "f64",
        line: 0,
        argument: None,
        always: true,
        len: Some(1),
        offset: None,
    }
}

const FLIPS: [bool; 10] = [
    true, true, true, true, true, true, false, false, false, false,
];

/// The posterior is Beta(16, 14), which the guide can be: mean 8/15, sd 0.089603.
fn check(alpha: f64, beta: f64) {
    let (n, mean) = (alpha + beta, alpha / (alpha + beta));
    let sd = (mean * (1.0 - mean) / (n + 1.0)).sqrt();
    assert!(
        (mean - 8.0 / 15.0).abs() < 0.005 * 8.0 / 15.0,
        "mean {mean}"
    );
    assert!((sd - 0.089603).abs() < 0.005 * 0.089603, "sd {sd}");
}

#[test]
fn svi_finds_the_exact_posterior_of_the_coin() {
    let model = coin(&FLIPS);
    // A rate that decays averages the noise of the gradient away.
    let rate = |step: u64| 0.03 * 0.998_f64.powi(step as i32);
    let fit = Svi::new(&model, CoinGuide, Adam::new(rate))
        .elbo_draws(10)
        .run(4000, 1)
        .unwrap();
    check(fit.params()[0].values[0][0], fit.params()[1].values[0][0]);
    // Draws are from that guide: within five standard errors.
    let draws = fit.draws(20_000, 2).unwrap();
    let mean = draws.mean(|d| d.fairness);
    assert!((mean - 8.0 / 15.0).abs() < 0.005 * 8.0 / 15.0 + 5.0 * 0.0896 / 20_000f64.sqrt());
}

#[test]
fn stein_particles_share_the_posterior_of_the_coin() {
    let model = coin(&FLIPS);
    let stein = SteinVi::new(&model, CoinGuide, Adam::new(1e-2), RbfKernel::default())
        .particles(5)
        .elbo_draws(10);
    let fit = stein.run(2000, 3).unwrap();
    let draws = fit.draws(20_000, 4).unwrap();
    let (mean, sd) = (draws.mean(|d| d.fairness), draws.sd(|d| d.fairness));
    // The mixture's fixed point is a little wide.
    assert!(
        (mean - 8.0 / 15.0).abs() < 0.01 && (0.08..0.11).contains(&sd),
        "{mean} {sd}"
    );
}
