//! Evidence and error bars of runs whose points are drawn exactly.

use crate::infer::nested::Record;
use crate::random::{Purpose, keyed};
use rand::RngExt;

/// A record of ideal nested sampling: `k` live points, volumes drawn, ln L = −1000 X.
fn ideal(k: usize, batch: usize, seed: u64) -> Record {
    let mut rng = keyed(seed, Purpose::User, 0, 0);
    let mut record = Record::new(1, k, seed, 1000);
    let mut live: Vec<(f64, f64, u32)> = (0..k).map(|i| (rng.random(), 2.0, i as u32)).collect();
    let mut next = k as u32;
    let mut push = |(x, birth, id): (f64, f64, u32)| {
        record.u.push(x);
        record.log_l.push(-1000.0 * x);
        record.label.push(0.5);
        record.birth_log_l.push(if birth > 1.0 {
            f64::NEG_INFINITY
        } else {
            -1000.0 * birth
        });
        record
            .birth_label
            .push(if birth > 1.0 { -1.0 } else { 0.5 });
        record.strand.push(id);
        record.id.push(id);
        record.parent.push(u32::MAX);
    };
    for _ in 0..16 * k / batch {
        live.sort_by(|a, b| b.0.total_cmp(&a.0));
        let edge = live[batch - 1].0;
        for point in &mut live[..batch] {
            push(*point);
            *point = (edge * rng.random::<f64>(), edge, next);
            next += 1;
        }
    }
    live.sort_by(|a, b| b.0.total_cmp(&a.0));
    live.into_iter().for_each(push);
    record
}

#[test]
fn live_counts_follow_the_batches() {
    let counts = ideal(10, 3, 1).live_counts();
    assert_eq!(counts[..6], [10, 9, 8, 10, 9, 8]);
    assert_eq!(counts[counts.len() - 3..], [3, 2, 1]);
}

#[test]
fn weights_share_out_all_of_the_volume() {
    let mut record = ideal(20, 4, 2);
    record.log_l.fill(0.0);
    record.label = (0..record.len())
        .map(|i| i as f64 / record.len() as f64)
        .collect();
    let volume: f64 = record.log_weights().iter().map(|w| w.exp()).sum();
    assert!((volume - 1.0).abs() < 1e-12, "{volume}");
}

#[test]
fn both_error_bars_cover_ideal_runs() {
    let truth = (1e-3f64).ln();
    let runs = 200;
    let (mut shrinkage, mut strands, mut bias) = (0.0, 0.0, 0.0);
    for seed in 0..runs {
        let evidence = ideal(100, 20, seed).evidence();
        let error = evidence.mean - truth;
        shrinkage += (error / evidence.sd_shrinkage).powi(2) / runs as f64;
        strands += (error / evidence.sd_strands).powi(2) / runs as f64;
        bias += error / evidence.sd / runs as f64;
    }
    // The mean of 200 squares of standard normals has the standard deviation 0.1.
    assert!((shrinkage - 1.0).abs() < 0.4, "{shrinkage}");
    assert!((strands - 1.0).abs() < 0.4, "{strands}");
    assert!(bias.abs() < 4.0 / (runs as f64).sqrt(), "{bias}");
}

/// The record with every point there twice, the second a child of the first.
fn with_twins(record: &Record) -> Record {
    let mut twins = Record::new(1, 2 * record.live_points, record.seed, 1000);
    for i in 0..record.len() {
        for twin in 0..2 {
            twins.u.push(record.u[i]);
            twins.log_l.push(record.log_l[i]);
            twins.label.push(if twin == 0 { 0.5 } else { 0.6 });
            twins.birth_log_l.push(record.birth_log_l[i]);
            // Above both of the twins on the contour.
            twins.birth_label.push(if record.birth_label[i] > 0.0 {
                0.6
            } else {
                -1.0
            });
            twins.strand.push(2 * record.strand[i]);
            twins.id.push(2 * record.id[i] + twin);
            twins.parent.push(if twin == 0 {
                u32::MAX
            } else {
                2 * record.id[i]
            });
        }
    }
    twins
}

#[test]
fn clones_widen_the_error_bar_of_the_strands() {
    let runs = 50;
    let mut ratio = 0.0;
    for seed in 0..runs {
        let evidence = with_twins(&ideal(100, 20, seed)).evidence();
        ratio += evidence.sd_strands / evidence.sd_shrinkage / runs as f64;
    }
    // Half the points are worth nothing, so the variance is twice what the shrinkage says.
    assert!((ratio - std::f64::consts::SQRT_2).abs() < 0.1, "{ratio}");
}
