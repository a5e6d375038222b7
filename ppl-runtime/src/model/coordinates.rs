//! Which coordinates of the cube belong to which site, and which of them go round a circle.

use super::digits::Digits;
use super::record::Off;
use super::run::Run;
use super::sources::Cube;
use super::watch::Watch;
use super::{Model, Site};
use crate::dist::distribution::Distribution;
use crate::dist::family::Family;
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::real::{Mode, Real, Value};
use crate::support::Latent;
use bumpalo::Bump;
use std::cell::Cell;
use std::ops::Range;

/// What a model does with its coordinates.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coordinates {
    /// The latents in order of execution: name, whether the values are continuous, and the coordinates.
    pub sites: Vec<(String, bool, Range<usize>)>,
    /// The coordinates that are angles.
    pub circular: Vec<usize>,
}

impl Coordinates {
    /// Those of a bound model.
    pub(crate) fn of<Md: Model>(model: &Md) -> Coordinates {
        let (arena, at) = (Bump::new(), Cell::new(0));
        let source = Noticing {
            at: &at,
            circular: Vec::new(),
        };
        let watch = Sites {
            at: &at,
            tables: vec![Md::SITES],
            open: None,
            found: Vec::new(),
        };
        let mut digits = Digits::default();
        let mut run: Run<'_, Value, _, _, _> = Run::new(source, Off, watch, &arena, &mut digits);
        run.model(model);
        let mut circular = run.source.circular;
        circular.sort_unstable();
        circular.dedup();
        Coordinates {
            sites: run.watch.found,
            circular,
        }
    }
}

/// The middle of the cube.
struct Noticing<'c> {
    at: &'c Cell<usize>,
    circular: Vec<usize>,
}

impl Source<Value> for Noticing<'_> {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = false;
    const SIMULATES: bool = false;
    type Mark = usize;
    fn mark(&self) -> usize {
        self.at.get()
    }
    fn rewind(&mut self, mark: usize) {
        self.at.set(mark);
    }
    fn jacobian(&self) -> Option<Real<Value>> {
        None
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        Source::<Value>::discrete(self, quantile)
    }
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<Value, P>) -> Real<Value> {
        if is_circular(d) {
            self.circular.push(self.at.get());
        }
        self.at.set(self.at.get() + 1);
        Cube::<false> { u: &[], at: 0 }.scalar(d)
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(Source::<Value>::uniform(self))
    }
    fn uniform(&mut self) -> f64 {
        self.at.set(self.at.get() + 1);
        0.5
    }
    fn angle(&mut self) -> f64 {
        self.circular.push(self.at.get());
        Source::<Value>::uniform(self)
    }
    fn coordinate(&mut self) -> Real<Value> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<Value>) {}
}

fn is_circular<const P: usize, D: Univariate<Value, P>>(_: &D) -> bool {
    D::Family::CIRCULAR
}

/// Notes where sites begin and end.
struct Sites<'c> {
    at: &'c Cell<usize>,
    tables: Vec<&'static [Site]>,
    open: Option<(u32, bool, usize)>,
    found: Vec<(String, bool, Range<usize>)>,
}

impl<M: Mode> Watch<M> for Sites<'_> {
    fn sample<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, _: &D) {
        self.open = Some((site, !T::DISCRETE, self.at.get()));
    }
    fn done(&mut self, site: u32) {
        let Some((open, continuous, start)) = self.open.take() else {
            return;
        };
        let table = self.tables.last().copied().unwrap_or(&[]);
        if let Some(site) = table.get(site as usize).filter(|_| open == site) {
            let range = start..self.at.get();
            self.found.push((site.name.to_string(), continuous, range));
        }
    }
    fn begin(&mut self, _: u32, sites: &'static [Site]) {
        self.tables.push(sites);
    }
    fn end(&mut self) {
        self.tables.pop();
    }
}
