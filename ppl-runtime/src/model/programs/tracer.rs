//! Who sees the `#[branch]` sites of an execution.

use super::Trail;
use crate::dist::distribution::Distribution;
use crate::model::Site;
use crate::model::interpreter::Loop;
use crate::model::watch::Watch;
use crate::real::Value;
use crate::support::Latent;

/// Notes `#[branch]` sites as they pass by.
pub(super) struct Tracer {
    pub(super) trail: Trail,
    elements: Vec<Option<usize>>,
    /// The models under way, the innermost last.
    models: Vec<Inside>,
}

/// A model under way.
struct Inside {
    sites: &'static [Site],
    /// What the names of its sites begin with, as in `left[2].`.
    prefix: String,
    /// The loops that are open around it.
    base: usize,
}

impl Tracer {
    pub(super) fn of(sites: &'static [Site]) -> Self {
        let model = Inside {
            sites,
            prefix: String::new(),
            base: 0,
        };
        Tracer {
            trail: Trail::default(),
            elements: Vec::new(),
            models: vec![model],
        }
    }

    /// The name of a site with the elements that it is in.
    fn name(&self, site: u32) -> String {
        let Some(model) = self.models.last() else {
            return String::new();
        };
        let name = model.sites.get(site as usize).map_or("?", |s| s.name);
        let index: String = self.elements[model.base.min(self.elements.len())..]
            .iter()
            .flatten()
            .map(|i| format!("[{i}]"))
            .collect();
        format!("{}{name}{index}", model.prefix)
    }
}

impl Watch<Value> for Tracer {
    fn branch<T: Latent, D: Distribution<Value, T>>(
        &mut self,
        site: u32,
        d: &D,
        x: &T::At<'_, Value>,
    ) {
        let name = self.name(site);
        let mut value = Vec::new();
        T::write::<Value>(x, &mut value);
        let several = value.len() > 1;
        for (j, v) in value.iter().enumerate() {
            let element = if several {
                format!("[{j}]")
            } else {
                String::new()
            };
            self.trail.names.push(format!("{name}{element}"));
            self.trail.values.push(*v);
            self.trail.boolean.push(T::BOOLEAN);
            self.trail.ln_priors.push(0.0);
        }
        let ln_prior = d.log_prob(x).value();
        if let Some(last) = self.trail.ln_priors.last_mut() {
            *last = ln_prior;
        }
        self.trail.ln_prior += ln_prior;
    }
    fn sample<T: Latent, D: Distribution<Value, T>>(&mut self, site: u32, _: &D) {
        if T::DISCRETE {
            let name = self.name(site);
            self.trail.discrete.push(name);
        }
    }
    fn enter(&mut self) {
        self.elements.push(None);
    }
    fn next(&mut self, open: Loop) {
        self.elements.truncate(open.0 + 1);
        if let Some(last) = self.elements.last_mut() {
            *last = Some(last.map_or(0, |i| i + 1));
        }
    }
    fn leave(&mut self, open: Loop) {
        self.elements.truncate(open.0);
    }
    fn begin(&mut self, site: u32, sites: &'static [Site]) {
        let prefix = format!("{}.", self.name(site));
        self.elements.push(None);
        self.models.push(Inside {
            sites,
            prefix,
            base: self.elements.len(),
        });
    }
    fn end(&mut self) {
        self.models.pop();
        self.elements.pop();
    }
}
