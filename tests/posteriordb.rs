//! Posteriors with independent truth (`posteriordb/data/README.md`): log densities at points, moments by NUTS, evidences
//! by the nested sampler.

#[path = "posteriordb/by_adaptation.rs"]
mod by_adaptation;
#[path = "posteriordb/by_nested.rs"]
mod by_nested;
#[path = "posteriordb/by_nuts.rs"]
mod by_nuts;
#[path = "posteriordb/given.rs"]
mod given;
#[path = "posteriordb/mod.rs"]
mod posteriordb;

use by_adaptation::ByAdaptation;
use by_nested::ByNested;
use by_nuts::{ByNuts, report, scatter};
use given::density_at;
use posteriordb::{Given, Point, Reference, SMOOTH, Task, each};
use ppl::infer::nuts::Adaptation;
use ppl::models::Model;

/// Log densities at the points of the reference.
#[derive(Copy, Clone)]
struct LogDensities;

impl Task for LogDensities {
    type Output = ();
    fn model<M: Model + Sync>(self, r: &Reference, model: &M, given: impl Fn(&Point) -> Given) {
        let points = r.points();
        assert!(points.len() >= 2, "{}", r.name);
        for point in points {
            let Given { latents, offset } = given(&point);
            let (prior, likelihood) = density_at(model, &latents);
            let ours = prior + likelihood + offset;
            let reference: f64 = point.parts.iter().sum();
            let scale: f64 = point.parts.iter().map(|p| p.abs()).sum();
            assert!(
                (ours - reference).abs() <= 1e-10 * scale,
                "{}: {ours} ({prior}, {likelihood}, {offset}), reference {reference} ({:?})",
                r.name,
                point.parts,
            );
        }
    }
}

#[test]
fn log_densities() {
    each(&SMOOTH, LogDensities);
    each(&["survey_discrete"], LogDensities);
}

/// How many of the models take a second or so.
const QUICK: usize = 14;

/// Several seeds, since the parameters of a model share their errors: 200 comparisons of one seed have an rms between 0.9
/// and 1.15. The errors of two seeds are nearly independent, those of the references being small beside them.
#[test]
fn quick_models_by_nuts() {
    let by_nuts = |seed| ByNuts { seed, draws: 1000 };
    let quick = [20, 21, 22].map(|seed| each(&SMOOTH[..QUICK], by_nuts(seed)).concat());
    let funnel = each(&["eight_schools_centered"], by_nuts(20)).concat();
    report(&[quick.concat(), funnel].concat(), 0.9..=1.1);
}

#[test]
#[ignore = "ten minutes"]
fn all_models_by_nuts() {
    let by_nuts = ByNuts {
        seed: 20,
        draws: 2000,
    };
    report(&each(&SMOOTH, by_nuts).concat(), 0.9..=1.1);
}

#[test]
fn evidences_of_small_models() {
    each(
        &[
            "arma11",
            "dogs_logistic",
            "eight_schools_centered",
            "eight_schools_noncentered",
            "glm_poisson",
            "gp_regr",
            "sblrc_blr",
            "survey_discrete",
        ],
        ByNested,
    );
}

#[test]
#[ignore = "minutes"]
fn evidences_of_slow_models() {
    each(
        &[
            "brownian_motion_missing",
            "iris_mvn_lkj",
            "lotka_volterra",
            "seeds_random_effects",
        ],
        ByNested,
    );
}

/// `cargo test --release --test posteriordb adaptations -- --ignored --nocapture`; `MODELS`, `SEEDS` and `WARMUP` choose.
#[test]
#[ignore = "a measurement, minutes"]
fn adaptations() {
    let number = |name, otherwise| {
        let text = std::env::var(name).ok();
        text.map_or(otherwise, |t| t.parse().expect("a number"))
    };
    let models = std::env::var("MODELS").unwrap_or_else(|_| SMOOTH[..QUICK].join(" "));
    let wanted: Vec<&str> = SMOOTH
        .into_iter()
        .filter(|name| models.split(' ').any(|m| m == *name))
        .collect();
    let task = ByAdaptation {
        seeds: 1..=number("SEEDS", 5),
        warmup: number("WARMUP", 1000) as usize,
        ways: vec![Adaptation::Stan, Adaptation::Fisher],
    };
    let all = each(&wanted, task).concat();
    // Both must have found the posterior; which is the better one, docs/decisions/011 tells.
    for e in &all {
        assert!(e.per_kept > 0.0 && e.worst_r_hat < 1.05, "{e:?}");
    }
}

/// Models whose truth has errors far below those of a run, so that seeds are independent.
#[test]
#[ignore = "a minute"]
fn errors_are_what_is_claimed() {
    let mut squares = Vec::new();
    for model in [
        "eight_schools_noncentered",
        "wells_interaction",
        "glm_poisson",
        "dogs_logistic",
    ] {
        let run = |seed| each(&[model], ByNuts { seed, draws: 1000 }).concat();
        let by_seed: Vec<_> = (101..=120).map(run).collect();
        squares.extend(scatter(model, &by_seed).map(|rms| rms * rms));
    }
    let rms = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
    println!("all models alike: rms z {rms:.3}");
    assert!((0.9..1.1).contains(&rms));
}
