use super::*;
use crate::infer::nested::evidence::{log_sum, shell_shares};
use crate::infer::nested::strands::by_stretch;

#[test]
#[ignore]
fn stretches() {
    let d: usize = std::env::var("D").map_or(10, |s| s.parse().unwrap());
    let seeds: u64 = std::env::var("SEEDS").map_or(40, |s| s.parse().unwrap());
    let sweeps: usize = std::env::var("SWEEPS").map_or(4, |s| s.parse().unwrap());
    let truth = if d == 10 { -43.1084 } else { -19.7324 };
    let f = |u: &[f64]| {
        let x = |i: usize| 10.0 * u[i] - 5.0;
        (1..u.len())
            .map(|i| -100.0 * (x(i) - x(i - 1).powi(2)).powi(2) - (1.0 - x(i - 1)).powi(2))
            .sum()
    };
    let stretches = [0, 1, 2, 4, 8, 16, 32, usize::MAX];
    let mut sums = vec![(0.0, 0.0, 0.0); stretches.len()];
    let (mut e1, mut e2, mut restarts, mut evals) = (0.0, 0.0, 0, 0.0);
    for seed in 0..seeds {
        let settings = Settings {
            seed: seed + 500,
            sweeps,
            ..Settings::default()
        };
        let record = go(d, f, &settings).unwrap();
        restarts += record.restarts;
        evals += record.evaluations as f64 / seeds as f64;
        let counts = record.live_counts();
        let log_z = log_sum(&record.log_weights());
        let shares = shell_shares(&record, &counts, log_z);
        e1 += (log_z - truth) / seeds as f64;
        e2 += (log_z - truth).powi(2) / seeds as f64;
        let real: Vec<usize> = stretches.iter().map(|&s| s.max(0)).collect();
        let real: Vec<usize> = real
            .into_iter()
            .map(|s| if s == 0 { 1 } else { s })
            .collect();
        for (k, (v, part)) in by_stretch(&record, &counts, &shares, &real)
            .into_iter()
            .enumerate()
        {
            sums[k].0 += v / seeds as f64;
            sums[k].1 += v / part / seeds as f64;
            sums[k].2 += part / seeds as f64;
        }
    }
    println!(
        "d {d} mean error {e1:.3} rms {:.3} restarts {restarts} evals {evals:.0}",
        e2.sqrt()
    );
    for (s, v) in stretches.iter().zip(&sums) {
        println!(
            "{s:>20} sd {:.4} corrected {:.4} visible {:.3}",
            v.0.sqrt(),
            v.1.sqrt(),
            v.2
        );
    }
}
