//! Units of a network over many rows as parameters of a distribution of a vector.

use super::operand::{Many, Operands};
use crate::real::batch::{Batch, Product};
use crate::real::{Mode, Real};

impl<M: Mode, B: Batch<M>> Operands<M> for Product<'_, B, M> {
    type Kind = Many;
    const CONSTANT: bool = false;
    fn len(&self) -> Option<usize> {
        Some(Product::len(self))
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        if i < Product::len(self) {
            Product::at(self, i)
        } else {
            Real::constant(f64::NAN)
        }
    }
    #[inline]
    fn fill(&self, start: usize, out: &mut [f64]) {
        self.values(start, out);
    }
    #[inline]
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        Product::push(self, start, partials, lift);
    }
}
