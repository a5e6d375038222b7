//! Guides that a person writes: `#[guide(model)]` functions with `param` and `sample` statements.

use super::interpreter::Interpreter;
use super::programs::Branches;
use super::record::{Frame, Off, Recorder};
use super::run::{Blind, Run, Watch};
use super::sources::{Line, Simulate};
use super::{Evaluator, Model, Site, SiteKind};
use crate::dist::distribution::Distribution;
use crate::dist::family::Family;
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::random::{Purpose, Rng, keyed};
use crate::real::{Forward, Lift, Mode, Real, Reverse, Value, fault, tape};
use crate::support::{Latent, Support, constrain, to_line};
use bumpalo::Bump;
use std::cell::Cell;

/// A guide bound to its arguments. `#[guide(model)]` writes this for an annotated function.
pub trait Guide: Clone + Send + Sync {
    /// The latents of the model that it guides.
    type Latents;
    /// Its parameters, as plain values.
    type Params;
    /// The name of the guide.
    const NAME: &'static str;
    /// Its sites in order of appearance.
    const SITES: &'static [Site];
    /// The body.
    fn run<'a, M: Mode, I: GuideInterpreter<'a, M>>(&self, interpreter: &mut I);
    /// The latents of one execution.
    fn decode(frame: Frame<'_>) -> Self::Latents;
    /// The parameters of one execution.
    fn decode_params(frame: Frame<'_>) -> Self::Params;
}

/// The statements of a guide.
pub trait GuideInterpreter<'a, M: Mode>: Interpreter<'a, M> {
    /// A parameter: where it starts, and where its values lie.
    fn param<T: Latent, C: Constraint>(
        &mut self,
        site: u32,
        init: impl Initial<T>,
        constraint: C,
    ) -> T::At<'a, M>;
}

/// Where the values of a parameter lie.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say where a parameter lies",
    label = "not a constraint",
    note = "write `Positive`, `UnitInterval`, `Interval(a, b)` or, for any real number, nothing"
)]
pub trait Constraint {
    /// As a support.
    fn support(&self) -> Support;
}

/// Any real number.
#[derive(Copy, Clone, Debug, Default)]
pub struct Unconstrained;
/// A positive number.
#[derive(Copy, Clone, Debug, Default)]
pub struct Positive;
/// A number between 0 and 1.
#[derive(Copy, Clone, Debug, Default)]
pub struct UnitInterval;
/// A number between two others.
#[derive(Copy, Clone, Debug)]
pub struct Interval(pub f64, pub f64);

impl Constraint for Unconstrained {
    fn support(&self) -> Support {
        Support::Real
    }
}
impl Constraint for Positive {
    fn support(&self) -> Support {
        Support::Positive
    }
}
impl Constraint for UnitInterval {
    fn support(&self) -> Support {
        Support::Unit
    }
}
/// Any support: `Support::SoftplusPositive`, `Support::CIRCLE`, `Support::Above(a)`, ...
impl Constraint for Support {
    fn support(&self) -> Support {
        *self
    }
}
impl Constraint for Interval {
    fn support(&self) -> Support {
        Support::Interval(self.0, self.1)
    }
}

/// Where a parameter of type `T` starts: a value, or [`init`] with a distribution, so that particles start apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the start of a parameter of type `{T}`",
    note = "write a value of that type, or `init(distribution)` for particles that start apart"
)]
pub trait Initial<T: Latent> {
    /// The plain value of one start.
    fn start(&self, rng: &mut Rng) -> T;
}
impl Initial<f64> for f64 {
    fn start(&self, _: &mut Rng) -> f64 {
        *self
    }
}
impl<const N: usize> Initial<[f64; N]> for [f64; N] {
    fn start(&self, _: &mut Rng) -> [f64; N] {
        *self
    }
}
impl Initial<Vec<f64>> for Vec<f64> {
    fn start(&self, _: &mut Rng) -> Vec<f64> {
        self.clone()
    }
}
impl Initial<Vec<f64>> for &[f64] {
    fn start(&self, _: &mut Rng) -> Vec<f64> {
        self.to_vec()
    }
}

/// A random start; made by [`init`].
#[derive(Copy, Clone, Debug)]
pub struct RandomStart<D>(D);

