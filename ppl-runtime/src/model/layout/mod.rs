//! Binding: looking at arguments and data, and fixing the layout.

mod batches;
mod inspector;

use self::batches::Batches;
use self::inspector::Inspector;
use super::argument::ArgumentReport;
use super::digits::Digits;
use super::record::{Off, Record};
use super::run::Run;
use super::sources::{Cube, Line, Simulate};
use super::watch::Blind;
use super::{Model, Site};
use crate::dist::report::Problem;
use crate::error::{Error, Index};
use crate::random::{Purpose, keyed};
use crate::real::{Value, fault};
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

        let watch = Batches::of::<M>();
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
