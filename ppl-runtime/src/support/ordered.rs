//! [`Ordered`].

use super::export::{Export, Sink};
use super::latent::{Latent, Reader};
use crate::real::{Mode, Real};
use bumpalo::Bump;
use std::ops::Deref;

/// Numbers in increasing order.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Ordered<const N: usize>(pub [f64; N]);

/// A [`Ordered`] in a mode.
#[derive(Copy, Clone, Debug)]
pub struct OrderedAt<M: Mode, const N: usize>(pub [Real<M>; N]);

impl<const N: usize> Deref for Ordered<N> {
    type Target = [f64; N];
    #[inline]
    fn deref(&self) -> &[f64; N] {
        &self.0
    }
}
impl<M: Mode, const N: usize> Deref for OrderedAt<M, N> {
    type Target = [Real<M>; N];
    #[inline]
    fn deref(&self) -> &[Real<M>; N] {
        &self.0
    }
}
impl<const N: usize> Export for Ordered<N> {
    fn export(&self, sink: &mut impl Sink) {
        self.0.export(sink);
    }
}
impl<const N: usize> Latent for Ordered<N> {
    type At<'a, M: Mode> = OrderedAt<M, N>;
    const LEN: Option<usize> = Some(N);
    fn write<M: Mode>(x: &OrderedAt<M, N>, out: &mut Vec<f64>) {
        out.extend(x.iter().map(|v| v.value()));
    }
    fn reals<M: Mode>(x: &OrderedAt<M, N>, out: &mut Vec<Real<M>>) {
        out.extend(x.0);
    }
    fn from_reals<M: Mode>(next: &mut impl FnMut() -> Real<M>, _: &Bump) -> OrderedAt<M, N> {
        OrderedAt(std::array::from_fn(|_| next()))
    }
    fn read(from: &mut Reader<'_>) -> Self {
        Ordered(std::array::from_fn(|_| from.number()))
    }
    #[inline]
    fn constant<M: Mode>(&self, _: &Bump) -> OrderedAt<M, N> {
        OrderedAt(self.0.map(Real::constant))
    }
}
impl<'a, M: Mode, const N: usize> IntoIterator for &'a OrderedAt<M, N> {
    type Item = &'a Real<M>;
    type IntoIter = std::slice::Iter<'a, Real<M>>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
