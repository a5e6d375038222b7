//! Functions of each element.

use super::super::kernels::{LANES, exp};
use super::super::mode::Mode;
use super::sums::block;
use super::{Predictor, Term};

/// The exponential of a term.
#[derive(Copy, Clone, Debug)]
pub struct Exp<E>(E);

impl<M: Mode, E: Term<M>> Predictor<M, E> {
    /// The exponential of each element, as rates have it: `Poisson::new((slope * x + intercept).exp())`.
    #[inline]
    pub fn exp(self) -> Predictor<M, Exp<E>> {
        Predictor::new(Exp(self.term))
    }
}

impl<E> Exp<E> {
    #[inline]
    fn block<'r, M: Mode>(
        &self,
        start: usize,
        n: usize,
        room: &'r mut [f64; LANES],
    ) -> &'r mut [f64]
    where
        E: Term<M>,
    {
        let values = block(&self.0, start, n, room);
        exp(values);
        values
    }
}

impl<M: Mode, E: Term<M>> Term<M> for Exp<E> {
    fn count(&self) -> Option<usize> {
        self.0.count()
    }
    #[inline]
    fn add_to(&self, start: usize, out: &mut [f64]) {
        let mut room = [0.0; LANES];
        let values = self.block(start, out.len(), &mut room);
        for (o, v) in out.iter_mut().zip(values) {
            *o += *v;
        }
    }
    #[inline]
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        let mut room = [0.0; LANES];
        let values = self.block(start, partials.len(), &mut room);
        for (v, p) in values.iter_mut().zip(partials) {
            *v *= p;
        }
        self.0.push(start, values, lift);
    }
}
