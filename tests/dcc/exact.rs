//! Divide, Conquer and Combine of models written with `#[model]`, against exact weights.

use super::models::*;
use ppl::infer::dcc::{
    Allocation, Barker, BridgeSampling, EvidenceEstimator, LocalEvidence, LocalKernel,
    MixtureImportance, NestedEvidence, ProgramError, Scale, Scouted, StaticHmc, Target,
};
use ppl::infer::nuts::{Chain, NutsError};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};
use rand::RngExt;
use rand_distr::StandardNormal;

/// Standard errors that an estimate may be off: one in 147,000.
const LIMIT: f64 = 4.5;

fn z(estimate: Estimate, exact: f64) -> f64 {
    (estimate.mean - exact) / estimate.sd
}

/// Every weight and every part of the evidence, in standard errors and, for weights, in themselves.
#[track_caller]
fn check<D: Clone>(run: &DccRun<D>, exact: &[(&str, f64)], tolerance: f64) {
    assert_eq!(run.programs().len(), exact.len());
    let all = ln_sum(&exact.iter().map(|e| e.1).collect::<Vec<_>>());
    for (name, ln) in exact {
        let p = run.program(name).expect(name);
        let weight = (ln - all).exp();
        assert!(
            z(p.log_evidence(), *ln).abs() < LIMIT,
            "{name}: {ln} {}",
            p.log_evidence()
        );
        assert!(
            (p.weight().mean - weight).abs() < tolerance,
            "{name}: {weight} {}",
            p.weight()
        );
    }
    assert!(z(run.log_evidence(), all).abs() < LIMIT);
}

