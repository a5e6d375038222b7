//! Bounds on the evidence, and their gradients.

use super::guide::Guide;
use super::mixture::{Seat, component_gradient};
use super::target::LogDensity;
use crate::random::Rng;
use crate::real::special::log_sum_exp;

/// A bound on the evidence, estimated by draws u = g(ε; θ) from the guide; w = p(u)/q(u; θ).
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub enum Elbo {
    /// E\[ln w\], with the gradient of the whole estimate.
    #[default]
    Trace,
    /// E\[ln w\], with θ held constant in the density of the guide: a gradient of the same expectation that has no
    /// variance where the guide is exact (Roeder, Wu & Duvenaud 2017). It is what a Stein mixture of one has.
    Path,
    /// E\[ln p\] and the guide's entropy in closed form.
    MeanField,
    /// Rényi's bound 1/(1 − α)·ln E\[w^(1−α)\] (Li & Turner 2016, eq. 4), from the draws together. α = 0 is the
    /// importance-weighted bound; at α = 1, where the formula is undefined, it is E\[ln w\].
    Renyi {
        /// The order α.
        alpha: f64,
    },
}

/// So close to 1 that 1/(1 − α) would lose all digits.
const NEAR_ONE: f64 = 1e-6;

impl Elbo {
    /// Rényi's bound in the limit α → 1 is the evidence lower bound.
    pub(super) fn limit(self) -> Self {
        match self {
            Elbo::Renyi { alpha } if (1.0 - alpha).abs() < NEAR_ONE => Elbo::Trace,
            other => other,
        }
    }

    /// How many draws must be kept apart.
    pub(super) fn kept(self, draws: usize) -> usize {
        match self.limit() {
            Elbo::Renyi { .. } => draws,
            _ => 0,
        }
    }
}

/// Gradients and log weights of single draws, for bounds that weight them.
pub(super) struct Kept {
    gradients: Vec<f64>,
    log_weights: Vec<f64>,
}

impl Kept {
    pub(super) fn new(draws: usize, parameters: usize) -> Self {
        Kept {
            gradients: vec![0.0; draws * parameters],
            log_weights: vec![0.0; draws],
        }
    }
}

/// Estimates the bound and its gradient, into the seat.
pub(super) fn estimate<T: LogDensity, G: Guide>(
    (target, guide): (&T, &G),
    q: &G::Prepared,
    elbo: Elbo,
    draws: usize,
    rng: &mut Rng,
    seat: &mut Seat<T::Worker, G::Scratch>,
    kept: &mut Kept,
) {
    let elbo = elbo.limit();
    if G::POINT || elbo == Elbo::Path {
        let mixture = std::slice::from_ref(q);
        return component_gradient(target, guide, mixture, 0, (draws, 1.0), rng, seat);
    }
    seat.gradient.fill(0.0);
    seat.value = 0.0;
    let weight = 1.0 / draws as f64;
    let parameters = seat.gradient.len();
    for k in 0..draws {
        guide.sample(q, &mut seat.scratch, rng, &mut seat.u);
        let log_p =
            target.log_density_and_gradient(&mut seat.worker, &seat.u, &mut seat.by_latents);
        seat.rejected += u64::from(!log_p.is_finite());
        let s = &mut seat.scratch;
        match elbo {
            Elbo::MeanField => {
                seat.value += weight * log_p;
                guide.pullback(q, s, weight, &seat.by_latents, &mut seat.gradient);
            }
            Elbo::Renyi { .. } => {
                let gradient = &mut kept.gradients[k * parameters..(k + 1) * parameters];
                gradient.fill(0.0);
                kept.log_weights[k] = log_p - guide.log_density(q, s, &seat.u);
                guide.add_latent_score(q, s, &seat.u, -1.0, &mut seat.by_latents);
                guide.pullback(q, s, 1.0, &seat.by_latents, gradient);
                guide.finish_pullback(q, s, gradient);
                guide.add_parameter_score(q, s, &seat.u, -1.0, gradient);
            }
            Elbo::Trace | Elbo::Path => {
                seat.value += weight * (log_p - guide.log_density(q, s, &seat.u));
                guide.add_latent_score(q, s, &seat.u, -1.0, &mut seat.by_latents);
                guide.pullback(q, s, weight, &seat.by_latents, &mut seat.gradient);
                guide.add_parameter_score(q, s, &seat.u, -weight, &mut seat.gradient);
            }
        }
    }
    guide.finish_pullback(q, &mut seat.scratch, &mut seat.gradient);
    match elbo {
        Elbo::MeanField => {
            seat.value += guide.entropy(q).unwrap_or(f64::NAN);
            guide.add_entropy_gradient(q, 1.0, &mut seat.gradient);
        }
        Elbo::Renyi { alpha } => {
            let order = 1.0 - alpha;
            kept.log_weights.iter_mut().for_each(|w| *w *= order);
            let total = log_sum_exp(&kept.log_weights);
            seat.value = (total - (draws as f64).ln()) / order;
            for (log_weight, gradient) in kept
                .log_weights
                .iter()
                .zip(kept.gradients.chunks_exact(parameters))
            {
                let weight = (log_weight - total).exp();
                for (g, d) in seat.gradient.iter_mut().zip(gradient) {
                    *g += weight * d;
                }
            }
        }
        Elbo::Trace | Elbo::Path => {}
    }
}
