//! Straight-line programs: what a model becomes when the values of its `#[branch]` sites are fixed.

mod tracer;

use self::tracer::Tracer;
use super::pinned::Pinned;
use super::place::Point;
use super::record::{Off, Record};
use super::run::Run;
use super::sources::Simulate;
use super::{Evaluator, Model};
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::random::Rng;
use crate::real::{Mode, Real, Value};

/// The `#[branch]` sites of one execution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trail {
    /// Their values, in order.
    pub values: Vec<f64>,
    /// Their names with the elements they are in, as in `kind[2]`.
    pub names: Vec<String>,
    /// Whether each is a truth value.
    pub boolean: Vec<bool>,
    /// The least and the largest value that each could have had, up to a prior mass of 1e-16.
    pub ranges: Vec<(f64, f64)>,
    /// Σ ln prior of the values, given the latents of this execution.
    pub ln_prior: f64,
    /// ln prior of each value, given the latents of this execution; 0 but for the last number of a site that has several.
    pub ln_priors: Vec<f64>,
    /// Sites of discrete latents that are neither `#[branch]` nor `#[enumerate]`.
    pub discrete: Vec<String>,
    /// Unconstrained coordinates of the program.
    pub dim: usize,
    /// Coordinates of the unit cube of the program.
    pub cube_dim: usize,
    /// What this execution did.
    record: Record,
}

impl Trail {
    /// The program in words, as in `second=true, k=3`.
    pub fn name(&self) -> String {
        let one = |i: usize| match (self.boolean[i], self.values[i]) {
            (true, v) => format!("{}={}", self.names[i], v != 0.0),
            (false, v) => format!("{}={v}", self.names[i]),
        };
        (0..self.values.len())
            .map(one)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// A site that ran, or ran longer, in only one of two executions of one program: which sites run depends on a
    /// latent that is not marked.
    pub fn difference<Md: Model>(&self, other: &Trail) -> Option<String> {
        let site = self.record.difference(&other.record)?;
        Some(
            Md::SITES
                .get(site as usize)
                .map_or_else(|| site.to_string(), |s| s.name.to_string()),
        )
    }
}

impl Evaluator {
    /// The straight-line program of a draw from the prior.
    pub fn prior_program<Md: Model>(&mut self, model: &Md, rng: &mut Rng) -> Trail {
        self.trail(model, Branches::new(&[], false, rng))
    }

    /// The straight-line program that begins with these values; later `#[branch]` sites have their least value. Other
    /// latents are drawn from the prior.
    pub fn program_with<Md: Model>(&mut self, model: &Md, prefix: &[f64], rng: &mut Rng) -> Trail {
        self.trail(model, Branches::new(prefix, true, rng))
    }

    fn trail<Md: Model>(&mut self, model: &Md, source: impl Explores) -> Trail {
        let (arena, digits) = self.parts();
        let tracer = Tracer::of(Md::SITES);
        let mut run: Run<'_, Value, _, _, _> =
            Run::new(source, Record::new(), tracer, arena, digits);
        run.model(model);
        let mut trail = std::mem::take(&mut run.watch.trail);
        trail.record = std::mem::take(&mut run.recorder);
        trail.discrete.dedup();
        trail.ranges = run.source.take_ranges();
        drop(run);
        let line = super::sources::Line {
            program: &trail.values,
            ..super::sources::Line::new(&[])
        };
        let (arena, digits) = self.parts();
        let mut run: Run<'_, Value, _, _> = Run::new(line, Off, super::watch::Blind, arena, digits);
        run.model(model);
        trail.dim = run.source.at;
        let pinned = Pinned::new(Point {
            u: &[],
            program: &trail.values,
        });
        drop(run);
        let (arena, digits) = self.parts();
        let mut run: Run<'_, Value, _, _> =
            Run::new(pinned, Off, super::watch::Blind, arena, digits);
        run.model(model);
        trail.cube_dim = run.source.cube.at;
        trail
    }
}

/// A source that notes what its `#[branch]` sites could have been.
trait Explores: Source<Value> {
    fn take_ranges(&mut self) -> Vec<(f64, f64)>;
}

/// Simulation with the first `#[branch]` values given.
pub(super) struct Branches<'p, 'r> {
    inner: Simulate<'r>,
    prefix: &'p [f64],
    /// Whether values beyond the given ones are the least; else they are drawn.
    least: bool,
    at: usize,
    ranges: Vec<(f64, f64)>,
}

impl<'p, 'r> Branches<'p, 'r> {
    /// Those beyond the given ones are the least, or drawn.
    pub(super) fn new(prefix: &'p [f64], least: bool, rng: &'r mut Rng) -> Self {
        Branches {
            inner: Simulate { rng },
            prefix,
            least,
            at: 0,
            ranges: Vec::new(),
        }
    }
}

impl Explores for Branches<'_, '_> {
    fn take_ranges(&mut self) -> Vec<(f64, f64)> {
        std::mem::take(&mut self.ranges)
    }
}

impl<M: Mode> Source<M> for Branches<'_, '_> {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = false;
    const SIMULATES: bool = true;
    type Mark = ();
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        self.inner.scalar(d)
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        Source::<M>::discrete(&mut self.inner, quantile)
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        let (low, high) = (quantile(f64::MIN_POSITIVE), quantile(1.0 - 1e-16));
        self.ranges.push((low, high));
        let i = self.at;
        self.at += 1;
        match self.prefix.get(i) {
            Some(v) => *v,
            None if self.least => low,
            None => quantile(Source::<M>::uniform(&mut self.inner)),
        }
    }
    fn mark(&self) {}
    fn rewind(&mut self, (): ()) {}
    fn jacobian(&self) -> Option<Real<M>> {
        None
    }
    fn uniform(&mut self) -> f64 {
        Source::<M>::uniform(&mut self.inner)
    }
    fn coordinate(&mut self) -> Real<M> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<M>) {}
}
