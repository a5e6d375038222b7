//! The nested sampler against exact evidences.

use super::nested_problems::{Problem, named};
use ppl_runtime::infer::nested::{Likelihood, Proposal, Record, Settings, Verdict, run};

fn sampled(problem: &impl Likelihood, settings: &Settings) -> Record {
    run(problem, settings, &mut |_| ()).unwrap()
}

/// Three seeds, each within 4.5 of its own standard deviations, and an error bar that is worth something.
fn check(name: &str, largest_sd: f64) {
    let problem = named(name);
    for seed in 1..=3 {
        let record = sampled(
            &problem,
            &Settings {
                seed,
                ..Settings::default()
            },
        );
        let evidence = record.evidence();
        let z = (evidence.mean - problem.log_evidence) / evidence.sd;
        assert!(
            z.abs() < 4.5,
            "{name}, seed {seed}: ln Z {evidence:?}, exactly {}",
            problem.log_evidence
        );
        assert!(
            evidence.sd < largest_sd,
            "{name}, seed {seed}: {evidence:?}"
        );
        assert!(
            record.rank_test.passes(4.5),
            "{name}, seed {seed}: {:?}",
            record.rank_test.shift()
        );
    }
}

#[test]
fn shells_in_2_dimensions() {
    check("shells 2", 0.12);
}

#[test]
fn shells_in_5_dimensions() {
    check("shells 5", 0.2);
}

#[test]
fn shells_in_10_dimensions() {
    check("shells 10", 0.3);
}

#[test]
fn eggbox() {
    check("eggbox", 0.2);
}

#[test]
fn coin() {
    check("coin", 0.05);
}

#[test]
fn conjugate_normal_mean() {
    check("normal mean", 0.1);
}

#[test]
fn eight_schools() {
    check("eight schools", 0.1);
}

#[test]
fn standard_normal_in_10_dimensions() {
    check("standard normal 10", 0.1);
}

#[test]
fn wedding_cake() {
    check("wedding cake 3", 0.15);
}

#[test]
fn impossible_region() {
    check("half impossible", 0.15);
}

#[test]
fn correlated_normal_in_20_dimensions() {
    check("correlated normal 20", 0.4);
}

#[test]
fn rosenbrock_in_5_dimensions() {
    check("rosenbrock 5", 0.4);
}

#[test]
fn rosenbrock_in_10_dimensions() {
    check("rosenbrock 10", 0.8);
}

#[test]
fn spike_and_slab_in_8_dimensions() {
    check("spike and slab 8", 0.3);
}

#[test]
fn both_shells_keep_their_half_of_the_posterior() {
    for (name, proposal) in [
        ("shells 2", Proposal::Auto),
        ("shells 5", Proposal::Slices),
        ("shells 10", Proposal::Auto),
    ] {
        let record = sampled(
            &named(name),
            &Settings {
                seed: 3,
                proposal,
                ..Settings::default()
            },
        );
        let log_z = record.evidence().mean;
        let left: f64 = record
            .log_weights()
            .iter()
            .enumerate()
            .filter(|(i, _)| record.point(*i)[0] < 0.5)
            .map(|(_, w)| (w - log_z).exp())
            .sum();
        // Each live point is in either; the share drifts like a walk of the live points between them.
        assert!((left - 0.5).abs() < 0.15, "{name}: {left}");
    }
}

#[test]
fn the_spike_and_the_slab_have_half_each() {
    for seed in 1..=3 {
        let settings = Settings {
            seed,
            ..Settings::default()
        };
        let record = sampled(&named("spike and slab 8"), &settings);
        let (log_z, weights) = (record.evidence().mean, record.log_weights());
        // Share of the spike, a hundred times smaller in volume, in the density at a point.
        let spike = |u: &[f64]| {
            let squares: f64 = u.iter().map(|u| (20.0 * u - 10.0).powi(2)).sum();
            let narrow = 100f64.ln() - 0.5 * squares * 100f64.powf(2.0 / 8.0);
            1.0 / (1.0 + (-0.5 * squares - narrow).exp())
        };
        let share: f64 = (0..record.len())
            .map(|i| (weights[i] - log_z).exp() * spike(record.point(i)))
            .sum();
        assert!((share - 0.5).abs() < 0.1, "seed {seed}: {share}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for (name, proposal) in [
        ("shells 2", Proposal::Auto),
        ("shells 5", Proposal::Auto),
        ("eight schools", Proposal::Auto),
        ("correlated normal 20", Proposal::Slices),
    ] {
        let problem = named(name);
        let settings = Settings {
            seed: 9,
            live_points: Some(200),
            proposal,
            ..Settings::default()
        };
        let runs = [1, 2, 7].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let record = pool.install(|| sampled(&problem, &settings));
            let evidence = pool.install(|| record.evidence());
            (record, evidence)
        });
        for (record, evidence) in &runs[1..] {
            assert_eq!(record.u, runs[0].0.u);
            assert_eq!(record.log_l, runs[0].0.log_l);
            assert_eq!(record.evaluations, runs[0].0.evaluations);
            assert_eq!(*evidence, runs[0].1);
        }
    }
}

