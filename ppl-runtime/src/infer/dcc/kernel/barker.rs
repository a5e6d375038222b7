//! The Barker proposal.

use super::LocalKernel;
use crate::error::Error;
use crate::infer::dcc::ProgramError;
use crate::infer::dcc::settings::rule;
use crate::infer::nuts::{Chain, LogDensity, Settings};
use crate::random::{Purpose, Rng, keyed};
use rand::RngExt;
use rand_distr::StandardNormal;
use rayon::prelude::*;

/// Metropolis–Hastings with the Barker proposal (Livingstone & Zanella 2022, "The Barker proposal: combining robustness and
/// efficiency in gradient-based MCMC", algorithm 1): a symmetric step in each coordinate, turned round with a probability
/// that the gradient gives. One gradient a draw, and forgiving of a step that is too long.
///
/// The warm-up learns the step by Robbins & Monro's recursion and the scale of each coordinate from its draws. Of the run's
/// settings it uses seed, chains, warm-up and draws.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Barker {
    /// The mean acceptance that the warm-up steers to; 0.57 by default.
    pub target_acceptance: f64,
}

impl Default for Barker {
    fn default() -> Self {
        Barker {
            target_acceptance: 0.57,
        }
    }
}

/// Points tried as a start.
const STARTS: usize = 100;

impl LocalKernel for Barker {
    const NAME: &'static str = "Barker";
    fn check(&self) -> Result<(), Error> {
        let usable = self.target_acceptance > 0.0 && self.target_acceptance < 1.0;
        rule("target_acceptance", usable, "must lie between 0 and 1")
    }
    fn chains<L: LogDensity>(
        &self,
        density: &L,
        settings: &Settings,
    ) -> Result<Vec<Chain>, ProgramError> {
        (0..settings.chains)
            .into_par_iter()
            .with_max_len(1)
            .map(|chain| self.chain(density, settings, chain as u64))
            .collect()
    }
}

/// Where a chain is.
#[derive(Clone, Debug)]
struct Place {
    u: Vec<f64>,
    gradient: Vec<f64>,
    log_density: f64,
}

impl Place {
    fn usable(&self) -> bool {
        self.log_density.is_finite() && self.gradient.iter().all(|g| g.is_finite())
    }
}

impl Barker {
    fn chain<L: LogDensity>(
        &self,
        density: &L,
        settings: &Settings,
        chain: u64,
    ) -> Result<Chain, ProgramError> {
        let dim = density.dim();
        let mut worker = density.worker();
        let mut evaluate = |u: Vec<f64>| {
            let mut gradient = vec![0.0; dim];
            let log_density = density.value_and_gradient(&mut worker, &u, &mut gradient);
            Place {
                u,
                gradient,
                log_density,
            }
        };
        let rng = &mut keyed(settings.seed, Purpose::ChainStart, chain, 0);
        let given = settings
            .initial
            .as_ref()
            .and_then(|i| i.get(chain as usize));
        let mut gradients = 0;
        let mut start = |_| {
            gradients += 1;
            let random = || (0..dim).map(|_| rng.random_range(-2.0..2.0)).collect();
            evaluate(given.map_or_else(random, Vec::clone))
        };
        let found = (0..STARTS).map(&mut start).find(Place::usable);
        let mut here = found.ok_or(ProgramError::Chains(
            "no point of finite density and gradient to start from",
        ))?;
        let mut learnt = Learnt::new(dim);
        let mut record = (Vec::with_capacity(dim * settings.draws), Vec::new(), 0.0);
        for t in 0..settings.warmup + settings.draws {
            let rng = &mut keyed(settings.seed, Purpose::Transition, chain, t as u64);
            let next = evaluate(learnt.propose(&here, rng));
            gradients += 1;
            let acceptance = if next.usable() {
                ln_ratio(&here, &next).exp().min(1.0)
            } else {
                0.0
            };
            if rng.random::<f64>() < acceptance {
                here = next;
            }
            if t < settings.warmup {
                learnt.learn(
                    t,
                    settings.warmup,
                    &here.u,
                    acceptance - self.target_acceptance,
                );
            } else {
                record.0.extend_from_slice(&here.u);
                record.1.push(here.log_density);
                record.2 += acceptance / settings.draws as f64;
            }
        }
        Ok(Chain::of_points(
            dim, record.0, &record.1, record.2, gradients,
        ))
    }
}

/// ln of the ratio of densities times that of proposals.
fn ln_ratio(here: &Place, next: &Place) -> f64 {
    let softplus = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
    let mut ln = next.log_density - here.log_density;
    for i in 0..here.u.len() {
        let step = next.u[i] - here.u[i];
        ln += softplus(-step * here.gradient[i]) - softplus(step * next.gradient[i]);
    }
    ln
}

/// What the warm-up learns.
#[derive(Clone, Debug)]
struct Learnt {
    ln_step: f64,
    scales: Vec<f64>,
    /// Mean and sum of squares of each coordinate, and how many draws are in them.
    mean: Vec<f64>,
    squares: Vec<f64>,
    count: f64,
}

impl Learnt {
    fn new(dim: usize) -> Self {
        Learnt {
            ln_step: (2.4 / (dim as f64).powf(1.0 / 6.0)).ln(),
            scales: vec![1.0; dim],
            mean: vec![0.0; dim],
            squares: vec![0.0; dim],
            count: 0.0,
        }
    }

    fn propose(&self, here: &Place, rng: &mut Rng) -> Vec<f64> {
        let step = self.ln_step.exp();
        (0..here.u.len())
            .map(|i| {
                let z = step * self.scales[i] * rng.sample::<f64, _>(StandardNormal);
                let forward = 1.0 / (1.0 + (-z * here.gradient[i]).exp());
                here.u[i] + if rng.random::<f64>() < forward { z } else { -z }
            })
            .collect()
    }

    /// After transition `t` of the warm-up: scales from the second half of each doubling, so that the start is forgotten.
    fn learn(&mut self, t: usize, warmup: usize, u: &[f64], excess: f64) {
        self.ln_step += excess / ((t + 1) as f64).powf(0.6);
        self.count += 1.0;
        for ((x, mean), squares) in u.iter().zip(&mut self.mean).zip(&mut self.squares) {
            let d = x - *mean;
            *mean += d / self.count;
            *squares += d * (x - *mean);
        }
        let doubled = t >= 64 && (t + 1).is_power_of_two() && 2 * (t + 1) <= warmup;
        if doubled || t + 1 == warmup / 2 {
            for (scale, squares) in self.scales.iter_mut().zip(&self.squares) {
                let sd = (squares / self.count).sqrt();
                if sd > 0.0 && sd.is_finite() {
                    *scale = sd;
                }
            }
            self.mean.fill(0.0);
            self.squares.fill(0.0);
            self.count = 0.0;
        }
    }
}
