//! The sources of values: simulation, the unit cube, and R^n.

use crate::dist::family::Family;
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::random::Rng;
use crate::real::{Mode, Real};
use crate::support::{Bounds, constrain};
use rand::RngExt;

/// Simulation from the prior.
pub struct Simulate<'r> {
    /// The generator.
    pub rng: &'r mut Rng,
}

impl<M: Mode> Source<M> for Simulate<'_> {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = false;
    const SIMULATES: bool = true;
    type Mark = ();
    fn mark(&self) {}
    fn rewind(&mut self, _: ()) {}
    fn jacobian(&self) -> Option<Real<M>> {
        None
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        Source::<M>::discrete(self, quantile)
    }
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        Real::constant(family_draw(d, self.rng))
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(Source::<M>::uniform(self))
    }
    fn uniform(&mut self) -> f64 {
        // Never 0 or 1, where quantiles are infinite.
        self.rng.random::<f64>().max(f64::MIN_POSITIVE)
    }
    fn coordinate(&mut self) -> Real<M> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<M>) {}
}

fn family_draw<M: Mode, const P: usize, D: Univariate<M, P>>(d: &D, rng: &mut Rng) -> f64 {
    D::Family::draw(rng, &d.values())
}

/// The unit cube, coordinate by coordinate. Past its end it gives 1/2 and goes on counting. `PRIOR` says whether the
/// prior's density is wanted too; `LEVEL` as of `Blind`.
pub struct Cube<'u, const PRIOR: bool = false, const LEVEL: u8 = 0> {
    /// The point.
    pub u: &'u [f64],
    /// Coordinates read so far.
    pub at: usize,
}

impl<M: Mode, const WANTED: bool, const LEVEL: u8> Source<M> for Cube<'_, WANTED, LEVEL> {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = WANTED;
    const SIMULATES: bool = false;
    type Mark = usize;
    #[inline]
    fn mark(&self) -> usize {
        self.at
    }
    #[inline]
    fn rewind(&mut self, mark: usize) {
        self.at = mark;
    }
    #[inline]
    fn jacobian(&self) -> Option<Real<M>> {
        None
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        Source::<M>::discrete(self, quantile)
    }
    #[inline]
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        let u = Source::<M>::uniform(self);
        Real::constant(family_quantile(d, u))
    }
    #[inline(always)]
    fn scalars<Q, const P: usize, const N: usize>(
        &mut self,
        d: &impl Univariate<M, P>,
        mut make: impl FnMut(Real<M>) -> Q,
    ) -> [Q; N] {
        // All at once: where the end is asked for at each coordinate, none goes in lanes with the next.
        match self.u.get(self.at..).and_then(<[f64]>::first_chunk::<N>) {
            Some(u) => {
                self.at += N;
                u.map(|u| make(Real::constant(family_quantile(d, u))))
            }
            None => std::array::from_fn(|_| make(self.scalar(d))),
        }
    }
    #[inline]
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(Source::<M>::uniform(self))
    }
    #[inline]
    fn uniform(&mut self) -> f64 {
        let u = self.u.get(self.at).copied().unwrap_or(0.5);
        self.at += 1;
        u
    }
    fn coordinate(&mut self) -> Real<M> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<M>) {}
    fn position(&self) -> usize {
        self.at
    }
    #[inline(always)]
    fn lacks(&self, coordinates: usize) -> bool {
        self.at > self.u.len() || self.u.len() - self.at < coordinates
    }
    fn seek(&mut self, position: usize) {
        self.at = position;
    }
}

#[inline]
fn family_quantile<M: Mode, const P: usize, D: Univariate<M, P>>(d: &D, u: f64) -> f64 {
    D::Family::quantile(u, &d.values())
}

/// R^n through bijections. Past its end it gives 0 and goes on counting.
pub struct Line<'u, M: Mode> {
    /// The point.
    pub u: &'u [f64],
    /// The values of the sites that decide which others run, in order.
    pub program: &'u [f64],
    /// Such sites so far.
    pub branches: usize,
    /// Whether the point holds the values themselves, not their images on the line.
    pub given: bool,
    /// Coordinates read so far.
    pub at: usize,
    /// The coordinate that is the first independent variable (forward mode takes a chunk at a time).
    pub first: usize,
    /// The log Jacobian so far.
    pub jacobian: Real<M>,
}

