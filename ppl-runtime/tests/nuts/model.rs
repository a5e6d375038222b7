//! NUTS and HMC of models, written by hand.

use super::problems;
use ppl_runtime::dist::{Bernoulli, Combine, Normal, each};
use ppl_runtime::error::Error;
use ppl_runtime::infer::nuts::{Hmc, Metric, Nuts};
use ppl_runtime::model::{ArgumentReport, Evaluator, Frame, Interpreter, Model, Site, SiteKind};
use ppl_runtime::output::diagnostics::mcse_mean;
use ppl_runtime::real::{Mode, dot};
use ppl_runtime::support::{Export, Sink};

const fn site(name: &'static str, kind: SiteKind, ty: &'static str, len: usize) -> Site {
    Site {
        name,
        kind,
        ty,
        line: 0,
        argument: None,
        always: true,
        len: Some(len),
        offset: None,
    }
}

/// mean ~ N(0, 10), y ~ N(mean, 1): the posterior is normal.
struct Conjugate(Vec<f64>);

#[derive(Clone, Debug)]
struct ConjugateDraw {
    mean: f64,
}

impl Export for ConjugateDraw {
    fn export(&self, sink: &mut impl Sink) {
        sink.field("mean", |s| s.number(self.mean));
    }
}

impl Model for Conjugate {
    type Draw = ConjugateDraw;
    type Latents = ();
    type Output<'a, M: Mode> = ();
    const NAME: &'static str = "conjugate";
    const SITES: &'static [Site] = &[
        site("mean", SiteKind::Sample, "f64", 1),
        site("y", SiteKind::Observe, "[f64]", 0),
    ];
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
        let mean = i.sample::<f64, _>(0, Normal::new(0.0, 10.0));
        i.observe(1, &self.0[..], Normal::new(mean, 1.0).iid());
    }
    fn decode(frame: Frame<'_>) -> ConjugateDraw {
        ConjugateDraw { mean: frame.one(0) }
    }
    fn check(&self, _: &mut ArgumentReport) {}
    fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], g: &mut [f64]) -> f64 {
        e.forward::<1, _>(self, u, g)
    }
}

/// The logistic regression of `problems`.
struct Logistic {
    x: Vec<[f64; 3]>,
    y: Vec<bool>,
}

#[derive(Clone, Debug)]
struct LogisticDraw {
    coefs: [f64; 3],
    intercept: f64,
}

impl Export for LogisticDraw {
    fn export(&self, sink: &mut impl Sink) {
        sink.field("coefs", |s| self.coefs.export(s));
        sink.field("intercept", |s| s.number(self.intercept));
    }
}

impl Model for Logistic {
    type Draw = LogisticDraw;
    type Latents = ();
    type Output<'a, M: Mode> = ();
    const NAME: &'static str = "logistic";
    const SITES: &'static [Site] = &[
        site("coefs", SiteKind::Sample, "[f64; 3]", 3),
        site("intercept", SiteKind::Sample, "f64", 1),
        site("y", SiteKind::Observe, "[bool]", 0),
    ];
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
        let coefs = i.sample::<[f64; 3], _>(0, Normal::new(0.0, 1.0).iid());
        let intercept = i.sample::<f64, _>(1, Normal::new(0.0, 10.0));
        let logit = each(&self.x[..], |row| {
            Bernoulli::logit(dot(&coefs, row) + intercept)
        });
        i.observe(2, &self.y[..], logit);
    }
    fn decode(frame: Frame<'_>) -> LogisticDraw {
        LogisticDraw {
            coefs: frame.one(0),
            intercept: frame.one(1),
        }
    }
    fn check(&self, _: &mut ArgumentReport) {}
    fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], g: &mut [f64]) -> f64 {
        e.forward::<4, _>(self, u, g)
    }
}

/// A latent without a gradient.
struct Discrete;

impl Model for Discrete {
    type Draw = bool;
    type Latents = ();
    type Output<'a, M: Mode> = ();
    const NAME: &'static str = "discrete";
    const SITES: &'static [Site] = &[site("heads", SiteKind::Sample, "bool", 0)];
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
        i.sample::<bool, _>(0, Bernoulli::new(0.5));
    }
    fn decode(frame: Frame<'_>) -> bool {
        frame.one(0)
    }
    fn check(&self, _: &mut ArgumentReport) {}
    fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], g: &mut [f64]) -> f64 {
        e.forward::<1, _>(self, u, g)
    }
}

#[test]
fn conjugate_posterior_by_both_samplers() {
    let model = Conjugate(vec![1.0, 2.5, 0.5, 3.0]);
    let variance = 1.0 / (0.01 + 4.0);
    let exact = variance * 7.0;
    let runs = [
        Nuts::new(&model).seed(1).run().unwrap(),
        Nuts::new(&model)
            .seed(2)
            .metric(Metric::Dense)
            .max_depth(5)
            .run()
            .unwrap(),
        Hmc::new(&model).seed(3).run().unwrap(),
        Hmc::new(&model).seed(4).steps(2).draws(2000).run().unwrap(),
    ];
    for run in &runs {
        let by_chain = |f: &dyn Fn(&ConjugateDraw) -> f64| -> Vec<Vec<f64>> {
            (0..run.chains())
                .map(|i| run.chain(i).unwrap().draws().iter().map(f).collect())
                .collect()
        };
        let error = mcse_mean(&by_chain(&|d| d.mean));
        assert!(((run.draws().mean(|d| d.mean) - exact) / error).abs() < 4.5);
        let error = mcse_mean(&by_chain(&|d| (d.mean - exact).powi(2)));
        let found = run.draws().mean(|d| (d.mean - exact).powi(2));
        assert!(((found - variance) / error).abs() < 4.5);
        assert!(run.divergences().is_empty());
    }
}