#[test]
fn the_two_proposals_agree() {
    for name in ["shells 2", "eggbox", "coin", "eight schools"] {
        let problem = named(name);
        let of = |proposal| {
            sampled(
                &problem,
                &Settings {
                    seed: 4,
                    proposal,
                    ..Settings::default()
                },
            )
            .evidence()
        };
        let (a, b) = (of(Proposal::Auto), of(Proposal::Slices));
        assert!(
            (a.mean - b.mean).abs() < 4.5 * a.sd.hypot(b.sd),
            "{name}: {a:?} {b:?}"
        );
    }
}

#[test]
fn refined_evidence_is_right_and_much_sharper() {
    for (name, factor) in [
        ("eight schools", 5.0),
        ("normal mean", 10.0),
        ("standard normal 10", 10.0),
        ("correlated normal 20", 20.0),
        ("spike and slab 8", 20.0),
    ] {
        let problem = named(name);
        for seed in 1..=3 {
            let settings = Settings {
                seed,
                ..Settings::default()
            };
            let record = sampled(&problem, &settings);
            let refined = record.refine(&problem, 5000, seed).unwrap();
            assert_eq!(refined.verdict, Verdict::Accepted, "{name}: {refined:?}");
            let z = (refined.log_evidence.mean - problem.log_evidence) / refined.log_evidence.sd;
            assert!(z.abs() < 4.5, "{name}, seed {seed}: {refined:?}");
            assert!(
                factor * refined.log_evidence.sd < record.evidence().sd,
                "{name}: {refined:?}"
            );
        }
    }
}

#[test]
fn refined_evidence_of_many_modes_is_right_or_refused() {
    for name in ["eggbox", "shells 2", "shells 5", "shells 10"] {
        let problem = named(name);
        for seed in 1..=3 {
            let settings = Settings {
                seed,
                ..Settings::default()
            };
            let record = sampled(&problem, &settings);
            let refined = record.refine(&problem, 3000, seed).unwrap();
            let z = (refined.log_evidence.mean - problem.log_evidence) / refined.log_evidence.sd;
            let accepted = refined.verdict == Verdict::Accepted;
            assert!(
                !accepted || z.abs() < 4.5,
                "{name}, seed {seed}: {refined:?}"
            );
        }
    }
}

#[test]
fn refinement_does_not_depend_on_the_threads() {
    let problem = named("eggbox");
    let record = sampled(&problem, &Settings::default());
    let runs = [1, 2, 5].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| record.refine(&problem, 1000, 7)).unwrap()
    });
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
}

#[test]
fn refinement_that_cannot_be_trusted_is_refused() {
    // A record of one half of the posterior: importance points find the other half, or miss it, but must not agree.
    let both = named("shells 2");
    let half = Half(&both);
    let record = sampled(&half, &Settings::default());
    let refined = record.refine(&both, 5000, 1).unwrap();
    assert_ne!(refined.verdict, Verdict::Accepted, "{refined:?}");
    assert!(record.refine(&both, 10, 1).is_err());
    // Chains that are long leave it open what they came to too seldom.
    let normal = named("standard normal 10");
    for (sweeps, verdict) in [(12, Verdict::Accepted), (13, Verdict::LongChains)] {
        let settings = Settings {
            sweeps,
            proposal: Proposal::Slices,
            ..Settings::default()
        };
        let refined = sampled(&normal, &settings).refine(&normal, 2000, 1);
        assert_eq!(refined.unwrap().verdict, verdict, "{sweeps} sweeps");
    }
    assert!(record.refine(&named("shells 5"), 1000, 1).is_err());
}

/// Ten thousand times less likely where the first coordinate is over a half.
struct Half<'a>(&'a Problem);

impl Likelihood for Half<'_> {
    type Worker = ();
    fn dim(&self) -> usize {
        self.0.dim
    }
    fn worker(&self) {}
    fn log_likelihood(&self, worker: &mut (), u: &[f64]) -> f64 {
        let low = if u[0] > 0.5 { -9.2 } else { 0.0 };
        low + self.0.log_likelihood(worker, u)
    }
}
