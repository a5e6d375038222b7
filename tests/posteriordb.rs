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
