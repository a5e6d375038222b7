//! The models of `data/`, and what is done with each.
#![allow(dead_code, reason = "each crate uses a part")]

mod arma11;
mod brownian_motion_missing;
mod dogs_hier_lkj;
mod dogs_logistic;
mod earn_height;
mod eight_schools_centered;
mod eight_schools_noncentered;
mod garch11;
mod glm_poisson;
mod gp_regr;
mod hmm_example;
mod iris_mvn_lkj;
mod kidiq_interaction;
mod kilpisjarvi;
mod lotka_volterra;
mod low_dim_gauss_mix;
mod nes1980;
mod radon_mn_hierarchical;
mod rats;
mod reference;
mod sblrc_blr;
mod seeds_random_effects;
mod survey_discrete;
mod wells_interaction;

use ppl::models::Model;
pub use reference::{Given, Point, Reference};

/// What is done with each model, whatever its type.
pub trait Task {
    type Output;
    /// `given` finds the latents of a point of the reference.
    fn model<M: Model + Sync>(
        self,
        reference: &Reference,
        model: &M,
        given: impl Fn(&Point) -> Given,
    ) -> Self::Output;
}

/// The same task for each of these models.
pub fn each<T: Task + Clone>(names: &[&str], task: T) -> Vec<T::Output> {
    names.iter().map(|name| visit(name, task.clone())).collect()
}

/// The task for the model of this name; `survey_discrete_summed` is the one whose count is summed out.
fn visit<T: Task>(name: &str, task: T) -> T::Output {
    match name {
        "arma11" => arma11::visit(task),
        "brownian_motion_missing" => brownian_motion_missing::visit(task),
        "dogs_hier_lkj" => dogs_hier_lkj::visit(task),
        "dogs_logistic" => dogs_logistic::visit(task),
        "earn_height" => earn_height::visit(task),
        "eight_schools_centered" => eight_schools_centered::visit(task),
        "eight_schools_noncentered" => eight_schools_noncentered::visit(task),
        "garch11" => garch11::visit(task),
        "glm_poisson" => glm_poisson::visit(task),
        "gp_regr" => gp_regr::visit(task),
        "hmm_example" => hmm_example::visit(task),
        "iris_mvn_lkj" => iris_mvn_lkj::visit(task),
        "kidiq_interaction" => kidiq_interaction::visit(task),
        "kilpisjarvi" => kilpisjarvi::visit(task),
        "lotka_volterra" => lotka_volterra::visit(task),
        "low_dim_gauss_mix" => low_dim_gauss_mix::visit(task),
        "nes1980" => nes1980::visit(task),
        "radon_mn_hierarchical" => radon_mn_hierarchical::visit(task),
        "rats" => rats::visit(task),
        "sblrc_blr" => sblrc_blr::visit(task),
        "seeds_random_effects" => seeds_random_effects::visit(task),
        "survey_discrete" => survey_discrete::visit(task),
        "wells_interaction" => wells_interaction::visit(task),
        "survey_discrete_summed" => survey_discrete::visit_summed(task),
        other => panic!("there is no model `{other}`"),
    }
}

/// Every model as a sampler with gradients takes it, the quick ones first.
pub const SMOOTH: [&str; 23] = [
    "eight_schools_noncentered",
    "gp_regr",
    "arma11",
    "sblrc_blr",
    "glm_poisson",
    "dogs_logistic",
    "survey_discrete_summed",
    "garch11",
    "kilpisjarvi",
    "wells_interaction",
    "hmm_example",
    "seeds_random_effects",
    "iris_mvn_lkj",
    "nes1980",
    "brownian_motion_missing",
    "rats",
    "earn_height",
    "eight_schools_centered",
    "dogs_hier_lkj",
    "low_dim_gauss_mix",
    "kidiq_interaction",
    "radon_mn_hierarchical",
    "lotka_volterra",
];
