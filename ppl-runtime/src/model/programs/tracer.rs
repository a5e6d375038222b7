//! Who sees the `#[branch]` sites of an execution.

use super::Trail;
use crate::dist::distribution::Distribution;
use crate::model::Site;
use crate::model::interpreter::Loop;
use crate::model::nesting::Nesting;
use crate::model::watch::Watch;
use crate::real::Value;
use crate::support::Latent;

/// Notes `#[branch]` sites as they pass by.
pub(super) struct Tracer {
    pub(super) trail: Trail,
    nesting: Nesting,
}

impl Tracer {
    pub(super) fn of(sites: &'static [Site]) -> Self {
        Tracer {
            trail: Trail::default(),
            nesting: Nesting::of(sites),
        }
    }

    /// The name of a site with the elements that it is in, as in `left[2].kind[0]`.
    fn name(&self, site: u32) -> String {
        let mut name = self.nesting.name(site);
        for i in self.nesting.path_in_model() {
            name.push_str(&format!("[{i}]"));
        }
        name
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
        self.nesting.enter();
    }
    fn next(&mut self, open: Loop) {
        self.nesting.next(open);
    }
    fn leave(&mut self, open: Loop) {
        self.nesting.leave(open);
    }
    fn begin(&mut self, site: u32, sites: &'static [Site]) {
        let prefix = format!("{}.", self.name(site));
        self.nesting.begin(prefix, sites);
    }
    fn end(&mut self) {
        self.nesting.end();
    }
}
