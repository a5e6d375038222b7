//! What a user does with results: reads, summarises, writes and plots them.

use ppl_runtime::output::plot::{self, CornerOptions, NestedTrace, PlotError, Series};
use ppl_runtime::output::{
    Draws, Estimate, LogDensities, McmcSummary, OutputError, Summary, Table, WeightedDraws,
};
use ppl_runtime::random::{Purpose, Rng, keyed};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use std::path::PathBuf;

fn normal(rng: &mut Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("output");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

fn named(names: &[&str]) -> Table {
    Table::new(names.iter().map(|n| (*n).to_owned()).collect()).unwrap()
}

/// Two correlated normals, a half-normal, a ring (two columns) and a count.
fn posterior(n: usize) -> Table {
    let mut rng = keyed(7, Purpose::User, 0, 0);
    let mut table = named(&["mu", "coefs[0]", "tau", "ring[0]", "ring[1]", "count"]);
    for _ in 0..n {
        let (a, b) = (normal(&mut rng), normal(&mut rng));
        let angle = std::f64::consts::TAU * rng.random::<f64>();
        let radius = 2.0 + 0.1 * normal(&mut rng);
        let count = (1.5 * normal(&mut rng)).abs().floor();
        let centre = if rng.random::<bool>() { 3.5 } else { -3.5 };
        let (x, y) = (centre + radius * angle.cos(), radius * angle.sin());
        table
            .push(&[
                1.5 + 0.2 * a,
                40.0 + 5.0 * (0.8 * a + 0.6 * b),
                normal(&mut rng).abs(),
                x,
                y,
                count,
            ])
            .unwrap();
    }
    table
}

/// Nested sampling of a d-dimensional normal in its exact shells: X is known, so L is too.
struct Run {
    minus_ln_x: Vec<f64>,
    live_points: Vec<f64>,
    ln_l: Vec<f64>,
    ln_weight: Vec<f64>,
    ln_z: Vec<f64>,
    ln_z_sd: Vec<f64>,
    efficiency: Vec<f64>,
    ranks: Vec<f64>,
}

fn run() -> Run {
    let mut rng = keyed(3, Purpose::User, 0, 0);
    let (n, d, width) = (8000, 5.0, 0.05);
    let mut r = Run {
        minus_ln_x: vec![],
        live_points: vec![],
        ln_l: vec![],
        ln_weight: vec![],
        ln_z: vec![],
        ln_z_sd: vec![],
        efficiency: vec![],
        ranks: vec![],
    };
    let (mut x, mut z, mut h) = (0.0_f64, f64::NEG_INFINITY, 0.0_f64);
    for i in 0..n {
        let live = if i < n - 500 { 500.0 } else { (n - i) as f64 };
        let step = -rng.random::<f64>().ln() / live;
        let radius = (-x / d).exp();
        let ln_l = -0.5 * (radius / width).powi(2);
        let ln_w = ln_l - x + (-(-step).exp_m1()).ln();
        let total = z.max(ln_w) + (-(z - ln_w).abs()).exp().ln_1p();
        h += (ln_w - total).exp() * step * live / 10.0;
        (x, z) = (x + step, total);
        r.minus_ln_x.push(x);
        r.live_points.push(live);
        r.ln_l.push(ln_l);
        r.ln_weight.push(ln_w);
        r.ln_z.push(z);
        r.ln_z_sd.push((x.min(12.0 + h) / 500.0).sqrt());
        r.efficiency
            .push(0.9 * (-x / 30.0).exp() + 0.02 * normal(&mut rng));
        r.ranks.push(rng.random());
    }
    r
}

#[test]
fn csv_gives_back_the_bits() {
    let values = [
        0.1,
        -0.0,
        1e300,
        5e-324,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1.0 / 3.0,
        f64::NAN,
    ];
    let mut table = named(&["plain", "with,comma \"q\""]);
    for v in values {
        table.push(&[v, 1.0]).unwrap();
    }
    let draws =
        WeightedDraws::new(vec![(); 8], values.map(|v| v.min(-1.0)).to_vec(), table).unwrap();
    let path = file("draws.csv");
    draws.to_csv(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "log_weight,plain,\"with,comma \"\"q\"\"\""
    );
    for (line, v) in lines.by_ref().zip(values) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), 3);
        match cells[1] {
            "" => assert!(v.is_nan()),
            cell => assert_eq!(cell.parse::<f64>().unwrap().to_bits(), v.to_bits()),
        }
    }
    assert!(lines.next().is_none());
    let error = draws.to_csv("no/such/folder/draws.csv").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot write no/such/folder/draws.csv:")
    );
}

#[test]
fn an_unknown_column_names_the_nearest() {
    let table = posterior(3);
    let draws = Draws::new(vec![(); 3], table).unwrap();
    let error = draws.column("coef[0]").unwrap_err();
    assert_eq!(
        error.to_string(),
        "no column `coef[0]`; the nearest is `coefs[0]`"
    );
    assert!(matches!(error, OutputError::UnknownColumn { .. }));
    let error = draws.column("ring").unwrap_err();
    assert_eq!(
        error.to_string(),
        "no column `ring`; the nearest are `ring[0]`, `ring[1]`"
    );
}

