//! Divide, Conquer and Combine against exact weights.

use super::problems::components::Components;
use super::problems::ln_sum;
use super::problems::regression::Subsets;
use super::problems::small::{Broken, DiscreteOnly, Summed, TwoPrograms};
use ppl_runtime::infer::dcc::{
    Allocation, BridgeSampling, Dcc, DccRun, Denominator, EvidenceEstimator, MixtureImportance,
    NestedEvidence, ProgramError, Scale,
};
use ppl_runtime::infer::nested;
use ppl_runtime::infer::nuts::NutsError;
use ppl_runtime::output::Estimate;

/// Standard errors that an estimate may be off: one in 147,000.
const LIMIT: f64 = 4.5;

fn z(estimate: Estimate, exact: f64) -> f64 {
    (estimate.mean - exact) / estimate.sd
}

fn nested_with(live_points: usize) -> NestedEvidence {
    NestedEvidence {
        settings: nested::Settings {
            live_points: Some(live_points),
            ..nested::Settings::default()
        },
    }
}

/// Weight of the second program and all evidence, within 0.01.
fn check_documented<E: EvidenceEstimator>(estimator: E) {
    let model = TwoPrograms::documented();
    let run = Dcc::new(&model).seed(1).evidence(estimator).run().unwrap();
    assert_eq!(run.programs().len(), 2);
    let weight = |name: &str| run.program(name).unwrap().weight();
    let (first, second) = (weight("second=false"), weight("second=true"));
    assert!((first.mean - 0.537430).abs() < 0.01, "{run}");
    assert!((second.mean - 0.462570).abs() < 0.01, "{run}");
    assert!((run.log_evidence().mean + 1.347702).abs() < 0.01, "{run}");
    assert!(run.unexplored().exhaustive && run.unexplored().bound < 1e-12);
    assert!(run.failed().is_empty());
}

#[test]
fn documented_model_by_the_bridge() {
    check_documented(BridgeSampling::default());
}

#[test]
fn documented_model_by_nested_sampling() {
    check_documented(nested_with(4000));
}

#[test]
fn documented_model_by_importance() {
    check_documented(MixtureImportance::default());
}

/// Errors are what they claim, over twenty seeds: of the weight and of the evidence.
fn check_errors<E: EvidenceEstimator + Clone>(estimator: &E, scale: f64) {
    let model = TwoPrograms::documented();
    let parts = model.exact();
    let all = ln_sum(&parts);
    let mut of_weight = Vec::new();
    let mut of_evidence = Vec::new();
    for seed in 0..20 {
        let dcc = Dcc::new(&model).seed(seed).draws(500).warmup(500);
        let run = dcc.evidence(estimator.clone()).run().unwrap();
        let second = run.program("second=true").unwrap().weight();
        of_weight.push(z(second, (parts[1] - all).exp()));
        of_evidence.push(z(run.log_evidence(), all));
    }
    for zs in [of_weight, of_evidence] {
        let rms = (zs.iter().map(|z| z * z).sum::<f64>() / 20.0).sqrt();
        let worst = zs.iter().fold(0.0_f64, |w, z| w.max(z.abs()));
        println!("{} {scale}: worst {worst:.2}, rms {rms:.2}", E::NAME);
        assert!(worst < LIMIT && (0.6..1.5).contains(&rms), "{zs:?}");
    }
}

#[test]
fn errors_of_the_bridge() {
    check_errors(&BridgeSampling::default(), 0.0);
}

#[test]
fn errors_of_nested_sampling() {
    check_errors(&NestedEvidence::default(), 0.0);
}

#[test]
fn errors_of_importance_sampling() {
    check_errors(&MixtureImportance::default(), 1.0);
    let own = MixtureImportance {
        scale: Scale::Relative(2.0),
        denominator: Denominator::Own,
    };
    check_errors(&own, 2.0);
}

