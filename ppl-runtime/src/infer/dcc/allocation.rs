//! Which programs deserve more draws.

use super::ProgramError;
use super::local::Local;
use super::settings::rule;
use super::weights::weights;
use crate::error::Error;
use crate::output::Estimate;
use rayon::prelude::*;

/// More runs for the programs that matter (Zhou et al. 2020, appendix F). After one run each, every round gives runs of the
/// same length to the programs of greatest utility
///
/// U_k = (τ_k / max τ + β ln ΣS / √S_k) / S_k, τ_k = √(Z_k² + (1 + κ) σ_k²),
///
/// an upper confidence bound with S_k the runs so far and σ_k² the variance of Z_k for a single draw. The paper's third
/// term, the chance that an importance weight exceeds all so far, has no meaning for estimators without such weights and
/// is left out (its δ is 0). A program's estimate is the mean of those of its runs.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Allocation {
    /// The most rounds; 10 by default.
    pub rounds: usize,
    /// Runs in a round, in parallel; 4 by default.
    pub runs: usize,
    /// The rounds end when the standard error of every weight is below this; 0.005 by default.
    pub settled: f64,
    /// β, how much programs with few runs are preferred; 1 by default.
    pub exploration: f64,
    /// κ, how much programs with uncertain evidences are preferred; 0.1 by default.
    pub smoothing: f64,
}

impl Default for Allocation {
    fn default() -> Self {
        Allocation {
            rounds: 10,
            runs: 4,
            settled: 0.005,
            exploration: 1.0,
            smoothing: 0.1,
        }
    }
}

impl Allocation {
    pub(super) fn check(&self) -> Result<(), Error> {
        rule(
            "runs",
            self.runs > 0,
            "is 0: a round needs at least one run",
        )?;
        let not_negative = |x: f64| x >= 0.0 && x.is_finite();
        let problem = "must be finite and not negative";
        rule("settled", not_negative(self.settled), problem)?;
        rule("exploration", not_negative(self.exploration), problem)?;
        rule("smoothing", not_negative(self.smoothing), problem)
    }

    /// Gives further runs, `again(program, repetition)`, to the programs of greatest utility.
    pub(super) fn refine<D: Send>(
        &self,
        results: &mut [Result<Local<D>, ProgramError>],
        again: impl Fn(usize, u64) -> Result<Local<D>, ProgramError> + Sync,
    ) {
        for _ in 0..self.rounds {
            let known: Vec<usize> = (0..results.len()).filter(|k| results[*k].is_ok()).collect();
            let evidences: Vec<Estimate> = results.iter().flatten().map(Local::evidence).collect();
            let (weights, _) = weights(&evidences);
            if weights.iter().all(|w| w.sd <= self.settled) {
                return;
            }
            let arms: Vec<Arm> = results
                .iter()
                .flatten()
                .zip(&weights)
                .map(|(local, weight)| Arm::of(local, weight.mean, self.smoothing))
                .collect();
            let picked = self.pick(arms);
            let runs: Vec<Result<Local<D>, ProgramError>> = picked
                .par_iter()
                .with_max_len(1)
                .map(|(arm, repetition)| again(known[*arm], *repetition))
                .collect();
            for ((arm, _), run) in picked.into_iter().zip(runs) {
                if let Ok(local) = &mut results[known[arm]] {
                    local.absorb(run);
                }
            }
        }
    }

    /// The programs to run and which run of theirs it is. A program may be picked twice.
    fn pick(&self, mut arms: Vec<Arm>) -> Vec<(usize, u64)> {
        let most = arms.iter().map(|a| a.worth).fold(0.0, f64::max);
        let mut picked = Vec::with_capacity(self.runs);
        for _ in 0..self.runs {
            let all: u64 = arms.iter().map(|a| a.runs).sum();
            let utility = |a: &Arm| {
                let runs = a.runs as f64;
                (a.worth / most + self.exploration * (all as f64).ln() / runs.sqrt()) / runs
            };
            let best = (0..arms.len()).filter(|k| !arms[*k].exact).reduce(|a, b| {
                if utility(&arms[b]) > utility(&arms[a]) {
                    b
                } else {
                    a
                }
            });
            if let Some(k) = best {
                picked.push((k, arms[k].runs));
                arms[k].runs += 1;
            }
        }
        picked
    }
}

/// What the utility of a program depends on.
#[derive(Copy, Clone, Debug)]
struct Arm {
    /// τ, in units of the evidence of all programs.
    worth: f64,
    runs: u64,
    exact: bool,
}

impl Arm {
    fn of<D>(local: &Local<D>, weight: f64, smoothing: f64) -> Self {
        let runs = local.evidences.len() as f64;
        let squares = local.evidences.iter().map(|e| e.log_evidence.sd.powi(2));
        let draws: usize = local.chains.iter().map(|c| c.transitions.len()).sum();
        let of_one_draw = squares.sum::<f64>() / runs * draws as f64 / runs;
        Arm {
            worth: weight * (1.0 + (1.0 + smoothing) * of_one_draw).sqrt(),
            runs: local.runs,
            exact: local.chains.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worth_decides_until_runs_even_it_out() {
        let arm = |worth| Arm {
            worth,
            runs: 1,
            exact: false,
        };
        let exact = Arm {
            exact: true,
            ..arm(5.0)
        };
        let greedy = Allocation {
            runs: 6,
            exploration: 0.0,
            ..Allocation::default()
        };
        // Utilities 3/S and 1/S: the first has three runs before the other is as good as its fourth.
        let picked = greedy.pick(vec![arm(3.0), exact, arm(1.1)]);
        let first = picked.iter().filter(|p| p.0 == 0).count();
        assert_eq!((first, picked.len()), (5, 6));
        assert_eq!(picked[0], (0, 1));
        assert_eq!(picked[1], (0, 2));
        let curious = Allocation {
            exploration: 100.0,
            ..greedy
        };
        let picked = curious.pick(vec![arm(3.0), arm(1e-6)]);
        assert_eq!(picked.iter().filter(|p| p.0 == 0).count(), 3);
    }
}
