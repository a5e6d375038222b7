//! Vectors of parameters that are evaluated a block at a time.

use super::operand::{Many, Operands};
use crate::real::batch::{Batch, Product};
use crate::real::{Kept, MatVec, Mode, Picked, Predictor, Real, Rows, Term};

macro_rules! lazy {
    ($([$($generics:tt)*] $name:ident, $type:ty;)*) => { $(
        impl<M: Mode, $($generics)*> Operands<M> for $type {
            type Kind = Many;
            const CONSTANT: bool = false;
            fn len(&self) -> Option<usize> { Some($name::len(self)) }
            #[inline]
            fn at(&self, i: usize) -> Real<M> {
                if i < $name::len(self) { $name::at(self, i) } else { Real::constant(f64::NAN) }
            }
            #[inline]
            fn fill(&self, start: usize, out: &mut [f64]) { self.values(start, out); }
            #[inline]
            fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
                $name::push(self, start, partials, lift);
            }
        }
    )* };
}
lazy! {
    [X: Rows] MatVec, MatVec<'_, X, M>;
    [B: Batch<M>] Product, Product<'_, B, M>;
}

impl<M: Mode, E: Term<M>> Operands<M> for Predictor<M, E> {
    type Kind = Many;
    const CONSTANT: bool = false;
    fn len(&self) -> Option<usize> {
        self.count()
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        Predictor::at(self, i)
    }
    #[inline]
    fn fill(&self, start: usize, out: &mut [f64]) {
        self.values(start, out);
    }
    #[inline]
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        Predictor::push(self, start, None, partials, lift);
    }
    #[inline]
    fn push_known(&self, start: usize, values: &[f64], partials: &[f64], lift: &mut M::Lift) {
        Predictor::push(self, start, Some(values), partials, lift);
    }
    const DATA: usize = E::DATA;
    fn keep(&self, kept: &mut Kept) {
        Predictor::keep(self, kept);
    }
    #[inline]
    fn fill_of(&self, picked: Picked<'_>, out: &mut [f64]) {
        self.values_of(picked, out);
    }
    #[inline]
    fn push_of(&self, picked: Picked<'_>, partials: &[f64], lift: &mut M::Lift) {
        Predictor::push_of(self, picked, partials, lift);
    }
}
