//! Modes that the run finds by itself.

use super::near;
use ppl::prelude::*;
use std::f64::consts::TAU;

/// Two shells of radius 2 and width 0.1 with centres 7 apart, in a cube of side 12.
#[model]
fn shells() {
    let x: [f64; 5] = sample(Uniform::new(-6.0, 6.0).iid());
    let off_axis: Real = x[1..].iter().map(|v| v * v).sum();
    let shell = |centre: f64| {
        let radius = (off_axis + (x[0] - centre).powi(2)).sqrt();
        -0.5 * ((radius - 2.0) / 0.1).powi(2) - (0.1 * TAU.sqrt()).ln()
    };
    factor(log_sum_exp(&[shell(-3.5), shell(3.5)]));
}

/// A wide peak with 0.85 of the evidence and a narrow one with the rest.
#[model]
fn peaks() {
    let x: [f64; 2] = sample(Uniform::new(-10.0, 10.0).iid());
    let peak = |at: [f64; 2], sd: f64, share: f64| {
        let squares = (x[0] - at[0]).powi(2) + (x[1] - at[1]).powi(2);
        share.ln() - 0.5 * squares / (sd * sd) - (TAU * sd * sd).ln()
    };
    factor(log_sum_exp(&[
        peak([4.0, 3.0], 1.0, 0.85),
        peak([-5.0, 0.0], 0.2, 0.15),
    ]));
}

#[model]
fn banana() {
    let x: [f64; 2] = sample(Uniform::new(-5.0, 5.0).iid());
    factor(-(100.0 * (x[1] - x[0].powi(2)).powi(2) + (1.0 - x[0]).powi(2)));
}

/// Equal parts of N(0, I) and of a normal a hundred times smaller in volume.
#[model]
fn spike_and_slab() {
    let x: [f64; 8] = sample(Uniform::new(-10.0, 10.0).iid());
    let squares: Real = x.iter().map(|x| x * x).sum();
    let sd = 100f64.powf(-1.0 / 8.0);
    let normal = |sd: f64| -0.5 * squares / (sd * sd) - 8.0 * (sd * TAU.sqrt()).ln();
    factor(log_sum_exp(&[normal(1.0), normal(sd)]) + 0.5f64.ln());
}

#[test]
fn two_shells_are_two_modes_with_half_the_evidence_each() {
    let run = NestedSampler::new(&shells()).seed(3).run().unwrap();
    let modes = run.modes().unwrap();
    assert_eq!(modes.len(), 2);
    for mode in &modes {
        near(mode.log_evidence, -5.673601 - 2f64.ln());
        let side = mode.draws[0].x[0].signum();
        assert!(mode.draws.iter().all(|d| d.x[0].signum() == side));
    }
    assert!(run.to_string().contains("modes         2"));
}

#[test]
fn peaks_have_their_own_evidence() {
    let run = NestedSampler::new(&peaks()).seed(4).run().unwrap();
    let modes = run.modes().unwrap();
    assert_eq!(modes.len(), 2);
    let volume = -2.0 * 20f64.ln();
    near(modes[0].log_evidence, volume + 0.85f64.ln());
    near(modes[1].log_evidence, volume + 0.15f64.ln());
    assert!((modes[0].share + modes[1].share - 1.0).abs() < 1e-9);
    assert!((modes[1].draws.mean(|d| d.x[0]) + 5.0).abs() < 0.1);
}

#[test]
fn a_bend_and_a_spike_in_a_slab_are_one_mode() {
    let run = NestedSampler::new(&banana()).seed(5).run().unwrap();
    assert_eq!(run.modes().unwrap().len(), 1);
    assert!(!run.to_string().contains("by themselves"));
    let run = NestedSampler::new(&spike_and_slab()).seed(5).run().unwrap();
    assert_eq!(run.modes().unwrap().len(), 1);
    // What belongs to the spike is half of the posterior.
    let sd = 100f64.powf(-1.0 / 8.0);
    let spike = run.weighted_draws().mean(|d| {
        let squares: f64 = d.x.iter().map(|x| x * x).sum();
        let normal = |sd: f64| -0.5 * squares / (sd * sd) - 8.0 * sd.ln();
        1.0 / (1.0 + (normal(1.0) - normal(sd)).exp())
    });
    assert!((spike - 0.5).abs() < 0.1, "the spike has {spike}");
}
