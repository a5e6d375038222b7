//! Every condition ends a run where it should, alone and joined to others, and is named as the reason.

use ppl_runtime::infer::nested::{
    Allocation, Condition, Likelihood, Proposal, Record, Settings, Termination, run,
};

/// A normal of standard deviation 0.05 in the middle of the cube, ln Z ≈ 0, normalised.
struct Peak(usize);

impl Likelihood for Peak {
    type Worker = ();
    fn dim(&self) -> usize {
        self.0
    }
    fn worker(&self) {}
    fn log_likelihood(&self, _: &mut (), u: &[f64]) -> f64 {
        let normal = |u: &f64| {
            -0.5 * ((u - 0.5) / 0.05).powi(2) - (0.05 * std::f64::consts::TAU.sqrt()).ln()
        };
        u.iter().map(normal).sum()
    }
}

const LIVE: usize = 200;

fn until(stop: Condition) -> Record {
    with(stop, Allocation::Runs)
}

fn with(stop: Condition, allocation: Allocation) -> Record {
    let settings = Settings {
        seed: 3,
        live_points: Some(LIVE),
        stop: Some(stop),
        allocation,
        ..Settings::default()
    };
    run(&Peak(3), &settings, &mut |_| ()).unwrap()
}

fn plain() -> Record {
    until(Condition::RemainingEvidence(1e-3))
}

/// Points that the first climb kills before the condition holds.
fn dead(record: &Record) -> usize {
    record.len() - LIVE
}

#[test]
fn remaining_evidence() {
    let (early, late) = (
        until(Condition::RemainingEvidence(0.5)),
        until(Condition::RemainingEvidence(1e-6)),
    );
    assert_eq!(early.termination, Termination::RemainingEvidence);
    assert!(early.len() < plain().len() && plain().len() < late.len());
    // What the live points could still add, from the record itself.
    let left = |record: &Record| {
        let all = record.log_weights();
        let top = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum = |w: &[f64]| w.iter().map(|w| (w - top).exp()).sum::<f64>();
        (sum(&all) / sum(&all[..dead(record)])).ln()
    };
    assert!(left(&early) < 0.6 && left(&early) > 0.2, "{}", left(&early));
    assert!(left(&late) < 1.2e-6, "{}", left(&late));
}

#[test]
fn effective_samples_end_a_climb_early_or_start_another() {
    let few = until(Condition::EffectiveSamples(150.0));
    assert_eq!(few.reasons, [Termination::EffectiveSamples]);
    // The trapezoid rule moves a weight by less than its neighbours differ.
    assert!(
        few.effective_samples() > 0.97 * 150.0,
        "{}",
        few.effective_samples()
    );
    assert!(few.len() < plain().len());
    let target = 2.5 * plain().effective_samples();
    for allocation in [Allocation::Runs, Allocation::Dynamic { posterior: 1.0 }] {
        let many = with(Condition::EffectiveSamples(target), allocation);
        assert_eq!(many.reasons, [Termination::EffectiveSamples]);
        assert!(many.effective_samples() >= target);
    }
}

#[test]
fn evidence_sd() {
    let rough = until(Condition::EvidenceSd(0.5));
    assert_eq!(rough.termination, Termination::EvidenceSd);
    assert!(rough.len() < plain().len());
    assert!(
        rough.evidence().mean.abs() < 4.5 * 0.5,
        "{:?}",
        rough.evidence()
    );
    let fine = 0.6 * plain().evidence().sd;
    for allocation in [Allocation::Runs, Allocation::Dynamic { posterior: 0.0 }] {
        let record = with(Condition::EvidenceSd(fine), allocation);
        assert_eq!(record.reasons, [Termination::EvidenceSd]);
        let evidence = record.evidence();
        assert!(evidence.sd < fine, "{evidence:?}");
        assert!(evidence.mean.abs() < 4.5 * evidence.sd, "{evidence:?}");
    }
}

#[test]
fn samples_and_evaluations() {
    let record = until(Condition::Samples(700));
    assert_eq!(record.reasons, [Termination::Samples]);
    // A batch kills a fifth of the live points at a time.
    assert!(
        (700..700 + LIVE / 5).contains(&dead(&record)),
        "{}",
        dead(&record)
    );
    let beyond = 2 * plain().len();
    let record = until(Condition::Samples(beyond));
    assert_eq!(record.reasons, [Termination::Samples]);
    assert!(record.len() >= beyond && record.live_points > LIVE);

    let record = until(Condition::Evaluations(1500));
    assert_eq!(record.reasons, [Termination::Evaluations]);
    assert!((1500..6000).contains(&record.evaluations));
}