fn names(exact: [f64; 2]) -> [(&'static str, f64); 2] {
    [("second=false", exact[0]), ("second=true", exact[1])]
}

#[test]
fn the_documented_model() {
    let model = two_programs(0.2);
    let exact = names(two_programs_exact(0.2));
    assert!((ln_sum(&[exact[0].1, exact[1].1]) + 1.347702).abs() < 1e-6);
    let run = Dcc::new(&model).seed(1).run().unwrap();
    check(&run, &exact, 0.01);
    let run = Dcc::new(&model)
        .seed(1)
        .evidence(NestedEvidence::default())
        .run()
        .unwrap();
    check(&run, &exact, 0.05);
    let draws = run.draws(100_000, 1).unwrap();
    // The field is there where its program ran, and the posterior of each is normal.
    assert!(
        draws
            .iter()
            .all(|d| d.b.is_some() == d.second && d.a.is_none() == d.second)
    );
    let second = run.program("second=true").unwrap();
    assert!((draws.mean(|d| d.second) - second.weight().mean).abs() < 1e-4);
    assert!((second.draws().mean(|d| d.b.unwrap()) - 0.6).abs() < 0.06);
    assert!((second.draws().sd(|d| d.b.unwrap()) - 0.5_f64.sqrt()).abs() < 0.06);
    let factor = run.log_bayes_factor("second=true", "second=false").unwrap();
    assert!(z(factor, exact[1].1 - exact[0].1).abs() < LIMIT);
    assert!(run.log_bayes_factor("second=true", "third=true").is_none());
    let text = run.to_string();
    for part in [
        "second=true",
        "draws by NUTS",
        "nested sampling",
        "prior mass",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn replicated_data_come_from_all_programs() {
    let model = two_programs(4.0);
    let run = Dcc::new(&model).seed(2).run().unwrap();
    let replicated = run.predictive(&model, 20_000, 3).unwrap();
    let y = replicated.site("y").unwrap();
    let mean = y.iter().map(|row| row[0]).sum::<f64>() / y.len() as f64;
    let weight = 1.0 / (1.0 + (two_programs_exact(4.0)[0] - two_programs_exact(4.0)[1]).exp());
    // The mean of y given a program is that of its latent: 2.5 for the second, 2 for the first.
    let expected = 2.5 * weight + 2.0 * (1.0 - weight);
    assert!((mean - expected).abs() < 0.05, "{mean} {expected}");
}

#[test]
fn a_branch_within_a_branch() {
    let y = [0.7, 1.9, 1.1];
    let model = nested(&y);
    let exact = nested_exact(&y);
    let run = Dcc::new(&model).seed(3).run().unwrap();
    check(&run, &exact, 0.01);
    assert!(run.unexplored().exhaustive && run.unexplored().bound < 1e-12);
    for p in run.programs() {
        for d in p.draws().iter() {
            assert_eq!(d.kind.is_some(), d.deep);
            assert_eq!(d.wide.is_some(), d.kind == Some(2));
            assert_eq!(d.flat.is_some(), !d.deep);
        }
    }
}

#[test]
fn a_poisson_number_of_components() {
    let y = [2.1, 3.0, 2.6, 3.4, 1.9];
    let model = components(&y);
    let run = Dcc::new(&model).seed(4).max_programs(13).run().unwrap();
    let all = ln_sum(&(0..60).map(|k| components_exact(&y, k)).collect::<Vec<_>>());
    for k in 0..13 {
        let p = run.program(&format!("k={k}")).unwrap();
        let exact = components_exact(&y, k);
        if k == 0 {
            assert!((p.log_evidence().mean - exact).abs() < 1e-12);
        } else {
            assert!(z(p.log_evidence(), exact).abs() < LIMIT, "{k}");
        }
        assert!((p.weight().mean - (exact - all).exp()).abs() < 0.01, "{k}");
        assert!(p.draws().iter().all(|d| d.effect.len() == k && d.k == k));
    }
    // What was left out is known, since the number's probabilities are.
    let unexplored = run.unexplored();
    assert!(
        !unexplored.exhaustive && unexplored.bound < 1e-6,
        "{unexplored:?}"
    );
}

#[test]
fn programs_that_fail_are_reported() {
    let model = failing();
    let run = Dcc::new(&model).seed(5).run().unwrap();
    assert_eq!(run.programs().len(), 1);
    assert_eq!(run.programs()[0].weight().mean, 1.0);
    assert!((run.log_evidence().mean - 0.2_f64.ln()).abs() < 0.05);
    let problem = |kind: usize| {
        let failed = run
            .failed()
            .iter()
            .find(|f| f.name == format!("kind={kind}"));
        failed.unwrap().problem.clone()
    };
    assert!(matches!(
        problem(1),
        ProgramError::Nuts(NutsError::Start { .. })
    ));
    assert!(matches!(problem(2), ProgramError::NotFinite { value } if value == f64::NEG_INFINITY));
    assert!(matches!(
        problem(3),
        ProgramError::Nuts(NutsError::Improper { .. })
    ));
    assert!(matches!(problem(4), ProgramError::Discrete { site } if site == "heads"));
    for kind in 1..5 {
        assert!(
            run.to_string().contains(&format!("FAILED `kind={kind}`")),
            "{run}"
        );
    }
}

#[test]
fn a_model_of_failures_alone_is_an_error() {
    #[model]
    fn nowhere() {
        #[branch]
        let kind: bool = sample(Bernoulli::new(0.5));
        let x: f64 = sample(Normal::new(0.0, 1.0));
        factor(if kind { f64::NEG_INFINITY } else { f64::NAN });
    }
    let error = Dcc::new(&nowhere()).run().unwrap_err().to_string();
    assert!(
        error.contains("no program has an estimate: `kind="),
        "{error}"
    );
}

/// The models and settings of the tests of NumPyro's DCC.
#[test]
fn models_of_the_reference() {
    let address = address_path(0.2);
    let run = Dcc::new(&address)
        .seed(6)
        .chains(1)
        .warmup(500)
        .draws(1000)
        .run()
        .unwrap();
    let exact = address_path_exact(0.2);
    check(&run, &names(exact), 0.01);
    assert!(((exact[1] - ln_sum(&exact)).exp() - 0.214165).abs() < 1e-6);
    let y = normals();
    let convergence = two_scales(&y, [2.0, 0.62177]);
    let run = Dcc::new(&convergence)
        .seed(6)
        .chains(1)
        .warmup(500)
        .draws(1000)
        .run()
        .unwrap();
    let exact = two_scales_exact(&y, [2.0, 0.62177]);
    check(&run, &names(exact), 0.0001);
    let small = (exact[1] - ln_sum(&exact)).exp();
    assert!((small - 0.00121251).abs() < 1e-8, "{small}");
    let found = run.program("second=true").unwrap().weight();
    assert!((found.mean / small - 1.0).abs() < 0.05, "{found}");
    let kernels = two_scales(&y, [1.0, 2.0]);
    let run = Dcc::new(&kernels)
        .seed(6)
        .chains(2)
        .warmup(50)
        .draws(50)
        .run()
        .unwrap();
    let exact = two_scales_exact(&y, [1.0, 2.0]);
    check(&run, &names(exact), 1e-12);
}

fn check_kernel<K: LocalKernel>(kernel: K) {
    let y = normals();
    let model = two_scales(&y, [2.0, 0.62177]);
    let dcc = Dcc::new(&model)
        .seed(7)
        .kernel(kernel)
        .warmup(1000)
        .draws(2000);
    let run = dcc.run().unwrap();
    check(&run, &names(two_scales_exact(&y, [2.0, 0.62177])), 0.0001);
    assert!(run.to_string().contains(K::NAME));
    for (p, scale) in run.programs().iter().zip([2.0_f64, 0.62177]) {
        let precision = 1.0 + 200.0 / (scale * scale);
        let mean = y.iter().sum::<f64>() / (scale * scale) / precision;
        let sd = precision.sqrt().recip();
        // The worst kernel has a tenth of its 8,000 draws' worth of independent ones.
        assert!((p.draws().mean(|d| d.z) - mean).abs() < LIMIT * sd / 800_f64.sqrt());
        assert!((p.draws().sd(|d| d.z) / sd - 1.0).abs() < LIMIT / 1600_f64.sqrt());
        assert!(p.summary().unwrap().rows()[0].r_hat < 1.02);
    }
}

#[test]
fn kernels_by_type() {
    check_kernel(StaticHmc { length: 2.0 });
    check_kernel(Barker::default());
    let model = two_programs(0.2);
    let refused = Dcc::new(&model)
        .kernel(Barker {
            target_acceptance: 1.0,
        })
        .run();
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("target_acceptance")
    );
    let refused = Dcc::new(&model).kernel(StaticHmc { length: 0.0 }).run();
    assert!(refused.unwrap_err().to_string().contains("length"));
    let flat = Dcc::new(&failing())
        .kernel(Barker::default())
        .run()
        .unwrap();
    let failed = flat.failed().iter().find(|f| f.name == "kind=1").unwrap();
    assert!(matches!(failed.problem, ProgramError::Chains(_)));
}

/// NumPyro's estimator: a normal around each draw, over the density of that normal alone, and all of the noise of all
/// programs from one key, so that every draw is moved by the same step.
#[derive(Copy, Clone, Debug)]
struct OneNoise {
    scale: f64,
    key: u64,
}

impl EvidenceEstimator for OneNoise {
    const NAME: &'static str = "the reference";
    fn check(&self) -> Result<(), ppl::Error> {
        Ok(())
    }
    fn estimate<T: Target>(
        &self,
        target: &T,
        chains: &[Chain],
        _: u64,
    ) -> Result<LocalEvidence, ProgramError> {
        let rng = &mut keyed(self.key, Purpose::User, 0, 0);
        let noise: Vec<f64> = (0..target.dim())
            .map(|_| rng.sample(StandardNormal))
            .collect();
        let ln_q: f64 = noise
            .iter()
            .map(|e| -0.5 * e * e - 0.5 * std::f64::consts::TAU.ln() - self.scale.ln())
            .sum();
        let mut worker = target.worker();
        let log_weights: Vec<f64> = chains
            .iter()
            .flat_map(Chain::positions)
            .map(|u| {
                let moved: Vec<f64> = u
                    .iter()
                    .zip(&noise)
                    .map(|(u, e)| u + self.scale * e)
                    .collect();
                target.log_density(&mut worker, &moved) - ln_q
            })
            .collect();
        let mean = ln_sum(&log_weights) - (log_weights.len() as f64).ln();
        Ok(LocalEvidence {
            log_evidence: Estimate { mean, sd: 0.1 },
            evaluations: log_weights.len() as u64,
        })
    }
}

/// Root mean square error of the weight of the second program over seeds, and evaluations of density and gradient.
fn error_and_cost<M: Model + Sync>(
    model: &M,
    exact: [f64; 2],
    estimator: impl Fn(u64) -> Option<OneNoise>,
) -> (f64, f64) {
    let exact = (exact[1] - ln_sum(&exact)).exp();
    let (mut squares, mut cost) = (0.0, 0);
    for seed in 0..SEEDS {
        let dcc = Dcc::new(model).seed(seed).chains(1).warmup(500).draws(1000);
        let run = match estimator(seed) {
            Some(one) => dcc.evidence(one).run(),
            None => dcc.evidence(BridgeSampling::default()).run(),
        };
        let run = run.unwrap();
        squares += (run.program("second=true").unwrap().weight().mean - exact).powi(2);
        cost += run.evaluations();
    }
    ((squares / SEEDS as f64).sqrt(), cost as f64 / SEEDS as f64)
}

const SEEDS: u64 = 20;

#[test]
fn half_the_error_of_the_reference_at_equal_cost() {
    fn compare<M: Model + Sync>(model: &M, exact: [f64; 2]) {
        let reference = |key| Some(OneNoise { scale: 1.0, key });
        let (theirs, cost) = error_and_cost(model, exact, reference);
        let (ours, same) = error_and_cost(model, exact, |_| None);
        println!(
            "{}: ours {ours:.2e} in {same}, theirs {theirs:.2e} in {cost}",
            M::NAME
        );
        assert!((same / cost - 1.0).abs() < 0.01, "{same} {cost}");
        assert!(ours <= 0.5 * theirs, "{ours} {theirs}");
    }
    compare(&two_programs(0.2), two_programs_exact(0.2));
    compare(&address_path(0.2), address_path_exact(0.2));
    let y = normals();
    let scales = [2.0, 0.62177];
    compare(&two_scales(&y, scales), two_scales_exact(&y, scales));
}

#[test]
fn settings_of_the_reference() {
    let y = normals();
    let model = two_scales(&y, [1.0, 2.0]);
    for scale in [0.1, 1.0, 10.0] {
        let estimator = MixtureImportance {
            scale: Scale::Absolute(scale),
            ..Default::default()
        };
        let dcc = Dcc::new(&model).seed(8).prior_draws(100).max_programs(10);
        let run = dcc
            .chains(2)
            .warmup(50)
            .draws(500)
            .evidence(estimator)
            .run()
            .unwrap();
        check(&run, &names(two_scales_exact(&y, [1.0, 2.0])), 1e-12);
    }
}

#[test]
fn settings_out_of_range_are_named() {
    let model = two_programs(0.2);
    let message = |dcc: Dcc<'_, _>| dcc.run().unwrap_err().to_string();
    let dcc = || Dcc::new(&model);
    assert!(message(dcc().prior_draws(0)).contains("`prior_draws`"));
    assert!(message(dcc().max_programs(0)).contains("`max_programs`"));
    assert!(message(dcc().draws(0)).contains("`draws`"));
    assert!(message(dcc().chains(0)).contains("`chains`"));
    let given = ppl::infer::nuts::Settings {
        initial: Some(vec![vec![0.0]; 4]),
        ..Default::default()
    };
    assert!(message(dcc().mcmc(given)).contains("`initial`"));
    let allocation = Allocation::default();
    let runs = Allocation {
        runs: 0,
        ..allocation
    };
    assert!(message(dcc().allocation(runs)).contains("`runs`"));
    let settled = Allocation {
        settled: -1.0,
        ..allocation
    };
    assert!(message(dcc().allocation(settled)).contains("`settled`"));
    let exploration = Allocation {
        exploration: f64::NAN,
        ..allocation
    };
    assert!(message(dcc().allocation(exploration)).contains("`exploration`"));
    let smoothing = Allocation {
        smoothing: f64::INFINITY,
        ..allocation
    };
    assert!(message(dcc().allocation(smoothing)).contains("`smoothing`"));
    let few = BridgeSampling {
        proposal_draws: Some(3),
    };
    let refused = dcc().evidence(few).run().unwrap_err().to_string();
    assert!(refused.contains("`proposal_draws`"), "{refused}");
    let narrow = MixtureImportance {
        scale: Scale::Relative(0.0),
        ..Default::default()
    };
    let refused = dcc().evidence(narrow).run().unwrap_err().to_string();
    assert!(refused.contains("`scale`"), "{refused}");
    let scouted = Scouted {
        points: 0,
        ..Scouted::<Barker>::default()
    };
    let refused = dcc().kernel(scouted).run().unwrap_err().to_string();
    assert!(refused.contains("`points`"), "{refused}");
}
