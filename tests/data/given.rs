//! Latents given from outside: `condition` counts their density, `fix` does not.

use super::{close, normal};
use ppl::models::{Evaluator, Layout};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};

/// Log density of a model at a point, checked to be that of the gradient too, and its layout.
fn density<M: Model>(model: &M, u: &[f64]) -> f64 {
    assert_eq!(Layout::of(model).expect("it binds").dim, u.len());
    let mut e = Evaluator::new();
    let value = e.log_density(model, u).total();
    let mut gradient = vec![0.0; u.len()];
    let again = model.log_density_and_gradient(&mut e, u, &mut gradient);
    assert!((value - again).abs() < 1e-12 * value.abs().max(1.0));
    for (k, g) in gradient.iter().enumerate() {
        let mut at = |step: f64| {
            let mut moved = u.to_vec();
            moved[k] += step;
            e.log_density(model, &moved).total()
        };
        let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert!(
            (g - difference).abs() < 1e-6 * g.abs().max(1.0),
            "{g} {difference}"
        );
    }
    value
}

const Y: [f64; 8] = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
const SD: [f64; 8] = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];

#[model]
fn schools(y: &[f64], sd: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 5.0));
    let tau: f64 = sample(HalfNormal::new(5.0));
    plate(y.len(), |j| {
        let theta: f64 = sample(Normal::new(mu, tau));
        observe(y[j], Normal::new(theta, sd[j]));
    });
}

#[test]
fn a_given_scalar_is_scored_or_not() {
    let partial = || SchoolsPartial {
        tau: Some(3.0),
        ..SchoolsPartial::default()
    };
    let u = [1.5, 2.0, 0.0, -1.0, 3.0, 0.5, 0.1, 4.0, 2.2];
    let rest: f64 = normal(u[0], 0.0, 5.0)
        + (0..8)
            .map(|j| normal(u[j + 1], u[0], 3.0) + normal(Y[j], u[j + 1], SD[j]))
            .sum::<f64>();
    close(density(&schools(&Y, &SD).fix(partial()), &u), rest);
    let half = 2.0_f64.ln() + normal(3.0, 0.0, 5.0);
    let conditioned = schools(&Y, &SD).condition(partial());
    close(density(&conditioned, &u), rest + half);
    // What is observed is likelihood.
    let likelihood = Evaluator::new().log_density(&conditioned, &u).likelihood;
    let data: f64 = (0..8).map(|j| normal(Y[j], u[j + 1], SD[j])).sum();
    close(likelihood, data + half);
}

#[test]
fn elements_of_a_plate_are_given_one_by_one() {
    let mut theta = vec![None; 8];
    theta[2] = Some(-4.0);
    theta[7] = Some(6.0);
    let partial = SchoolsPartial {
        mu: Some(2.0),
        theta,
        ..SchoolsPartial::default()
    };
    let model = schools(&Y, &SD).fix(partial);
    let u = [0.3_f64, 2.0, 0.0, 3.0, 0.5, 0.1, 4.0];
    let tau: f64 = u[0].exp();
    let mut expected = 2.0_f64.ln() + normal(tau, 0.0, 5.0) + u[0];
    let mut free = u[1..].iter();
    for j in 0..8 {
        let given = match j {
            2 => Some(-4.0),
            7 => Some(6.0),
            _ => None,
        };
        let theta = given.unwrap_or_else(|| *free.next().unwrap());
        if given.is_none() {
            expected += normal(theta, 2.0, tau);
        }
        expected += normal(Y[j], theta, SD[j]);
    }
    close(density(&model, &u), expected);
    let draw = Evaluator::new().draw_at_line(&model, &u, &mut keyed(0, Purpose::User, 0, 0));
    assert_eq!((draw.mu, draw.theta[2], draw.theta[7]), (2.0, -4.0, 6.0));
    assert_eq!(draw.theta[3], 3.0);
    // The prior's draws too.
    let draw = Evaluator::new().prior_draw(&model, &mut keyed(0, Purpose::User, 0, 1));
    assert_eq!((draw.mu, draw.theta[2], draw.theta[7]), (2.0, -4.0, 6.0));
}

#[test]
fn both_at_once_and_by_reference() {
    let base = schools(&Y, &SD);
    let fixed = (&base).fix(SchoolsPartial {
        tau: Some(3.0),
        ..SchoolsPartial::default()
    });
    let both = fixed.condition(SchoolsPartial {
        mu: Some(1.0),
        ..SchoolsPartial::default()
    });
    let u = [2.0, 0.0, -1.0, 3.0, 0.5, 0.1, 4.0, 2.2];
    let expected: f64 = normal(1.0, 0.0, 5.0)
        + (0..8)
            .map(|j| normal(u[j], 1.0, 3.0) + normal(Y[j], u[j], SD[j]))
            .sum::<f64>();
    close(density(&both, &u), expected);
}

fn refused<M: Model>(model: &M) -> String {
    Layout::of(model).expect_err("it does not bind").to_string()
}

