//! Effective samples per second of NUTS on the models of `tests/posteriordb`, 4 chains of 1,000 + 1,000 at the defaults.
//!
//! `cargo bench --bench nuts -- rats nes1980` for these two; without names all. A line of JSON a model and seed, for
//! `benches/peers/nuts.py`, which sets it beside Stan and nutpie. With `RAYON_NUM_THREADS=1` the seconds are those of one
//! core; where the kernel tells (Linux), seconds on a processor, which other programs on the machine do not lengthen.
//! `seeds=4-9` runs with those six instead of the first three.

#[path = "../tests/posteriordb/mod.rs"]
mod posteriordb;

use posteriordb::{Given, Point, Reference, SMOOTH, Task, each};
use ppl::infer::nuts::{Adaptation, Metric, Nuts, Settings};
use ppl::models::Model;
use std::ops::RangeInclusive;
use std::time::Instant;

#[derive(Clone)]
struct Timed(Settings, RangeInclusive<u64>);

impl Task for Timed {
    type Output = ();
    fn model<M: Model + Sync>(self, r: &Reference, model: &M, _: impl Fn(&Point) -> Given) {
        // The centred schools as the trial has them; the peers are given the same target.
        let target = match r.name {
            "eight_schools_centered" => 0.95,
            _ => self.0.target_acceptance,
        };
        for seed in self.1 {
            let (start, on_processor) = (Instant::now(), processor_seconds());
            let run = Nuts::new(model)
                .settings(self.0.clone())
                .seed(seed)
                .target_acceptance(target)
                .run()
                .unwrap_or_else(|e| panic!("{}: {e}", r.name));
            let seconds = match (on_processor, processor_seconds()) {
                (Some(before), Some(after)) => after - before,
                _ => start.elapsed().as_secs_f64(),
            };
            let kept: u32 = (0..run.chains())
                .filter_map(|c| run.chain(c))
                .flat_map(|c| c.transitions())
                .map(|t| t.leapfrogs)
                .sum();
            let rows = r
                .moments()
                .into_iter()
                .filter_map(|m| run.summary().row(&m.name).ok().cloned());
            let ess = rows
                .filter(|row| row.sd > 0.0)
                .map(|row| row.ess_bulk)
                .fold(f64::INFINITY, f64::min);
            let r_hat = run
                .summary()
                .rows()
                .iter()
                .map(|row| row.r_hat)
                .fold(0.0, f64::max);
            println!(
                "{{\"model\":\"{}\",\"seed\":{seed},\"seconds\":{seconds},\"gradients\":{},\"kept\":{kept},\"ess\":{ess},\"r_hat\":{r_hat},\"divergences\":{}}}",
                r.name,
                run.gradients(),
                run.divergences().len()
            );
        }
    }
}

/// What all threads of this process have had of a processor, which the kernel keeps in nanoseconds.
fn processor_seconds() -> Option<f64> {
    let mut sum = 0.0;
    for thread in std::fs::read_dir("/proc/self/task").ok()? {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        sum += text.split_whitespace().next()?.parse::<f64>().ok()?;
    }
    Some(1e-9 * sum)
}

fn main() {
    let mut settings = Settings::default();
    let (mut wanted, mut seeds): (Vec<String>, _) = (Vec::new(), 1..=3);
    for word in std::env::args().skip(1).filter(|a| !a.starts_with('-')) {
        match word.as_str() {
            "metric=diagonal" => settings.metric = Metric::Diagonal,
            "metric=dense" => settings.metric = Metric::Dense,
            "metric=low-rank" => settings.metric = Metric::LowRank,
            "adaptation=stan" => settings.adaptation = Adaptation::Stan,
            "adaptation=fisher" => settings.adaptation = Adaptation::Fisher,
            _ => match word.split_once('=') {
                Some(("target", target)) => {
                    settings.target_acceptance = target.parse().expect("a number");
                }
                Some(("seeds", range)) => {
                    let (first, last) = range.split_once('-').expect("two seeds");
                    let seed = |text: &str| text.parse().expect("a seed");
                    seeds = seed(first)..=seed(last);
                }
                _ => wanted.push(word),
            },
        }
    }
    let all = |name: &&str| wanted.is_empty() || wanted.iter().any(|w| w == name);
    let names: Vec<&str> = SMOOTH.into_iter().filter(all).collect();
    each(&names, Timed(settings, seeds));
}
