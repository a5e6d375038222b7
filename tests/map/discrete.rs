//! A discrete latent that is not summed out has no gradient: every engine that needs one refuses it by its name.

use ppl::Error;
use ppl::infer::dcc::ProgramError;
use ppl::infer::nuts::Hmc;
use ppl::infer::sdvi::Sdvi;
use ppl::infer::stein::{Asvgd, RbfKernel, SteinVi, Svgd};
use ppl::infer::svi::{AutoDelta, AutoNormal, Svi};
use ppl::prelude::*;

/// A component that ought to have `#[enumerate]`, beside a latent that is fine.
#[model]
fn forgotten(y: f64) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    let component: usize = sample(Categorical::new([0.5, 0.5]));
    observe(y, Normal::new(mean + component as f64, 1.0));
}

/// The same in one of two programs.
#[model]
fn forgotten_in_a_branch(y: f64) {
    #[branch]
    let second: bool = sample(Bernoulli::new(0.5));
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    if second {
        let component: bool = sample(Bernoulli::new(0.5));
        factor(if component { 0.1 } else { 0.2 });
    }
    observe(y, Normal::new(mean, 1.0));
}

#[track_caller]
fn refused<T>(result: Result<T, Error>) {
    let error = result.err().expect("an error");
    assert!(
        matches!(&error, Error::Discrete { model: "forgotten", site } if site == "component"),
        "{error}"
    );
    assert!(error.to_string().contains("`component`"), "{error}");
}

#[test]
fn by_nuts() {
    refused(Nuts::new(&forgotten(0.3)).run());
}

#[test]
fn by_static_trajectories() {
    refused(Hmc::new(&forgotten(0.3)).run());
}

#[test]
fn by_variational_inference() {
    let model = forgotten(0.3);
    refused(Svi::new(&model, AutoNormal::new(), Adam::new(0.01)).run(10, 1));
}

#[test]
fn by_stein_vi() {
    let model = forgotten(0.3);
    let kernel = RbfKernel::default();
    refused(SteinVi::new(&model, AutoDelta::new(), Adam::new(0.01), kernel).run(10, 1));
}

#[test]
fn by_svgd() {
    let model = forgotten(0.3);
    refused(Svgd::new(&model, Adam::new(0.01), RbfKernel::default()).run(10, 1));
    refused(Asvgd::new(&model, Adam::new(0.01), RbfKernel::default()).run(10, 1));
}

#[test]
fn by_optimisation() {
    refused(Map::new(&forgotten(0.3)).run());
}

/// Where programs are run one by one, the one that has the latent fails by its name, and the others go on.
#[test]
fn by_divide_conquer_combine() {
    let run = Dcc::new(&forgotten_in_a_branch(0.3)).run().unwrap();
    let [failed] = run.failed() else {
        panic!("{run}");
    };
    assert_eq!(failed.name, "second=true");
    assert!(matches!(&failed.problem, ProgramError::Discrete { site } if site == "component"));
    assert_eq!(run.programs().len(), 1);
    let error = Dcc::new(&forgotten(0.3)).run().expect_err("an error");
    assert!(error.to_string().contains("`component`"), "{error}");
}

#[test]
fn by_support_decomposition() {
    let model = forgotten_in_a_branch(0.3);
    let run = Sdvi::new(&model, AutoNormal::new(), Adam::new(0.01));
    let run = run.run().unwrap();
    let [failed] = run.failed() else {
        panic!("{run}");
    };
    assert_eq!(failed.name, "second=true");
    assert!(matches!(&failed.problem, ProgramError::Discrete { site } if site == "component"));
    let model = forgotten(0.3);
    let error = Sdvi::new(&model, AutoNormal::new(), Adam::new(0.01)).run();
    let error = error.expect_err("an error").to_string();
    assert!(error.contains("`component`"), "{error}");
}
