//! The log likelihood datum by datum, and what follows from it; prediction from any draws.

use ppl::models::{Evaluator, Layout};
use ppl::output::LogLikelihood;
use ppl::prelude::*;

fn normal(x: f64, mean: f64, sd: f64) -> f64 {
    let z = (x - mean) / sd;
    -0.5 * z * z - sd.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln()
}

#[track_caller]
fn close(a: f64, b: f64) {
    assert!(
        (a - b).abs() < 1e-12 * b.abs().max(1.0),
        "{a}, expected {b}"
    );
}

/// The table that `benches/peers/loo.py` writes.
fn tables() -> Vec<serde_json::Value> {
    serde_json::from_str(include_str!("../loo/arviz.json")).expect("a table")
}

fn numbers(x: &serde_json::Value) -> Vec<f64> {
    let all = x.as_array().expect("numbers").iter();
    // ArviZ writes an infinite k where the tail is too short.
    all.map(|x| x.as_f64().unwrap_or(f64::INFINITY)).collect()
}

#[test]
fn loo_and_waic_are_those_of_arviz() {
    for table in tables() {
        let name = table["name"].as_str().unwrap();
        let mut all = LogLikelihood::default();
        for row in table["log_likelihood"].as_array().unwrap() {
            let row = numbers(row);
            all.push(row.iter().map(|l| ("y", Default::default(), *l)));
        }
        let n = all.data() as f64;
        let loo = all.loo_of_chains(table["reff"].as_f64().unwrap());
        let check = |what: &str, ours: f64, theirs: f64| {
            let same = ours == theirs || (ours - theirs).abs() < 1e-8 * theirs.abs().max(1.0);
            assert!(same, "{name}, {what}: {ours}, ArviZ {theirs}");
        };
        let of = |key: &str| table[key].as_f64().unwrap();
        check("elpd", loo.elpd, of("elpd_loo"));
        check("parameters", loo.parameters, of("p_loo"));
        // ArviZ divides by n.
        check("error", loo.se * ((n - 1.0) / n).sqrt(), of("se"));
        check("good k", loo.good_k, of("good_k"));
        for (ours, theirs) in loo.pointwise.iter().zip(numbers(&table["loo_i"])) {
            check("part", *ours, theirs);
        }
        for (ours, theirs) in loo.pareto_k.iter().zip(numbers(&table["pareto_k"])) {
            check("k", *ours, theirs);
        }
        let waic = all.waic();
        let draws = all.draws() as f64;
        let parameters = waic.parameters * (draws - 1.0) / draws;
        check("parameters of WAIC", parameters, of("p_waic"));
        check(
            "WAIC",
            waic.elpd + waic.parameters - parameters,
            of("elpd_waic"),
        );
    }
}

#[model]
fn mixed(y: &[f64], counts: &[Option<u32>], late: &[[f64; 2]], weight: f64) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let rate: f64 = sample(Gamma::new(2.0, 1.0));
    observe(y, Normal::new(mu, 1.0).iid());
    plate(counts.len(), |i| observe(counts[i], Poisson::new(rate)));
    let means = [mu, mu + 1.0];
    observe(
        late,
        MvNormal::cholesky(means, [[1.0, 0.0], [0.5, 1.0]]).iid(),
    );
    let single = y[0];
    observe(single, Normal::new(mu, 2.0).scaled(weight));
    let nothing = y[1];
    observe(nothing, Normal::new(mu, 2.0).masked(false));
}

#[test]
fn names_and_places_of_single_data() {
    let y = [0.4, 1.9];
    let counts = [Some(2), None, Some(0)];
    let late = [[0.1, 0.9], [1.0, -0.3]];
    let model = mixed(&y, &counts, &late, 2.5);
    let prior = model.prior(50, 1).unwrap();
    let all = model.log_likelihood(&prior).unwrap();
    let names: Vec<&str> = all.sites().iter().map(|s| &*s.name).collect();
    assert_eq!(names, ["y", "counts", "late", "single"]);
    let places = |site: &str| -> Vec<String> {
        let index = &all.site(site).unwrap().index;
        index.iter().map(|i| format!("{i}")).collect()
    };
    assert_eq!(places("y"), ["[0]", "[1]"]);
    assert_eq!(places("counts"), ["[0]", "[2]"]);
    assert_eq!(places("late"), ["[0]", "[1]"]);
    assert_eq!(places("single"), [""]);
    for (k, d) in prior.iter().enumerate() {
        let row = |site| all.site(site).unwrap().draw(k);
        close(row("y")[1], normal(1.9, d.mu, 1.0));
        close(row("counts")[0], 2.0 * d.rate.ln() - d.rate - 2.0_f64.ln());
        close(row("counts")[1], -d.rate);
        close(row("single")[0], 2.5 * normal(0.4, d.mu, 2.0));
        // Together they are the likelihood.
        let total: f64 = ["y", "counts", "late", "single"]
            .map(|s| row(s).iter().sum::<f64>())
            .iter()
            .sum();
        let u = [d.mu, d.rate.ln()];
        close(total, Evaluator::new().log_density(&model, &u).likelihood);
    }
}

#[model]
fn group(y: &[f64], sd: f64) -> f64 {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    for i in 0..y.len() {
        observe(y[i], Normal::new(mean, sd));
    }
    mean
}

#[model]
fn summed(y: &[f64], chain: &[f64], kept: &[bool]) {
    let means: [f64; 2] = sample(Normal::new(0.0, 3.0).iid());
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new([0.3, 0.7]));
        observe(y[i], Normal::new(means[z], 1.0));
    })
    .mask(kept);
    markov(chain.len(), false, |t, on: bool| {
        #[enumerate]
        let next: bool = sample(Bernoulli::new(if on { 0.9 } else { 0.2 }));
        observe(
            chain[t],
            Normal::new(if next { means[1] } else { means[0] }, 1.0),
        );
        next
    });
    let sub = submodel(group(y, 2.0));
    factor(-0.01 * sub);
}