impl<'u, M: Mode> Line<'u, M> {
    /// From the first coordinate.
    #[inline]
    pub fn new(u: &'u [f64]) -> Self {
        Line {
            u,
            program: &[],
            branches: 0,
            given: false,
            at: 0,
            first: 0,
            jacobian: Real::constant(0.0),
        }
    }
}

impl<M: Mode> Source<M> for Line<'_, M> {
    const UNCONSTRAINED: bool = true;
    const PRIOR: bool = true;
    const SIMULATES: bool = false;
    type Mark = (usize, usize, Real<M>);
    #[inline]
    fn given(&self) -> bool {
        self.given
    }
    #[inline]
    fn mark(&self) -> Self::Mark {
        (self.at, self.branches, self.jacobian)
    }
    #[inline]
    fn rewind(&mut self, (at, branches, jacobian): Self::Mark) {
        (self.at, self.branches, self.jacobian) = (at, branches, jacobian);
    }
    #[inline]
    fn jacobian(&self) -> Option<Real<M>> {
        Some(self.jacobian)
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        let i = self.branches;
        self.branches += 1;
        self.program
            .get(i)
            .copied()
            .unwrap_or_else(|| quantile(0.5))
    }
    #[inline]
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        let u = self.coordinate();
        let bounds = d.bounds();
        // Most coordinates are as they are, which shows when this is compiled.
        if self.given || matches!(bounds, Bounds::Real) {
            return u;
        }
        let (x, jacobian) = constrain(bounds, u);
        if let Some(j) = jacobian {
            self.jacobian += j;
        }
        x
    }
    #[inline(always)]
    fn scalars<Q, const P: usize, const N: usize>(
        &mut self,
        d: &impl Univariate<M, P>,
        mut make: impl FnMut(Real<M>) -> Q,
    ) -> [Q; N] {
        let at = self.at;
        let u = self.u.get(at..).and_then(|u| u.first_chunk::<N>());
        match u {
            Some(u) if matches!(d.bounds(), Bounds::Real) => {
                self.at += N;
                let first = at.wrapping_sub(self.first);
                std::array::from_fn(|i| make(M::variable(u[i], first.wrapping_add(i))))
            }
            _ => std::array::from_fn(|_| make(self.scalar(d))),
        }
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        // Engines on R^n refuse discrete latents by name; the median keeps the layout pass going.
        M::spoil();
        quantile(0.5)
    }
    fn uniform(&mut self) -> f64 {
        f64::NAN
    }
    #[inline]
    fn coordinate(&mut self) -> Real<M> {
        let i = self.at;
        self.at += 1;
        match self.u.get(i) {
            Some(u) => M::variable(*u, i.wrapping_sub(self.first)),
            None if M::SYMBOLIC => M::variable(0.0, i),
            None => Real::constant(0.0),
        }
    }
    #[inline]
    fn add_jacobian(&mut self, ln_jacobian: Real<M>) {
        self.jacobian += ln_jacobian;
    }
    #[inline]
    fn set_jacobian(&mut self, ln_jacobian: Real<M>) {
        self.jacobian = ln_jacobian;
    }
    fn position(&self) -> usize {
        self.at
    }
    fn seek(&mut self, position: usize) {
        self.at = position;
    }
}

/// A source whose discrete values decide which sites run.
pub struct Branching<'s, S>(pub &'s mut S);

impl<M: Mode, S: Source<M>> Source<M> for Branching<'_, S> {
    const UNCONSTRAINED: bool = S::UNCONSTRAINED;
    const PRIOR: bool = S::PRIOR;
    const SIMULATES: bool = S::SIMULATES;
    const PINNED: bool = S::PINNED;
    type Mark = S::Mark;
    fn given(&self) -> bool {
        self.0.given()
    }
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        self.0.scalar(d)
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        self.0.branch(quantile)
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        self.0.branch(quantile)
    }
    fn mark(&self) -> S::Mark {
        self.0.mark()
    }
    fn rewind(&mut self, mark: S::Mark) {
        self.0.rewind(mark);
    }
    fn jacobian(&self) -> Option<Real<M>> {
        self.0.jacobian()
    }
    fn uniform(&mut self) -> f64 {
        self.0.uniform()
    }
    fn coordinate(&mut self) -> Real<M> {
        self.0.coordinate()
    }
    fn add_jacobian(&mut self, ln_jacobian: Real<M>) {
        self.0.add_jacobian(ln_jacobian);
    }
}
