//! Where the values of a guide's sites come from.

use crate::dist::family::Family;
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::random::Rng;
use crate::real::{Lift, Mode, Real, fault};
use crate::support::{Support, constrain};
use rand::RngExt;

/// How the values of a guide's sites come about.
pub(super) enum Values<'g> {
    /// Drawn by reparameterisation.
    Drawn(&'g mut Rng),
    /// Given: the point, the place in it of each number of the guide, and whether they are variables.
    Given(&'g [f64], &'g [usize], bool),
}

/// The source of a guide: parameters from the line, values drawn or given.
pub(super) struct GuideSource<'g> {
    pub(super) values: Values<'g>,
    at: usize,
    /// Parameters on the line; of a first run nothing, which then starts them.
    pub(super) theta: Option<(&'g [f64], bool)>,
    param_at: usize,
    pub(super) starts: Vec<f64>,
}

impl<'g> GuideSource<'g> {
    pub(super) fn new(values: Values<'g>, theta: Option<(&'g [f64], bool)>) -> Self {
        GuideSource {
            values,
            at: 0,
            theta,
            param_at: 0,
            starts: Vec::new(),
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
            Values::Drawn(rng) => {
                let u = rng.random::<f64>().max(f64::MIN_POSITIVE);
                pathwise(d, u)
            }
        }
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        fault::set("a guide's site is discrete: it has no pathwise derivative".to_string());
        quantile(0.5)
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(0.5)
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
fn pathwise<M: Mode, const P: usize, D: Univariate<M, P>>(d: &D, u: f64) -> Real<M> {
    let p = d.values();
    if !M::GRADIENT {
        return Real::constant(D::Family::quantile(u, &p));
    }
    let (x, partials) = D::Family::quantile_partials(u, &p);
    let mut lift = M::Lift::begin();
    for ((real, partial), constant) in d.reals().iter().zip(partials).zip(D::CONSTANT) {
        if !constant {
            lift.push(*real, partial);
        }
    }
    lift.finish(x)
}

impl GuideSource<'_> {
    /// The next parameter.
    pub(super) fn parameter<M: Mode>(&mut self, support: Support) -> Real<M> {
        let i = self.param_at;
        self.param_at += 1;
        let Some((theta, variables)) = self.theta else {
            return Real::constant(f64::NAN);
        };
        let Some(value) = theta.get(i) else {
            return Real::constant(f64::NAN);
        };
        let u = if variables {
            M::variable(*value, i)
        } else {
            Real::constant(*value)
        };
        constrain(support.into(), u).0
    }
}

/// The image on the line of a value in a support: the inverse of [`constrain`].
pub(super) fn on_line(support: Support, x: f64) -> f64 {
    match support {
        Support::Real | Support::Discrete => x,
        Support::Positive => x.ln(),
        Support::Unit => (x / (1.0 - x)).ln(),
        Support::Above(a) => (x - a).ln(),
        Support::Below(b) => (b - x).ln(),
        Support::Interval(a, b) => ((x - a) / (b - x)).ln(),
    }
}
