//! What can be done with runs of the nested sampler: stopped, stored, merged, averaged over, weighed anew.

use super::near;
use ppl::prelude::*;
use ppl_runtime::infer::nested::{Checkpoint, NestedRun, Proposal, Termination};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

#[model]
fn coin(heads: &[bool]) {
    let fairness: f64 = sample(Beta::new(10.0, 10.0));
    observe(heads, Bernoulli::new(fairness).iid());
}

const HEADS: [bool; 10] = [
    true, true, true, true, true, true, false, false, false, false,
];

/// ln B(a, b) for whole numbers.
fn ln_beta(a: u32, b: u32) -> f64 {
    let ln_factorial = |n: u32| (1..=n).map(|k| f64::from(k).ln()).sum::<f64>();
    ln_factorial(a - 1) + ln_factorial(b - 1) - ln_factorial(a + b - 1)
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn chains_begin_with_as_many_sweeps_as_asked_for() {
    let model = coin(&HEADS);
    let sampler = || NestedSampler::new(&model).proposal(Proposal::Slices);
    let run = sampler().sweeps(12).seed(3).run().unwrap();
    assert!(run.record().slices >= 12, "{}", run.record().slices);
    near(run.log_evidence(), ln_beta(16, 14) - ln_beta(10, 10));
    let error = sampler().sweeps(1).run().unwrap_err();
    assert!(error.to_string().contains("sweeps"), "{error}");
}

#[test]
fn runs_are_stored_and_read_again() {
    let model = coin(&HEADS);
    let run = NestedSampler::new(&model).seed(1).run().unwrap();
    let path = folder("nested-runs-stored").join("coin.nested");
    run.save(&model, &path).unwrap();
    let again = NestedRun::load(&model, &path).unwrap();
    assert_eq!(again.to_string(), run.to_string());
    assert_eq!(again.evidence(), run.evidence());
    let other = [false; 10];
    let error = NestedRun::load(&coin(&other), &path)
        .unwrap_err()
        .to_string();
    assert!(error.contains("likelihood was another one"), "{error}");
}

#[test]
fn merged_runs_are_more_precise() {
    let model = coin(&HEADS);
    let run = |seed| NestedSampler::new(&model).seed(seed).run().unwrap();
    let (a, b) = (run(1), run(2));
    let both = a.merged(&b, &model).unwrap();
    assert_eq!(both.record().live_points, 1000);
    assert_eq!(both.record().len(), a.record().len() + b.record().len());
    near(both.log_evidence(), ln_beta(16, 14) - ln_beta(10, 10));
    assert!(both.log_evidence().sd < 0.8 * a.log_evidence().sd);
    assert!(both.ess() > 1.8 * a.ess());
    let error = a.merged(&run(1), &model).unwrap_err().to_string();
    assert!(error.contains("seed"), "{error}");
}

#[test]
fn strands_make_up_the_run() {
    let run = NestedSampler::new(&coin(&HEADS))
        .live_points(50)
        .seed(4)
        .run()
        .unwrap();
    let strands = run.record().strands();
    assert_eq!(strands.len(), 50);
    assert_eq!(
        strands.iter().map(|s| s.len()).sum::<usize>(),
        run.record().len()
    );
    for strand in &strands {
        assert!(strand.live_counts().iter().all(|&n| n == 1));
        let ends = strand.log_l.iter().zip(&strand.birth_log_l[1..]);
        assert!(
            ends.clone().all(|(death, birth)| death <= birth),
            "{ends:?}"
        );
    }
}

#[test]
fn expectations_have_honest_errors() {
    // Fairness is Beta(16, 14) afterwards: mean 16/30, and the error of its mean over runs is what each run claims.
    let model = coin(&HEADS);
    let n = 60;
    let mut squares = 0.0;
    for seed in 0..n {
        let run = NestedSampler::new(&model)
            .live_points(100)
            .seed(seed)
            .run()
            .unwrap();
        let mean = run.expectation(|d| d.fairness);
        squares += ((mean.mean - 16.0 / 30.0) / mean.sd).powi(2) / n as f64;
    }
    // The mean of 60 squares of standard normals is within 1 ± 0.73 but for once in ten thousand.
    assert!((squares - 1.0).abs() < 0.73, "{squares}");
}

#[test]
fn a_part_of_the_posterior_has_its_own_evidence() {
    // P(fairness < 1/2) of Beta(16, 14) is P(Binomial(29, 1/2) ≥ 16).
    let ln_choose = |n: u32, k: u32| -ln_beta(k + 1, n - k + 1) - f64::from(n + 1).ln();
    let below: f64 = (16..=29)
        .map(|k| (ln_choose(29, k) - 29.0 * 2f64.ln()).exp())
        .sum();
    let run = NestedSampler::new(&coin(&HEADS)).seed(8).run().unwrap();
    let ln_z = ln_beta(16, 14) - ln_beta(10, 10);
    near(
        run.log_evidence_where(|d| d.fairness < 0.5),
        ln_z + below.ln(),
    );
    near(
        run.log_evidence_where(|d| d.fairness >= 0.5),
        ln_z + (1.0 - below).ln(),
    );
}

#[test]
fn another_likelihood_or_prior_needs_no_new_run() {
    let model = coin(&HEADS);
    let run = NestedSampler::new(&model).seed(7).run().unwrap();
    // One head more.
    let more = run.reweighted(|d| d.fairness.ln()).unwrap();
    near(more.log_evidence, ln_beta(17, 14) - ln_beta(10, 10));
    assert!((more.draws.mean(|d| d.fairness) - 17.0 / 31.0).abs() < 0.02);
    // A flat prior instead of Beta(10, 10): wider than the old posterior, but not by much.
    let flat = |p: f64| ln_beta(10, 10) - 9.0 * (p.ln() + (1.0 - p).ln());
    let flat = run.reweighted(|d| flat(d.fairness)).unwrap();
    near(flat.log_evidence, ln_beta(7, 5));
    assert!(flat.draws.ess() < run.ess() && flat.draws.ess() > 100.0);
    assert!(run.reweighted(|_| f64::NAN).is_err());
    assert!(run.reweighted(|_| f64::NEG_INFINITY).is_err());
}

#[test]
fn a_flag_stops_a_run_and_a_checkpoint_takes_it_up() {
    let model = coin(&HEADS);
    let path = folder("nested-runs-stopped").join("checkpoint");
    let stop = AtomicBool::new(true);
    let sampler = NestedSampler::new(&model)
        .seed(3)
        .checkpoint(Checkpoint::new(&path));
    let stopped = sampler.clone().stop_flag(&stop).run().unwrap();
    assert_eq!(stopped.termination(), Termination::Stopped);
    assert!(stopped.to_string().contains("stopped by the caller"));
    let resumed = sampler.run().unwrap();
    let at_once = NestedSampler::new(&model).seed(3).run().unwrap();
    assert_eq!(resumed.to_string(), at_once.to_string());
    let error = NestedSampler::new(&model)
        .seed(4)
        .checkpoint(Checkpoint::new(&path))
        .run();
    assert!(error.unwrap_err().to_string().contains("seed"));
}

#[test]
fn parameters_are_estimated_with_the_samples_asked_for() {
    let model = coin(&HEADS);
    let run = NestedSampler::new(&model)
        .seed(5)
        .parameter_estimation(5000.0)
        .run()
        .unwrap();
    assert!(run.ess() >= 5000.0);
    assert_eq!(run.record().live_points, 250);
    near(run.expectation(|d| d.fairness), 16.0 / 30.0);
    near(run.log_evidence(), ln_beta(16, 14) - ln_beta(10, 10));
    let whole = NestedSampler::new(&model)
        .seed(5)
        .effective_samples(5000.0)
        .run()
        .unwrap();
    assert!(run.likelihood_evaluations() < whole.likelihood_evaluations());
}
