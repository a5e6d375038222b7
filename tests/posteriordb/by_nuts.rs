//! Means and standard deviations by NUTS.

use super::{Given, Point, Reference, Task};
use ppl::infer::nuts::{Nuts, NutsRun};
use ppl::models::Model;
use ppl::output::McmcSummary;
use std::ops::RangeInclusive;
use std::time::Instant;

/// Effective samples that every parameter must have.
const ESS: f64 = 400.0;

/// Draws of four chains, doubled until every parameter has its effective samples.
#[derive(Copy, Clone)]
pub struct ByNuts {
    pub seed: u64,
    pub draws: usize,
}

/// What is off by how much, in combined standard errors.
#[derive(Clone)]
pub struct Deviation {
    what: String,
    z: f64,
}

impl Task for ByNuts {
    type Output = Vec<Deviation>;
    fn model<M: Model + Sync>(
        self,
        r: &Reference,
        model: &M,
        _: impl Fn(&Point) -> Given,
    ) -> Vec<Deviation> {
        let start = Instant::now();
        // A funnel: no one step size fits its neck and its mouth. At a target acceptance of 0.95 the step size that Stan's
        // warm-up or ours finds leaves the neck out, and short chains do not tell (docs/nuts.md). So it is where the noise of
        // observations tends to zero, and the path is held by them.
        let (sampler, mut draws) = match r.name {
            "eight_schools_centered" | "brownian_motion_missing" => {
                let sampler = Nuts::new(model).target_acceptance(0.95);
                (sampler.step_size_jitter(100.0), 16 * self.draws)
            }
            _ => (Nuts::new(model), self.draws),
        };
        let (run, least) = loop {
            let run = sampler
                .clone()
                .seed(self.seed)
                .draws(draws)
                .run()
                .unwrap_or_else(|e| panic!("{}: {e}", r.name));
            let least = least_ess(r, run.summary());
            if least >= ESS {
                break (run, least);
            }
            draws *= 2;
            assert!(draws <= 64_000, "{}: ESS {least}\n{run}", r.name);
        };
        let all = deviations(r, &run);
        let rms = root_mean_square(&all);
        println!(
            "{:28} {draws:6} draws  ESS {least:6.0}  {:4} divergences  {:9} gradients  {:6.2} s  rms z {rms:.2}",
            r.name,
            run.divergences().len(),
            run.gradients(),
            start.elapsed().as_secs_f64(),
        );
        all
    }
}

/// The least effective sample size, bulk or tail, of what the reference knows and the model has.
fn least_ess(r: &Reference, summary: &McmcSummary) -> f64 {
    let rows = r
        .moments()
        .into_iter()
        .filter_map(|m| summary.row(&m.name).ok().cloned());
    // Correlations of a parameter with itself are 1 in every chain; they have no ESS.
    rows.filter(|row| row.sd > 0.0)
        .map(|row| row.ess_bulk.min(row.ess_tail))
        .fold(f64::INFINITY, f64::min)
}

fn deviations<D>(r: &Reference, run: &NutsRun<D>) -> Vec<Deviation> {
    let mut all = Vec::new();
    for m in r.moments() {
        // The count of `survey_discrete` is summed out.
        let Ok(row) = run.summary().row(&m.name) else {
            assert_eq!(m.name, "n", "{} has no such parameter", r.name);
            continue;
        };
        let mut compare = |what, ours: f64, error: f64, truth: f64, its_error: f64| {
            all.push(Deviation {
                what: format!("{}: {what} of {}", r.name, m.name),
                z: (ours - truth) / error.hypot(its_error),
            });
        };
        compare("mean", row.mean, row.mcse_mean, m.mean, m.mean_error);
        compare("sd", row.sd, row.mcse_sd, m.sd, m.sd_error);
    }
    all
}

/// The same comparisons by independent seeds: whether z has mean 0 and rms 1, for means and for standard deviations.
/// Scatter that is claimed too small makes the rms of single runs too large, and a bias the rms of averages over seeds.
pub fn scatter(model: &str, by_seed: &[Vec<Deviation>]) -> [f64; 2] {
    let seeds = by_seed.len() as f64;
    [": mean of ", ": sd of "].map(|kind| {
        let rms = |mut all: Vec<f64>| {
            all.iter_mut().for_each(|z| *z *= *z);
            (all.iter().sum::<f64>() / all.len() as f64).sqrt()
        };
        let of = |run: &[Deviation]| -> Vec<f64> {
            let these = run.iter().filter(|d| d.what.contains(kind));
            these.map(|d| d.z).collect()
        };
        let columns: Vec<Vec<f64>> = by_seed.iter().map(|run| of(run)).collect();
        let runs: Vec<f64> = columns.iter().map(|z| rms(z.clone())).collect();
        let all = rms(columns.concat());
        // √seeds times the average over seeds has sd 1 too, where there is no bias.
        let averages: Vec<f64> = (0..columns[0].len())
            .map(|i| columns.iter().map(|z| z[i]).sum::<f64>() / seeds.sqrt())
            .collect();
        let (least, most) = runs
            .iter()
            .fold((f64::INFINITY, 0.0_f64), |(a, b), &x| (a.min(x), b.max(x)));
        let worst = averages.iter().fold(0.0_f64, |w, z| w.max(z.abs()));
        println!(
            "{model}{kind}{} quantities, {seeds} seeds: rms z {all:.3}, of single seeds {least:.2} to {most:.2}; \
             √seeds × averages over seeds: rms {:.2}, worst {worst:.2}",
            averages.len(),
            rms(averages.clone()),
        );
        assert!(worst < 4.5, "{model}{kind}a bias of {worst} standard errors");
        all
    })
}

fn root_mean_square(all: &[Deviation]) -> f64 {
    (all.iter().map(|d| d.z * d.z).sum::<f64>() / all.len() as f64).sqrt()
}

/// Nothing may be off by five standard errors, and all together must be off by about one.
pub fn report(all: &[Deviation], together: RangeInclusive<f64>) {
    let mut sorted = all.to_vec();
    sorted.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
    for d in sorted.iter().take(8) {
        println!("  z {:5.2}  {}", d.z, d.what);
    }
    let rms = root_mean_square(all);
    println!("{} comparisons, rms z {rms:.3}", all.len());
    for d in all {
        assert!(d.z.abs() < 5.0, "{}: z = {}", d.what, d.z);
    }
    assert!(together.contains(&rms), "rms z {rms}");
}
