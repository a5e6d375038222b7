//! Where the values of a guide's sites come from.

use super::{Constraint, GuideInterpreter, Initial};
use crate::dist::family::Family;
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::model::record::Recorder;
use crate::model::run::Run;
use crate::model::watch::Watch;
use crate::random::{Purpose, Rng, keyed};
use crate::real::{Lift, Mode, Real, Value, fault};
use crate::support::{Latent, Support, constrain, to_line};

/// How the values of a guide's sites come about.
pub(super) enum Values<'g> {
    /// Drawn by reparameterisation.
    Drawn(&'g mut Rng),
    /// Given: the point, the place in it of each number of the guide, and whether they are variables.
    Given(&'g [f64], &'g [usize], bool),
}

/// The parameters of a guide.
#[derive(Copy, Clone)]
pub(super) enum Theta<'g> {
    /// Their values, constants.
    Values(&'g [f64]),
    /// Variables on the line.
    Variables(&'g [f64]),
}

/// The source of a guide: parameters from the line, values drawn or given.
pub(super) struct GuideSource<'g> {
    values: Values<'g>,
    at: usize,
    /// The parameters; of a first run nothing, which then starts them.
    theta: Option<Theta<'g>>,
    param_at: usize,
    pub(super) starts: Vec<f64>,
    /// The values of the `#[branch]` sites, in order, and such sites so far.
    program: &'g [f64],
    branches: usize,
}

impl<'g> GuideSource<'g> {
    pub(super) fn new(values: Values<'g>, theta: Option<Theta<'g>>, program: &'g [f64]) -> Self {
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
