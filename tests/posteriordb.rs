//! Posteriors with independent truth (`posteriordb/data/README.md`): log densities at points, moments by NUTS, evidences
//! by the nested sampler.

#[path = "posteriordb/by_nested.rs"]
mod by_nested;
#[path = "posteriordb/by_nuts.rs"]
mod by_nuts;
#[path = "posteriordb/given.rs"]
mod given;
#[path = "posteriordb/mod.rs"]
mod posteriordb;

use by_nested::ByNested;
use by_nuts::{ByNuts, report};
use given::density_at;
use posteriordb::{Given, Point, Reference, SMOOTH, Task, each};
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

/// All but the differential equation, whose gradients cost more than all others together.
#[test]
fn models_by_nuts() {
    let quick: Vec<&str> = SMOOTH
        .into_iter()
        .filter(|m| *m != "lotka_volterra")
        .collect();
    report(&each(&quick, ByNuts::with_seed(20)).concat(), 0.9..=1.1);
}

#[test]
#[ignore = "minutes"]
fn all_models_by_nuts() {
    report(&each(&SMOOTH, ByNuts::with_seed(20)).concat(), 0.9..=1.1);
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
fn evidences_of_models_with_many_latents() {
    each(
        &[
            "brownian_motion_missing",
            "iris_mvn_lkj",
            "seeds_random_effects",
        ],
        ByNested,
    );
}