#[test]
fn importance_weights_recover_the_target() {
    // Draws from N(0, 2²), weights to N(1, 1).
    let mut rng = keyed(5, Purpose::User, 0, 0);
    let draws: Vec<f64> = (0..40_000).map(|_| 2.0 * normal(&mut rng)).collect();
    let log_weight = |x: &f64| -0.5 * (x - 1.0).powi(2) + 0.125 * x * x;
    let log_weights = draws.iter().map(log_weight).collect();
    let mut table = named(&["x"]);
    for &x in &draws {
        table.push(&[x]).unwrap();
    }
    let weighted = WeightedDraws::new(draws, log_weights, table).unwrap();
    // ESS is about 21,000: standard errors 0.007 for the mean and 0.005 for the sd; allow five.
    assert!((weighted.mean(|x| *x) - 1.0).abs() < 0.035);
    assert!((weighted.sd(|x| *x) - 1.0).abs() < 0.025);
    assert!((weighted.quantile(0.1, |x| *x) - (1.0 - 1.281_55)).abs() < 0.06);
    assert!((weighted.mean(|x| *x > 1.0) - 0.5).abs() < 0.0175);
    let equal = weighted.resample(10_000, 1);
    assert_eq!(equal.len(), 10_000);
    assert!((equal.mean(|x| *x) - weighted.mean(|x| *x)).abs() < 0.02);
    assert_eq!(equal.column("x").unwrap(), equal.as_slice());
}

#[test]
fn summaries_fit_the_page() {
    let table = posterior(2000);
    let log_weights = vec![0.0; 2000];
    let likelihood: Vec<f64> = table.column_at(0).iter().map(|x| -x * x).collect();
    let densities = LogDensities {
        likelihood: Some(&likelihood),
        posterior: Some(&likelihood),
    };
    let summary = Summary::weighted(&table, &log_weights, densities).unwrap();
    let text = summary.to_string();
    println!("{text}");
    assert_eq!(text.lines().count(), 7);
    assert!(text.lines().all(|l| l.chars().count() <= 100));
    assert_eq!(Summary::equal(&table).rows()[0].q50, summary.rows()[0].q50);

    let mut wide = Table::new(
        (0..80)
            .map(|i| format!("a_rather_long_name_of_a_site[{i}][{i}]"))
            .collect(),
    )
    .unwrap();
    let row: Vec<f64> = (0..80).map(f64::from).collect();
    wide.push(&row).unwrap();
    wide.push(&row.iter().map(|x| x * 1e9).collect::<Vec<_>>())
        .unwrap();
    let long = Summary::equal(&wide);
    assert!(
        long.to_string()
            .ends_with("… and 30 more ({:#} prints all)")
    );
    assert_eq!(format!("{long:#}").lines().count(), 81);
    assert!(long.to_string().lines().all(|l| l.chars().count() <= 100));
}

#[test]
fn mcmc_summaries_say_what_is_wrong() {
    let chain = |seed: u64, shift: f64| {
        let mut rng = keyed(seed, Purpose::User, 0, 0);
        let mut table = named(&["good", "apart", "slow", "fixed"]);
        let mut slow = normal(&mut rng);
        for _ in 0..500 {
            slow = 0.98 * slow + 0.2 * normal(&mut rng);
            table
                .push(&[normal(&mut rng), shift + normal(&mut rng), slow, 3.0])
                .unwrap();
        }
        table
    };
    let tables = [chain(1, 0.0), chain(2, 0.0), chain(3, 0.0), chain(4, 3.0)];
    let references: Vec<&Table> = tables.iter().collect();
    let flat: Vec<f64> = (0..500).map(|i| f64::from(i) * 0.01).collect();
    let summary = McmcSummary::new(&references)
        .unwrap()
        .with_divergences(12)
        .with_energies(&[flat]);
    println!("{summary}");
    let good = summary.row("good").unwrap();
    assert!(good.r_hat < 1.01 && good.ess_bulk > 1500.0 && good.ess_tail > 1500.0);
    assert!(summary.row("apart").unwrap().r_hat > 1.3);
    let text = summary.to_string();
    let table: Vec<&str> = text
        .lines()
        .take_while(|l| !l.starts_with("warning"))
        .collect();
    assert_eq!(table.len(), 5);
    assert!(table.iter().all(|l| l.chars().count() <= 100));
    let warnings = summary.warnings();
    let says = |part: &str| warnings.iter().any(|w| w.contains(part));
    assert!(says("12 of 2000 transitions diverged"));
    assert!(says("r_hat is above 1.01 for `apart`"));
    assert!(says("ess_bulk is below 400 for `apart`, `slow`"));
    assert!(says("`fixed` never changed"));
    assert!(says("E-BFMI is below 0.3 for chain 1 (0.00)"));

    let healthy = McmcSummary::new(&[&tables[0]]).unwrap();
    assert!(
        healthy
            .warnings()
            .iter()
            .any(|w| w.starts_with("one chain"))
    );
    let other = named(&["good"]);
    assert!(McmcSummary::new(&[&tables[0], &other]).is_err());
    assert!(McmcSummary::new(&[]).unwrap().rows().is_empty());
}

