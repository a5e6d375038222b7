//! The posterior predictive of a mixture of guides.

use super::fit::SteinFit;
use crate::error::Error;
use crate::model::{PredictedSite, SiteKind};
use crate::output::{Draws, Table};
use crate::support::Export;

/// The posterior predictive distribution under a mixture of guides: each draw comes from a component chosen at random,
/// which is recorded, and data are replicated there.
///
/// By default it returns what the guide does not give: observed, enumerated and computed sites; others by
/// [`sites`](Self::sites).
///
/// ```ignore
/// let sample = MixtureGuidePredictive::new(&fit).draws(500).sites(["fairness", "flips"]).run(seed)?;
/// let from_first = sample.components().iter().filter(|c| **c == 0).count();
/// let replicated = sample.site("flips"); // a row a draw
/// ```
#[derive(Clone, Debug)]
pub struct MixtureGuidePredictive<'f, 'm, D> {
    fit: &'f SteinFit<'m, D>,
    draws: usize,
    sites: Option<Vec<String>>,
}

impl<'f, 'm, D: Export + Clone + Send + Sync> MixtureGuidePredictive<'f, 'm, D> {
    /// Of a fit, with 1,000 draws.
    pub fn new(fit: &'f SteinFit<'m, D>) -> Self {
        MixtureGuidePredictive {
            fit,
            draws: 1000,
            sites: None,
        }
    }
    /// Number of draws.
    pub fn draws(mut self, draws: usize) -> Self {
        self.draws = draws;
        self
    }
    /// The sites to return, latent or observed.
    pub fn sites<S: Into<String>>(mut self, sites: impl IntoIterator<Item = S>) -> Self {
        self.sites = Some(sites.into_iter().map(Into::into).collect());
        self
    }

    /// Draws components, latents and data. The latents are those of [`SteinFit::draws`], the data those of
    /// [`SteinFit::predictive`] of the same number and seed.
    ///
    /// # Errors
    /// If no draws are asked for, or a site that the model does not have.
    pub fn run(&self, seed: u64) -> Result<MixtureSample<D>, Error> {
        let fitted = &self.fit.0;
        let known = fitted.sites();
        let wanted: Vec<&str> = match &self.sites {
            None => known
                .iter()
                .filter(|(_, kind)| *kind != SiteKind::Sample)
                .map(|(name, _)| *name)
                .collect(),
            Some(names) => names.iter().map(String::as_str).collect(),
        };
        if let Some(name) = wanted.iter().find(|n| !known.iter().any(|(k, _)| k == *n)) {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            return Err(Error::Setting {
                argument: "sites",
                problem: format!(
                    "has `{name}`, which the model does not; its sites are `{}`",
                    names.join("`, `")
                ),
            });
        }
        let components = fitted.assign(self.draws, seed)?;
        let draws = fitted.draws_of(&components, seed)?;
        let log_density = fitted.log_densities(&components, seed);
        let data = fitted.predictive(self.draws, seed)?;
        let mut sites = Vec::new();
        for (name, kind) in known {
            if !wanted.contains(&name) {
                continue;
            }
            let site = match kind {
                SiteKind::Observe => data.sites.iter().find(|s| s.name == name).cloned(),
                _ => rows_of(draws.table(), name).map(|rows| PredictedSite {
                    name: name.to_string(),
                    rows,
                    shape: None,
                }),
            };
            sites.extend(site);
        }
        Ok(MixtureSample {
            draws,
            components,
            log_density,
            sites,
        })
    }
}

/// The columns of a site, a row a draw.
fn rows_of(table: &Table, site: &str) -> Option<Vec<Vec<f64>>> {
    let is_of = |name: &str| {
        name.strip_prefix(site)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
    };
    let places: Vec<usize> = (0..table.names().len())
        .filter(|i| is_of(&table.names()[*i]))
        .collect();
    if places.is_empty() {
        return None;
    }
    let row = |i| places.iter().map(|j| table.row(i)[*j]).collect();
    Some((0..table.rows()).map(row).collect())
}

/// Draws from a mixture of guides, and where they come from.
#[derive(Clone, Debug)]
pub struct MixtureSample<D> {
    draws: Draws<D>,
    components: Vec<usize>,
    log_density: Vec<f64>,
    sites: Vec<PredictedSite>,
}

impl<D> MixtureSample<D> {
    /// The draws, typed by the model.
    pub fn draws(&self) -> &Draws<D> {
        &self.draws
    }
    /// The component of the mixture that each draw comes from.
    pub fn components(&self) -> &[usize] {
        &self.components
    }
    /// The log density of the mixture at each draw, in the coordinates of the guide: R^n for automatic guides, the
    /// latents themselves for written ones.
    pub fn log_density(&self) -> &[f64] {
        &self.log_density
    }
    /// The sites that were asked for, in the order of the model.
    pub fn sites(&self) -> &[PredictedSite] {
        &self.sites
    }
    /// The numbers of a site that was asked for, a row a draw.
    pub fn site(&self, name: &str) -> Option<&[Vec<f64>]> {
        let site = self.sites.iter().find(|s| s.name == name)?;
        Some(&site.rows)
    }
}