#[test]
fn log_likelihood() {
    let record = until(Condition::LogLikelihood(2.0));
    assert_eq!(record.reasons, [Termination::LogLikelihood]);
    let contour = record.log_l[dead(&record) - 1];
    let before = record.log_l[dead(&record) - 1 - LIVE / 5];
    assert!(contour >= 2.0 && before < 2.0, "{before} {contour}");
    // No contour is so high: the run ends at the top.
    let record = until(Condition::LogLikelihood(1e9));
    assert_eq!(record.reasons, [Termination::RemainingEvidence]);
    let top = Settings::default().remaining_evidence;
    assert_eq!(record.len(), until(Condition::RemainingEvidence(top)).len());
}

#[test]
fn efficiency() {
    let settings = Settings {
        seed: 3,
        live_points: Some(LIVE),
        proposal: Proposal::Slices,
        stop: Some(Condition::Efficiency(0.5)),
        ..Settings::default()
    };
    let record = run(&Peak(3), &settings, &mut |_| ()).unwrap();
    assert_eq!(record.reasons, [Termination::Efficiency]);
    // A chain of twelve slices takes dozens of evaluations: one batch is enough.
    assert_eq!(dead(&record), LIVE / 5);
    let lenient = Settings {
        stop: Some(Condition::Efficiency(1e-4)),
        ..settings
    };
    let record = run(&Peak(3), &lenient, &mut |_| ()).unwrap();
    assert_eq!(record.reasons, [Termination::RemainingEvidence]);
}

#[test]
fn likelihood_spread() {
    let spread = |record: &Record| {
        let live = &record.log_l[dead(record)..];
        live[LIVE - 1] - live[0]
    };
    let absolute = until(Condition::LikelihoodSpread {
        relative: 0.0,
        absolute: 2.0,
    });
    assert_eq!(absolute.reasons, [Termination::LikelihoodSpread]);
    assert!(spread(&absolute) <= 2.0);
    let relative = until(Condition::LikelihoodSpread {
        relative: 0.5,
        absolute: 0.0,
    });
    assert_eq!(relative.reasons, [Termination::LikelihoodSpread]);
    let top = relative.log_l[relative.len() - 1].abs();
    assert!(spread(&relative) <= 0.5 * top);
}

#[test]
fn peak_mass() {
    let record = until(Condition::PeakMass(0.3));
    assert_eq!(record.reasons, [Termination::PeakMass]);
    // X L of the dead, from the record itself.
    let mut log_x = 0.0;
    let masses: Vec<f64> = (0..dead(&record))
        .map(|i| {
            log_x -= 1.0 / (LIVE - i % (LIVE / 5)) as f64;
            record.log_l[i] + log_x
        })
        .collect();
    let peak = masses.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    assert!(masses[masses.len() - 1] < peak + 0.3f64.ln());
    assert!(masses[masses.len() - 1 - LIVE / 5] >= peak + 0.3f64.ln());
}

#[test]
fn conditions_joined() {
    let either = Condition::Samples(300) | Condition::RemainingEvidence(1e-3);
    assert_eq!(until(either).reasons, [Termination::Samples]);
    let both = Condition::Samples(300) & Condition::RemainingEvidence(1e-3);
    let record = until(both);
    assert_eq!(
        record.reasons,
        [Termination::Samples, Termination::RemainingEvidence]
    );
    assert_eq!(record.len(), plain().len());
    let nested = (Condition::Samples(300) & Condition::LogLikelihood(2.0))
        | Condition::Evaluations(1_000_000);
    let record = until(nested);
    assert_eq!(
        record.reasons,
        [Termination::Samples, Termination::LogLikelihood]
    );
    assert!(record.len() < plain().len());
}

#[test]
fn the_limit_of_evaluations_holds_whatever_is_asked() {
    let settings = Settings {
        live_points: Some(LIVE),
        stop: Some(Condition::EffectiveSamples(1e9)),
        max_evaluations: 60_000,
        ..Settings::default()
    };
    let record = run(&Peak(3), &settings, &mut |_| ()).unwrap();
    assert_eq!(record.reasons, [Termination::MaxEvaluations]);
    assert!((60_000..90_000).contains(&record.evaluations));
}
