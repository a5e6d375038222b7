//! Guides: families of approximations q(u; θ) over the unconstrained latents of a model.

mod auto;
mod bind;
mod block;
mod compiled;
mod delta;
mod full_rank;
mod laplace;
mod low_rank;
mod normal;
mod start;
mod triangular;

#[cfg(test)]
mod tests;

pub use auto::{
    AutoDelta, AutoDiagonalNormal, AutoLaplaceApproximation, AutoLowRankMultivariateNormal,
    AutoMultivariateNormal, AutoNormal, GuideFor,
};
pub use block::{Block, Role};
pub use compiled::{CompiledGuide, Parameters as CompiledParameters, Scratch as CompiledScratch};
pub use delta::PointGuide;
pub use full_rank::FullRankGuide;
pub use laplace::LaplaceGuide;
pub use low_rank::LowRankGuide;
pub use normal::NormalGuide;
pub use start::Init;

use super::target::LogDensity;
use crate::random::Rng;

/// A family of approximations q(u; θ): how to draw from it by reparameterisation, and its density with gradients.
///
/// θ is a flat vector in R^p and u a point of R^n, the unconstrained latents of the model. What depends on θ alone
/// (scales, factors, normalisers) is worked out once a step in [`prepare`](Self::prepare); drawing and scoring
/// then allocate nothing. An automatic guide implements this over plain numbers; so can a compiled one.
pub trait Guide: Send + Sync {
    /// What depends on the parameters alone.
    type Prepared: Clone + Send + Sync;
    /// Buffers of one particle, and what the last draw leaves for its pullback.
    type Scratch: Send;
    /// Whether q is a point: then it has no density, and mixtures of such guides leave theirs out.
    const POINT: bool = false;
    /// Whether density and score together cost hardly more than one of them. A mixture then works out the scores of
    /// all components, also of those that turn out not to matter at a draw.
    const SCORES_WITH_DENSITY: bool = false;

    /// The number n of latents.
    fn latents(&self) -> usize;

    /// The parameters by name, in order and without gaps.
    fn blocks(&self) -> Vec<Block>;

    /// The number p of parameters.
    fn parameters(&self) -> usize {
        self.blocks().last().map_or(0, |b| b.range.end)
    }

    /// Parameters to start from; particles start apart because each has a generator of its own.
    ///
    /// # Errors
    /// A sentence, where no start has a finite density.
    fn start<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        theta: &mut [f64],
    ) -> Result<(), String>;

    /// Room for what depends on the parameters alone.
    fn prepared(&self) -> Self::Prepared;

    /// Fresh buffers.
    fn scratch(&self) -> Self::Scratch;

    /// Works out what depends on the parameters alone.
    fn prepare(&self, theta: &[f64], q: &mut Self::Prepared);

    /// Draws u = g(ε; θ); what [`pullback`](Self::pullback) needs stays in the scratch until the next draw.
    fn sample(
        &self,
        q: &Self::Prepared,
        scratch: &mut Self::Scratch,
        rng: &mut Rng,
        latents: &mut [f64],
    );

    /// Adds weight·(∂g/∂θ)ᵀ·`cotangent`, at the last draw, to `gradient`, or puts that off until
    /// [`finish_pullback`](Self::finish_pullback).
    fn pullback(
        &self,
        q: &Self::Prepared,
        scratch: &mut Self::Scratch,
        weight: f64,
        cotangent: &[f64],
        gradient: &mut [f64],
    );

    /// Adds to `gradient` what pullbacks with these parameters have put off; nothing by default. After it all of them are
    /// done.
    fn finish_pullback(
        &self,
        q: &Self::Prepared,
        scratch: &mut Self::Scratch,
        gradient: &mut [f64],
    ) {
        let _ = (q, scratch, gradient);
    }

    /// ln q(u; θ).
    fn log_density(&self, q: &Self::Prepared, scratch: &mut Self::Scratch, latents: &[f64]) -> f64;

    /// ln q(u; θ), and writes ∂ln q(u; θ)/∂u.
    fn log_density_and_score(
        &self,
        q: &Self::Prepared,
        scratch: &mut Self::Scratch,
        latents: &[f64],
        score: &mut [f64],
    ) -> f64 {
        score.fill(0.0);
        self.add_latent_score(q, scratch, latents, 1.0, score);
        self.log_density(q, scratch, latents)
    }

    /// As [`log_density_and_score`](Self::log_density_and_score) for each component of a mixture; the scores go one after
    /// another.
    fn log_densities_and_scores(
        &self,
        mixture: &[Self::Prepared],
        scratch: &mut Self::Scratch,
        latents: &[f64],
        log_densities: &mut [f64],
        scores: &mut [f64],
    ) {
        let scores = scores.chunks_exact_mut(latents.len().max(1));
        for ((log_density, q), score) in log_densities.iter_mut().zip(mixture).zip(scores) {
            *log_density = self.log_density_and_score(q, scratch, latents, score);
        }
    }

    /// Adds weight·∂ln q(u; θ)/∂u to `gradient`.
    fn add_latent_score(
        &self,
        q: &Self::Prepared,
        scratch: &mut Self::Scratch,
        latents: &[f64],
        weight: f64,
        gradient: &mut [f64],
    );

    /// Adds weight·∂ln q(u; θ)/∂θ, at fixed u, to `gradient`.
    fn add_parameter_score(
        &self,
        q: &Self::Prepared,
        scratch: &mut Self::Scratch,
        latents: &[f64],
        weight: f64,
        gradient: &mut [f64],
    );

    /// The entropy −E ln q, where it has a closed form.
    fn entropy(&self, q: &Self::Prepared) -> Option<f64> {
        let _ = q;
        None
    }

    /// Adds weight·∂entropy/∂θ to `gradient`; nothing where there is no closed form.
    fn add_entropy_gradient(&self, q: &Self::Prepared, weight: f64, gradient: &mut [f64]) {
        let _ = (q, weight, gradient);
    }

    /// Turns the fitted parameters into the approximation that is drawn from; most guides are that already.
    ///
    /// # Errors
    /// A sentence, where there is none.
    fn finish<T: LogDensity>(
        &self,
        target: &T,
        theta: &[f64],
        q: &mut Self::Prepared,
    ) -> Result<(), String> {
        let _ = target;
        self.prepare(theta, q);
        Ok(())
    }
}

/// ½ ln 2π.
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;
