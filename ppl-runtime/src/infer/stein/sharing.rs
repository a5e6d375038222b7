//! What of a step is worth the work of several threads.

use super::settings::Settings;
use crate::infer::svi::LogDensity;
use crate::infer::svi::guide::Guide;
use rayon::prelude::*;

/// Nanoseconds of arithmetic, as counted, above which it is worth sharing out: waking another thread costs some five
/// thousand.
const WORTH_SHARING: f64 = 20_000.0;
/// Of the density of a component at a draw, by coordinate and at all; and of a pair of particles by coordinate.
const PER_COMPONENT: [f64; 2] = [2.0, 20.0];
const PER_PAIR: f64 = 1.0;

/// What threads share of a step.
#[derive(Copy, Clone, Debug)]
pub(super) struct Shared {
    pub objectives: bool,
    pub forces: bool,
}

impl Shared {
    /// What is worth it: from counts alone, so that it is the same on every machine.
    pub(super) fn worth<T: LogDensity, G: Guide>(
        (target, guide): (&T, &G),
        settings: &Settings,
        dim: usize,
    ) -> Self {
        let m = settings.particles as f64;
        let (draws, component) = if G::POINT {
            (1.0, 0.0)
        } else {
            let n = guide.latents() as f64;
            (
                settings.draws as f64,
                PER_COMPONENT[0] * n + PER_COMPONENT[1],
            )
        };
        let objectives = m * draws * (target.cost() + m * component);
        let forces = m * m * dim as f64 * PER_PAIR;
        Shared {
            objectives: settings.particles > 1 && objectives > WORTH_SHARING,
            forces: settings.particles > 1 && forces > WORTH_SHARING,
        }
    }
}

/// Does something with every item, on all threads or on this one.
pub(super) fn each<I: Send>(
    parallel: bool,
    items: &mut [I],
    f: impl Fn(usize, &mut I) + Sync + Send,
) {
    if parallel {
        items.par_iter_mut().enumerate().for_each(|(i, x)| f(i, x));
    } else {
        items.iter_mut().enumerate().for_each(|(i, x)| f(i, x));
    }
}