#[test]
fn all_subsets_of_four_covariates() {
    let model = Subsets::new();
    let run = Dcc::new(&model).seed(2).run().unwrap();
    assert_eq!(run.programs().len(), 16);
    assert!(run.unexplored().exhaustive && run.unexplored().bound < 1e-12);
    let exact: Vec<f64> = run
        .programs()
        .iter()
        .map(|p| model.exact(p.values()))
        .collect();
    let all = ln_sum(&exact);
    for (p, exact) in run.programs().iter().zip(&exact) {
        println!("{} {} {exact} {}", p.name(), p.log_evidence(), p.weight());
        assert!(z(p.log_evidence(), *exact).abs() < LIMIT, "{}", p.name());
        assert!(
            (p.weight().mean - (exact - all).exp()).abs() < 0.005,
            "{}",
            p.name()
        );
        assert!(p.log_evidence().sd < 0.05, "{}", p.name());
    }
    assert!(z(run.log_evidence(), all).abs() < LIMIT);
    // The most probable subset of all, and the textbooks' pair, the first two, right behind it.
    let subset = |bits: u32| -> Vec<f64> { (0..4).map(|j| f64::from(bits >> j & 1)).collect() };
    let mut ranked: Vec<Vec<f64>> = (0..16).map(subset).collect();
    ranked.sort_by(|a, b| model.exact(b).total_cmp(&model.exact(a)));
    assert_eq!(run.programs()[0].values(), ranked[0]);
    assert_eq!(run.programs()[1].values(), [1.0, 1.0, 0.0, 0.0]);
    // Merged draws carry the weights: how often a covariate is used.
    let used: f64 = run
        .programs()
        .iter()
        .zip(&exact)
        .map(|(p, e)| p.values()[3] * (e - all).exp())
        .sum();
    let merged = run.weighted_draws().mean(|d| d.used[3]);
    assert!((merged - used).abs() < 0.01, "{merged} {used}");
}

#[test]
fn unknown_number_of_components() {
    let model = Components(vec![2.1, 3.0, 2.6, 3.4, 1.9]);
    let run = Dcc::new(&model).seed(3).max_programs(12).run().unwrap();
    assert_eq!(run.programs().len(), 12);
    let all = ln_sum(&(0..60).map(|k| model.exact(k)).collect::<Vec<_>>());
    for p in run.programs() {
        let k = p.values()[0] as usize;
        let exact = model.exact(k);
        println!("{} {} {exact} {}", p.name(), p.log_evidence(), p.weight());
        if k == 0 {
            assert_eq!(p.log_evidence().sd, 0.0);
            assert!((p.log_evidence().mean - exact).abs() < 1e-12);
        } else {
            assert!(z(p.log_evidence(), exact).abs() < LIMIT, "{k}");
        }
        assert!((p.weight().mean - (exact - all).exp()).abs() < 0.01, "{k}");
        assert_eq!(p.draws()[0].effects.len(), k);
    }
    // Eleven is the last that was explored: the rest of the Poisson distribution was not.
    let rest = 1.0 - (0..12).map(|k| ln_poisson(k).exp()).sum::<f64>();
    let unexplored = run.unexplored();
    assert!(!unexplored.exhaustive);
    assert!(
        (unexplored.prior_mass.mean - rest).abs() < 1e-12,
        "{unexplored:?}"
    );
}

fn ln_poisson(k: usize) -> f64 {
    k as f64 * 2_f64.ln() - 2.0 - (1..=k).map(|j| (j as f64).ln()).sum::<f64>()
}

#[test]
fn a_model_without_continuous_latents_is_exact() {
    let model = DiscreteOnly(1.3);
    let run = Dcc::new(&model).run().unwrap();
    let exact = model.exact();
    let all = ln_sum(&exact.iter().map(|e| e.1).collect::<Vec<_>>());
    assert_eq!(run.programs().len(), 4);
    for (name, ln) in &exact {
        let p = run.program(name).unwrap();
        assert_eq!((p.weight().sd, p.log_evidence().sd), (0.0, 0.0));
        assert!((p.log_evidence().mean - ln).abs() < 1e-12, "{name}");
        assert!((p.weight().mean - (ln - all).exp()).abs() < 1e-12, "{name}");
    }
    assert!((run.log_evidence().mean - all).abs() < 1e-12);
    let factor = run
        .log_bayes_factor("rare=true, kind=1", "rare=false")
        .unwrap();
    assert!((factor.mean - (0.5 * 2.3_f64.powi(2) - 0.5 * 0.3_f64.powi(2))).abs() < 1e-12);
    // A hundred thousand draws know a probability to 1e-5, resampled systematically.
    let draws = run.draws(100_000, 1).unwrap();
    assert!((draws.mean(|d| d.rare) - (1.0 - (exact[0].1 - all).exp())).abs() < 1e-4);
}

