//! The search for straight-line programs.

use super::enumeration::enumerate;
use super::settings::rule;
use crate::error::Error;
use crate::model::{Evaluator, Model, Trail};
use crate::output::Estimate;
use crate::random::{Purpose, keyed};
use rayon::prelude::*;
use special::Beta;
use std::collections::BTreeMap;

/// How to search.
#[derive(Copy, Clone, Debug)]
pub(in crate::infer) struct Search {
    pub seed: u64,
    pub prior_draws: usize,
    pub enumeration: usize,
    pub max_programs: usize,
}

impl Search {
    pub fn check(&self) -> Result<(), Error> {
        rule(
            "max_programs",
            self.max_programs > 0,
            "is 0: at least one program is needed",
        )?;
        rule(
            "prior_draws",
            self.prior_draws > 0,
            "is 0: at least one draw from the prior is needed",
        )
    }
}

/// A program that was found.
#[derive(Clone, Debug)]
pub(in crate::infer) struct Found {
    pub trail: Trail,
    pub prior_mass: Estimate,
}

/// The prior mass of programs that were not explored. It says nothing about their posterior mass: a program that is rare
/// under the prior may be the only one that explains the data.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Unexplored {
    /// An estimate; its `sd` is 0 where it is a sum of known probabilities.
    pub prior_mass: Estimate,
    /// An upper bound that holds with probability 95 % (Clopper & Pearson 1934; 3/n where none of n draws from the prior
    /// fell outside); the mass itself where that is known.
    pub bound: f64,
    /// Whether the programs were enumerated to the end and none was left out.
    pub exhaustive: bool,
}

/// The programs of a model, by prior mass, and what is left.
pub(in crate::infer) struct Discovery {
    pub found: Vec<Found>,
    pub unexplored: Unexplored,
}

/// Which generators serve what, under [`Purpose::ProgramSearch`].
const DRAWS: u64 = 0;
pub(super) const ENUMERATION: u64 = 1;
const HELD_OUT: u64 = 2;
/// Those of program k's executions begin here.
const FORCED: u64 = 1 << 32;

/// Executions that tell whether the branches' probabilities depend on latents.
const PROBES: u64 = 4;
/// Executions that estimate a program's prior mass if they do.
const EXECUTIONS: u64 = 400;

/// A program as a key: by the bits of its values.
fn key(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

fn prior_draws<M: Model + Sync>(model: &M, search: &Search, batch: u64) -> Vec<Trail> {
    (0..search.prior_draws)
        .into_par_iter()
        .with_min_len(16)
        .map_init(Evaluator::new, |evaluator, i| {
            let rng = &mut keyed(search.seed, Purpose::ProgramSearch, batch, i as u64);
            evaluator.prior_program(model, rng)
        })
        .collect()
}

/// Finds the programs: those of draws from the prior, and those that enumeration gives.
pub(in crate::infer) fn discover<M: Model + Sync>(
    model: &M,
    search: &Search,
) -> Result<Discovery, Error> {
    let mut known: BTreeMap<Vec<u64>, Trail> = BTreeMap::new();
    let (leaves, mut exhaustive) = enumerate(model, search);
    for trail in prior_draws(model, search, DRAWS).into_iter().chain(leaves) {
        match known.get(&key(&trail.values)) {
            None => {
                known.insert(key(&trail.values), trail);
            }
            Some(first) => {
                if let Some(site) = first.difference::<M>(&trail) {
                    return Err(Error::Layout {
                        model: M::NAME,
                        site,
                    });
                }
            }
        }
    }
    let trails: Vec<Trail> = known.into_values().collect();
    let masses: Vec<Estimate> = (0..trails.len())
        .into_par_iter()
        .map_init(Evaluator::new, |evaluator, k| {
            prior_mass(model, &trails[k].values, search.seed, k as u64, evaluator)
        })
        .collect();
    let mut found: Vec<Found> = trails
        .into_iter()
        .zip(masses)
        .map(|(trail, prior_mass)| Found { trail, prior_mass })
        .collect();
    found.sort_by(|a, b| b.prior_mass.mean.total_cmp(&a.prior_mass.mean));
    exhaustive &= found.len() <= search.max_programs;
    found.truncate(search.max_programs);
    let unexplored = unexplored(model, search, &found, exhaustive);
    Ok(Discovery { found, unexplored })
}

/// The prior mass of a program: the mean, over draws of the other latents from the prior, of the probability of its branch
/// values given those. Exact if that does not vary.
fn prior_mass<M: Model>(
    model: &M,
    values: &[f64],
    seed: u64,
    k: u64,
    evaluator: &mut Evaluator,
) -> Estimate {
    let mut one = |i: u64| {
        let rng = &mut keyed(seed, Purpose::ProgramSearch, FORCED + k, i);
        evaluator.program_with(model, values, rng).ln_prior.exp()
    };
    let mut masses: Vec<f64> = (0..PROBES).map(&mut one).collect();
    if masses.iter().all(|m| m.to_bits() == masses[0].to_bits()) {
        return Estimate {
            mean: masses[0],
            sd: 0.0,
        };
    }
    masses.extend((PROBES..EXECUTIONS).map(one));
    let n = masses.len() as f64;
    let mean = masses.iter().sum::<f64>() / n;
    let squares: f64 = masses.iter().map(|m| (m - mean) * (m - mean)).sum();
    Estimate {
        mean,
        sd: (squares / (n - 1.0) / n).sqrt(),
    }
}

fn unexplored<M: Model + Sync>(
    model: &M,
    search: &Search,
    found: &[Found],
    exhaustive: bool,
) -> Unexplored {
    if found.iter().all(|f| f.prior_mass.sd == 0.0) {
        let explored: f64 = found.iter().map(|f| f.prior_mass.mean).sum();
        let mean = (1.0 - explored).max(0.0);
        return Unexplored {
            prior_mass: Estimate { mean, sd: 0.0 },
            bound: mean,
            exhaustive,
        };
    }
    // Draws that did not choose the programs: those that did would make the mass too small.
    let kept: std::collections::BTreeSet<Vec<u64>> =
        found.iter().map(|f| key(&f.trail.values)).collect();
    let outside = prior_draws(model, search, HELD_OUT)
        .iter()
        .filter(|t| !kept.contains(&key(&t.values)))
        .count();
    let (x, n) = (outside as f64, search.prior_draws as f64);
    let mean = x / n;
    Unexplored {
        prior_mass: Estimate {
            mean,
            sd: (mean * (1.0 - mean) / n).sqrt(),
        },
        bound: upper_bound(x, n),
        exhaustive,
    }
}

/// The probability under which `x` successes or fewer in `n` trials have probability 5 %.
fn upper_bound(x: f64, n: f64) -> f64 {
    if x >= n {
        return 1.0;
    }
    let (a, b) = (x + 1.0, n - x);
    0.95_f64.inv_inc_beta(a, b, a.ln_beta(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_of_three() {
        let bound = upper_bound(0.0, 1000.0);
        assert!(
            (bound - (1.0 - 0.05_f64.powf(1e-3))).abs() < 1e-9,
            "{bound}"
        );
        // scipy.stats.beta.ppf(0.95, 6, 95).
        let bound = upper_bound(5.0, 100.0);
        assert!((bound - 0.102_253).abs() < 1e-4, "{bound}");
    }
}
