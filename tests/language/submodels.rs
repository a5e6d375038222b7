//! `submodel`: a model inside the model.

use super::{check_density, chi_square, draw, normal};
use ppl::models::{Evaluator, Layout, Point, SiteKind};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};
use ppl::support::{Export, Names};

mod parts {
    use ppl::prelude::*;

    /// A location and a scale.
    #[model]
    pub fn hyper(scale: f64) -> (f64, f64) {
        let mu: f64 = sample(Normal::new(0.0, scale));
        let tau: f64 = sample(HalfNormal::new(scale));
        let ratio: f64 = deterministic(mu / tau);
        (mu, tau)
    }

    #[model]
    pub fn coefficients<const P: usize>(scale: f64) -> [f64; P] {
        let beta: [f64; P] = sample(Normal::new(0.0, scale).iid());
        beta
    }
}

#[model]
fn school(y: &[f64; 3]) {
    let prior = submodel(parts::hyper(5.0));
    let (mu, tau) = prior;
    let theta: [f64; 3] = sample(Normal::new(mu, tau).iid());
    observe(y, Normal::new(&theta, 1.0));
}

#[test]
fn a_submodel_has_its_own_draw_and_name() {
    let u = [0.5, 0.2, 0.1, -0.3, 1.0];
    let tau = 0.2f64.exp();
    let prior = normal(0.5, 0.0, 5.0) + 2f64.ln() + normal(tau, 0.0, 5.0) + 0.2;
    let theta: f64 = u[2..].iter().map(|t| normal(*t, 0.5, tau)).sum();
    let y = [0.3, 0.4, 0.5];
    let data: f64 = y
        .iter()
        .zip(&u[2..])
        .map(|(y, t)| normal(*y, *t, 1.0))
        .sum();
    check_density(&school(&y), &u, prior + theta + data);
    let d = draw(&school(&y), &u);
    let expected = SchoolDraw {
        prior: parts::HyperDraw {
            mu: 0.5,
            tau,
            ratio: 0.5 / tau,
        },
        theta: [0.1, -0.3, 1.0],
    };
    assert_eq!(d, expected);
    let mut names = Names::default();
    d.export(&mut names);
    let columns = [
        "prior.mu",
        "prior.tau",
        "prior.ratio",
        "theta[0]",
        "theta[1]",
        "theta[2]",
    ];
    assert_eq!(names.names, columns);
    let latents = SchoolLatents::from(d);
    assert_eq!(latents.prior, parts::HyperLatents { mu: 0.5, tau });
    let (kind, ty) = (School::SITES[0].kind, School::SITES[0].ty);
    assert_eq!((kind, ty), (SiteKind::Submodel, "parts::HyperDraw"));
}

#[model]
fn noise(scale: Real) -> f64 {
    let e: f64 = sample(Normal::new(0.0, scale));
    e
}

#[model]
fn weighted(weights: &[Real], pair: [Real; 2], label: &str, y: f64) {
    let total = weights.iter().sum::<Real>() + pair[0] * pair[1];
    let extra: f64 = sample(Normal::new(total, label.len() as f64));
    observe(y, Normal::new(extra, 1.0));
}

#[model]
fn outer(y: &[f64]) {
    let s: f64 = sample(HalfNormal::new(1.0));
    plate(y.len(), |i| {
        let eps = submodel(noise(s));
        observe(y[i], Normal::new(eps, 1.0));
    });
    if y.len() > 1 {
        let extra = submodel(&noise(2.0));
        factor(-extra);
    }
    for k in 0..2 {
        if k > 0 {
            let again = submodel(noise(1.0));
        }
    }
    let vector = submodel(weighted(&[s, 2.0 * s], [s, 1.0.into()], "abc", 0.5));
}

#[test]
fn arguments_of_a_submodel_may_be_latents() {
    let u = [0.2, 0.4, -0.6, 1.5, 0.3, 0.8];
    let s = 0.2f64.exp();
    let y = [0.1, 0.9];
    let expected = 2f64.ln()
        + normal(s, 0.0, 1.0)
        + 0.2
        + normal(0.4, 0.0, s)
        + normal(0.1, 0.4, 1.0)
        + normal(-0.6, 0.0, s)
        + normal(0.9, -0.6, 1.0)
        + normal(1.5, 0.0, 2.0)
        - 1.5
        + normal(0.3, 0.0, 1.0)
        + normal(0.8, 4.0 * s, 3.0)
        + normal(0.5, 0.8, 1.0);
    check_density(&outer(&y), &u, expected);
    let d = draw(&outer(&y), &u);
    let expected = OuterDraw {
        s,
        eps: vec![NoiseDraw { e: 0.4 }, NoiseDraw { e: -0.6 }],
        extra: Some(NoiseDraw { e: 1.5 }),
        again: vec![None, Some(NoiseDraw { e: 0.3 })],
        vector: WeightedDraw { extra: 0.8 },
    };
    assert_eq!(d, expected);
    let latents = OuterLatents::from(d);
    assert_eq!(latents.eps[1], NoiseLatents { e: -0.6 });
    assert_eq!(latents.again[1], Some(NoiseLatents { e: 0.3 }));
    assert!(draw(&outer(&[1.0]), &[0.0; 4]).extra.is_none());
}

#[model]
fn valued(y: &[f64]) {
    let s: f64 = sample(HalfNormal::new(1.0));
    let effects = plate(y.len(), |_| {
        let e = submodel(noise(s));
        e
    });
    observe(y, Normal::new(&effects, 1.0));
    let slopes = submodel(parts::coefficients::<2>(3.0));
    factor(slopes[0] - slopes[1]);
}

