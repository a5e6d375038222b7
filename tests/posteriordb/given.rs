//! The log density of a model at given latents, without any bijection.

use ppl::models::{Evaluator, Given, Model};

/// Log prior and log likelihood at latents in order of appearance.
pub fn density_at<M: Model>(model: &M, latents: &[f64]) -> (f64, f64) {
    let density = Evaluator::new().log_density(model, Given(latents));
    (density.prior, density.likelihood)
}
