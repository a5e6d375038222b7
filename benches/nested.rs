//! The nested sampler on two shells in ten dimensions, 500 live points: seconds a run, evaluations a second.
//! `cargo bench --bench nested`
//!
//! `cargo bench --bench nested -- peers` prints two lines of JSON for each problem that `benches/peers/nested.py` gives to
//! other samplers: seconds, evaluations and ln Z with its claimed error, by nested sampling alone (500 live points) and
//! refined by importance points (100 to 300 live points). Names of problems after `peers` select among them, and the variable
//! `ALONE` leaves the refined runs out.
//!
//! `cargo bench --bench nested -- cores` prints how many times as fast all threads are as one, for the same problems or those named
//! after it: the median over runs of the same seed, one right after the other, for clocks change within seconds. What the machine
//! can do is beside it: as many runs at once as there are threads, of one thread each, against one after the other.

use ppl::prelude::*;
use std::f64::consts::{PI, TAU};
use std::time::Instant;

/// Two shells of radius 2 and width 0.1 with centres 7 apart, in a cube of side 12.
#[model]
fn shells<const D: usize>() {
    let x: [f64; D] = sample(Uniform::new(-6.0, 6.0).iid());
    let off_axis = dot(&x[1..], &x[1..]);
    let shell = |centre: f64| {
        let radius = (off_axis + (x[0] - centre).powi(2)).sqrt();
        -0.5 * ((radius - 2.0) / 0.1).powi(2) - (0.1 * TAU.sqrt()).ln()
    };
    factor(log_sum_exp(&[shell(-3.5), shell(3.5)]));
}

#[model]
fn eggbox() {
    let x: [f64; 2] = sample(Uniform::new(0.0, 10.0 * PI).iid());
    factor((2.0 + (0.5 * x[0]).cos() * (0.5 * x[1]).cos()).powi(5));
}

#[model]
fn rosenbrock() {
    let x: [f64; 10] = sample(Uniform::new(-5.0, 5.0).iid());
    let mut sum = Real::from(0.0);
    for i in 1..10 {
        sum += 100.0 * (x[i] - x[i - 1].powi(2)).powi(2) + (1.0 - x[i - 1]).powi(2);
    }
    factor(-sum);
}

#[model]
fn logistic(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 10.0));
    observe(
        y,
        each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)),
    );
}

/// Between −1 and 1, the same in Python.
fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

fn logistic_data() -> (Vec<[f64; 3]>, Vec<bool>) {
    let x: Vec<[f64; 3]> = (0..2000)
        .map(|i| [0, 1, 2].map(|j| 1.7 * wave(3 * i + j)))
        .collect();
    let y = x
        .iter()
        .enumerate()
        .map(|(i, r)| r[0] + 2.0 * r[1] + 3.0 * r[2] + 3.0 * wave(5 * i + 1) > 0.0)
        .collect();
    (x, y)
}

/// Live points, and importance points if the evidence is to be refined.
type Size = (usize, Option<usize>);
const ALONE: Size = (500, None);

fn timed<M: Model + Sync>(
    model: &M,
    seed: u64,
    (live, points): Size,
) -> Result<(f64, f64, Estimate), ppl::Error> {
    let start = Instant::now();
    let mut sampler = NestedSampler::new(model).live_points(live).seed(seed);
    if let Some(points) = points {
        sampler = sampler.refine(points);
    }
    let run = sampler.run()?;
    let seconds = start.elapsed().as_secs_f64();
    let evaluations = run.likelihood_evaluations() as f64;
    Ok((seconds, evaluations, run.log_evidence()))
}

/// The run of median time of five, as a line of JSON.
fn line<M: Model + Sync>(case: &str, peer: &str, model: &M, size: Size) -> Result<(), ppl::Error> {
    let mut runs = Vec::new();
    for seed in 1..=5 {
        runs.push(timed(model, seed, size)?);
    }
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (seconds, evaluations, z) = runs[2];
    println!(
        "{{\"peer\": \"{peer}\", \"case\": \"{case}\", \"seconds\": {seconds:.4}, \"evaluations\": {evaluations}, \
         \"ln_z\": {}, \"sd\": {}}}",
        z.mean, z.sd
    );
    Ok(())
}