#[test]
fn a_plate_of_submodels_has_their_values_and_generics_go_along() {
    let u = [0.0, 0.4, -0.6, 1.0, 2.0];
    let y = [0.1, 0.9];
    let expected = 2f64.ln()
        + normal(1.0, 0.0, 1.0)
        + normal(0.4, 0.0, 1.0)
        + normal(0.1, 0.4, 1.0)
        + normal(-0.6, 0.0, 1.0)
        + normal(0.9, -0.6, 1.0)
        + normal(1.0, 0.0, 3.0)
        + normal(2.0, 0.0, 3.0)
        - 1.0;
    check_density(&valued(&y), &u, expected);
    let d = draw(&valued(&y), &u);
    assert_eq!(d.slopes, parts::CoefficientsDraw { beta: [1.0, 2.0] });
    assert_eq!(d.e.len(), 2);
}

#[model]
fn component(p: Real, y: f64) {
    #[enumerate]
    let z: bool = sample(Bernoulli::new(p));
    observe(y, Normal::new(if z { 1.0 } else { -1.0 }, 1.0));
}

#[model]
fn mixture_of_parts(y: &[f64]) {
    let p: f64 = sample(Beta::new(2.0, 2.0));
    plate(y.len(), |i| {
        let part = submodel(component(p, y[i]));
    });
    let alone = submodel(component(p, 0.3));
}

#[test]
fn enumerated_sites_of_a_submodel_are_summed_in_their_plate() {
    let y = [0.3, -0.8, 1.5];
    let u: f64 = 0.4;
    let p = 1.0 / (1.0 + (-u).exp());
    let one = |y: &f64| p * normal(*y, 1.0, 1.0).exp() + (1.0 - p) * normal(*y, -1.0, 1.0).exp();
    let prior = (6.0 * p * (1.0 - p)).ln() + (p * (1.0 - p)).ln();
    let data: f64 = y.iter().chain([&0.3]).map(|y| one(y).ln()).sum();
    check_density(&mixture_of_parts(&y), &[u], prior + data);
    assert!(Layout::of(&mixture_of_parts(&y)).is_ok());
    let (mut evaluator, mut rng) = (Evaluator::new(), keyed(3, Purpose::Layout, 0, 0));
    let (mut first, mut alone) = ([0.0; 2], [0.0; 2]);
    for _ in 0..20_000 {
        let d = evaluator.draw_at_line(&mixture_of_parts(&y), &[u], &mut rng);
        first[usize::from(d.part[1].z)] += 1.0;
        alone[usize::from(d.alone.z)] += 1.0;
    }
    let weights = |y: f64| {
        [
            (1.0 - p) * normal(y, -1.0, 1.0).exp(),
            p * normal(y, 1.0, 1.0).exp(),
        ]
    };
    chi_square(&first, &weights(-0.8));
    chi_square(&alone, &weights(0.3));
}

#[model]
fn tree(depth: usize) -> f64 {
    #[branch]
    let split: bool = sample(Bernoulli::new(0.5));
    if split && depth > 0 {
        let left = submodel(tree(depth - 1));
        let right = submodel(tree(depth - 1));
        left + right
    } else {
        let leaf: f64 = sample(Normal::new(0.0, 1.0));
        leaf
    }
}

#[test]
fn a_model_may_run_itself() {
    let mut rng = keyed(0, Purpose::Layout, 0, 0);
    let point = Point {
        u: &[0.5, 1.5, 2.5],
        program: &[1.0, 0.0, 1.0, 0.0, 0.0],
    };
    let d = Evaluator::new().draw_at_line(&tree(2), point, &mut rng);
    let leaf = |x: f64| {
        let split = false;
        let leaf = Some(x);
        Some(Box::new(TreeDraw {
            split,
            left: None,
            right: None,
            leaf,
        }))
    };
    let right = TreeDraw {
        split: true,
        left: leaf(1.5),
        right: leaf(2.5),
        leaf: None,
    };
    let expected = TreeDraw {
        split: true,
        left: leaf(0.5),
        right: Some(Box::new(right)),
        leaf: None,
    };
    assert_eq!(d, expected);
    let density = Evaluator::new().log_density(&tree(2), point).total();
    let by_hand = 5.0 * 0.5f64.ln()
        + [0.5, 1.5, 2.5]
            .iter()
            .map(|x| normal(*x, 0.0, 1.0))
            .sum::<f64>();
    assert!((density - by_hand).abs() < 1e-13);
    let mut names = Names::default();
    d.export(&mut names);
    assert!(
        names.names.contains(&"right.left.leaf".to_string()),
        "{:?}",
        names.names
    );
    let latents = TreeLatents::from(d);
    assert_eq!(latents.left.and_then(|l| l.leaf), Some(0.5));
}

#[model]
fn forest(n: usize, level: Real) {
    let height: f64 = sample(Normal::new(level, 1.0));
    for _ in 1..n {
        let shoots = submodel(forest(n - 1, height));
    }
}

#[model]
fn wood() {
    let first = submodel(forest(3, 0.0));
}

#[test]
fn a_model_with_latent_arguments_may_run_itself_in_a_loop() {
    let u = [0.1, 0.2, 0.3, 0.4, 0.5];
    let expected = normal(0.1, 0.0, 1.0)
        + normal(0.2, 0.1, 1.0)
        + normal(0.3, 0.2, 1.0)
        + normal(0.4, 0.1, 1.0)
        + normal(0.5, 0.4, 1.0);
    check_density(&wood(), &u, expected);
    let d = draw(&wood(), &u);
    assert_eq!(d.first.shoots[1].shoots[0].height, 0.5);
    assert_eq!(WoodLatents::from(d).first.shoots[0].shoots[0].height, 0.3);
}
