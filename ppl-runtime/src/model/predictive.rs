//! Replicated data: what the model would have observed.

use super::Model;
use super::run::Watch;
use super::sources::Simulate;
use crate::dist::datum::Datum;
use crate::random::Rng;
use crate::real::Value;
use bumpalo::Bump;

/// Replicated data of one site: a row a draw.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictedSite {
    /// The name of the site.
    pub name: &'static str,
    /// The numbers of each draw, in order of execution; `true` is 1.
    pub rows: Vec<Vec<f64>>,
}

/// Replicated data by site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictive {
    /// The observed sites in order of appearance.
    pub sites: Vec<PredictedSite>,
}

impl Predictive {
    /// The rows of a site.
    pub fn site(&self, name: &str) -> Option<&[Vec<f64>]> {
        self.sites
            .iter()
            .find(|s| s.name == name)
            .map(|s| &s.rows[..])
    }
    /// Gathers single executions.
    pub(crate) fn gather<M: Model>(draws: Vec<Vec<(u32, Vec<f64>)>>) -> Predictive {
        let mut all = Predictive::default();
        for (row, draw) in draws.into_iter().enumerate() {
            for (site, numbers) in draw {
                let Some(site) = M::SITES.get(site as usize) else {
                    continue;
                };
                let known = all.sites.iter().position(|s| s.name == site.name);
                let k = known.unwrap_or_else(|| {
                    all.sites.push(PredictedSite {
                        name: site.name,
                        rows: Vec::new(),
                    });
                    all.sites.len() - 1
                });
                let rows = &mut all.sites[k].rows;
                rows.resize_with(rows.len().max(row + 1), Vec::new);
                rows[row].extend(numbers);
            }
        }
        all
    }
}

/// Simulates observations as they pass by.
pub struct Simulator<'r> {
    /// The generator of observations.
    pub rng: &'r mut Rng,
    /// What was simulated, by site.
    pub sites: Vec<(u32, Vec<f64>)>,
}

impl Watch<Value> for Simulator<'_> {
    fn observe<T: Datum<Value, D> + ?Sized, D>(
        &mut self,
        site: u32,
        data: &T,
        d: &D,
        arena: &Bump,
    ) {
        let mut numbers = Vec::new();
        data.simulate(d, &mut Simulate { rng: self.rng }, arena, &mut numbers);
        match self.sites.iter_mut().find(|s| s.0 == site) {
            Some(s) => s.1.extend(numbers),
            None => self.sites.push((site, numbers)),
        }
    }
}
