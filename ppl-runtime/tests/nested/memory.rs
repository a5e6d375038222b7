//! Chains of the nested sampler are made longer for what they remember only where that matters to the evidence.

use super::nested_problems::named;
use ppl_runtime::infer::nested::{Proposal, Record, Settings, run};

/// Chains begin with two sweeps.
fn sampled(name: &str, seed: u64, proposal: Proposal) -> Record {
    let settings = Settings {
        seed,
        proposal,
        ..Settings::default()
    };
    run(&named(name), &settings, &mut |_| ()).unwrap()
}

/// On a shell points are spread as they were, however slowly chains go round it; and two shells keep their shares.
#[test]
fn a_shell_need_not_be_gone_round() {
    for seed in 1..=2 {
        let record = sampled("shells 20", seed, Proposal::Auto);
        assert!(record.slices <= 4 * 2 * 20, "{}", record.slices);
        let evidence = record.evidence();
        let z = (evidence.mean - named("shells 20").log_evidence) / evidence.sd;
        assert!(z.abs() < 4.5, "{evidence:?}");
    }
}

/// Along a valley that shrinks to its end points must follow. In ten dimensions that end is a needle, straightened or not.
#[test]
fn a_valley_must_be_passed_through() {
    let record = sampled("rosenbrock 10", 1, Proposal::Slices);
    assert!(record.slices >= 8 * 2 * 10, "{}", record.slices);
    let evidence = record.evidence();
    let z = (evidence.mean - named("rosenbrock 10").log_evidence) / evidence.sd;
    assert!(z.abs() < 4.5, "{evidence:?}");
}