#[test]
fn a_rare_program_is_not_lost() {
    // One draw from the prior in a thousand, but only it explains the data; twenty draws would miss it.
    let model = TwoPrograms {
        y: 9.0,
        p: 0.001,
        at: 10.0,
    };
    let run = Dcc::new(&model).seed(4).prior_draws(20).run().unwrap();
    let [first, second] = model.exact();
    let exact = 1.0 / (1.0 + (first - second).exp());
    let rare = run.program("second=true").unwrap();
    assert!((rare.weight().mean - exact).abs() < 1e-4, "{run}");
    assert!((rare.prior_mass().mean - 0.001).abs() < 1e-15);
    // Without enumeration it is, and the report says how much prior mass is missing.
    let run = Dcc::new(&model)
        .seed(4)
        .prior_draws(20)
        .enumeration(0)
        .run()
        .unwrap();
    assert!(run.program("second=true").is_none());
    let unexplored = run.unexplored();
    assert!(!unexplored.exhaustive && (unexplored.bound - 0.001).abs() < 1e-12);
}

#[test]
fn programs_that_fail_are_reported() {
    let run = Dcc::new(&Broken).seed(5).run().unwrap();
    assert_eq!(run.programs().len(), 1);
    assert_eq!(run.programs()[0].name(), "kind=0");
    let problem = |name: &str| {
        let failed = run.failed().iter().find(|f| f.name == name).unwrap();
        assert!((failed.prior_mass.mean - 0.25).abs() < 1e-12);
        failed.problem.clone()
    };
    assert!(matches!(
        problem("kind=1"),
        ProgramError::Nuts(NutsError::Start { .. })
    ));
    assert!(matches!(problem("kind=2"), ProgramError::Discrete { site } if site == "heads"));
    assert!(run.to_string().contains("FAILED `kind=1`"), "{run}");
}

fn check_summed<E: EvidenceEstimator>(estimator: E, worst_sd: f64) {
    let model = Summed(1.5);
    let parts = model.exact();
    let run = Dcc::new(&model).seed(6).evidence(estimator).run().unwrap();
    println!("{run}");
    for (name, exact) in ["wide=false", "wide=true"].iter().zip(parts) {
        let p = run.program(name).unwrap();
        assert!(
            z(p.log_evidence(), exact).abs() < LIMIT,
            "{name} {exact} {run}"
        );
        assert!(p.log_evidence().sd < worst_sd, "{run}");
        // E p = 1/4; here it is estimated.
        let mass = if *name == "wide=true" { 0.25 } else { 0.75 };
        assert!(p.prior_mass().sd > 0.0 && z(p.prior_mass(), mass).abs() < LIMIT);
    }
    // heads given not wide: 0.3 N(1.5; 2, 1) against 0.7 N(1.5; 0, 1).
    let odds = (0.3_f64 / 0.7) * (0.5 * (1.5_f64.powi(2) - 0.25)).exp();
    let narrow = run.program("wide=false").unwrap();
    let heads = narrow.draws().mean(|d| d.heads);
    assert!((heads - odds / (1.0 + odds)).abs() < 0.04, "{heads}");
    // The upper bound is the rule of three: no held-out draw was outside.
    assert!(run.unexplored().exhaustive && run.unexplored().bound < 3.1e-3);
}

#[test]
fn branch_probabilities_that_are_latents_and_sums() {
    check_summed(BridgeSampling::default(), 0.02);
    check_summed(nested_with(1000), 0.1);
    check_summed(MixtureImportance::default(), 0.05);
}

/// Every bit of a run that matters.
fn bits<D: Clone>(run: &DccRun<D>) -> Vec<u64> {
    let mut all = Vec::new();
    for p in run.programs() {
        for e in [p.weight(), p.log_evidence(), p.prior_mass()] {
            all.extend([e.mean.to_bits(), e.sd.to_bits()]);
        }
        for row in 0..p.draws().table().rows() {
            all.extend(p.draws().table().row(row).iter().map(|x| x.to_bits()));
        }
    }
    all
}

#[test]
fn same_bits_with_any_number_of_threads() {
    fn run<E: EvidenceEstimator + Send>(threads: usize, estimator: E) -> Vec<u64> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let model = Components(vec![2.1, 3.0, 2.6]);
        let dcc = Dcc::new(&model)
            .seed(7)
            .draws(200)
            .warmup(200)
            .max_programs(6);
        bits(&pool.install(|| dcc.evidence(estimator).run()).unwrap())
    }
    let bridge = [1, 2, 7].map(|n| run(n, BridgeSampling::default()));
    assert!(bridge[0] == bridge[1] && bridge[0] == bridge[2]);
    let importance = [1, 2, 7].map(|n| run(n, MixtureImportance::default()));
    assert!(importance[0] == importance[1] && importance[0] == importance[2]);
    let nested = [1, 7].map(|n| run(n, nested_with(100)));
    assert!(nested[0] == nested[1]);
    assert!(bridge[0] != importance[0] && bridge[0] != nested[0]);
}

