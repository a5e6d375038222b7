//! The log likelihood of each datum for each draw.

use super::draws::Draws;
use super::error::OutputError;
use super::table::Table;
use crate::error::Index;
use crate::support::Export;

/// The log likelihood of each datum for each draw, by site. Its [`loo`](Self::loo) and [`waic`](Self::waic) say how
/// well the model predicts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogLikelihood {
    sites: Vec<SiteLogLikelihood>,
    draws: usize,
}

/// The log likelihood of the data of one site.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteLogLikelihood {
    /// The name of the site.
    pub name: String,
    /// Where each datum is in the site: `[3]` for `y[3]`, nothing for a single number.
    pub index: Vec<Index>,
    /// By draw, then by datum.
    values: Vec<f64>,
}

impl LogLikelihood {
    /// One more draw: data by site and place. All draws have the same.
    pub fn push<'s>(&mut self, data: impl Iterator<Item = (&'s str, Index, f64)>) {
        let first = self.draws == 0;
        for (name, index, value) in data {
            let known = self.sites.iter().position(|s| s.name == name);
            let k = known.unwrap_or_else(|| {
                self.sites.push(SiteLogLikelihood {
                    name: name.to_string(),
                    index: Vec::new(),
                    values: Vec::new(),
                });
                self.sites.len() - 1
            });
            let site = &mut self.sites[k];
            site.values.push(value);
            if first {
                site.index.push(index);
            }
        }
        self.draws += 1;
    }
    /// The sites in order of appearance.
    pub fn sites(&self) -> &[SiteLogLikelihood] {
        &self.sites
    }
    /// A site by its name.
    pub fn site(&self, name: &str) -> Option<&SiteLogLikelihood> {
        self.sites.iter().find(|s| s.name == name)
    }
    /// The number of draws.
    pub fn draws(&self) -> usize {
        self.draws
    }
    /// The number of data, of all sites.
    pub fn data(&self) -> usize {
        self.sites.iter().map(|s| s.index.len()).sum()
    }
    /// The log likelihoods of one datum by draw, the data of all sites one after the other.
    pub(super) fn columns(&self) -> impl Iterator<Item = Vec<f64>> + '_ {
        self.sites.iter().flat_map(|s| {
            let column = |k: usize| s.values.iter().skip(k).step_by(s.len()).copied().collect();
            (0..s.len()).map(column)
        })
    }
}

impl SiteLogLikelihood {
    /// The number of data.
    pub fn len(&self) -> usize {
        self.index.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }
    /// The data of one draw; none if there are not so many draws.
    pub fn draw(&self, draw: usize) -> &[f64] {
        let n = self.len();
        self.values.get(draw * n..(draw + 1) * n).unwrap_or(&[])
    }
}

impl<D: Export> Draws<D> {
    /// Draws with the table of their numbers.
    ///
    /// # Errors
    /// Two columns of one name.
    pub fn of(draws: Vec<D>) -> Result<Self, OutputError> {
        let table = Table::of_draws(&draws)?;
        Draws::new(draws, table)
    }
}
