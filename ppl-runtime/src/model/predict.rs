//! What follows from draws: replicated data, and the log likelihood of each datum.

use super::condition::Condition;
use super::predictive::Predictive;
use super::{Evaluator, Layout, Model};
use crate::error::{Error, Index};
use crate::output::{Draws, LogLikelihood, OutputError};
use crate::random::{Purpose, keyed};
use rayon::prelude::*;

/// Prediction, from the prior or from any draws of the posterior, whichever engine they are from.
pub trait Predict: Condition + Sync
where
    Self::Latents: From<Self::Draw>,
    Self::Partial: From<Self::Latents>,
{
    /// Draws from the prior.
    ///
    /// # Errors
    /// Unusable data (naming argument, site and index), an improper prior, `n` of 0.
    fn prior(&self, n: usize, seed: u64) -> Result<Draws<Self::Draw>, Error> {
        let layout = Layout::of(self)?;
        layout.require_proper(Self::NAME)?;
        if n == 0 {
            return Err(Error::Setting {
                argument: "n",
                problem: "is 0: no draw was asked for".to_string(),
            });
        }
        let draws = (0..n as u64)
            .into_par_iter()
            .map_init(Evaluator::new, |evaluator, k| {
                evaluator.prior_draw(self, &mut keyed(seed, Purpose::Prior, k, 0))
            })
            .collect();
        Draws::of(draws).map_err(|e| failed::<Self>(&e))
    }

    /// Replicated data by site, one replicate a draw: what the model would observe with the draw's latents. Missing
    /// data are made up.
    ///
    /// # Errors
    /// Unusable data (naming argument, site and index).
    fn predict(&self, draws: &Draws<Self::Draw>, seed: u64) -> Result<Predictive, Error> {
        Layout::of(self)?;
        let replicates = draws
            .as_slice()
            .par_iter()
            .enumerate()
            .map_init(Evaluator::new, |evaluator, (k, draw)| {
                let rng = &mut keyed(seed, Purpose::Predictive, k as u64, 0);
                evaluator.replicate_at_line(&self.at(draw), &[], rng)
            })
            .collect();
        Ok(Predictive::gather(replicates))
    }

    /// The log likelihood of each datum for each draw, enumerated sites summed out. Missing and masked data are none,
    /// `factor`s neither; weights count. Data of one element of a plate whose enumerated sites are summed out, or of
    /// one chain, are one datum together.
    ///
    /// # Errors
    /// Unusable data, an enumerated site that all data depend on, data that are not the same for all draws.
    fn log_likelihood(&self, draws: &Draws<Self::Draw>) -> Result<LogLikelihood, Error> {
        Layout::of(self)?;
        let rows: Vec<_> = draws
            .as_slice()
            .par_iter()
            .map_init(Evaluator::new, |evaluator, draw| {
                evaluator.datapoints(&self.at(draw))
            })
            .collect::<Result<_, _>>()?;
        let mut all = LogLikelihood::default();
        let first = rows.first().map_or(&[][..], |r| r);
        for row in &rows {
            let same = row.len() == first.len();
            let pairs = || row.iter().zip(first);
            if !same || pairs().any(|(a, b)| (&a.site, &a.place) != (&b.site, &b.place)) {
                let differs = pairs().find(|(a, b)| (&a.site, &a.place) != (&b.site, &b.place));
                let site = differs.map_or_else(String::new, |(a, _)| a.site.clone());
                return Err(Error::Layout {
                    model: Self::NAME,
                    site,
                });
            }
            let data = row
                .iter()
                .map(|p| (p.site.as_str(), Index(p.place.clone()), p.log_likelihood));
            all.push(data);
        }
        Ok(all)
    }
}

impl<M: Condition + Sync> Predict for M
where
    M::Latents: From<M::Draw>,
    M::Partial: From<M::Latents>,
{
}

/// The model at a draw.
trait At: Condition {
    fn at(&self, draw: &Self::Draw) -> super::Conditioned<&Self>;
}
impl<M: Condition + Sync> At for M
where
    M::Latents: From<M::Draw>,
    M::Partial: From<M::Latents>,
{
    fn at(&self, draw: &M::Draw) -> super::Conditioned<&M> {
        let latents = M::Latents::from(draw.clone());
        self.fix(M::Partial::from(latents))
    }
}

fn failed<M: Model>(error: &OutputError) -> Error {
    Error::Engine {
        model: M::NAME,
        engine: "prediction",
        problem: error.to_string(),
    }
}
