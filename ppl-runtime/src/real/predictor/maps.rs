//! Functions of each element.

use super::super::kernels::{LANES, exp};
use super::super::mode::{Mode, Real};
use super::sums::block;
use super::{Kept, Places, Predictor, Term};

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
        places: Places<'_>,
        n: usize,
        room: &'r mut [f64; LANES],
    ) -> &'r mut [f64]
    where
        E: Term<M>,
    {
        let values = block(&self.0, places, n, room);
        exp(values);
        values
    }
}

impl<M: Mode, E: Term<M>> Term<M> for Exp<E> {
    fn count(&self) -> Option<usize> {
        self.0.count()
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        self.0.at(i).exp()
    }
    #[inline]
    fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
        let mut room = [0.0; LANES];
        let values = self.block(places, out.len(), &mut room);
        for (o, v) in out.iter_mut().zip(values) {
            *o += *v;
        }
    }
    const DATA: usize = E::DATA;
    fn keep(&self, kept: &mut Kept) {
        self.0.keep(kept);
    }
    #[inline]
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        let mut room = [0.0; LANES];
        let values = self.block(places, partials.len(), &mut room);
        self.push_known(places, values, partials, lift);
    }
    #[inline]
    fn push_known(&self, places: Places<'_>, values: &[f64], partials: &[f64], lift: &mut M::Lift) {
        let mut by = [0.0; LANES];
        for ((by, v), p) in by.iter_mut().zip(values).zip(partials) {
            *by = v * p;
        }
        self.0.push(places, &by[..partials.len()], lift);
    }
}
