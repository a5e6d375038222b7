//! What a guide does, and what its model has, found by running them once.

use super::Guide;
use super::source::{GuideSource, Values};
use crate::model::programs::Branches;
use crate::model::record::{Off, Recorder};
use crate::model::run::Run;
use crate::model::sources::Line;
use crate::model::watch::{Blind, Watch};
use crate::model::{Evaluator, Model, Site, SiteKind};
use crate::random::{Purpose, Rng, keyed};
use crate::real::{Mode, Real, Value, fault};
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
    /// Its `#[branch]` sites, in order of execution.
    pub branches: Vec<u32>,
}

/// The numbers of a model's latents by the name of their site, in order of execution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The site of each number.
    pub names: Vec<&'static str>,
    /// The `#[branch]` sites, in order of execution.
    pub branches: Vec<&'static str>,
}

/// Where the numbers of a guide's latents are in the point of its model.
pub type Order = [usize];

/// Collects the numbers of latents with their derivatives, and the `#[branch]` sites.
pub(super) struct Collect<M: Mode> {
    pub(super) numbers: Vec<Real<M>>,
    /// The site of each, where that is wanted.
    sites: Option<Vec<u32>>,
    table: &'static [Site],
    branches: Vec<u32>,
}

impl<M: Mode> Collect<M> {
    /// Numbers alone, into this memory.
    pub(super) fn into(mut numbers: Vec<Real<M>>, table: &'static [Site]) -> Self {
        numbers.clear();
        Collect {
            numbers,
            sites: None,
            table,
            branches: Vec::new(),
        }
    }
    fn with_sites(table: &'static [Site]) -> Self {
        Collect {
            sites: Some(Vec::new()),
            ..Self::into(Vec::new(), table)
        }
    }
}

impl<M: Mode> Recorder<M> for Collect<M> {
    const ON: bool = true;
    const SCORE: bool = false;
    fn value<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>) {
        let kind = self.table.get(site as usize).map(|s| s.kind);
        if kind == Some(SiteKind::Branch) {
            self.branches.push(site);
            return;
        }
        T::reals::<M>(x, &mut self.numbers);
        if let Some(sites) = &mut self.sites {
            sites.resize(self.numbers.len(), site);
        }
    }
    // What is computed, summed out or given is no latent.
    fn derived<T: Latent>(&mut self, _: u32, _: &T::At<'_, M>) {}
    fn imputed<T: Latent>(&mut self, site: u32, _: &T::At<'_, M>, missing: &[Real<M>]) {
        self.numbers.extend(missing);
        if let Some(sites) = &mut self.sites {
            sites.resize(self.numbers.len(), site);
        }
    }
    fn enter(&mut self, _: u32) -> usize {
        0
    }
    fn next(&mut self, _: usize) {}
    fn leave(&mut self, _: usize) {}
}

/// Notes the parameters.
#[derive(Default)]
struct ParamNotes {
    params: Vec<GuideParam>,
    sites: &'static [Site],
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

impl Evaluator {
    /// Runs a guide once, from the starts of its parameters.
    ///
    /// # Errors
    /// What is wrong with the guide, in words.
    pub fn trace_guide<G: Guide>(
        &mut self,
        guide: &G,
        rng: &mut Rng,
    ) -> Result<GuideTrace, String> {
        fault::take();
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let source = GuideSource::new(Values::Drawn(rng), None, &program);
        let notes = ParamNotes {
            params: Vec::new(),
            sites: G::SITES,
        };
        let mut run: Run<'_, Value, _, _, _> =
            Run::new(source, Collect::with_sites(G::SITES), notes, arena, digits);
        guide.run::<Value, _>(&mut run);
        if let Some(problem) = fault::take() {
            return Err(problem);
        }
        Ok(GuideTrace {
            params: run.watch.params,
            start: run.source.starts,
            latents: run.recorder.sites.unwrap_or_default(),
            branches: run.recorder.branches,
        })
    }

    /// The numbers of a model's latents. A guide gives them all.
    ///
    /// # Errors
    /// In words, where a latent can't be given by its numbers.
    pub fn trace_latents<Md: Model>(&mut self, model: &Md) -> Result<Trace, String> {
        if Md::SITES.iter().any(|s| s.kind == SiteKind::Submodel) {
            return Err("a model with submodels can't be guided yet".to_string());
        }
        let program = self.program.clone();
        let rng = &mut keyed(0, Purpose::Layout, 0, 0);
        let (arena, digits) = self.parts();
        let source = Branches::new(&program, false, rng);
        let collect = Collect::with_sites(Md::SITES);
        let mut run: Run<'_, Value, _, _> = Run::new(source, collect, Blind, arena, digits);
        model.run::<Value, _>(&mut run);
        let name = |site: &u32| Md::SITES.get(*site as usize).map(|s| (s.name, s.kind));
        let mut names = Vec::new();
        for site in run.recorder.sites.iter().flatten() {
            match name(site) {
                Some((name, SiteKind::Sample | SiteKind::Impute)) => names.push(name),
                Some((_, SiteKind::Enumerate | SiteKind::Deterministic)) => {}
                _ => return Err("a latent of it has no name".to_string()),
            }
        }
        let branches = run.recorder.branches.iter();
        let branches = branches.filter_map(|site| Some(name(site)?.0)).collect();
        drop(run);
        // What is read in this way must be what was counted: not so for a `Vec` of vectors.
        let zeros = vec![0.5; names.len()];
        let (arena, digits) = self.parts();
        let source = Line {
            given: true,
            program: &program,
            ..Line::new(&zeros)
        };
        let mut run: Run<'_, Value, _, _> = Run::new(source, Off, Blind, arena, digits);
        run.model(model);
        if run.source.at != names.len() {
            return Err("a `Vec` of constrained vectors can't be guided yet".to_string());
        }
        Ok(Trace { names, branches })
    }
}
