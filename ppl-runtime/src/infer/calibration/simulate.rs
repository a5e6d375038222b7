//! Truths and data from a model.

use crate::model::{Evaluator, Model, Replicate};
use crate::random::Rng;
use rand::SeedableRng;

/// Simulated data by site.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    values: Replicate,
}

impl Simulated {
    /// The numbers of an observed site, in order; nothing if there is no such site. A site of a plate or loop has the
    /// numbers of all its elements.
    pub fn numbers(&self, site: &str) -> Vec<f64> {
        let of_site = self.values.iter().filter(|s| s.name == site);
        of_site.flat_map(|s| s.numbers.iter().copied()).collect()
    }
}

/// A draw from the prior of a model, and data simulated from it. Of the data that the model is bound to only the shape
/// matters.
pub fn prior_and_data<M: Model>(model: &M, rng: &mut Rng) -> (M::Draw, Simulated) {
    let mut evaluator = Evaluator::new();
    // The same generator twice, so that the data belong to the draw.
    let mut latents = Rng::from_rng(rng);
    let mut again = latents.clone();
    let truth = evaluator.prior_draw(model, &mut latents);
    let simulated = Simulated {
        values: evaluator.replicate_prior(model, &mut again, rng),
    };
    (truth, simulated)
}