/// A parameter that starts at a draw from a distribution: particles must start apart.
pub fn init<D>(distribution: D) -> RandomStart<D> {
    RandomStart(distribution)
}

impl<T: Latent, D: Distribution<Value, T>> Initial<T> for RandomStart<D> {
    fn start(&self, rng: &mut Rng) -> T {
        let arena = Bump::new();
        let x = self.0.draw(&mut Simulate { rng }, &arena);
        let mut numbers = Vec::new();
        T::write::<Value>(&x, &mut numbers);
        T::read(&mut crate::support::Reader(&numbers))
    }
}

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

/// How the values of a guide's sites come about.
enum Values<'g> {
    /// Drawn by reparameterisation.
    Drawn(&'g mut Rng),
    /// Given: the point, the place in it of each number of the guide, and whether they are variables.
    Given(&'g [f64], &'g [usize], bool),
}

/// The parameters of a guide.
#[derive(Copy, Clone)]
enum Theta<'g> {
    /// Their values, constants.
    Values(&'g [f64]),
    /// Variables on the line.
    Variables(&'g [f64]),
}

/// The source of a guide: parameters from the line, values drawn or given.
struct GuideSource<'g> {
    values: Values<'g>,
    at: usize,
    /// The parameters; of a first run nothing, which then starts them.
    theta: Option<Theta<'g>>,
    param_at: usize,
    starts: Vec<f64>,
    /// The values of the `#[branch]` sites, in order, and such sites so far.
    program: &'g [f64],
    branches: usize,
}

impl<'g> GuideSource<'g> {
    fn new(values: Values<'g>, theta: Option<Theta<'g>>, program: &'g [f64]) -> Self {
        GuideSource {
            values,
            at: 0,
            theta,
            param_at: 0,
            starts: Vec::new(),
            program,
            branches: 0,
        }
    }
}

impl<M: Mode> Source<M> for GuideSource<'_> {
    const UNCONSTRAINED: bool = true;
    const PRIOR: bool = true;
    const SIMULATES: bool = true;
    type Mark = ();
    fn given(&self) -> bool {
        matches!(self.values, Values::Given(..))
    }
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        match &mut self.values {
            Values::Given(..) => self.coordinate(),
            Values::Drawn(rng) => pathwise(d, rng),
        }
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        fault::set("a guide's site is discrete: it has no pathwise derivative".to_string());
        quantile(0.5)
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        let i = self.branches;
        self.branches += 1;
        self.program
            .get(i)
            .copied()
            .unwrap_or_else(|| quantile(0.5))
    }
    fn mark(&self) {}
    fn rewind(&mut self, (): ()) {}
    fn jacobian(&self) -> Option<Real<M>> {
        None
    }
    fn uniform(&mut self) -> f64 {
        f64::NAN
    }
    fn coordinate(&mut self) -> Real<M> {
        let i = self.at;
        self.at += 1;
        match &self.values {
            Values::Given(x, order, variables) => {
                let Some((k, v)) = order.get(i).and_then(|&k| Some((k, x.get(k)?))) else {
                    return Real::constant(f64::NAN);
                };
                if *variables {
                    M::variable(*v, k)
                } else {
                    Real::constant(*v)
                }
            }
            Values::Drawn(_) => {
                fault::set("a guide's site has no pathwise derivative: its distribution is not built on univariate ones".to_string());
                Real::constant(0.0)
            }
        }
    }
    fn add_jacobian(&mut self, _: Real<M>) {}
}

/// A draw with its derivatives by the parameters.
fn pathwise<M: Mode, const P: usize, D: Univariate<M, P>>(d: &D, rng: &mut Rng) -> Real<M> {
    let p = d.values();
    let x = D::Family::draw(rng, &p);
    if !M::GRADIENT {
        return Real::constant(x);
    }
    let partials = D::Family::draw_partials(x, &p);
    let mut lift = M::Lift::begin();
    for ((real, partial), constant) in d.reals().iter().zip(partials).zip(D::CONSTANT) {
        if !constant {
            lift.push(*real, partial);
        }
    }
    lift.finish(x)
}

/// Collects the numbers of latents with their derivatives, and the `#[branch]` sites.
struct Collect<M: Mode> {
    numbers: Vec<Real<M>>,
    /// The site of each, where that is wanted.
    sites: Option<Vec<u32>>,
    table: &'static [Site],
    branches: Vec<u32>,
}

