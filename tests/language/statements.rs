//! `sample`, `observe`, `factor`, `deterministic` and `plate` on a straight path.

use super::{check_density, draw, draw_at_cube, normal};
use ppl::models::{Evaluator, Layout, Model, Site, SiteKind};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};
use ppl::support::{Export, Names};

#[model]
fn logistic_regression(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 10.0));
    observe(
        y,
        each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)),
    );
}

#[test]
fn a_logistic_regression_has_the_density_written_by_hand() {
    let x = [[1.0, -2.0, 0.5], [0.0, 1.0, 2.0]];
    let y = [true, false];
    let u = [0.1, -0.4, 0.7, 0.3];
    let prior: f64 =
        u[..3].iter().map(|u| normal(*u, 0.0, 1.0)).sum::<f64>() + normal(u[3], 0.0, 10.0);
    let logit = |row: &[f64; 3]| row.iter().zip(&u).map(|(a, b)| a * b).sum::<f64>() + u[3];
    let likelihood = -(-logit(&x[0])).exp().ln_1p() - logit(&x[1]).exp().ln_1p();
    check_density(&logistic_regression(&x, &y), &u, prior + likelihood);
}

#[test]
fn a_draw_has_plain_fields_in_order_of_appearance() {
    let d = draw(&logistic_regression(&[], &[]), &[1.0, 2.0, 3.0, 4.0]);
    assert_eq!(
        d,
        LogisticRegressionDraw {
            coefs: [1.0, 2.0, 3.0],
            intercept: 4.0
        }
    );
    let mut names = Names::default();
    d.export(&mut names);
    assert_eq!(
        names.names,
        ["coefs[0]", "coefs[1]", "coefs[2]", "intercept"]
    );
}

#[test]
fn the_table_of_sites_tells_names_types_lines_and_offsets() {
    type Regression = LogisticRegression<'static>;
    assert_eq!(Regression::NAME, "logistic_regression");
    assert_eq!(Regression::DIM, Some(4));
    let [coefs, intercept, y] = Regression::SITES else {
        panic!("three sites: {:?}", Regression::SITES);
    };
    let expected = Site {
        name: "coefs",
        kind: SiteKind::Sample,
        ty: "[f64; 3]",
        line: coefs.line,
        argument: None,
        always: true,
        len: Some(3),
        offset: Some(0),
    };
    assert_eq!(*coefs, expected);
    assert_eq!((intercept.offset, intercept.ty), (Some(3), "f64"));
    assert_eq!((y.kind, y.argument), (SiteKind::Observe, Some("y")));
    let first = include_str!("statements.rs")
        .lines()
        .position(|l| l.contains("let coefs: [f64; 3] = sample"))
        .map(|i| i as u32 + 1);
    assert_eq!(Some(coefs.line), first);
    assert_eq!(intercept.line, coefs.line + 1);
}

#[model]
fn everything(y: f64) {
    let a = sample(Normal::new(0.0, 1.0));
    let doubled: f64 = deterministic(2.0 * a);
    let pair: [f64; 2] = deterministic([a, doubled]);
    factor(-0.5 * pair[1]);
    let mut b: f64 = sample(Normal::new(doubled, 1.0));
    b += 1.0;
    observe(y, Normal::new(b, 2.0));
}

#[test]
fn unannotated_sites_are_f64_and_deterministic_values_are_recorded() {
    let u = [0.3, -0.2];
    let prior = normal(0.3, 0.0, 1.0) + normal(-0.2, 0.6, 1.0);
    let likelihood = -0.5 * 0.6 + normal(1.5, 0.8, 2.0);
    check_density(&everything(1.5), &u, prior + likelihood);
    let d = draw(&everything(1.5), &u);
    let expected = EverythingDraw {
        a: 0.3,
        doubled: 0.6,
        pair: [0.3, 0.6],
        b: -0.2,
    };
    assert_eq!(d, expected);
    assert_eq!(
        EverythingLatents::from(d),
        EverythingLatents { a: 0.3, b: -0.2 }
    );
}

