//! The gradient of one component of a mixture of guides.

use super::guide::Guide;
use super::target::LogDensity;
use crate::random::Rng;
use crate::real::kernels;

/// One particle's buffers.
pub(in crate::infer) struct Seat<W, S> {
    pub worker: W,
    pub scratch: S,
    /// A draw, and the gradient there.
    pub u: Vec<f64>,
    pub by_latents: Vec<f64>,
    /// ln q_j of each component at the draw, then its responsibility; filled up to whole SIMD lanes.
    pub log_q: Vec<f64>,
    /// ∂ln q_j of each component at the draw, where they come with the densities.
    pub scores: Vec<f64>,
    /// The gradient by the particle's parameters.
    pub gradient: Vec<f64>,
    /// The objective, an estimate.
    pub value: f64,
    /// Draws so far at which the density of the model was not finite.
    pub rejected: u64,
}

impl<W, S> Seat<W, S> {
    pub(in crate::infer) fn new<T, G>(target: &T, guide: &G, components: usize) -> Self
    where
        T: LogDensity<Worker = W>,
        G: Guide<Scratch = S>,
    {
        Seat {
            worker: target.worker(),
            scratch: guide.scratch(),
            u: vec![0.0; guide.latents()],
            by_latents: vec![0.0; guide.latents()],
            log_q: vec![0.0; components.next_multiple_of(8)],
            scores: if G::SCORES_WITH_DENSITY {
                vec![0.0; components * guide.latents()]
            } else {
                Vec::new()
            },
            gradient: vec![0.0; guide.parameters()],
            value: 0.0,
            rejected: 0,
        }
    }
}

/// Estimates L_i = E_{u~q_i}\[temperature·ln p(u) − ln (1/m) Σ_j q_j(u)\] and its gradient by θ_i from a few draws.
///
/// Every θ inside (1/m) Σ_j q_j, that of the component itself too, is held constant: the gradient goes through the
/// draw alone. The term that this leaves out has expectation zero for the mixture, and less variance without it
/// (Roeder, Wu & Duvenaud 2017).
pub(in crate::infer) fn component_gradient<T: LogDensity, G: Guide>(
    target: &T,
    guide: &G,
    mixture: &[G::Prepared],
    component: usize,
    (draws, temperature): (usize, f64),
    rng: &mut Rng,
    seat: &mut Seat<T::Worker, G::Scratch>,
) {
    seat.gradient.fill(0.0);
    seat.value = 0.0;
    // A point gives the same draw again and again.
    let draws = if G::POINT { 1 } else { draws };
    let weight = 1.0 / draws as f64;
    let q = &mixture[component];
    for _ in 0..draws {
        guide.sample(q, &mut seat.scratch, rng, &mut seat.u);
        let log_p =
            target.log_density_and_gradient(&mut seat.worker, &seat.u, &mut seat.by_latents);
        seat.rejected += u64::from(!log_p.is_finite());
        let mut value = temperature * log_p;
        if temperature != 1.0 {
            seat.by_latents.iter_mut().for_each(|g| *g *= temperature);
        }
        if !G::POINT {
            value -= log_mixture(guide, mixture, seat);
            if G::SCORES_WITH_DENSITY {
                let scores = seat.scores.chunks_exact(seat.u.len().max(1));
                for (responsibility, score) in seat.log_q.iter().zip(scores) {
                    if *responsibility != 0.0 {
                        for (g, s) in seat.by_latents.iter_mut().zip(score) {
                            *g -= responsibility * s;
                        }
                    }
                }
            } else {
                for (j, other) in mixture.iter().enumerate() {
                    let responsibility = seat.log_q[j];
                    if responsibility == 0.0 {
                        continue;
                    }
                    guide.add_latent_score(
                        other,
                        &mut seat.scratch,
                        &seat.u,
                        -responsibility,
                        &mut seat.by_latents,
                    );
                }
            }
        }
        seat.value += weight * value;
        guide.pullback(
            q,
            &mut seat.scratch,
            weight,
            &seat.by_latents,
            &mut seat.gradient,
        );
    }
    guide.finish_pullback(q, &mut seat.scratch, &mut seat.gradient);
}

/// ln (1/m) Σ_j q_j at the seat's draw; leaves the responsibilities of the components.
fn log_mixture<W, G: Guide>(
    guide: &G,
    mixture: &[G::Prepared],
    seat: &mut Seat<W, G::Scratch>,
) -> f64 {
    let (log_q, padding) = seat.log_q.split_at_mut(mixture.len());
    if G::SCORES_WITH_DENSITY {
        let (scratch, scores) = (&mut seat.scratch, &mut seat.scores);
        guide.log_densities_and_scores(mixture, scratch, &seat.u, log_q, scores);
    } else {
        for (log_q, q) in log_q.iter_mut().zip(mixture) {
            *log_q = guide.log_density(q, &mut seat.scratch, &seat.u);
        }
    }
    if let [only] = log_q {
        return std::mem::replace(only, 1.0);
    }
    padding.fill(f64::NEG_INFINITY);
    let top = seat.log_q.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    seat.log_q.iter_mut().for_each(|q| *q -= top);
    kernels::exp(&mut seat.log_q);
    let total: f64 = seat.log_q.iter().sum();
    let inverse = 1.0 / total;
    seat.log_q.iter_mut().for_each(|q| *q *= inverse);
    top + total.ln() - (mixture.len() as f64).ln()
}
