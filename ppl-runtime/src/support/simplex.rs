//! [`Simplex`].

use super::export::{Export, Sink};
use super::latent::{Latent, Reader};
use crate::real::{Mode, Real};
use bumpalo::Bump;
use std::ops::Deref;

/// Positive numbers that sum to one.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Simplex<const N: usize>(pub [f64; N]);

/// A [`Simplex`] in a mode.
#[derive(Copy, Clone, Debug)]
pub struct SimplexAt<M: Mode, const N: usize>(pub [Real<M>; N]);

impl<const N: usize> Deref for Simplex<N> {
    type Target = [f64; N];
    #[inline]
    fn deref(&self) -> &[f64; N] {
        &self.0
    }
}
impl<M: Mode, const N: usize> Deref for SimplexAt<M, N> {
    type Target = [Real<M>; N];
    #[inline]
    fn deref(&self) -> &[Real<M>; N] {
        &self.0
    }
}
impl<const N: usize> Export for Simplex<N> {
    fn export(&self, sink: &mut impl Sink) {
        self.0.export(sink);
    }
}
impl<const N: usize> Latent for Simplex<N> {
    type At<'a, M: Mode> = SimplexAt<M, N>;
    const LEN: Option<usize> = Some(N - 1);
    fn write<M: Mode>(x: &SimplexAt<M, N>, out: &mut Vec<f64>) {
        out.extend(x.iter().map(|v| v.value()));
    }
    fn reals<M: Mode>(x: &SimplexAt<M, N>, out: &mut Vec<Real<M>>) {
        out.extend(x.0);
    }
    fn from_reals<M: Mode>(next: &mut impl FnMut() -> Real<M>, _: &Bump) -> SimplexAt<M, N> {
        SimplexAt(std::array::from_fn(|_| next()))
    }
    fn read(from: &mut Reader<'_>) -> Self {
        Simplex(std::array::from_fn(|_| from.number()))
    }
    #[inline]
    fn constant<M: Mode>(&self, _: &Bump) -> SimplexAt<M, N> {
        SimplexAt(self.0.map(Real::constant))
    }
}
impl<'a, M: Mode, const N: usize> IntoIterator for &'a SimplexAt<M, N> {
    type Item = &'a Real<M>;
    type IntoIter = std::slice::Iter<'a, Real<M>>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
