//! Binding: looking at arguments and data, and fixing the layout.

use super::argument::ArgumentReport;
use super::digits::Digits;
use super::interpreter::Loop;
use super::record::{Off, Record};
use super::run::Run;
use super::sources::{Cube, Line, Simulate};
use super::watch::{Blind, Watch};
use super::{Model, Site};
use crate::dist::datum::Datum;
use crate::dist::distribution::Distribution;
use crate::dist::report::{Problem, Report};
use crate::error::{Error, Index};
use crate::random::{Purpose, keyed};
use crate::real::{Mode, Value, fault};
use crate::support::Latent;
use bumpalo::Bump;

/// The layout of a bound model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Coordinates on R^n.
    pub dim: usize,
    /// Coordinates of the unit cube; more than `dim` where latents are discrete.
    pub cube_dim: usize,
    /// Sites of discrete latents.
    pub discrete: Vec<String>,
    /// Sites that decide which others run; where there are any, the numbers above are those of one program.
    pub branches: Vec<String>,
    /// Sites whose prior is improper: it can be neither simulated nor mapped from the cube.
    pub improper: Vec<String>,
    /// Plates of which stochastic engines take a part at each step, by name and line.
    pub minibatches: Vec<String>,
    /// One of them that is inside of a sum: a part of it would give a biased density.
    pub summed_minibatch: Option<String>,
}

impl Layout {
    /// Binds a model: looks at its arguments, its data and its constant parameters, and finds its layout, by
    /// running it on draws from the prior.
    pub fn of<M: Model>(model: &M) -> Result<Layout, Error> {
        let mut report = ArgumentReport::new(M::NAME);
        model.check(&mut report);
        report.finish()?;
        // Found now, so that evaluations allocate nothing.
        let _ = model.statistics();

        let mut arena = Bump::new();
        let mut digits = Digits::default();
        // What ran in the first draw of each straight-line program.
        let mut programs: Vec<(Vec<f64>, Record)> = Vec::new();
        let (mut discrete, mut branches, mut improper) = (Vec::new(), Vec::new(), Vec::new());
        fault::take();
        for draw in 0..DRAWS {
            arena.reset();
            let rng = &mut keyed(0, Purpose::Layout, draw, 0);
            let source = Simulate { rng };
            let mut run: Run<'_, Value, _, _, _> = Run::new(
                source,
                Record::new(),
                Inspector::of::<M>(),
                &arena,
                &mut digits,
            );
            run.model(model);
            if let Some((sites, site, index, problem)) = run.watch.found {
                return Err(site_error::<M>(sites, site, index, &problem));
            }
            if draw == 0 {
                discrete = run.watch.discrete;
                improper = run.watch.improper;
            }
            branches.extend(run.watch.branches);
            match programs.iter().find(|p| p.0 == run.watch.program) {
                None => programs.push((run.watch.program, run.recorder)),
                Some((_, record)) => {
                    if let Some(site) = record.difference(&run.recorder) {
                        return Err(Error::Layout {
                            model: M::NAME,
                            site: name(M::SITES, site),
                        });
                    }
                }
            }
        }
        branches.sort();
        branches.dedup();

