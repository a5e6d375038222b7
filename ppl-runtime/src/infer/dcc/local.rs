//! Inference within one program.

use super::discovery::Found;
use super::evidence::{EvidenceEstimator, LocalEvidence};
use super::program::StraightLine;
use super::weights::weights;
use super::{LocalKernel, ProgramError, Settings};
use crate::infer::nuts::{self, Chain};
use crate::model::{Evaluator, Model, Point};
use crate::output::Estimate;
use crate::random::{Purpose, keyed};
use rand::Rng as _;
use rayon::prelude::*;

/// What inference within a program gives.
pub(super) struct Local<D> {
    /// One a run.
    pub evidences: Vec<LocalEvidence>,
    /// Runs, those that failed after the first included.
    pub runs: u64,
    /// None where there is nothing continuous.
    pub chains: Vec<Chain>,
    /// By chain.
    pub draws: Vec<Vec<D>>,
}

impl<D> Local<D> {
    /// The mean of the estimates of all runs. Where they scatter by more than their errors explain, the scatter is the
    /// error.
    pub fn evidence(&self) -> Estimate {
        if let [one] = &self.evidences[..] {
            return one.log_evidence;
        }
        let all: Vec<Estimate> = self.evidences.iter().map(|e| e.log_evidence).collect();
        let n = all.len() as f64;
        let (shares, sum) = weights(&all);
        let mean = 1.0 / n;
        let squares: f64 = shares.iter().map(|s| (s.mean - mean).powi(2)).sum();
        let scatter = (squares * n / (n - 1.0)).sqrt();
        Estimate {
            mean: sum.mean - n.ln(),
            sd: if scatter > 3.0 * sum.sd {
                scatter
            } else {
                sum.sd
            },
        }
    }
    /// Evaluations of the estimators.
    pub fn evaluations(&self) -> u64 {
        self.evidences.iter().map(|e| e.evaluations).sum()
    }
    /// Takes in a further run, or that it failed.
    pub fn absorb(&mut self, run: Result<Local<D>, ProgramError>) {
        self.runs += 1;
        if let Ok(run) = run {
            self.evidences.extend(run.evidences);
            self.chains.extend(run.chains);
            self.draws.extend(run.draws);
        }
    }
}

/// A seed of the program's own, from its values: it does not depend on which other programs there are.
pub(in crate::infer) fn seed_of(values: &[f64], seed: u64) -> u64 {
    let first = keyed(seed, Purpose::ProgramSeed, values.len() as u64, 0).next_u64();
    values.iter().enumerate().fold(first, |h, (i, v)| {
        keyed(h, Purpose::ProgramSeed, v.to_bits(), i as u64 + 1).next_u64()
    })
}

/// Runs the chains of a program and estimates its evidence, for the first time or once more.
pub(super) fn infer<M: Model + Sync, E: EvidenceEstimator, K: LocalKernel>(
    model: &M,
    found: &Found,
    settings: &Settings,
    (kernel, estimator): (&K, &E),
    repetition: u64,
) -> Result<Local<M::Draw>, ProgramError> {
    let trail = &found.trail;
    if let Some(site) = trail.discrete.first() {
        let site = site.clone();
        return Err(ProgramError::Discrete { site });
    }
    let mut seed = seed_of(&trail.values, settings.seed);
    if repetition > 0 {
        seed = keyed(seed, Purpose::ProgramSeed, u64::MAX, repetition).next_u64();
    }
    if trail.dim == 0 {
        return exact(model, &trail.values, seed, settings);
    }
    let program = StraightLine {
        model,
        values: &trail.values,
        dim: trail.dim,
        cube_dim: trail.cube_dim,
    };
    let mcmc = nuts::Settings {
        seed,
        ..settings.mcmc.clone()
    };
    let chains = kernel.chains(&program, &mcmc)?;
    let evidence = estimator.estimate(&program, &chains, seed)?;
    let draws = chains
        .par_iter()
        .enumerate()
        .map_init(Evaluator::new, |evaluator, (c, chain)| {
            let recovery = |draw: usize| keyed(seed, Purpose::Recover, c as u64, draw as u64);
            chain
                .positions()
                .enumerate()
                .map(|(draw, u)| evaluator.draw_at_line(model, program.at(u), &mut recovery(draw)))
                .collect()
        })
        .collect();
    Ok(Local {
        evidences: vec![evidence],
        runs: 1,
        chains,
        draws,
    })
}

/// A program without continuous latents.
fn exact<M: Model>(
    model: &M,
    values: &[f64],
    seed: u64,
    settings: &Settings,
) -> Result<Local<M::Draw>, ProgramError> {
    let n = if M::SUMS {
        settings.mcmc.chains * settings.mcmc.draws
    } else {
        1
    };
    let (log_evidence, draws) = exact_program(model, values, seed, n)?;
    Ok(Local {
        evidences: vec![LocalEvidence {
            log_evidence,
            evaluations: 1,
        }],
        runs: 1,
        chains: Vec::new(),
        draws: vec![draws],
    })
}

/// A program without continuous latents: its density is its evidence. All draws are equal but for enumerated sites, which
/// are drawn given the rest.
pub(in crate::infer) fn exact_program<M: Model>(
    model: &M,
    values: &[f64],
    seed: u64,
    draws: usize,
) -> Result<(Estimate, Vec<M::Draw>), ProgramError> {
    let at = Point {
        u: &[],
        program: values,
    };
    let mut evaluator = Evaluator::new();
    let mean = evaluator.log_density(model, at).total();
    if !mean.is_finite() {
        return Err(ProgramError::NotFinite { value: mean });
    }
    let draws = (0..draws as u64)
        .map(|i| evaluator.draw_at_line(model, at, &mut keyed(seed, Purpose::Recover, 0, i)))
        .collect();
    Ok((Estimate { mean, sd: 0.0 }, draws))
}
