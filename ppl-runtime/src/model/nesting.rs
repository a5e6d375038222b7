//! Where an execution is: in which models, and at which element of which loops.

use super::Site;
use super::interpreter::Loop;

/// The models under way and the loops that are open.
pub(super) struct Nesting {
    /// The innermost last.
    models: Vec<Inside>,
    /// The element that each open loop is at; nothing for a submodel.
    elements: Vec<Option<usize>>,
}

/// A model under way.
struct Inside {
    sites: &'static [Site],
    /// What the names of its sites begin with.
    prefix: String,
    /// The loops that are open around it.
    base: usize,
}

impl Nesting {
    /// In a model with these sites, and no loop.
    pub(super) fn of(sites: &'static [Site]) -> Self {
        Nesting {
            models: vec![Inside {
                sites,
                prefix: String::new(),
                base: 0,
            }],
            elements: Vec::new(),
        }
    }
    /// The sites of the innermost model.
    pub(super) fn table(&self) -> &'static [Site] {
        self.models.last().map_or(&[], |m| m.sites)
    }
    /// The name of a site, after the prefix of its model.
    pub(super) fn name(&self, site: u32) -> String {
        let name = self.table().get(site as usize).map_or("?", |s| s.name);
        format!("{}{name}", self.models.last().map_or("", |m| &m.prefix))
    }
    /// The elements that all open loops are at.
    pub(super) fn path(&self) -> impl Iterator<Item = usize> {
        self.elements.iter().copied().flatten()
    }
    /// Those of the loops inside the innermost model.
    pub(super) fn path_in_model(&self) -> impl Iterator<Item = usize> {
        let base = self.models.last().map_or(0, |m| m.base);
        self.elements.iter().skip(base).copied().flatten()
    }

    /// Begins a loop.
    pub(super) fn enter(&mut self) {
        self.elements.push(None);
    }
    /// Begins an element.
    pub(super) fn next(&mut self, open: Loop) {
        // A loop that is not listened to has no number.
        self.elements.truncate(open.0.saturating_add(1));
        if let Some(last) = self.elements.last_mut().filter(|_| open.0 != usize::MAX) {
            *last = Some(last.map_or(0, |i| i + 1));
        }
    }
    /// Ends a loop.
    pub(super) fn leave(&mut self, open: Loop) {
        self.elements.truncate(open.0);
    }
    /// Begins a submodel.
    pub(super) fn begin(&mut self, prefix: String, sites: &'static [Site]) {
        self.elements.push(None);
        self.models.push(Inside {
            sites,
            prefix,
            base: self.elements.len(),
        });
    }
    /// Ends it.
    pub(super) fn end(&mut self) {
        self.models.pop();
        self.elements.pop();
    }
}