#[test]
fn the_corner_plot_is_drawn() {
    let table = posterior(4000);
    let options = CornerOptions {
        title: "A posterior".to_owned(),
        truths: vec![("mu".to_owned(), 1.5), ("coefs[0]".to_owned(), 40.0)],
        ..CornerOptions::default()
    };
    let path = file("corner.svg");
    plot::corner(&path, &table, None, &options).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("font-family=\"sans-serif\"") && text.contains("coefs[0]"));
    assert!(text.trim_end().ends_with("</svg>") && !text.contains("NaN"));
    // Three columns under weights that keep only one side of mu.
    let log_weights: Vec<f64> = table
        .column_at(0)
        .iter()
        .map(|m| if *m > 1.5 { 0.0 } else { -3.0 })
        .collect();
    let three = CornerOptions {
        columns: ["mu", "coefs[0]", "tau"].map(String::from).to_vec(),
        ..CornerOptions::default()
    };
    plot::corner(file("corner3.svg"), &table, Some(&log_weights), &three).unwrap();
}

#[test]
fn a_corner_plot_of_anything_is_drawn_or_refused() {
    let options = CornerOptions::default();
    let mut odd = named(&["constant", "absent", "infinite", "huge"]);
    for i in 0..50 {
        let x = f64::from(i);
        let absent = if i % 3 == 0 { f64::NAN } else { x };
        let infinite = if i == 7 { f64::INFINITY } else { x.sin() };
        odd.push(&[2.5, absent, infinite, x * 1e300]).unwrap();
    }
    let path = file("odd.svg");
    plot::corner(&path, &odd, None, &options).unwrap();
    assert!(!std::fs::read_to_string(&path).unwrap().contains("NaN"));

    let mut one = named(&["a", "b"]);
    one.push(&[1.0, 2.0]).unwrap();
    plot::corner(file("one.svg"), &one, None, &options).unwrap();

    let empty = plot::corner(file("none.svg"), &named(&["a"]), None, &options);
    assert!(matches!(empty, Err(PlotError::Empty(_))));
    let nothing = plot::corner(file("none.svg"), &Table::default(), None, &options);
    assert!(matches!(nothing, Err(PlotError::Empty(_))));
    let weights = plot::corner(file("none.svg"), &one, Some(&[0.0, 0.0]), &options);
    assert!(matches!(
        weights,
        Err(PlotError::Output(OutputError::Lengths { .. }))
    ));
    let unknown = CornerOptions {
        columns: vec!["c".to_owned()],
        ..options.clone()
    };
    assert!(plot::corner(file("none.svg"), &one, None, &unknown).is_err());
    assert!(plot::corner("no/such/folder/x.svg", &one, None, &options).is_err());
}

#[test]
fn the_nested_diagnostics_are_drawn() {
    let r = run();
    let trace = NestedTrace {
        minus_ln_x: &r.minus_ln_x,
        live_points: &r.live_points,
        ln_l: &r.ln_l,
        ln_weight: &r.ln_weight,
        ln_z_cumulative: &r.ln_z,
        ln_z_sd: &r.ln_z_sd,
        efficiency: &r.efficiency,
        insertion_ranks: &r.ranks,
        ln_z: Some(Estimate {
            mean: r.ln_z[7999],
            sd: r.ln_z_sd[7999],
        }),
        title: "Normal, d = 5",
    };
    let path = file("nested.svg");
    plot::nested_diagnostics(&path, &trace).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("insertion rank") && text.contains("posterior mass") && !text.contains("NaN")
    );
    assert!(text.len() < 400_000, "{} bytes", text.len());

    let short = NestedTrace {
        ln_l: &r.ln_l[1..],
        ..trace
    };
    assert!(plot::nested_diagnostics(&path, &short).is_err());
    assert!(matches!(
        plot::nested_diagnostics(&path, &NestedTrace::default()),
        Err(PlotError::Empty(_))
    ));
    let least = NestedTrace {
        minus_ln_x: &r.minus_ln_x,
        ln_l: &r.ln_l,
        ..NestedTrace::default()
    };
    plot::nested_diagnostics(file("least.svg"), &least).unwrap();
}

#[test]
fn lines_are_drawn() {
    let points: Vec<(f64, f64)> = (0..500)
        .map(f64::from)
        .map(|x| {
            (
                x,
                if x == 250.0 {
                    f64::NAN
                } else {
                    100.0 * (-x / 90.0).exp() + (x / 7.0).sin()
                },
            )
        })
        .collect();
    let shifted: Vec<(f64, f64)> = points.iter().map(|p| (p.0, p.1 + 20.0)).collect();
    let series = [
        Series {
            name: "particles",
            points: &points,
        },
        Series {
            name: "mean",
            points: &shifted,
        },
    ];
    plot::lines(file("lines.svg"), "Loss", ("step", "−ELBO"), &series).unwrap();
    assert!(plot::lines(file("none.svg"), "", ("", ""), &[]).is_err());
}
