//! What a fit gives.

use super::engine::Course;
use super::guide::{Block, Guide};
use super::state::FitState;
use super::target::{OnLine, place};
use crate::error::Error;
use crate::model::{Evaluator, Model, Predictive, SiteKind};
use crate::output::Draws;
use crate::random::{Purpose, keyed};
use crate::real::special::log_sum_exp;
use crate::support::Export;
use rand::RngExt;
use rayon::prelude::*;
use std::fmt;
use std::sync::Arc;

/// The fitted values of a guide's parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct GuideParameter {
    /// Its name, such as `mu_loc`.
    pub name: String,
    /// Its values, particle by particle; one row alone for a parameter outside the mixture.
    pub values: Vec<Vec<f64>>,
}

/// A fitted mixture, as far as its results need to know it. One call serves any number of draws.
trait Posterior<D>: Send + Sync {
    fn components(&self) -> usize;
    fn draws(&self, components: &[usize], seed: u64) -> Vec<D>;
    fn predictive(&self, components: &[usize], seed: u64) -> Predictive;
    fn log_density(&self, u: &[f64]) -> f64;
    fn log_densities(&self, components: &[usize], seed: u64) -> Vec<f64>;
    fn sites(&self) -> Vec<(&'static str, SiteKind)>;
}

/// A mixture of equally weighted guides over a model.
pub(in crate::infer) struct GuidePosterior<'m, M, G: Guide> {
    model: &'m M,
    guide: G,
    prepared: Vec<G::Prepared>,
    given: bool,
}

impl<'m, M, G: Guide> GuidePosterior<'m, M, G> {
    /// Makes of the parameters of each particle what is drawn from.
    pub(in crate::infer) fn new(
        target: &OnLine<'m, M>,
        guide: G,
        thetas: &[Vec<f64>],
    ) -> Result<Self, String>
    where
        M: Model + Sync,
    {
        let mut prepared = vec![guide.prepared(); thetas.len()];
        for (q, theta) in prepared.iter_mut().zip(thetas) {
            guide.finish(target, theta, q)?;
        }
        Ok(GuidePosterior {
            model: target.model,
            guide,
            prepared,
            given: target.given,
        })
    }
}

impl<M: Model + Sync, G: Guide> Posterior<M::Draw> for GuidePosterior<'_, M, G> {
    fn components(&self) -> usize {
        self.prepared.len()
    }
    fn draws(&self, components: &[usize], seed: u64) -> Vec<M::Draw> {
        let buffers = || {
            let u = vec![0.0; self.guide.latents()];
            (Evaluator::new(), self.guide.scratch(), u)
        };
        components
            .par_iter()
            .enumerate()
            .map_init(buffers, |(evaluator, scratch, u), (k, &component)| {
                let rng = &mut keyed(seed, Purpose::GuideDraw, k as u64, 1);
                self.guide
                    .sample(&self.prepared[component], scratch, rng, u);
                evaluator.draw_at_line(self.model, place(self.given, u), rng)
            })
            .collect()
    }
    fn predictive(&self, components: &[usize], seed: u64) -> Predictive {
        let (mut evaluator, mut scratch) = (Evaluator::new(), self.guide.scratch());
        let mut u = vec![0.0; self.guide.latents()];
        let replicates = components
            .iter()
            .enumerate()
            .map(|(k, &component)| {
                let rng = &mut keyed(seed, Purpose::GuideDraw, k as u64, 1);
                let q = &self.prepared[component];
                self.guide.sample(q, &mut scratch, rng, &mut u);
                let rng = &mut keyed(seed, Purpose::Predictive, k as u64, 0);
                evaluator.replicate_at_line(self.model, place(self.given, &u), rng)
            })
            .collect();
        Predictive::gather(replicates)
    }
    fn log_density(&self, u: &[f64]) -> f64 {
        if u.len() != self.guide.latents() {
            return f64::NAN;
        }
        let scratch = &mut self.guide.scratch();
        let terms: Vec<f64> = self
            .prepared
            .iter()
            .map(|q| self.guide.log_density(q, scratch, u))
            .collect();
        log_sum_exp(&terms) - (terms.len() as f64).ln()
    }
    fn log_densities(&self, components: &[usize], seed: u64) -> Vec<f64> {
        let (mut scratch, mut u) = (self.guide.scratch(), vec![0.0; self.guide.latents()]);
        let one = |(k, &component): (usize, &usize)| {
            let rng = &mut keyed(seed, Purpose::GuideDraw, k as u64, 1);
            let q = &self.prepared[component];
            self.guide.sample(q, &mut scratch, rng, &mut u);
            self.log_density(&u)
        };
        components.iter().enumerate().map(one).collect()
    }
    fn sites(&self) -> Vec<(&'static str, SiteKind)> {
        let valued = |kind| {
            !matches!(
                kind,
                SiteKind::Factor | SiteKind::Plate | SiteKind::Loop | SiteKind::Markov
            )
        };
        let sites = M::SITES.iter().filter(|s| valued(s.kind));
        sites.map(|s| (s.name, s.kind)).collect()
    }
}

