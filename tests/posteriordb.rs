//! Posteriors with independent truth (`posteriordb/data/README.md`): log densities at points, moments by NUTS, evidences
//! by the nested sampler.

#[path = "posteriordb/arma11.rs"]
mod arma11;
#[path = "posteriordb/brownian_motion_missing.rs"]
mod brownian_motion_missing;
#[path = "posteriordb/by_nested.rs"]
mod by_nested;
#[path = "posteriordb/by_nuts.rs"]
mod by_nuts;
#[path = "posteriordb/dogs_hier_lkj.rs"]
mod dogs_hier_lkj;
#[path = "posteriordb/dogs_logistic.rs"]
mod dogs_logistic;
#[path = "posteriordb/earn_height.rs"]
mod earn_height;
#[path = "posteriordb/eight_schools_centered.rs"]
mod eight_schools_centered;
#[path = "posteriordb/eight_schools_noncentered.rs"]
mod eight_schools_noncentered;
#[path = "posteriordb/garch11.rs"]
mod garch11;
#[path = "posteriordb/given.rs"]
mod given;
#[path = "posteriordb/glm_poisson.rs"]
mod glm_poisson;
#[path = "posteriordb/gp_regr.rs"]
mod gp_regr;
#[path = "posteriordb/hmm_example.rs"]
mod hmm_example;
#[path = "posteriordb/iris_mvn_lkj.rs"]
mod iris_mvn_lkj;
#[path = "posteriordb/kidiq_interaction.rs"]
mod kidiq_interaction;
#[path = "posteriordb/kilpisjarvi.rs"]
mod kilpisjarvi;
#[path = "posteriordb/lotka_volterra.rs"]
mod lotka_volterra;
#[path = "posteriordb/low_dim_gauss_mix.rs"]
mod low_dim_gauss_mix;
#[path = "posteriordb/nes1980.rs"]
mod nes1980;
#[path = "posteriordb/radon_mn_hierarchical.rs"]
mod radon_mn_hierarchical;
#[path = "posteriordb/rats.rs"]
mod rats;
#[path = "posteriordb/reference.rs"]
mod reference;
#[path = "posteriordb/sblrc_blr.rs"]
mod sblrc_blr;
#[path = "posteriordb/seeds_random_effects.rs"]
mod seeds_random_effects;
#[path = "posteriordb/survey_discrete.rs"]
mod survey_discrete;
#[path = "posteriordb/wells_interaction.rs"]
mod wells_interaction;

use by_nested::ByNested;
use by_nuts::{ByNuts, report};
use given::density_at;
use ppl::models::Model;
use reference::{Given, Point, Reference};

/// What is done with each model, whatever its type.
trait Task {
    type Output;
    /// `given` finds the latents of a point of the reference.
    fn model<M: Model + Sync>(
        self,
        reference: &Reference,
        model: &M,
        given: impl Fn(&Point) -> Given,
    ) -> Self::Output;
}

/// Log densities at the points of the reference.
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

macro_rules! each_model {
    ($task:expr, $($model:ident),* $(,)?) => { [$($model::visit($task)),*] };
}

#[test]
fn log_densities() {
    each_model!(
        LogDensities,
        arma11,
        brownian_motion_missing,
        dogs_hier_lkj,
        dogs_logistic,
        earn_height,
        eight_schools_centered,
        eight_schools_noncentered,
        garch11,
        glm_poisson,
        gp_regr,
        hmm_example,
        iris_mvn_lkj,
        kidiq_interaction,
        kilpisjarvi,
        lotka_volterra,
        low_dim_gauss_mix,
        nes1980,
        radon_mn_hierarchical,
        rats,
        sblrc_blr,
        seeds_random_effects,
        survey_discrete,
        wells_interaction,
    );
    survey_discrete::visit_summed(LogDensities);
}

#[test]
fn small_models_by_nuts() {
    let mut all = each_model!(
        ByNuts,
        arma11,
        dogs_logistic,
        eight_schools_centered,
        eight_schools_noncentered,
        garch11,
        glm_poisson,
        gp_regr,
        hmm_example,
        iris_mvn_lkj,
        kilpisjarvi,
        nes1980,
        sblrc_blr,
        seeds_random_effects,
        wells_interaction,
    )
    .concat();
    all.extend(survey_discrete::visit_summed(ByNuts));
    report(&all, 0.8..=1.2);
}

#[test]
#[ignore = "minutes"]
fn all_models_by_nuts() {
    let mut all = each_model!(
        ByNuts,
        arma11,
        brownian_motion_missing,
        dogs_hier_lkj,
        dogs_logistic,
        earn_height,
        eight_schools_centered,
        eight_schools_noncentered,
        garch11,
        glm_poisson,
        gp_regr,
        hmm_example,
        iris_mvn_lkj,
        kidiq_interaction,
        kilpisjarvi,
        lotka_volterra,
        low_dim_gauss_mix,
        nes1980,
        radon_mn_hierarchical,
        rats,
        sblrc_blr,
        seeds_random_effects,
        wells_interaction,
    )
    .concat();
    all.extend(survey_discrete::visit_summed(ByNuts));
    report(&all, 0.9..=1.1);
}

#[test]
fn evidences_of_small_models() {
    each_model!(
        ByNested,
        arma11,
        dogs_logistic,
        eight_schools_centered,
        eight_schools_noncentered,
        glm_poisson,
        gp_regr,
        sblrc_blr,
        survey_discrete,
    );
}

#[test]
#[ignore = "minutes"]
fn evidences_of_models_with_many_latents() {
    each_model!(
        ByNested,
        brownian_motion_missing,
        iris_mvn_lkj,
        seeds_random_effects,
    );
}
