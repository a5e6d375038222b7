//! Calibration of the nested sampler over many seeds: `cargo test --release --test nested_calibration -- --ignored
//! --nocapture`. `NESTED_SEEDS` sets the number of seeds, `NESTED_FROM` the seed before the first, `NESTED_ONLY` selects
//! problems by a part of their name, `NESTED_EACH=1` prints a line a run.

mod nested_problems;

use nested_problems::{Problem, all, hard};
use ppl_runtime::infer::nested::{Allocation, Proposal, Settings, Verdict, run};
use std::ops::RangeInclusive;
use std::time::Instant;

struct Row {
    rms: f64,
    mean: f64,
    seeds: f64,
}

/// A number in the environment.
fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok().and_then(|s| s.parse().ok())
}

/// The seeds of a table.
fn seeds(usual: u64) -> RangeInclusive<u64> {
    let from: u64 = number("NESTED_FROM").unwrap_or(0);
    from + 1..=from + number("NESTED_SEEDS").unwrap_or(usual)
}

/// Whether a problem is asked for.
fn asked(problem: &Problem) -> bool {
    let only = std::env::var("NESTED_ONLY").unwrap_or_default();
    only.split(',').any(|o| problem.name.contains(o))
}

fn calibrate(problem: &Problem, seeds: RangeInclusive<u64>, settings: &Settings) -> Row {
    let start = Instant::now();
    let n = seeds.clone().count() as f64;
    let (mut error, mut errors2, mut sd, mut shrinkage, mut strands) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut z, mut z2, mut evaluations, mut shift, mut shift2, mut scatter) =
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut restarts, mut slices, mut ess, mut running) = (0, 0, 0.0, 0.0);
    for seed in seeds {
        let begin = Instant::now();
        let record = run(
            problem,
            &Settings {
                seed,
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
        if number::<u8>("NESTED_EACH").is_some() {
            println!(
                "{seed} {e:+.3} ± {:.3}, {} evaluations, {} slices, {} restarts",
                evidence.sd, record.evaluations, record.slices, record.restarts
            );
        }
        restarts += record.restarts;
        slices = slices.max(record.slices);
    }
    println!(
        "{:22} {:5} {:+9.4} {:8.4} {:8.4} {:8.4} {:8.4} {:6.3} {:+6.3} {:+6.3} {:6.3} {:+6.3} {:9.0} {:4} {:3} {:6.0} {:8.4} {:8.4}",
        problem.name,
        n,
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

fn table(problems: Vec<Problem>, usual: u64) {
    let seeds = seeds(usual);
    let mut settings = Settings::default();
    if let Some(sweeps) = number("NESTED_SWEEPS") {
        settings.sweeps = sweeps;
    }
    settings.live_points = number("NESTED_LIVE");
    settings.effective_samples = number("NESTED_ESS");
    if let Some(posterior) = number("NESTED_DYNAMIC") {
        settings.allocation = Allocation::Dynamic { posterior };
    }
    if std::env::var("NESTED_PROPOSAL").as_deref() == Ok("slices") {
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
        .filter(|p| asked(p))
        .map(|p| calibrate(p, seeds.clone(), &settings))
        .collect();
    let total: f64 = rows.iter().map(|r| r.seeds).sum();
    let pooled = (rows.iter().map(|r| r.seeds * r.rms * r.rms).sum::<f64>() / total).sqrt();
    println!("pooled rms z {pooled:.3}");
    if seeds.count() >= 400 && problems.iter().all(asked) {
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

/// Refined evidence over many seeds, on all problems that are asked for.
#[test]
#[ignore = "calibration: many seeds"]
fn calibration_of_refined_evidence() {
    let (seeds, points) = (seeds(20), number("NESTED_POINTS").unwrap_or(10_000));
    println!(
        "{:22} {:>5} {:>8} {:>9} {:>8} {:>6} {:>6} {:>6} {:>6} {:>8}",
        "problem", "seeds", "accepted", "error", "sd", "rms z", "mean z", "k", "parts", "s/run"
    );
    for problem in all().iter().chain(&hard()).filter(|p| asked(p)) {
        let (mut n, mut error, mut sd, mut z, mut z2) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (mut k, mut components, mut running) = (f64::NEG_INFINITY, 0, 0.0);
        for seed in seeds.clone() {
            let settings = Settings {
                seed,
                live_points: Some(number("NESTED_LIVE").unwrap_or(300)),
                ..Settings::default()
            };
            let record = run(problem, &settings, &mut |_| ()).unwrap();
            let begin = Instant::now();
            let refined = record.refine(problem, points, seed).unwrap();
            running += begin.elapsed().as_secs_f64();
            if number::<u8>("NESTED_EACH").is_some() {
                let e = refined.log_evidence.mean - problem.log_evidence;
                println!(
                    "{seed} {e:+.4} slices {} restarts {} {refined:?}",
                    record.slices, record.restarts
                );
            }
            if refined.verdict == Verdict::Accepted {
                let e = refined.log_evidence.mean - problem.log_evidence;
                n += 1.0;
                error += e;
                sd += refined.log_evidence.sd;
                z += e / refined.log_evidence.sd;
                z2 += (e / refined.log_evidence.sd).powi(2);
                k = k.max(refined.pareto_k);
                components += refined.components;
            }
        }
        println!(
            "{:22} {:5} {:8} {:+9.4} {:8.4} {:6.3} {:+6.3} {:6.2} {:6.1} {:8.4}",
            problem.name,
            seeds.clone().count(),
            n,
            error / n,
            sd / n,
            (z2 / n).sqrt(),
            z / n,
            k,
            components as f64 / n,
            running / seeds.clone().count() as f64,
        );
    }
}
