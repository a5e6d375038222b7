//! Which plates of a model can be subsampled.

use super::name;
use crate::model::watch::Watch;
use crate::model::{Model, Site};
use crate::real::Mode;

/// Notes the plates that can be subsampled.
pub(super) struct Batches {
    tables: Vec<&'static [Site]>,
    pub(super) found: Vec<String>,
    /// One of them that is inside of a sum.
    pub(super) summed: Option<String>,
}

impl Batches {
    pub(super) fn of<M: Model>() -> Self {
        Batches {
            tables: vec![M::SITES],
            found: Vec::new(),
            summed: None,
        }
    }
}

impl<M: Mode> Watch<M> for Batches {
    fn minibatch(&mut self, site: u32, summed: bool) {
        let table = self.tables.last().copied().unwrap_or(&[]);
        let line = table.get(site as usize).map_or(0, |s| s.line);
        let plate = format!("{} (line {line})", name(table, site));
        if summed {
            self.summed.get_or_insert_with(|| plate.clone());
        }
        if !self.found.contains(&plate) {
            self.found.push(plate);
        }
    }
    fn begin(&mut self, _: u32, sites: &'static [Site]) {
        self.tables.push(sites);
    }
    fn end(&mut self) {
        self.tables.pop();
    }
}