#[test]
fn results_fit_together() {
    let model = Conjugate(vec![1.0, 2.0]);
    let run = Nuts::new(&model)
        .chains(3)
        .warmup(200)
        .draws(150)
        .seed(5)
        .run()
        .unwrap();
    assert_eq!((run.chains(), run.draws().len()), (3, 450));
    assert!(run.chain(3).is_none());
    let mut evaluator = Evaluator::new();
    let densities = run.log_densities();
    for c in 0..3 {
        let chain = run.chain(c).unwrap();
        assert_eq!(chain.draws()[7].mean, run.draws()[150 * c + 7].mean);
        for (k, u) in chain.record().positions().enumerate() {
            assert_eq!(u[0], chain.draws()[k].mean);
            let exact = evaluator.log_density(&model, u).total();
            assert!((densities[150 * c + k] - exact).abs() < 1e-12);
        }
    }
    let gradients: u64 = (0..3).map(|c| run.chain(c).unwrap().gradients()).sum();
    assert_eq!(run.gradients(), gradients);
    let text = run.to_string();
    assert!(
        text.starts_with("NUTS of `conjugate`: 3 chains of 150 draws after 200 of warm-up"),
        "{text}"
    );
    assert!(
        text.contains("ess_bulk") && text.contains("\nmean"),
        "{text}"
    );
    assert_eq!(run.summary().rows().len(), 1);

    // Replicates of y are N(posterior mean, posterior variance + 1). 450 draws stand behind 4,000 replicates, so the
    // error of the draws is added.
    let n = 4000;
    let replicated = run.predictive(&model, n, 6).unwrap();
    let first: Vec<f64> = replicated.site("y").unwrap().iter().map(|y| y[0]).collect();
    let (variance, exact) = (1.0 / 2.01, 3.0 / 2.01);
    let mean = first.iter().sum::<f64>() / n as f64;
    let by_chain: Vec<Vec<f64>> = (0..3)
        .map(|c| {
            run.chain(c)
                .unwrap()
                .draws()
                .iter()
                .map(|d| d.mean)
                .collect()
        })
        .collect();
    let error = ((variance + 1.0) / n as f64)
        .sqrt()
        .hypot(mcse_mean(&by_chain));
    assert!(((mean - exact) / error).abs() < 4.5, "{mean}");
    assert!(run.predictive(&model, 0, 6).is_err());
}

#[test]
fn logistic_regression_agrees_with_the_density_by_hand() {
    let (x, y) = problems::logistic_data();
    let model = Logistic { x, y };
    let run = Nuts::new(&model)
        .chains(2)
        .warmup(500)
        .draws(500)
        .seed(7)
        .run()
        .unwrap();
    let settings = ppl_runtime::infer::nuts::Settings {
        chains: 2,
        seed: 8,
        ..Default::default()
    };
    let by_hand = problems::sampled(&problems::logistic(), &settings);
    let coefs = |k: usize| -> Vec<Vec<f64>> {
        (0..2)
            .map(|c| {
                run.chain(c)
                    .unwrap()
                    .draws()
                    .iter()
                    .map(|d| d.coefs[k])
                    .collect()
            })
            .collect()
    };
    for k in 0..3 {
        let (ours, theirs) = (coefs(k), problems::values(&by_hand, |u| u[k]));
        let error = mcse_mean(&ours).hypot(mcse_mean(&theirs));
        let z = (problems::mean(&ours) - problems::mean(&theirs)) / error;
        assert!(z.abs() < 4.5, "{k}: {z}");
    }
    assert_eq!(run.summary().rows()[0].name, "coefs[0]");
    assert!(run.summary().row("intercept").is_ok());
}

#[test]
fn errors_name_what_is_wrong() {
    let error = Nuts::new(&Discrete).run().unwrap_err();
    assert!(
        matches!(&error, Error::Discrete { site, .. } if site == "heads"),
        "{error}"
    );

    let model = Conjugate(vec![1.0]);
    let error = Nuts::new(&model).chains(0).run().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`chains`: is 0, but at least one chain is needed"
    );
    let error = Nuts::new(&model)
        .initial(vec![vec![f64::NAN]; 4])
        .run()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "model `conjugate`: NUTS: chain 1: at the given initial point the log density is NaN"
    );
    let error = Hmc::new(&model).trajectory(-1.0).run().unwrap_err();
    assert!(
        matches!(
            error,
            Error::Setting {
                argument: "trajectory",
                ..
            }
        ),
        "{error}"
    );
}
