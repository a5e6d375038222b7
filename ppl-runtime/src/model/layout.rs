//! Binding: looking at arguments and data, and fixing the layout.

use super::argument::ArgumentReport;
use super::interpreter::Loop;
use super::record::{Off, Record};
use super::run::{Blind, Run, Watch};
use super::sources::{Cube, Line, Simulate};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Coordinates on R^n.
    pub dim: usize,
    /// Coordinates of the unit cube; more than `dim` where latents are discrete.
    pub cube_dim: usize,
    /// Sites of discrete latents.
    pub discrete: Vec<String>,
}

impl Layout {
    /// Binds a model: looks at its arguments, its data and its constant parameters, and finds its layout, by
    /// running it on draws from the prior.
    pub fn of<M: Model>(model: &M) -> Result<Layout, Error> {
        let mut report = ArgumentReport::new(M::NAME);
        model.check(&mut report);
        report.finish()?;

        let mut arena = Bump::new();
        let mut first: Option<Record> = None;
        let mut discrete = Vec::new();
        fault::take();
        for draw in 0..DRAWS {
            arena.reset();
            let rng = &mut keyed(0, Purpose::Layout, draw, 0);
            let mut run: Run<'_, Value, _, _, _> = Run::new(
                Simulate { rng },
                Record::new(),
                Inspector::default(),
                &arena,
            );
            model.run::<Value, _>(&mut run);
            if let Some((site, index, problem)) = run.watch.found {
                return Err(site_error::<M>(site, index, &problem));
            }
            match &first {
                None => {
                    discrete = run.watch.discrete;
                    first = Some(run.recorder);
                }
                Some(record) => {
                    if let Some(site) = record.difference(&run.recorder) {
                        return Err(Error::Layout {
                            model: M::NAME,
                            site: name::<M>(site),
                        });
                    }
                }
            }
        }

        let mut line: Run<'_, Value, _, _> = Run::new(Line::new(&[]), Off, Blind, &arena);
        model.run::<Value, _>(&mut line);
        let mut cube: Run<'_, Value, _, _> =
            Run::new(Cube::<false> { u: &[], at: 0 }, Off, Blind, &arena);
        model.run::<Value, _>(&mut cube);
        let mut names: Vec<String> = discrete.into_iter().map(|s| name::<M>(s)).collect();
        names.dedup();
        Ok(Layout {
            dim: line.source.at,
            cube_dim: cube.source.at,
            discrete: names,
        })
    }

    /// Refuses discrete latents, for engines that need gradients.
    pub fn require_continuous(&self, model: &'static str) -> Result<(), Error> {
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
const DRAWS: u64 = 3;

fn site<M: Model>(site: u32) -> Option<&'static Site> {
    M::SITES.get(site as usize)
}

fn name<M: Model>(index: u32) -> String {
    site::<M>(index).map_or_else(|| index.to_string(), |s| s.name.to_string())
}

fn site_error<M: Model>(index: u32, path: Vec<usize>, problem: &Problem) -> Error {
    Error::Site {
        model: M::NAME,
        argument: site::<M>(index).and_then(|s| s.argument),
        site: name::<M>(index),
        index: Index(path),
        problem: problem.to_string(),
    }
}

/// Looks at data and constant parameters as they pass by.
#[derive(Default)]
struct Inspector {
    found: Option<(u32, Vec<usize>, Problem)>,
    discrete: Vec<u32>,
    /// The element that each open loop is at.
    elements: Vec<Option<usize>>,
}

impl Inspector {
    fn note(&mut self, site: u32, mut report: Report) {
        // An empty set inside a loop or plate is a group without members, not a mistake.
        if let Some((index, problem)) = report.take()
            && self.found.is_none()
            && !(problem == Problem::Empty && !self.elements.is_empty())
        {
            let mut path: Vec<usize> = self.elements.iter().copied().flatten().collect();
            path.extend(index);
            self.found = Some((site, path, problem));
        }
    }
}

impl<M: Mode> Watch<M> for Inspector {
    fn sample<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: &D) {
        if T::DISCRETE {
            self.discrete.push(site);
        }
        let mut report = Report::default();
        d.check(&mut report);
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
}