#[test]
fn more_runs_for_the_programs_that_matter() {
    let model = Components(vec![2.1, 3.0, 2.6, 3.4, 1.9]);
    let all = ln_sum(&(0..60).map(|k| model.exact(k)).collect::<Vec<_>>());
    let dcc = || {
        Dcc::new(&model)
            .seed(8)
            .draws(100)
            .warmup(200)
            .max_programs(8)
    };
    let once = dcc().run().unwrap();
    let allocation = Allocation {
        rounds: 5,
        settled: 0.0,
        ..Allocation::default()
    };
    let run = dcc().allocation(allocation).run().unwrap();
    let chains = |k: &str| run.program(k).unwrap().chains().len();
    let total: usize = run.programs().iter().map(|p| p.chains().len()).sum();
    // Seven programs have coordinates and one run of four chains each; twenty further runs go where the weight is.
    assert_eq!(total, 4 * (7 + 20));
    assert!(
        chains("k=2") > chains("k=7"),
        "{} {}",
        chains("k=2"),
        chains("k=7")
    );
    for p in run.programs() {
        let exact = (model.exact(p.values()[0] as usize) - all).exp();
        assert!((p.weight().mean - exact).abs() < 0.01, "{run}");
    }
    let sd = |run: &DccRun<_>| run.program("k=2").unwrap().weight().sd;
    assert!(sd(&run) < 0.8 * sd(&once), "{} {}", sd(&run), sd(&once));
    // Weights that are settled already get nothing.
    let settled = Allocation {
        settled: 0.5,
        ..allocation
    };
    let run = dcc().allocation(settled).run().unwrap();
    assert!(run.programs().iter().all(|p| p.chains().len() <= 4));
}

/// Root mean square error of the weight of the second program over seeds, and evaluations of density or gradient.
fn error_and_cost<E: EvidenceEstimator + Clone>(estimator: &E, draws: usize) -> (f64, f64) {
    let model = TwoPrograms::documented();
    let parts = model.exact();
    let exact = (parts[1] - ln_sum(&parts)).exp();
    let (mut squares, mut cost) = (0.0, 0);
    for seed in 100..116 {
        let dcc = Dcc::new(&model).seed(seed).warmup(300).draws(draws);
        let run = dcc.evidence(estimator.clone()).run().unwrap();
        squares += (run.program("second=true").unwrap().weight().mean - exact).powi(2);
        cost += run.evaluations();
    }
    ((squares / 16.0).sqrt(), cost as f64 / 16.0)
}

#[test]
fn the_bridge_has_half_the_error_of_the_reference() {
    // The reference: one point from N(draw, 1) for each draw, over the density of that normal alone.
    let own = MixtureImportance {
        scale: Scale::Absolute(1.0),
        denominator: Denominator::Own,
    };
    let (reference, cost) = error_and_cost(&own, 500);
    let (bridge, same) = error_and_cost(&BridgeSampling::default(), 500);
    println!("bridge {bridge:.5} in {same}, reference {reference:.5} in {cost}");
    assert!((same / cost - 1.0).abs() < 0.01, "{same} {cost}");
    assert!(bridge < 0.5 * reference, "{bridge} {reference}");
}

#[test]
fn settings_out_of_range_are_refused() {
    let model = TwoPrograms::documented();
    let message = |e: ppl_runtime::error::Error| e.to_string();
    let zero = Dcc::new(&model)
        .max_programs(0)
        .run()
        .map(drop)
        .map_err(message);
    assert!(zero.unwrap_err().contains("max_programs"));
    let zero = Dcc::new(&model).chains(0).run().map(drop).map_err(message);
    assert!(zero.unwrap_err().contains("chains"));
    let narrow = MixtureImportance {
        scale: Scale::Absolute(0.0),
        ..Default::default()
    };
    let zero = Dcc::new(&model)
        .evidence(narrow)
        .run()
        .map(drop)
        .map_err(message);
    assert!(zero.unwrap_err().contains("scale"));
}