#[test]
fn data_that_are_summed_together_are_one() {
    let y = [0.4, 1.9, -2.0];
    let chain = [0.5, 0.7, 2.0];
    let model = summed(&y, &chain, &[true, false, true]);
    let prior = model.prior(20, 3).unwrap();
    let all = model.log_likelihood(&prior).unwrap();
    let shape: Vec<_> = all.sites().iter().map(|s| (&*s.name, s.len())).collect();
    assert_eq!(shape, [("y", 2), ("chain", 1), ("sub.y", 3)]);
    let places: Vec<String> = all.sites()[0]
        .index
        .iter()
        .map(|i| format!("{i}"))
        .collect();
    assert_eq!(places, ["[0]", "[2]"]);
    for (k, d) in prior.iter().enumerate() {
        let part = |y: f64| {
            (0.3 * normal(y, d.means[0], 1.0).exp() + 0.7 * normal(y, d.means[1], 1.0).exp()).ln()
        };
        close(all.sites()[0].draw(k)[1], part(-2.0));
        close(all.sites()[2].draw(k)[2], normal(-2.0, d.sub.mean, 2.0));
        let total: f64 = all.sites().iter().flat_map(|s| s.draw(k)).sum();
        let u = [d.means[0], d.means[1], d.sub.mean];
        let likelihood = Evaluator::new().log_density(&model, &u).likelihood;
        close(total, likelihood + 0.01 * d.sub.mean);
    }
}

#[model]
fn changepoint(y: &[f64]) {
    let late: f64 = sample(Normal::new(0.0, 1.0));
    #[enumerate]
    let from: usize = sample(DiscreteUniform::new(0.0, 5.0));
    for i in 0..y.len() {
        observe(
            y[i],
            Normal::new(if i < from { Real::from(0.0) } else { late }, 1.0),
        );
    }
}

#[test]
fn what_all_data_depend_on_is_named() {
    let y = [0.1, 0.3, 2.0, 1.7];
    let model = changepoint(&y);
    let prior = model.prior(5, 1).unwrap();
    let words = model.log_likelihood(&prior).unwrap_err().to_string();
    assert!(
        words.contains("all data depend on `from`, which is summed out"),
        "{words}"
    );
}

#[test]
fn loo_of_a_posterior() {
    // A normal mean: the exact leave-one-out density is the normal of the other data's posterior.
    let y: [f64; 8] = [0.3, 1.2, -0.5, 0.8, 1.9, 0.2, 0.6, 1.1];
    let model = mean_of(&y);
    let run = Nuts::new(&model).draws(4000).seed(1).run().unwrap();
    let loo = model.log_likelihood(run.draws()).unwrap().loo();
    let exact: f64 = (0..8)
        .map(|i| {
            let precision = 1.0 / 25.0 + 7.0;
            let mean = (y.iter().sum::<f64>() - y[i]) / precision;
            normal(y[i], mean, (1.0 + 1.0 / precision).sqrt())
        })
        .sum();
    assert!((loo.elpd - exact).abs() < 0.02, "{loo}, exact {exact}");
    let precision = 1.0 / 25.0 + 8.0;
    let whole = y.iter().sum::<f64>() / precision;
    let seen: f64 = y
        .iter()
        .map(|y| normal(*y, whole, (1.0 + 1.0 / precision).sqrt()))
        .sum();
    assert!((loo.parameters - (seen - exact)).abs() < 0.02, "{loo}");
    assert!(loo.pareto_k.iter().all(|k| *k < loo.good_k));
    assert_eq!(format!("{loo}").lines().count(), 3);
}

#[model]
fn mean_of(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 5.0));
    observe(y, Normal::new(mu, 1.0).iid());
}

#[model]
fn survey(y: Option<&[f64]>, yes: &[Option<bool>], n: usize) {
    let mu: f64 = sample(Normal::new(0.0, 5.0));
    let p: f64 = sample(Beta::new(2.0, 2.0));
    observe(y, Normal::new(mu, 0.1).iid_n(n));
    plate(yes.len(), |i| {
        #[enumerate]
        let lies: bool = sample(Bernoulli::new(0.1));
        observe(yes[i], Bernoulli::new(if lies { 1.0 - p } else { p }));
    });
}

#[test]
fn prediction_has_names_shapes_and_types() {
    let yes = [Some(true), None, Some(true)];
    let model = survey(None, &yes, 4);
    assert_eq!(Layout::of(&model).unwrap().dim, 2);
    let prior = model.prior(300, 5).unwrap();
    assert_eq!(prior.len(), 300);
    let replicates = model.predict(&prior, 6).unwrap();
    let y: Vec<Vec<f64>> = replicates.values("y").unwrap();
    let yes: Vec<Vec<bool>> = replicates.values("yes").unwrap();
    assert_eq!((y.len(), y[0].len(), yes[0].len()), (300, 4, 3));
    assert_eq!(replicates.shape("y"), Some(&[4][..]));
    assert_eq!(replicates.shape("yes"), Some(&[3][..]));
    for (row, draw) in y.iter().zip(prior.iter()) {
        assert!(row.iter().all(|y| (y - draw.mu).abs() < 0.6));
    }
    assert!(replicates.values::<bool>("y").is_err());
    assert!(
        replicates
            .values::<f64>("nothing")
            .unwrap_err()
            .to_string()
            .contains("`nothing`")
    );
    // The same draws and seed give the same data.
    assert_eq!(replicates, model.predict(&prior, 6).unwrap());
}