#[test]
fn what_does_not_fit_is_named() {
    let negative = schools(&Y, &SD).fix(SchoolsPartial {
        tau: Some(-1.0),
        ..SchoolsPartial::default()
    });
    assert_eq!(
        refused(&negative),
        "model `schools`: site `tau`: -1 can't come from HalfNormal: an observation must be zero or positive"
    );
    let long = schools(&Y, &SD).condition(SchoolsPartial {
        theta: vec![Some(1.0); 9],
        ..SchoolsPartial::default()
    });
    assert_eq!(
        refused(&long),
        "model `schools`: site `theta`: 9 values are given, but it has 8 elements"
    );
    let mut theta = vec![None; 8];
    theta[3] = Some(f64::NAN);
    let nan = schools(&Y, &SD).condition(SchoolsPartial {
        theta,
        ..SchoolsPartial::default()
    });
    assert!(
        refused(&nan).contains("site `theta`[3]"),
        "{}",
        refused(&nan)
    );
}

#[model]
fn vectors(n: usize, y: &[f64]) {
    let coefs: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let weights: Vec<f64> = sample(Normal::new(0.0, 2.0).iid_n(n));
    let shares: Simplex<3> = sample(Dirichlet::symmetric(2.0));
    observe(y, Normal::new(coefs[0] + weights[1] * shares[2], 1.0).iid());
}

#[test]
fn vectors_are_given_whole() {
    let model = vectors(3, &[0.5]).condition(VectorsPartial {
        coefs: Some([0.2, -0.4]),
        weights: Some(vec![1.0, 2.0, 3.0]),
        shares: Some(Simplex([0.2, 0.3, 0.5])),
    });
    let expected = normal(0.2, 0.0, 1.0)
        + normal(-0.4, 0.0, 1.0)
        + [1.0, 2.0, 3.0].iter().map(|w| normal(*w, 0.0, 2.0)).sum::<f64>()
        // Dirichlet(2, 2, 2): Γ(6) Π x.
        + (120.0 * 0.2 * 0.3 * 0.5_f64).ln()
        + normal(0.5, 0.2 + 2.0 * 0.5, 1.0);
    close(Evaluator::new().log_density(&model, &[]).total(), expected);
    let short = vectors(3, &[0.5]).fix(VectorsPartial {
        weights: Some(vec![1.0, 2.0]),
        ..VectorsPartial::default()
    });
    assert_eq!(
        refused(&short),
        "model `vectors`: site `weights`: 2 values are given, but it has 3 elements"
    );
}

#[model]
fn mixture(y: &[f64], labels: usize) {
    let means: [f64; 2] = sample(Normal::new(0.0, 3.0).iid());
    let _ = labels;
    plate(y.len(), |i| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.3));
        observe(y[i], Normal::new(if z { means[1] } else { means[0] }, 1.0));
    });
}

#[test]
fn an_enumerated_site_that_is_given_is_not_summed() {
    let y: Vec<f64> = (0..30).map(|i| f64::from(i) * 0.2 - 3.0).collect();
    let known = |i: usize| match i % 3 {
        0 => Some(i.is_multiple_of(2)),
        _ => None,
    };
    let u = [-1.0, 2.0];
    let by_hand = |scored: bool| -> f64 {
        let element = |(i, y): (usize, &f64)| {
            let term = |z: bool| normal(*y, if z { 2.0 } else { -1.0 }, 1.0);
            let prior = |z: bool| if z { 0.3_f64.ln() } else { 0.7_f64.ln() };
            match known(i) {
                Some(z) if scored => prior(z) + term(z),
                Some(z) => term(z),
                None => {
                    ((prior(true) + term(true)).exp() + (prior(false) + term(false)).exp()).ln()
                }
            }
        };
        u.iter().map(|m| normal(*m, 0.0, 3.0)).sum::<f64>()
            + y.iter().enumerate().map(element).sum::<f64>()
    };
    let partial = || MixturePartial {
        z: (0..30).map(known).collect(),
        ..MixturePartial::default()
    };
    close(
        density(&mixture(&y, 0).condition(partial()), &u),
        by_hand(true),
    );
    close(density(&mixture(&y, 0).fix(partial()), &u), by_hand(false));
    let model = mixture(&y, 0).condition(partial());
    let draw = Evaluator::new().draw_at_line(&model, &u, &mut keyed(0, Purpose::User, 0, 0));
    assert!((0..30).all(|i| known(i).is_none_or(|z| draw.z[i] == z)));
    // Where means alone are given, the elements are summed as before.
    let fixed = mixture(&y, 0).fix(MixturePartial {
        means: Some(u),
        ..MixturePartial::default()
    });
    let whole = Evaluator::new().log_density(&mixture(&y, 0), &u).likelihood;
    close(Evaluator::new().log_density(&fixed, &[]).total(), whole);
}