impl<M: Mode> Collect<M> {
    /// Numbers alone, into this memory.
    fn into(mut numbers: Vec<Real<M>>, table: &'static [Site]) -> Self {
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

// Memory that a fit uses over and over. Numbers on the tape can't leave their thread.
thread_local! {
    static VALUES: Cell<Vec<Real<Value>>> = const { Cell::new(Vec::new()) };
    static NODES: Cell<Vec<Real<Reverse>>> = const { Cell::new(Vec::new()) };
    static GRADIENT: Cell<Vec<f64>> = const { Cell::new(Vec::new()) };
}

/// The log prior of `#[branch]` sites: a guide of one program does not choose it.
struct Choices<M: Mode> {
    prior: Real<M>,
}

impl<M: Mode> Choices<M> {
    fn new() -> Self {
        let prior = Real::constant(0.0);
        Choices { prior }
    }
}

impl<M: Mode> Watch<M> for Choices<M> {
    fn branch<T: Latent, D: Distribution<M, T>>(&mut self, _: u32, d: &D, x: &T::At<'_, M>) {
        self.prior += d.log_prob(x);
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

impl<'a, M: Mode, R: Recorder<M>, W: Watch<M>> GuideInterpreter<'a, M>
    for Run<'a, M, GuideSource<'_>, R, W>
{
    fn param<T: Latent, C: Constraint>(
        &mut self,
        site: u32,
        start: impl Initial<T>,
        constraint: C,
    ) -> T::At<'a, M> {
        let (support, arena) = (constraint.support(), self.arena);
        if self.source.theta.is_some() {
            let source = &mut self.source;
            let mut next = || source.parameter(support);
            if T::LEN.is_some() {
                return T::from_reals(&mut next, arena);
            }
            // Only a start tells how long a `Vec` is.
            let shape = start.start(&mut keyed(0, Purpose::Layout, 0, 0));
            return shape.filled::<M>(&mut next, arena);
        }
        let plain = match &mut self.source.values {
            Values::Drawn(rng) => start.start(rng),
            Values::Given(..) => start.start(&mut keyed(0, Purpose::Layout, 0, 0)),
        };
        let mut numbers = Vec::new();
        T::reals::<Value>(&plain.constant::<Value>(arena), &mut numbers);
        self.watch.param(site, numbers.len(), support);
        self.source
            .starts
            .extend(numbers.iter().map(|x| to_line(support, x.value())));
        plain.constant::<M>(arena)
    }
}

impl GuideSource<'_> {
    /// The next parameter.
    fn parameter<M: Mode>(&mut self, support: Support) -> Real<M> {
        let i = self.param_at;
        self.param_at += 1;
        let nan = || Real::constant(f64::NAN);
        match self.theta {
            Some(Theta::Values(values)) => values.get(i).map_or_else(nan, |v| Real::constant(*v)),
            Some(Theta::Variables(line)) => line
                .get(i)
                .map_or_else(nan, |u| constrain(support.into(), M::variable(*u, i)).0),
            None => nan(),
        }
    }
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

    /// Draws latents from a guide by the values of its parameters.
    pub fn draw_guide<G: Guide>(
        &mut self,
        guide: &G,
        values: &[f64],
        order: &Order,
        rng: &mut Rng,
        x: &mut [f64],
    ) {
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let theta = Some(Theta::Values(values));
        let source = GuideSource::new(Values::Drawn(rng), theta, &program);
        let collect = Collect::into(VALUES.take(), G::SITES);
        let mut run: Run<'_, Value, _, _> = Run::new(source, collect, Blind, arena, digits);
        guide.run::<Value, _>(&mut run);
        for (k, v) in order.iter().zip(&run.recorder.numbers) {
            if let Some(x) = x.get_mut(*k) {
                *x = v.value();
            }
        }
        VALUES.set(run.recorder.numbers);
    }

    /// Adds weight·(∂x/∂θ)ᵀ·`cotangent` of the draw that `rng` gives to `gradient`.
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a different thing, and one caller has them all at hand"
    )]
    pub fn pull_guide_back<G: Guide>(
        &mut self,
        guide: &G,
        theta: &[f64],
        order: &Order,
        rng: &mut Rng,
        weight: f64,
        cotangent: &[f64],
        gradient: &mut [f64],
    ) {
        tape::begin(theta.len());
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let theta = Some(Theta::Variables(theta));
        let source = GuideSource::new(Values::Drawn(rng), theta, &program);
        let collect = Collect::into(NODES.take(), G::SITES);
        let mut run: Run<'_, Reverse, _, _> = Run::new(source, collect, Blind, arena, digits);
        guide.run::<Reverse, _>(&mut run);
        let mut coefficients = GRADIENT.take();
        coefficients.clear();
        let cotangent = |k: &usize| weight * cotangent.get(*k).copied().unwrap_or(0.0);
        coefficients.extend(order.iter().map(cotangent));
        let sum = Reverse::weighted_sum(&run.recorder.numbers, &coefficients);
        NODES.set(run.recorder.numbers);
        GRADIENT.set(coefficients);
        add_gradient(sum, gradient);
    }

