//! The diagnostics of chains against ArviZ 0.23 (`reference/make_diagnostics.py`).
//!
//! All definitions are the same, so all numbers agree to 1e-10 relative; but a single chain has an R̂ here.

use ppl_runtime::output::diagnostics::{
    ebfmi, ess_bulk, ess_mean, ess_quantile, ess_sd, ess_tail, hdi, mcse_mean, mcse_quantile,
    mcse_sd, rhat,
};
use serde_json::Value;

const TOLERANCE: f64 = 1e-10;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// NaN is written as null.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

#[track_caller]
fn agree(what: &str, ours: f64, theirs: f64) {
    let same = if theirs.is_nan() {
        ours.is_nan()
    } else {
        (ours - theirs).abs() <= TOLERANCE * theirs.abs()
    };
    assert!(same, "{what}: {ours} here, {theirs} in ArviZ");
}

#[test]
fn diagnostics_agree_with_arviz() {
    let reference: Value =
        serde_json::from_str(include_str!("reference/diagnostics.json")).unwrap();
    let cases = reference["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 13);
    for case in cases {
        let chains: Vec<Vec<f64>> = case["chains"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let name = case["name"].as_str().unwrap();
        for (key, theirs) in case["values"].as_object().unwrap() {
            let p = || key.rsplit('_').next().unwrap().parse().unwrap();
            let pooled = || hdi(&chains.concat(), 0.94);
            let ours = match key.as_str() {
                "rhat" if chains.len() == 1 => continue,
                "rhat" => rhat(&chains),
                "ess_bulk" => ess_bulk(&chains),
                "ess_tail" => ess_tail(&chains),
                "ess_mean" => ess_mean(&chains),
                "ess_sd" => ess_sd(&chains),
                "mcse_mean" => mcse_mean(&chains),
                "mcse_sd" => mcse_sd(&chains),
                "hdi_low" => pooled().0,
                "hdi_high" => pooled().1,
                _ if key.starts_with("ess_quantile") => ess_quantile(&chains, p()),
                _ if key.starts_with("mcse_quantile") => mcse_quantile(&chains, p()),
                _ => panic!("nothing here computes {key}"),
            };
            agree(&format!("{name}, {key}"), ours, number(theirs));
        }
        for (chain, theirs) in chains.iter().zip(case["bfmi"].as_array().unwrap()) {
            agree(&format!("{name}, bfmi"), ebfmi(chain), number(theirs));
        }
    }
}
