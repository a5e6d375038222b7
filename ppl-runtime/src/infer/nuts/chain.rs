//! One chain: start, warm-up, draws.

use super::initial;
use super::inverse_metric::InverseMetric;
use super::record::{Chain, Divergence, Transition};
use super::run::{Kernel, Path, Start, Tally};
use super::step_size::Search;
use super::warmup::Warmup;
use super::{LogDensity, NutsError, Settings};
use crate::random::{Purpose, keyed};
use rand::RngExt;

/// Runs a chain from start to end.
pub(super) fn run<L: LogDensity, P: Path>(
    density: &L,
    settings: &Settings,
    chain: usize,
    start: Start,
    mut path: P,
    tally: &Tally<'_>,
) -> Result<Chain, NutsError> {
    let dim = density.dim();
    let worker = &mut density.worker();
    let mut record = Chain::new(dim, settings.warmup, settings.draws);
    let mut kernel = Kernel {
        metric: InverseMetric::unit(dim),
        step_size: settings.step_size,
        most_doublings: u32::MAX,
    };
    let way;
    (way, record.gradients) = match start.places {
        Some(places) => places.choose(density, worker, settings, start.best, path.state_mut()),
        None => {
            let state = path.state_mut();
            let evaluations = initial::find(density, worker, settings, chain, 0, state)?;
            (Vec::new(), evaluations)
        }
    };

    if settings.warmup > 0 {
        let mut search = Search::new(dim);
        let mut restart = |path: &P, kernel: &mut Kernel, t: usize, worker: &mut L::Worker| {
            let rng = &mut keyed(settings.seed, Purpose::StepSize, chain as u64, t as u64);
            search.run(density, worker, path.state(), kernel, chain, rng)
        };
        let mut warmup = Warmup::new(settings, path.state(), &way, &mut kernel);
        record.gradients += restart(&path, &mut kernel, 0, worker)?;
        warmup.restart(kernel.step_size);
        for t in 0..settings.warmup {
            let (transition, _) = step(
                density,
                worker,
                settings,
                (chain, t),
                &mut path,
                &kernel,
                &mut record,
            );
            record.warmup.push(transition);
            if warmup.learn(t, transition, path.state(), &mut kernel) {
                record.gradients += restart(&path, &mut kernel, t + 1, worker)?;
                warmup.restart(kernel.step_size);
            }
            tally.step(t, true, transition);
        }
        warmup.finish(&mut kernel);
    }

    record.step_size = kernel.step_size;
    for draw in 0..settings.draws {
        let t = settings.warmup + draw;
        kernel.step_size = record.step_size / jitter(settings, chain, t);
        let (transition, divergence) = step(
            density,
            worker,
            settings,
            (chain, t),
            &mut path,
            &kernel,
            &mut record,
        );
        record.positions.extend_from_slice(&path.state().q);
        record.transitions.push(transition);
        if let Some((position, energy_error)) = divergence {
            record.divergences.push(Divergence {
                draw,
                position,
                energy_error,
            });
        }
        tally.step(t, false, transition);
    }
    Ok(record)
}

/// By what the step size of a kept transition is divided. It does not depend on where the chain is, so that every
/// transition leaves the posterior as it is.
fn jitter(settings: &Settings, chain: usize, t: usize) -> f64 {
    if settings.step_size_jitter == 1.0 {
        return 1.0;
    }
    let rng = &mut keyed(settings.seed, Purpose::StepJitter, chain as u64, t as u64);
    settings.step_size_jitter.powf(rng.random())
}

/// One transition, with a generator of its own.
fn step<L: LogDensity, P: Path>(
    density: &L,
    worker: &mut L::Worker,
    settings: &Settings,
    (chain, t): (usize, usize),
    path: &mut P,
    kernel: &Kernel,
    record: &mut Chain,
) -> (Transition, Option<(Vec<f64>, f64)>) {
    let rng = &mut keyed(settings.seed, Purpose::Transition, chain as u64, t as u64);
    path.begin(kernel, rng);
    while let Some((q, g)) = path.next(kernel) {
        let log_density = density.value_and_gradient(worker, q, g);
        record.gradients += 1;
        record.rejected += u64::from(!log_density.is_finite());
        path.give(log_density, kernel, rng);
    }
    path.end(kernel)
}