    /// ln q(x; θ) by the values of its parameters.
    pub fn log_guide<G: Guide>(
        &mut self,
        guide: &G,
        values: &[f64],
        order: &Order,
        x: &[f64],
    ) -> f64 {
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let given = Values::Given(x, order, false);
        let source = GuideSource::new(given, Some(Theta::Values(values)), &program);
        let mut run: Run<'_, Value, _, _, _> = Run::new(source, Off, Choices::new(), arena, digits);
        guide.run::<Value, _>(&mut run);
        run.prior.value() - run.watch.prior.value()
    }

    /// ln q(x; θ) by the values of its parameters; writes ∂ln q(x; θ)/∂x.
    pub fn log_guide_and_score<G: Guide>(
        &mut self,
        guide: &G,
        values: &[f64],
        order: &Order,
        x: &[f64],
        score: &mut [f64],
    ) -> f64 {
        let program = self.program.clone();
        let given = Values::Given(x, order, true);
        let source = GuideSource::new(given, Some(Theta::Values(values)), &program);
        let (arena, digits) = self.parts();
        if x.len() <= 2 {
            let mut run: Run<'_, Forward<2>, _, _, _> =
                Run::new(source, Off, Choices::new(), arena, digits);
            guide.run::<Forward<2>, _>(&mut run);
            let density = run.prior - run.watch.prior;
            for (s, d) in score.iter_mut().zip(density.gradient()) {
                *s = d;
            }
            return density.value();
        }
        tape::begin(x.len());
        let mut run: Run<'_, Reverse, _, _, _> =
            Run::new(source, Off, Choices::new(), arena, digits);
        guide.run::<Reverse, _>(&mut run);
        let density = run.prior - run.watch.prior;
        tape::gradient(density, score);
        density.value()
    }

    /// Adds weight·∂ln q(x; θ)/∂x to `gradient`, or by θ on the line.
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a different thing, and one caller has them all at hand"
    )]
    pub fn score_guide<G: Guide>(
        &mut self,
        guide: &G,
        (theta, values): (&[f64], &[f64]),
        order: &Order,
        x: &[f64],
        by: ScoreBy,
        weight: f64,
        gradient: &mut [f64],
    ) {
        tape::begin(gradient.len());
        let program = self.program.clone();
        let (arena, digits) = self.parts();
        let latents = matches!(by, ScoreBy::Latents);
        let theta = if latents {
            Theta::Values(values)
        } else {
            Theta::Variables(theta)
        };
        let given = Values::Given(x, order, latents);
        let source = GuideSource::new(given, Some(theta), &program);
        let mut run: Run<'_, Reverse, _, _, _> =
            Run::new(source, Off, Choices::new(), arena, digits);
        guide.run::<Reverse, _>(&mut run);
        add_gradient((run.prior - run.watch.prior) * weight, gradient);
    }
}

/// By what the score of a guide is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ScoreBy {
    /// The latents.
    Latents,
    /// The parameters.
    Parameters,
}

fn add_gradient(output: Real<Reverse>, gradient: &mut [f64]) {
    let mut one = GRADIENT.take();
    one.clear();
    one.resize(gradient.len(), 0.0);
    tape::gradient(output, &mut one);
    for (g, o) in gradient.iter_mut().zip(&one) {
        *g += o;
    }
    GRADIENT.set(one);
}