/// Seconds that all runs may take together, and fewest and most rounds.
const BUDGET: f64 = 10.0;
const ROUNDS: (f64, f64) = (5.0, 201.0);

/// How many times as fast all threads are as one.
fn cores<M: Model + Sync>(case: &str, model: &M) -> Result<(), ppl::Error> {
    let threads = rayon::current_num_threads();
    let pool = |n| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build();
        pool.expect("threads are to be had")
    };
    let (all, each): (_, Vec<_>) = (pool(threads), (0..threads).map(|_| pool(1)).collect());
    let seconds = |pool: &rayon::ThreadPool, seed| {
        let run = pool.install(|| timed(model, seed, ALONE));
        run.map_or(f64::NAN, |(seconds, ..)| seconds)
    };
    let at_once = |seed| {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for pool in &each {
                scope.spawn(move || seconds(pool, seed));
            }
        });
        start.elapsed().as_secs_f64()
    };
    let round = |seed| (seconds(&each[0], seed), seconds(&all, seed), at_once(seed));
    let first = round(0);
    let rounds = (BUDGET / (first.0 + first.1 + first.2)).clamp(ROUNDS.0, ROUNDS.1) as u64;
    let rows: Vec<_> = (1..=rounds).map(round).collect();
    let median = |of: &dyn Fn(&(f64, f64, f64)) -> f64| {
        let mut values: Vec<f64> = rows.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    println!(
        "{case}: {:.2} times as fast with {threads} threads, {:.1} ms instead of {:.1} (the machine does {:.2} times as much); {rounds} rounds",
        median(&|r| r.0 / r.1),
        1e3 * median(&|r| r.1),
        1e3 * median(&|r| r.0),
        median(&|r| threads as f64 * r.0 / r.2),
    );
    Ok(())
}

/// What the command line asks for, of one problem.
fn both<M: Model + Sync>(case: &str, model: &M, refined: Size) -> Result<(), ppl::Error> {
    let mut names = std::env::args().skip_while(|a| !MODES.contains(&&a[..]));
    let mode = names.next();
    let chosen: Vec<String> = names.filter(|a| !a.starts_with('-')).collect();
    if !chosen.is_empty() && !chosen.iter().any(|c| c == case) {
        return Ok(());
    }
    if mode.as_deref() == Some("cores") {
        return cores(case, model);
    }
    line(case, "ppl", model, ALONE)?;
    if std::env::var_os("ALONE").is_some() {
        return Ok(());
    }
    line(case, "ppl refined", model, refined)
}

const MODES: [&str; 2] = ["peers", "cores"];

fn problems() -> Result<(), ppl::Error> {
    both("shells10", &shells::<10>(), (150, Some(10_000)))?;
    both("shells30", &shells::<30>(), (300, Some(20_000)))?;
    both("eggbox", &eggbox(), (250, Some(2000)))?;
    both("rosenbrock10", &rosenbrock(), (300, Some(10_000)))?;
    let (x, y) = logistic_data();
    both("logistic", &logistic(&x, &y), (100, Some(5000)))
}

fn main() -> Result<(), ppl::Error> {
    if std::env::args().any(|a| MODES.contains(&&a[..])) {
        return problems();
    }
    let model = shells::<10>();
    let mut rows = Vec::new();
    for seed in 0..21 {
        let (seconds, evaluations, _) = timed(&model, seed, ALONE)?;
        rows.push((seconds, evaluations));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (seconds, evaluations) = rows[rows.len() / 2];
    println!(
        "median run: {seconds:.3} s, {evaluations:.0} evaluations, {:.1} million a second",
        evaluations / seconds / 1e6
    );
    let total: (f64, f64) = rows.iter().fold((0.0, 0.0), |t, r| (t.0 + r.0, t.1 + r.1));
    println!(
        "all 21 runs: {:.1} million evaluations a second",
        total.1 / total.0 / 1e6
    );
    Ok(())
}
