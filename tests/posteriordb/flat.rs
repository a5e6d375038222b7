//! Improper priors, and densities that are factors.

use bumpalo::Bump;
use ppl::dist::distribution::{Combine, Distribution};
use ppl::dist::report::Report;
use ppl::dist::source::Source;
use ppl::real::special::LN_SQRT_2PI;
use ppl::real::{Mode, Real};
use ppl::support::{Bounds, constrain};

/// The density 1 on the line or a part of it.
#[derive(Copy, Clone)]
pub struct Flat<M: Mode>(Bounds<M>);

impl<M: Mode> Flat<M> {
    pub fn real() -> Self {
        Flat(Bounds::Real)
    }
    pub fn positive() -> Self {
        Flat(Bounds::Positive)
    }
    pub fn above(low: Real<M>) -> Self {
        Flat(Bounds::Above(low))
    }
    pub fn between(low: impl Into<Real<M>>, high: impl Into<Real<M>>) -> Self {
        Flat(Bounds::Interval(low.into(), high.into()))
    }
}

impl<M: Mode> Combine for Flat<M> {}

impl<M: Mode> Distribution<M, f64> for Flat<M> {
    fn log_prob(&self, _: &Real<M>) -> Real<M> {
        Real::constant(0.0)
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> Real<M> {
        if S::UNCONSTRAINED {
            let (x, jacobian) = constrain(self.0, source.coordinate());
            if let Some(j) = jacobian {
                source.add_jacobian(j);
            }
            return x;
        }
        // There is no draw from it; binding a model wants any point.
        let u = source.uniform();
        constrain(self.0, Real::constant((u / (1.0 - u)).ln())).0
    }
    fn check(&self, _: &mut Report) {}
}

/// ln of the normal density.
pub fn ln_normal<M: Mode>(
    x: impl Into<Real<M>>,
    location: impl Into<Real<M>>,
    scale: impl Into<Real<M>>,
) -> Real<M> {
    let scale = scale.into();
    let z = (x.into() - location.into()) / scale;
    -0.5 * z * z - scale.ln() - LN_SQRT_2PI
}