#[model]
fn chain(y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 3.0));
    markov(y.len(), false, |t, wet: bool| {
        #[enumerate]
        let rain: bool = sample(Bernoulli::new(if wet { 0.8 } else { 0.2 }));
        observe(y[t], Normal::new(if rain { mean } else { 0.0 * mean }, 1.0));
        rain
    });
}

#[test]
fn a_state_of_a_chain_is_given() {
    let y = [0.3, 1.9, 2.2, -0.5];
    let mean = 1.7;
    // By brute force over the states of the steps that are free; the third is known to be wet.
    let mut terms = Vec::new();
    for states in 0..16 {
        let state = |t: usize| states >> t & 1 == 1;
        if !state(2) {
            continue;
        }
        let mut term = 0.0;
        for (t, y) in y.iter().enumerate() {
            let before = t > 0 && state(t - 1);
            let p: f64 = if before { 0.8 } else { 0.2 };
            term += if state(t) { p.ln() } else { (1.0 - p).ln() };
            term += normal(*y, if state(t) { mean } else { 0.0 }, 1.0);
        }
        terms.push(term);
    }
    let sum = terms.iter().map(|t| t.exp()).sum::<f64>().ln();
    let model = chain(&y).condition(ChainPartial {
        rain: vec![None, None, Some(true), None],
        ..ChainPartial::default()
    });
    close(density(&model, &[mean]), normal(mean, 0.0, 3.0) + sum);
    for draw in 0..20 {
        let rng = &mut keyed(0, Purpose::User, 0, draw);
        let draw = Evaluator::new().draw_at_line(&model, &[mean], rng);
        assert_eq!((draw.rain.len(), draw.rain[2]), (4, true));
    }
}

#[model]
fn hyper(scale: f64) -> (f64, f64) {
    let mu: f64 = sample(Normal::new(0.0, scale));
    let tau: f64 = sample(HalfNormal::new(scale));
    (mu, tau)
}

#[model]
fn nested(y: &[f64]) {
    let prior = submodel(hyper(2.0));
    let (mu, tau) = prior;
    #[branch]
    let wide: bool = sample(Bernoulli::new(0.5));
    let scale = if wide {
        let extra: f64 = sample(HalfNormal::new(3.0));
        tau + extra
    } else {
        tau
    };
    for i in 0..y.len() {
        observe(y[i], Normal::new(mu, scale));
    }
}

#[test]
fn submodels_and_branches_are_given() {
    let model = nested(&[0.1, 0.4]).fix(NestedPartial {
        prior: HyperPartial {
            tau: Some(1.5),
            ..HyperPartial::default()
        },
        wide: Some(true),
        ..NestedPartial::default()
    });
    let layout = Layout::of(&model).unwrap();
    assert_eq!((layout.dim, layout.branches.len()), (2, 0));
    let (mu, extra) = (0.2, 0.7_f64);
    let expected = normal(mu, 0.0, 2.0)
        + 2.0_f64.ln()
        + normal(extra, 0.0, 3.0)
        + extra.ln()
        + normal(0.1, mu, 1.5 + extra)
        + normal(0.4, mu, 1.5 + extra);
    close(density(&model, &[mu, extra.ln()]), expected);
}

#[test]
fn every_engine_takes_a_conditioned_model() {
    // With τ and μ given each θ is conjugate: mean and variance by precisions.
    let given = SchoolsPartial {
        mu: Some(8.0),
        tau: Some(6.0),
        ..SchoolsPartial::default()
    };
    let model = schools(&Y, &SD).fix(given);
    let precision = 1.0 / 36.0 + 1.0 / (SD[0] * SD[0]);
    let mean = (8.0 / 36.0 + Y[0] / (SD[0] * SD[0])) / precision;
    let sd = precision.sqrt().recip();
    let nuts = Nuts::new(&model).seed(1).run().unwrap();
    let row = nuts.draws().mean(|d| d.theta[0]);
    assert!((row - mean).abs() < 5.0 * sd / 60.0, "{row} {mean}");
    let nested = NestedSampler::new(&model).seed(1).run().unwrap();
    let evidence: f64 = (0..8).map(|j| normal(Y[j], 8.0, SD[j].hypot(6.0))).sum();
    let estimate = nested.log_evidence();
    assert!(
        (estimate.mean - evidence).abs() < 4.0 * estimate.sd,
        "{estimate:?} {evidence}"
    );
    let svi = Svi::new(&model, AutoNormal::new(), Adam::new(0.05))
        .run(2000, 1)
        .unwrap();
    let row = svi.draws(4000, 2).unwrap().mean(|d| d.theta[0]);
    assert!((row - mean).abs() < 0.15 * sd, "{row} {mean}");
    let dcc = Dcc::new(&nested_by_branch()).seed(1).run().unwrap();
    assert_eq!(dcc.programs().len(), 1);
}

fn nested_by_branch() -> impl Model<Draw = NestedDraw> + Sync {
    nested(&[0.1, 0.4]).condition(NestedPartial {
        wide: Some(false),
        ..NestedPartial::default()
    })
}
