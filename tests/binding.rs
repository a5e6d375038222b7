//! Unusable data and settings get an error that names argument, site and index.

use ppl::models::Layout;
use ppl::prelude::*;

#[model]
fn regression(x: &[[f64; 2]], y: &[f64], scale: f64) {
    let slopes: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    observe(y, each(x, |row| Normal::new(dot(&slopes, row), scale)));
}

fn refusal<M: Model>(model: &M) -> String {
    Layout::of(model).unwrap_err().to_string()
}

const X: [[f64; 2]; 3] = [[1.0, 2.0], [0.5, 0.1], [2.0, -1.0]];

#[test]
fn good_data_are_bound() {
    assert_eq!(
        Layout::of(&regression(&X, &[1.0, 2.0, 3.0], 1.0))
            .unwrap()
            .dim,
        2
    );
}

#[test]
fn a_nan_is_named_by_argument_and_index() {
    let mut x = X;
    x[2][1] = f64::NAN;
    assert_eq!(
        refusal(&regression(&x, &[1.0, 2.0, 3.0], 1.0)),
        "model `regression`: argument `x`[2][1]: is NaN; a missing observation is written `None`"
    );
    let text = refusal(&regression(&X, &[1.0, f64::NAN, 3.0], 1.0));
    assert_eq!(
        text,
        "model `regression`: argument `y`[1]: is NaN; a missing observation is written `None`"
    );
}

#[test]
fn an_impossible_observation_is_named_by_site_and_index() {
    let text = refusal(&regression(&X, &[1.0, 2.0, f64::INFINITY], 1.0));
    assert!(
        text.starts_with(
            "model `regression`: site `y`[2] (an argument of the model): inf can't come from"
        ),
        "{text}"
    );
    #[model]
    fn survival(times: &[f64]) {
        let rate: f64 = sample(Gamma::new(1.0, 1.0));
        observe(times, Gamma::new(2.0, rate).iid());
    }
    let text = refusal(&survival(&[0.5, -1.0]));
    assert!(
        text.contains("site `times`[1]") && text.contains("-1 can't come from Gamma"),
        "{text}"
    );
}

#[test]
fn lengths_that_differ_are_named() {
    let text = refusal(&regression(&X, &[1.0, 2.0], 1.0));
    assert!(
        text.contains("site `y`") && text.contains("2 observations") && text.contains("3 elements"),
        "{text}"
    );
    #[model]
    fn vectors(y: &[f64], error: &[f64]) {
        let mean: f64 = sample(Normal::new(0.0, 1.0));
        let shift: [f64; 2] = sample(Normal::new(mean, 1.0).iid());
        let all = dot(&shift, error);
        observe(y, Normal::new(all, error));
    }
    let text = refusal(&vectors(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]));
    assert!(text.contains("`dot` of 2 and 3 elements"), "{text}");
    let text = refusal(&vectors(&[1.0], &[1.0, 2.0]));
    assert!(
        text.contains("site `y`") && text.contains("1 observations"),
        "{text}"
    );
}

#[test]
fn an_empty_set_is_named() {
    let text = refusal(&regression(&[], &[], 1.0));
    assert!(
        text.contains("site `y`") && text.contains("is empty"),
        "{text}"
    );
}

#[test]
fn a_constant_parameter_out_of_range_is_named_with_its_value() {
    let text = refusal(&regression(&X, &[1.0, 2.0, 3.0], -2.0));
    assert!(
        text.contains("site `y`[0]") && text.contains("Normal: `scale` is -2 and must be"),
        "{text}"
    );
    #[model]
    fn prior() {
        let share: f64 = sample(Beta::new(0.0, 1.0));
        factor(share);
    }
    let text = refusal(&prior());
    assert!(
        text.contains("site `share`") && text.contains("Beta: `a` is 0 and must be"),
        "{text}"
    );
}

#[test]
fn elements_of_plates_are_counted() {
    #[model]
    fn groups(y: &[Vec<f64>]) {
        let mean: f64 = sample(Normal::new(0.0, 1.0));
        plate(y.len(), |i| {
            let shift: f64 = sample(Normal::new(mean, 1.0));
            observe(y[i], LogNormal::new(shift, 1.0).iid());
        });
    }
    assert_eq!(Layout::of(&groups(&[vec![1.0], vec![]])).unwrap().dim, 3);
    let text = refusal(&groups(&[vec![1.0, 2.0], vec![3.0, 0.0]]));
    assert!(text.contains("site `y`[1][1]"), "{text}");
}

#[test]
fn a_layout_that_depends_on_a_latent_is_named() {
    #[model]
    fn hidden_branch(y: f64) {
        let second: bool = sample(Bernoulli::new(0.5));
        let mean = if second {
            let shift: f64 = sample(Normal::new(1.0, 1.0));
            shift
        } else {
            Real::from(0.0)
        };
        observe(y, Normal::new(mean, 1.0));
    }
    let text = refusal(&hidden_branch(0.3));
    assert!(
        text.contains("`shift` ran in one draw") && text.contains("#[branch]"),
        "{text}"
    );
}

#[test]
fn settings_are_named() {
    let y = [1.0, 2.0, 3.0];
    let model = regression(&X, &y, 1.0);
    let text = NestedSampler::new(&model)
        .live_points(1)
        .run()
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("live_points") && text.contains("is 1"),
        "{text}"
    );
    let sampler = NestedSampler::new(&model).live_points(50);
    let run = sampler.clone().run().unwrap();
    assert!(format!("{sampler:?}").contains("live_points"));
    assert!(run.draws(0, 1).unwrap_err().to_string().contains("`n`"));
}

#[test]
fn a_model_without_latents_is_named() {
    #[model]
    fn nothing(y: &[f64]) {
        observe(y, Normal::new(0.0, 1.0).iid());
    }
    let text = NestedSampler::new(&nothing(&[1.0]))
        .run()
        .unwrap_err()
        .to_string();
    assert!(text.contains("`nothing` has no latent"), "{text}");
}

#[test]
fn an_improper_prior_has_no_evidence() {
    #[model]
    fn flat(y: &[f64]) {
        let mean: f64 = sample(ImproperUniform::real());
        observe(y, Normal::new(mean, 1.0).iid());
    }
    let model = flat(&[1.0, 2.0]);
    let text = NestedSampler::new(&model).run().unwrap_err().to_string();
    assert!(text.contains("site `mean` is improper"), "{text}");
    let run = Nuts::new(&model)
        .chains(1)
        .warmup(200)
        .draws(400)
        .seed(1)
        .run()
        .unwrap();
    assert!((run.draws().mean(|d| d.mean) - 1.5).abs() < 0.3);
}

/// Whole numbers are parameters too.
#[model]
fn poll(votes: &[usize], asked: &[usize]) {
    let share: f64 = sample(Beta::new(2, 2));
    observe(votes, each(asked, |n| Binomial::new(*n, share)));
}

#[test]
fn a_datum_that_no_draw_can_explain_is_named() {
    let model = poll(&[3, 5, 11], &[10, 10, 10]);
    let cause = "the log density of `votes`[2] is −∞ at each of 200 draws from the prior";
    let nested = NestedSampler::new(&model).run().unwrap_err().to_string();
    assert!(nested.contains(cause), "{nested}");
    let nuts = Nuts::new(&model).run().unwrap_err().to_string();
    assert!(nuts.contains(cause), "{nuts}");
}