        let watch = Batches {
            tables: vec![M::SITES],
            found: Vec::new(),
            summed: None,
        };
        let mut line: Run<'_, Value, _, _, _> =
            Run::new(Line::new(&[]), Off, watch, &arena, &mut digits);
        line.model(model);
        let dim = line.source.at;
        let source = Cube::<false> { u: &[], at: 0 };
        let mut digits = Digits::default();
        let mut cube: Run<'_, Value, _, _> = Run::new(source, Off, Blind, &arena, &mut digits);
        cube.model(model);
        let cube_dim = cube.source.at;
        let (minibatches, summed_minibatch) = (line.watch.found, line.watch.summed);
        discrete.dedup();
        improper.dedup();
        Ok(Layout {
            dim,
            cube_dim,
            discrete,
            branches,
            improper,
            minibatches,
            summed_minibatch,
        })
    }

    /// Refuses sites that decide which others run, for engines that need one layout.
    pub fn require_one_program(&self, model: &'static str) -> Result<(), Error> {
        match self.branches.first() {
            Some(site) => Err(Error::Branch {
                model,
                site: site.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Refuses plates of which no part can stand for the whole, for engines that take a part at each step.
    pub fn require_unbiased(&self, model: &'static str) -> Result<(), Error> {
        match &self.summed_minibatch {
            Some(plate) => Err(Error::Minibatch {
                model,
                plate: plate.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Refuses improper priors, for engines that map the prior from the cube or simulate it.
    pub fn require_proper(&self, model: &'static str) -> Result<(), Error> {
        match self.improper.first() {
            Some(site) => Err(Error::Improper {
                model,
                site: site.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Refuses discrete latents, for engines that need gradients.
    pub fn require_continuous(&self, model: &'static str) -> Result<(), Error> {
        self.require_one_program(model)?;
        match self.discrete.first() {
            Some(site) => Err(Error::Discrete {
                model,
                site: site.clone(),
            }),
            None if self.dim == 0 => Err(Error::NoLatent { model }),
            None => Ok(()),
        }
    }
}

/// Draws from the prior whose layouts are compared.
const DRAWS: u64 = 16;

fn name(sites: &'static [Site], index: u32) -> String {
    sites
        .get(index as usize)
        .map_or_else(|| index.to_string(), |s| s.name.to_string())
}

fn site_error<M: Model>(
    sites: &'static [Site],
    index: u32,
    path: Vec<usize>,
    problem: &Problem,
) -> Error {
    Error::Site {
        model: M::NAME,
        argument: sites.get(index as usize).and_then(|s| s.argument),
        site: name(sites, index),
        index: Index(path),
        problem: problem.to_string(),
    }
}

/// Notes the plates that can be subsampled.
struct Batches {
    tables: Vec<&'static [Site]>,
    found: Vec<String>,
    summed: Option<String>,
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

/// Looks at data and constant parameters as they pass by.
struct Inspector {
    found: Option<(&'static [Site], u32, Vec<usize>, Problem)>,
    discrete: Vec<String>,
    branches: Vec<String>,
    improper: Vec<String>,
    /// The values of the `#[branch]` sites.
    program: Vec<f64>,
    /// The element that each open loop is at; nothing for a submodel.
    elements: Vec<Option<usize>>,
    /// The tables of the models under way, the innermost last.
    tables: Vec<&'static [Site]>,
}

impl Inspector {
    fn of<M: Model>() -> Self {
        Inspector {
            found: None,
            discrete: Vec::new(),
            branches: Vec::new(),
            improper: Vec::new(),
            program: Vec::new(),
            elements: Vec::new(),
            tables: vec![M::SITES],
        }
    }
    fn table(&self) -> &'static [Site] {
        self.tables.last().copied().unwrap_or(&[])
    }
    fn note(&mut self, site: u32, mut report: Report) {
        // An empty set inside a loop or plate is a group without members, not a mistake.
        let inside = self.elements.iter().any(Option::is_some);
        if let Some((index, problem)) = report.take()
            && self.found.is_none()
            && !(problem == Problem::Empty && inside)
        {
            let mut path: Vec<usize> = self.elements.iter().copied().flatten().collect();
            path.extend(index);
            self.found = Some((self.table(), site, path, problem));
        }
    }
}

impl<M: Mode> Watch<M> for Inspector {
    fn sample<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: &D) {
        if T::DISCRETE {
            self.discrete.push(name(self.table(), site));
        }
        let mut report = Report::default();
        d.check(&mut report);
        if report.is_improper().is_some() {
            self.improper.push(name(self.table(), site));
        }
        self.note(site, report);
    }
    fn observe<T: Datum<M, D> + ?Sized, D>(&mut self, site: u32, data: &T, d: &D, _: &Bump) {
        let mut report = Report::default();
        data.check(d, &mut report);
        // A fault of the expression explains whatever else is found.
        if let Some(message) = fault::take() {
            report = Report::default();
            report.problem(Problem::Expression(message));
        }
        self.note(site, report);
    }
    fn given<T: Latent, D: Distribution<M, T>>(
        &mut self,
        site: u32,
        d: &D,
        x: &T,
        [given, elements]: [usize; 2],
    ) {
        let mut report = Report::default();
        if given != elements {
            report.problem(Problem::Given { given, elements });
        }
        d.check_observation(x, &mut report);
        self.note(site, report);
    }
    fn imputed(&mut self, site: u32, report: Report) {
        if report.is_improper().is_some() {
            self.improper.push(name(self.table(), site));
        }
        self.note(site, report);
    }
    fn problem(&mut self, site: u32, problem: Problem) {
        let mut report = Report::default();
        report.problem(problem);
        self.note(site, report);
    }
    fn done(&mut self, site: u32) {
        if let Some(message) = fault::take() {
            let mut report = Report::default();
            report.problem(Problem::Expression(message));
            self.note(site, report);
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
    fn enumerate<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: &D) {
        let mut report = Report::default();
        d.check(&mut report);
        self.note(site, report);
    }
    fn branch<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, _: &D, x: &T::At<'_, M>) {
        self.branches.push(name(self.table(), site));
        T::write::<M>(x, &mut self.program);
    }
    fn begin(&mut self, _: u32, sites: &'static [Site]) {
        self.tables.push(sites);
        self.elements.push(None);
    }
    fn end(&mut self) {
        self.tables.pop();
        self.elements.pop();
    }
}