#[test]
fn prior_and_likelihood_are_kept_apart() {
    let density = Evaluator::new().log_density(&everything(1.5), &[0.3, -0.2]);
    let likelihood = -0.3 + normal(1.5, 0.8, 2.0);
    assert!((density.likelihood - likelihood).abs() < 1e-14);
    assert_eq!(density.jacobian, 0.0);
}

#[model]
fn discrete(counts: &[u32]) {
    let heads: bool = sample(Bernoulli::new(0.25));
    let k: usize = sample(Poisson::new(3.0));
    let rate = if heads { 1.0 } else { 1.0 + k as f64 };
    observe(counts, Poisson::new(rate).iid());
}

#[test]
fn discrete_sites_are_plain_in_the_body() {
    let model = discrete(&[1, 2]);
    let layout = Layout::of(&model).expect("the model binds");
    assert_eq!((layout.dim, layout.cube_dim), (0, 2));
    assert_eq!(layout.discrete, ["heads", "k"]);
    let d = draw_at_cube(&model, &[0.9, 0.5]);
    assert_eq!(d, DiscreteDraw { heads: true, k: 3 });
}

#[model]
fn nothing() {}

#[model]
fn named_alone(y: &[f64]) {
    observe(y, Normal::new(0.0, 1.0).iid());
}

#[test]
fn a_model_may_have_no_latent_and_no_site() {
    let d = draw(&nothing(), &[]);
    assert_eq!(d, NothingDraw {});
    assert_eq!(NothingLatents::from(d), NothingLatents {});
    assert!(Nothing::SITES.is_empty());
    let likelihood = normal(0.5, 0.0, 1.0);
    check_density(&named_alone(&[0.5]), &[], likelihood);
}

#[model]
fn vectors(n: usize) {
    let theta: Vec<f64> = sample(Normal::new(0.0, 1.0).iid_n(n));
    let cuts: Ordered<2> = sample(Normal::new(0.0, 1.0).iid().ordered());
    let total: f64 = deterministic(theta.iter().sum::<Real>() + cuts[1]);
}

#[test]
fn sites_of_vectors_keep_their_plain_types() {
    let d = Evaluator::new().prior_draw(&vectors(4), &mut keyed(1, Purpose::Layout, 0, 0));
    assert_eq!(d.theta.len(), 4);
    assert!(d.cuts[0] < d.cuts[1]);
    let total = d.theta.iter().sum::<f64>() + d.cuts[1];
    assert!((d.total - total).abs() < 1e-14);
}

struct Survey {
    y: Vec<f64>,
    parts: [f64; 2],
}

#[model]
fn fields(data: &Survey, pair: (f64, f64)) {
    let mu: f64 = sample(Normal::new(0.0, 1.0));
    observe(&data.y, Normal::new(mu, 1.0).iid());
    observe(data.parts[0], Normal::new(mu, 2.0));
    let local = pair.1;
    observe(local, Normal::new(mu, 3.0));
}

#[test]
fn data_are_named_by_field_or_variable() {
    let sites: Vec<_> = Fields::SITES.iter().map(|s| (s.name, s.argument)).collect();
    let expected = [
        ("mu", None),
        ("y", Some("data")),
        ("parts", Some("data")),
        ("local", None),
    ];
    assert_eq!(sites, expected);
    let data = Survey {
        y: vec![1.0, 2.0],
        parts: [0.5, 9.0],
    };
    let likelihood = normal(1.0, 0.1, 1.0)
        + normal(2.0, 0.1, 1.0)
        + normal(0.5, 0.1, 2.0)
        + normal(7.0, 0.1, 3.0);
    let expected = normal(0.1, 0.0, 1.0) + likelihood;
    check_density(&fields(&data, (0.0, 7.0)), &[0.1], expected);
}

#[model]
fn scalars() {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    let mut total: Real = Real::from(0.0);
    let powers: [Real; 2] = [a, a * a];
    for p in powers.iter() {
        total += p;
    }
    let sum = |xs: &[Real]| -> Real { xs.iter().sum::<Real>() };
    factor(total + sum(&powers));
    factor(1.0);
}

#[test]
fn real_is_the_scalar_of_the_mode() {
    let expected = normal(0.5, 0.0, 1.0) + 2.0 * 0.75 + 1.0;
    check_density(&scalars(), &[0.5], expected);
}
