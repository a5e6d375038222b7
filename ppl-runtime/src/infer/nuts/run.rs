//! All chains of a run, and what a chain is made of.

use super::climb::Places;
use super::fixed::Fixed;
use super::inverse_metric::InverseMetric;
use super::leapfrog::State;
use super::record::{Chain, Transition};
use super::settings::{Adaptation, Trajectory};
use super::tree::Tree;
use super::{LogDensity, NutsError, Settings, chain};
use crate::random::Rng;
use rayon::prelude::*;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Runs all chains, in parallel. `observe` is told now and then how far they are; nothing that is computed depends on
/// it.
///
/// # Errors
/// Settings out of range, no usable initial point, no usable step size. Of several chains that fail the first counts.
pub fn run<L: LogDensity>(
    density: &L,
    settings: &Settings,
    observe: &(dyn Fn(&Status) + Sync),
) -> Result<Vec<Chain>, NutsError> {
    let dim = density.dim();
    settings.check(dim)?;
    let tally = Tally::new(settings, observe);
    let starts = starts(density, settings)?;
    let best = starts.iter().flatten().map(Places::height);
    let best = best.fold(f64::NEG_INFINITY, f64::max);
    let chains: Vec<Result<Chain, NutsError>> = starts
        .into_par_iter()
        .enumerate()
        .with_max_len(1)
        .map(|(i, places)| {
            let start = Start { places, best };
            match settings.trajectory {
                Trajectory::NoUTurn { max_depth } => {
                    let path = Tree::new(dim, max_depth);
                    chain::run(density, settings, i, start, path, &tally)
                }
                fixed => {
                    let path = Fixed::new(dim, fixed);
                    chain::run(density, settings, i, start, path, &tally)
                }
            }
        })
        .collect();
    chains.into_iter().collect()
}

/// Where a chain may begin if it climbs, and the best height of all chains.
pub(super) struct Start {
    pub places: Option<Places>,
    pub best: f64,
}

/// Where each chain may begin, if chains climb.
fn starts<L: LogDensity>(
    density: &L,
    settings: &Settings,
) -> Result<Vec<Option<Places>>, NutsError> {
    let climbs = settings.warmup > 0
        && settings.adaptation == Adaptation::Fisher
        && settings.initial.is_none();
    let starts: Vec<Result<Option<Places>, NutsError>> = (0..settings.chains)
        .into_par_iter()
        .with_max_len(1)
        .map(|i| {
            climbs
                .then(|| Places::find(density, settings, i))
                .transpose()
        })
        .collect();
    starts.into_iter().collect()
}

/// What moves a chain.
pub(super) struct Kernel {
    pub metric: InverseMetric,
    pub step_size: f64,
    /// How often a trajectory may double at most, if the settings allow more.
    pub most_doublings: u32,
}

/// A trajectory. It asks for each gradient, so that only the caller's loop is compiled for each model.
pub(super) trait Path {
    /// Where the chain is.
    fn state(&self) -> &State;
    /// Where the chain is, to set it.
    fn state_mut(&mut self) -> &mut State;
    /// Starts a trajectory with a fresh momentum.
    fn begin(&mut self, kernel: &Kernel, rng: &mut Rng);
    /// Where the gradient is needed next, and where it goes; nothing at the end of the trajectory.
    fn next(&mut self, kernel: &Kernel) -> Option<(&[f64], &mut [f64])>;
    /// Takes the log density, the gradient being in place.
    fn give(&mut self, log_density: f64, kernel: &Kernel, rng: &mut Rng);
    /// Moves the chain to the point drawn from the trajectory; from where and by how much the energy rose if it
    /// diverged.
    fn end(&mut self, kernel: &Kernel) -> (Transition, Option<(Vec<f64>, f64)>);
}

/// How far a run is, over all chains.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Transitions done.
    pub done: u64,
    /// Transitions in all.
    pub total: u64,
    /// Whether the chain that reports is still warming up.
    pub warming_up: bool,
    /// Leapfrog steps done.
    pub leapfrogs: u64,
    /// Kept transitions that diverged.
    pub divergences: u64,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phase = if self.warming_up { "warm-up" } else { "draws" };
        write!(
            f,
            "{phase}: {}/{} transitions, {} gradients, {} divergences",
            self.done, self.total, self.leapfrogs, self.divergences
        )
    }
}

/// Counts over all chains.
pub(super) struct Tally<'a> {
    observe: &'a (dyn Fn(&Status) + Sync),
    total: u64,
    done: AtomicU64,
    leapfrogs: AtomicU64,
    divergences: AtomicU64,
}

/// Transitions of a chain between two reports.
const EVERY: usize = 50;

impl<'a> Tally<'a> {
    fn new(settings: &Settings, observe: &'a (dyn Fn(&Status) + Sync)) -> Self {
        Tally {
            observe,
            total: (settings.chains * (settings.warmup + settings.draws)) as u64,
            done: AtomicU64::new(0),
            leapfrogs: AtomicU64::new(0),
            divergences: AtomicU64::new(0),
        }
    }
    /// After transition `t` of a chain.
    pub(super) fn step(&self, t: usize, warming_up: bool, transition: Transition) {
        let leapfrogs = u64::from(transition.leapfrogs);
        let divergences = u64::from(transition.diverged && !warming_up);
        let status = Status {
            done: self.done.fetch_add(1, Relaxed) + 1,
            total: self.total,
            warming_up,
            leapfrogs: self.leapfrogs.fetch_add(leapfrogs, Relaxed) + leapfrogs,
            divergences: self.divergences.fetch_add(divergences, Relaxed) + divergences,
        };
        if (t + 1).is_multiple_of(EVERY) {
            (self.observe)(&status);
        }
    }
}