/// What fits of one guide and of mixtures have in common.
#[derive(Clone)]
pub(in crate::infer) struct Fitted<'m, D> {
    pub model: &'static str,
    posterior: Arc<dyn Posterior<D> + 'm>,
    pub params: Vec<GuideParameter>,
    pub thetas: Vec<Vec<f64>>,
    pub losses: Vec<f64>,
    pub rejected: u64,
    pub state: FitState,
}

impl<'m, D: Export + Clone + Send + Sync> Fitted<'m, D> {
    /// `shared` tells the blocks outside the mixture.
    pub(in crate::infer) fn new<M: Model<Draw = D> + Sync, G: Guide + 'm>(
        posterior: GuidePosterior<'m, M, G>,
        shared: &dyn Fn(&Block) -> bool,
        thetas: Vec<Vec<f64>>,
        Course { losses, rejected }: Course,
        state: FitState,
    ) -> Self {
        let params = posterior
            .guide
            .blocks()
            .iter()
            .map(|block| {
                let rows = if shared(block) { 1 } else { thetas.len() };
                GuideParameter {
                    name: block.name.clone(),
                    values: thetas[..rows].iter().map(|t| block.values(t)).collect(),
                }
            })
            .collect();
        Fitted {
            model: M::NAME,
            posterior: Arc::new(posterior),
            params,
            thetas,
            losses,
            rejected,
            state,
        }
    }

    /// A component for each of `n` draws, all equally likely.
    pub(in crate::infer) fn assign(&self, n: usize, seed: u64) -> Result<Vec<usize>, Error> {
        at_least_one(n)?;
        let m = self.posterior.components();
        let pick = |k: u64| keyed(seed, Purpose::GuideDraw, k, 0).random_range(0..m);
        Ok((0..n as u64).map(pick).collect())
    }

    pub(in crate::infer) fn draws_of(
        &self,
        components: &[usize],
        seed: u64,
    ) -> Result<Draws<D>, Error> {
        let draws = self.posterior.draws(components, seed);
        Draws::of(draws).map_err(|e| Error::Engine {
            model: self.model,
            engine: "variational inference",
            problem: e.to_string(),
        })
    }

    pub(in crate::infer) fn predictive(&self, n: usize, seed: u64) -> Result<Predictive, Error> {
        Ok(self.posterior.predictive(&self.assign(n, seed)?, seed))
    }

    pub(in crate::infer) fn log_density(&self, u: &[f64]) -> f64 {
        self.posterior.log_density(u)
    }

    /// The log density of the mixture at each of the draws of [`draws_of`](Self::draws_of).
    pub(in crate::infer) fn log_densities(&self, components: &[usize], seed: u64) -> Vec<f64> {
        self.posterior.log_densities(components, seed)
    }

    /// The sites of the model that have values.
    pub(in crate::infer) fn sites(&self) -> Vec<(&'static str, SiteKind)> {
        self.posterior.sites()
    }
}

fn at_least_one(n: usize) -> Result<(), Error> {
    if n > 0 {
        return Ok(());
    }
    Err(Error::Setting {
        argument: "n",
        problem: "is 0: no draw was asked for".to_string(),
    })
}

/// A fitted guide, typed by the draws of its model.
#[derive(Clone)]
pub struct SviFit<'m, D>(pub(super) Fitted<'m, D>);

impl<D: Export + Clone + Send + Sync> SviFit<'_, D> {
    /// Draws from the guide, decoded by the model.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn draws(&self, n: usize, seed: u64) -> Result<Draws<D>, Error> {
        self.0.draws_of(&self.0.assign(n, seed)?, seed)
    }
    /// Replicated data, by site, with latents drawn from the guide.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn predictive(&self, n: usize, seed: u64) -> Result<Predictive, Error> {
        self.0.predictive(n, seed)
    }
    /// ln q at a point of R^n; NaN if it has not n coordinates.
    pub fn log_density(&self, u: &[f64]) -> f64 {
        self.0.log_density(u)
    }
}

impl<D> SviFit<'_, D> {
    /// The loss of each step of this run: the negative bound, an estimate.
    pub fn losses(&self) -> &[f64] {
        &self.0.losses
    }
    /// At how many draws of this run the density of the model was not finite: outside the support of a prior, or where a
    /// parameter computed from latents is invalid. Where the gradient is finite nevertheless, the run goes on.
    pub fn rejected(&self) -> u64 {
        self.0.rejected
    }
    /// The fitted parameters of the guide.
    pub fn params(&self) -> &[GuideParameter] {
        &self.0.params
    }
    /// What it takes to go on.
    pub fn state(&self) -> &FitState {
        &self.0.state
    }
}

impl<D: Export + Clone + Send + Sync> fmt::Display for SviFit<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.report(f, "variational inference")
    }
}

impl<D> fmt::Debug for SviFit<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SviFit")
            .field("model", &self.0.model)
            .field("params", &self.0.params)
            .field("state", &self.0.state)
            .finish_non_exhaustive()
    }
}
