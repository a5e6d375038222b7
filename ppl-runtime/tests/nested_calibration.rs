//! Calibration of the nested sampler over many seeds: `cargo test --release --test nested_calibration -- --ignored
//! --nocapture`. `NESTED_SEEDS` sets the number of seeds, `NESTED_ONLY` selects problems by a part of their name.

mod nested_problems;

use nested_problems::{Problem, all, hard};
use ppl_runtime::infer::nested::{Allocation, Proposal, Settings, run};
use std::time::Instant;

struct Row {
    rms: f64,
    mean: f64,
    seeds: f64,
}

fn calibrate(problem: &Problem, seeds: u64, settings: &Settings) -> Row {
    let start = Instant::now();
    let n = seeds as f64;
    let (mut error, mut errors2, mut sd, mut shrinkage, mut strands) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut z, mut z2, mut evaluations, mut shift, mut shift2, mut scatter) =
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut restarts, mut slices, mut ess, mut running) = (0, 0, 0.0, 0.0);
    for seed in 0..seeds {
        let begin = Instant::now();
        let record = run(
            problem,
            &Settings {
                seed: seed + 1,
                ..settings.clone()
            },
            &mut |_| (),
        )
        .unwrap();
        running += begin.elapsed().as_secs_f64();
        let evidence = record.evidence();
        let e = evidence.mean - problem.log_evidence;
        error += e / n;
        errors2 += e * e / n;
        sd += evidence.sd / n;
        shrinkage += evidence.sd_shrinkage / n;
        strands += evidence.sd_strands / n;
        z += e / evidence.sd / n;
        z2 += (e / evidence.sd).powi(2) / n;
        evaluations += record.evaluations as f64 / n;
        shift += record.rank_test.shift() / n;
        shift2 += record.rank_test.shift().powi(2) / n;
        scatter += record.rank_test.scatter() / n;
        ess += evidence.effective_samples / n;
        restarts += record.restarts;
        slices = slices.max(record.slices);
    }
    println!(
        "{:22} {:5} {:+9.4} {:8.4} {:8.4} {:8.4} {:8.4} {:6.3} {:+6.3} {:+6.3} {:6.3} {:+6.3} {:9.0} {:4} {:3} {:6.0} {:8.4} {:8.4}",
        problem.name,
        seeds,
        error,
        errors2.sqrt(),
        sd,
        shrinkage,
        strands,
        z2.sqrt(),
        z,
        shift,
        shift2.sqrt(),
        scatter,
        evaluations,
        slices,
        restarts,
        ess,
        running / n,
        start.elapsed().as_secs_f64() / n,
    );
    Row {
        rms: z2.sqrt(),
        mean: z,
        seeds: n,
    }
}

fn table(problems: Vec<Problem>, seeds: u64) {
    let get = |name| std::env::var(name).ok();
    let seeds = get("NESTED_SEEDS")
        .and_then(|s| s.parse().ok())
        .unwrap_or(seeds);
    let only = get("NESTED_ONLY").unwrap_or_default();
    let mut settings = Settings::default();
    if let Some(sweeps) = get("NESTED_SWEEPS").and_then(|s| s.parse().ok()) {
        settings.sweeps = sweeps;
    }
    if let Some(live) = get("NESTED_LIVE").and_then(|s| s.parse().ok()) {
        settings.live_points = Some(live);
    }
    settings.effective_samples = get("NESTED_ESS").and_then(|s| s.parse().ok());
    if let Some(posterior) = get("NESTED_DYNAMIC").and_then(|s| s.parse().ok()) {
        settings.allocation = Allocation::Dynamic { posterior };
    }
    if get("NESTED_PROPOSAL").as_deref() == Some("slices") {
        settings.proposal = Proposal::Slices;
    }
    println!(
        "{:22} {:>5} {:>9} {:>8} {:>8} {:>8} {:>8} {:>6} {:>6} {:>6} {:>6} {:>6} {:>9} {:>4} {:>3} {:>6} {:>8} {:>8}",
        "problem",
        "seeds",
        "error",
        "rms err",
        "sd",
        "shrink",
        "strands",
        "rms z",
        "mean z",
        "shift",
        "rms sh",
        "scatt",
        "evals",
        "slic",
        "rst",
        "ess",
        "s/run",
        "s/all"
    );
    let rows: Vec<Row> = problems
        .iter()
        .filter(|p| only.split(',').any(|o| p.name.contains(o)))
        .map(|p| calibrate(p, seeds, &settings))
        .collect();
    let total: f64 = rows.iter().map(|r| r.seeds).sum();
    let pooled = (rows.iter().map(|r| r.seeds * r.rms * r.rms).sum::<f64>() / total).sqrt();
    println!("pooled rms z {pooled:.3}");
    if seeds >= 400 && only.is_empty() {
        for row in &rows {
            assert!((0.75..=1.14).contains(&row.rms), "rms z {}", row.rms);
            assert!(row.mean.abs() < 0.2, "mean z {}", row.mean);
        }
        assert!((0.85..=1.1).contains(&pooled), "pooled rms z {pooled}");
    }
}

#[test]
#[ignore = "calibration: many seeds"]
fn calibration() {
    table(all(), 400);
}

#[test]
#[ignore = "calibration: many seeds, problems known to be hard"]
fn calibration_of_hard_problems() {
    table(hard(), 30);
}
