//! What models and guides become.

use super::{expand, expand_guide};

#[test]
fn logistic_regression() {
    insta::assert_snapshot!(expand(
        "/// Bayesian logistic regression.
pub fn logistic_regression(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 10.0));
    observe(y, each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)));
}"
    ));
}

#[test]
fn eight_schools_non_centred() {
    insta::assert_snapshot!(expand(
        "pub(crate) fn eight_schools(y: &[f64], sigma: &[f64]) {
    let mu = sample(Normal::new(0.0, 5.0));
    let tau = sample(HalfCauchy::new(5.0));
    let theta = plate(y.len(), |j| {
        let eta: f64 = sample(Normal::new(0.0, 1.0));
        let theta: f64 = deterministic(mu + tau * eta);
        theta
    });
    observe(y, Normal::new(&theta, sigma));
}"
    ));
}

#[test]
fn branches_and_let_else() {
    insta::assert_snapshot!(expand(
        "#[allow(clippy::float_cmp)]
fn branches(x: &[f64], wide: bool) -> (f64, bool) {
    let m = if wide {
        let m: f64 = sample(Normal::new(0.0, 10.0));
        m
    } else {
        let m: f64 = sample(Normal::new(0.0, 1.0));
        m
    };
    let Some(first) = x.first() else { return (m, false) };
    let total: Real = Real::from(0.0);
    match first {
        f if *f > 0.0 => observe(first, Normal::new(m, 1.0)),
        _ => factor(total),
    }
    (m, true)
}"
    ));
}

#[test]
fn const_generic_regression() {
    insta::assert_snapshot!(expand(
        "fn regression<'x, const P: usize, T>(x: &'x [[f64; P]], rows: &T, view: View<'_>)
where
    T: Rows,
    [f64; P]: Sized,
{
    let beta: [f64; P] = sample(Normal::new(0.0, 1.0).iid());
    let sigma: f64 = sample(HalfNormal::new(1.0));
    let y = rows.column(view);
    observe(y, each(x, |row| Normal::new(dot(&beta, row), sigma)));
}"
    ));
}

#[test]
fn nested_plates_and_loops() {
    insta::assert_snapshot!(expand(
        "fn nested(groups: &[Vec<f64>]) {
    plate(groups.len(), |g| {
        let mu: f64 = sample(Normal::new(0.0, 1.0));
        'rows: for &y in &groups[g] {
            let noise: f64 = sample(Normal::new(0.0, 0.5));
            for k in 0..3 {
                if k > 1 {
                    let shift: f64 = sample(Normal::new(0.0, 2.0));
                    factor(shift);
                    continue 'rows;
                }
            }
            observe(y, Normal::new(mu + noise, 1.0));
        }
    });
}"
    ));
}

#[test]
fn a_model_with_an_error_keeps_its_types_and_signatures() {
    insta::assert_snapshot!(expand(
        "fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(1.0, 1.0));
    let _ = sample(Normal::new(0.0, 1.0));
    observe(flips, Bernoulli::new(fairness).iid());
}"
    ));
}

#[test]
fn a_hidden_markov_model_and_a_mixture() {
    insta::assert_snapshot!(expand(
        "fn chains(y: &[Vec<f64>]) {
    let p: Simplex<2> = sample(Dirichlet::symmetric(1.0));
    plate(y.len(), |g| {
        #[enumerate]
        let kind: bool = sample(Bernoulli::new(0.5));
        markov(y[g].len(), 0, |t, before| {
            #[enumerate]
            let state: usize = sample(Categorical::new(&p));
            observe(y[g][t], Normal::new(state as f64 - before as f64, 1.0));
            state
        });
    });
}"
    ));
}

#[test]
fn a_recursive_submodel_with_latent_arguments() {
    insta::assert_snapshot!(expand(
        "pub fn tree(depth: usize, level: Real, weights: &[Real]) -> f64 {
    #[branch]
    let split: bool = sample(Bernoulli::new(0.5));
    let prior = submodel(models::hyper::<3>(depth));
    if split && depth > 0 {
        let left = submodel(tree(depth - 1, level, weights));
        left
    } else {
        let leaf: f64 = sample(Normal::new(level, weights[0]));
        leaf
    }
}"
    ));
}

#[test]
fn a_guide() {
    insta::assert_snapshot!(expand_guide(
        "regression::<P>",
        "/// Independent normals.
pub fn regression_guide<const P: usize>(n: usize) {
    let means: [f64; P] = param([0.0; P]);
    let scale: f64 = param(init(Exponential::new(1.0)), Positive);
    let beta: [f64; P] = sample(Normal::new(&means, scale));
    plate(n, |i| {
        let shift: f64 = sample(Normal::new(0.0, scale));
    });
}"
    ));
}
