//! Step sizes that are smaller by chance.

use super::problems::*;
use ppl_runtime::infer::nuts::{Adaptation, NutsError, Settings};

fn with(seed: u64, step_size_jitter: f64) -> Settings {
    Settings {
        seed,
        step_size_jitter,
        ..Settings::default()
    }
}

#[test]
fn steps_lie_below_the_adapted_one_evenly_on_a_log_scale() {
    let jitter = 8.0;
    let chains = sampled(&normals(3, |_| 1.0), &with(1, jitter));
    for chain in &chains {
        let parts: Vec<f64> = chain
            .transitions
            .iter()
            .map(|t| (chain.step_size / t.step_size).ln() / jitter.ln())
            .collect();
        assert!(parts.iter().all(|u| (-1e-12..1.0 + 1e-12).contains(u)));
        // 1,000 uniforms: their mean has a standard error of 0.0091.
        let mean = parts.iter().sum::<f64>() / parts.len() as f64;
        assert!((mean - 0.5).abs() < 4.5 * 0.0091, "{mean}");
    }
}

#[test]
fn without_jitter_every_kept_step_is_the_adapted_one() {
    for chain in sampled(&normals(3, |_| 1.0), &with(1, 1.0)) {
        let of_chain = chain.step_size;
        assert!(chain.transitions.iter().all(|t| t.step_size == of_chain));
    }
}

#[test]
fn moments_stay_right() {
    for seed in 1..=3 {
        let chains = sampled(&banana(), &with(seed, 20.0));
        assert!(z_of_mean(&chains, 0.0, |u| u[0]).abs() < 4.5);
        assert!(z_of_mean(&chains, 1.0, |u| u[1]).abs() < 4.5);
        assert!(z_of_sd(&chains, 1.0, |u| u[0]).abs() < 4.5);
    }
}

/// ν ~ N(0, 3) above nine coordinates of N(0, e^(ν/2)). Chains of one step size hardly enter its neck, and P(ν < −4) is
/// 9.1 %. Jitter brings them nearer to that, not all the way (`docs/nuts.md`): such a funnel must be written non-centred.
#[test]
fn more_of_the_neck_of_a_funnel_is_reached() {
    let in_the_neck = |jitter: f64| {
        let settings = Settings {
            target_acceptance: 0.95,
            draws: 4000,
            // The figures of docs/nuts.md are of this warm-up.
            adaptation: Adaptation::Stan,
            ..with(4, jitter)
        };
        let chains = sampled(&funnel(10), &settings);
        mean(&values(&chains, |u| f64::from(u8::from(u[0] < -4.0))))
    };
    let exact = 0.0912;
    let (without, with) = (in_the_neck(1.0), in_the_neck(100.0));
    println!("below -4: {without} without jitter, {with} with");
    assert!(without < 0.5 * exact, "{without}: no funnel to speak of");
    assert!((with - exact).abs() < (without - exact).abs(), "{with}");
}

#[test]
fn jitter_below_one_is_refused() {
    let error = with(1, 0.5).check(3).unwrap_err();
    assert!(
        matches!(
            error,
            NutsError::Setting {
                name: "step_size_jitter",
                ..
            }
        ),
        "{error}"
    );
    assert!(with(1, f64::NAN).check(3).is_err());
}
