//! What a guide does when it is run: its parameters, and the numbers of its latents.

use crate::model::Site;
use crate::model::record::Recorder;
use crate::model::run::Watch;
use crate::real::{Mode, Real};
use crate::support::{Latent, Support};

/// A parameter of a guide by name.
#[derive(Clone, Debug, PartialEq)]
pub struct GuideParam {
    /// Its name.
    pub name: String,
    /// How many numbers it has.
    pub len: usize,
    /// Where they lie.
    pub support: Support,
}

/// What a guide does, found by running it once: its parameters with a start of theirs on the line, and its latents by
/// site in order of execution.
#[derive(Clone, Debug, Default)]
pub struct GuideTrace {
    /// Parameters in order of execution.
    pub params: Vec<GuideParam>,
    /// Where they start, on the line.
    pub start: Vec<f64>,
    /// The site of each number of the latents.
    pub latents: Vec<u32>,
}

/// The numbers of a model's latents by the name of their site, in order of execution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The site of each number.
    pub names: Vec<&'static str>,
}

/// Collects the numbers of latents with their derivatives.
pub(super) struct Collect<M: Mode> {
    pub(super) numbers: Vec<Real<M>>,
    pub(super) sites: Vec<u32>,
}

impl<M: Mode> Collect<M> {
    pub(super) fn new() -> Self {
        Collect {
            numbers: Vec::new(),
            sites: Vec::new(),
        }
    }
}

impl<M: Mode> Recorder<M> for Collect<M> {
    const ON: bool = true;
    const SCORE: bool = false;
    fn value<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>) {
        T::reals::<M>(x, &mut self.numbers);
        self.sites.resize(self.numbers.len(), site);
    }
    // What is computed, summed out or given is no latent.
    fn derived<T: Latent>(&mut self, _: u32, _: &T::At<'_, M>) {}
    fn imputed<T: Latent>(&mut self, site: u32, _: &T::At<'_, M>, missing: &[Real<M>]) {
        self.numbers.extend(missing);
        self.sites.resize(self.numbers.len(), site);
    }
    fn enter(&mut self, _: u32) -> usize {
        0
    }
    fn next(&mut self, _: usize) {}
    fn leave(&mut self, _: usize) {}
}

/// Notes the parameters.
#[derive(Default)]
pub(super) struct ParamNotes {
    pub(super) params: Vec<GuideParam>,
    pub(super) sites: &'static [Site],
}
impl<M: Mode> Watch<M> for ParamNotes {
    fn param(&mut self, site: u32, len: usize, support: Support) {
        let name = self
            .sites
            .get(site as usize)
            .map_or("?", |s| s.name)
            .to_string();
        let same = self
            .params
            .iter()
            .filter(|p| p.name == name || p.name.starts_with(&format!("{name}[")))
            .count();
        let name = if same > 0 {
            format!("{name}[{same}]")
        } else {
            name
        };
        self.params.push(GuideParam { name, len, support });
    }
}
