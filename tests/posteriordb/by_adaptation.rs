//! Effective samples per gradient with one way to learn the metric and the other.

use super::{Given, Point, Reference, Task};
use ppl::infer::nuts::{Adaptation, Nuts};
use ppl::models::Model;

/// Runs of 4 chains of `warmup` + 1,000 with these seeds.
#[derive(Clone)]
pub struct ByAdaptation {
    pub seeds: std::ops::RangeInclusive<u64>,
    pub warmup: usize,
    pub ways: Vec<Adaptation>,
}

/// Means over seeds of what one way gives on a model.
#[derive(Clone, Debug)]
pub struct Efficiency {
    pub model: &'static str,
    pub way: Adaptation,
    /// The least bulk effective size per gradient of the kept transitions.
    pub per_kept: f64,
    /// The same per gradient of the warm-up too.
    pub per_gradient: f64,
    /// The relative standard error of `per_kept`.
    pub error: f64,
    /// Gradients of a chain's warm-up.
    pub warmup: f64,
    /// Gradients of a kept transition.
    pub kept: f64,
    pub step_size: f64,
    pub divergences: f64,
    pub worst_r_hat: f64,
}

impl Task for ByAdaptation {
    type Output = Vec<Efficiency>;
    fn model<M: Model + Sync>(
        self,
        r: &Reference,
        model: &M,
        _: impl Fn(&Point) -> Given,
    ) -> Vec<Efficiency> {
        let target = match r.name {
            "eight_schools_centered" => 0.95,
            _ => 0.8,
        };
        let mut all = Vec::new();
        for &way in &self.ways {
            let mut runs = Vec::new();
            let mut worst = 0.0_f64;
            for seed in self.seeds.clone() {
                let nuts = Nuts::new(model).adaptation(way).warmup(self.warmup);
                let run = nuts.seed(seed).target_acceptance(target).run();
                let run = run.unwrap_or_else(|e| panic!("{}: {e}", r.name));
                let moments = r.moments().into_iter();
                let rows = moments.filter_map(|m| run.summary().row(&m.name).ok().cloned());
                let mut ess = f64::INFINITY;
                for row in rows.filter(|row| row.sd > 0.0) {
                    ess = ess.min(row.ess_bulk);
                    worst = worst.max(row.r_hat);
                }
                let chains = (0..run.chains()).filter_map(|c| run.chain(c));
                let (mut kept, mut step, mut n) = (0.0, 0.0, 0.0);
                for t in chains.flat_map(|c| c.transitions().to_vec()) {
                    kept += f64::from(t.leapfrogs);
                    step += t.step_size;
                    n += 1.0;
                }
                let gradients = run.gradients() as f64;
                let divergences = run.divergences().len() as f64;
                let chains = run.chains() as f64;
                runs.push([
                    ess / kept,
                    ess / gradients,
                    (gradients - kept) / chains,
                    kept / n,
                    step / n,
                    divergences,
                ]);
            }
            let n = runs.len() as f64;
            let mean = |i: usize| runs.iter().map(|x| x[i]).sum::<f64>() / n;
            let per_kept = mean(0);
            let squares: f64 = runs.iter().map(|x| (x[0] - per_kept).powi(2)).sum();
            let e = Efficiency {
                model: r.name,
                way,
                per_kept,
                per_gradient: mean(1),
                error: (squares / (n - 1.0) / n).sqrt() / per_kept,
                warmup: mean(2),
                kept: mean(3),
                step_size: mean(4),
                divergences: mean(5),
                worst_r_hat: worst,
            };
            println!(
                "{:28} {:?}\tESS per 1,000 gradients {:.1} ± {:.0} %, with warm-up {:.1}; {:.0} gradients of warm-up, {:.2} a transition, step {:.3}, {:.1} divergences, r_hat {:.3}",
                e.model,
                e.way,
                1e3 * e.per_kept,
                100.0 * e.error,
                1e3 * e.per_gradient,
                e.warmup,
                e.kept,
                e.step_size,
                e.divergences,
                e.worst_r_hat,
            );
            all.push(e);
        }
        all
    }
}
