//! Units of a layer after their non-linearity.

use super::dense::Dense;
use super::{Batch, ROWS, padded};
use crate::real::kernels::{self, Strided};
use crate::real::layer::{relu_array, sigmoid_array, tanh_array};
use crate::real::mode::{Mode, Real};

/// A non-linearity of units.
#[derive(Copy, Clone, Debug)]
pub enum Curve {
    /// tanh x.
    Tanh,
    /// 1/(1 + e^−x).
    Sigmoid,
    /// max(x, 0).
    Relu,
}

/// What has a non-linearity applied to each of its units: an array of numbers, or a [`Dense`] layer over many rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no units to apply a function to each of",
    note = "they are an array of latents, or what `layer` gives"
)]
pub trait Units {
    /// The units afterwards.
    type Output;
    /// Applies it.
    fn squash(&self, curve: Curve) -> Self::Output;
}

impl<M: Mode, const N: usize> Units for [Real<M>; N] {
    type Output = [Real<M>; N];
    #[inline]
    fn squash(&self, curve: Curve) -> [Real<M>; N] {
        match curve {
            Curve::Tanh => tanh_array(self),
            Curve::Sigmoid => sigmoid_array(self),
            Curve::Relu => relu_array(self),
        }
    }
}

impl<B: Copy, M: Mode, const H: usize, const K: usize> Units for Dense<'_, B, M, H, K> {
    type Output = Squashed<Self>;
    #[inline]
    fn squash(&self, curve: Curve) -> Squashed<Self> {
        Squashed {
            inner: *self,
            curve,
        }
    }
}

/// A layer over many rows after a non-linearity; made by [`tanh_all`](crate::real::tanh_all) and its like.
#[derive(Copy, Clone, Debug)]
pub struct Squashed<D> {
    inner: D,
    curve: Curve,
}

impl<'a, B: Batch<M>, M: Mode, const H: usize, const K: usize> Batch<M>
    for Squashed<Dense<'a, B, M, H, K>>
{
    const WIDTH: usize = H;
    const LATENT: bool = true;
    fn rows(&self) -> usize {
        self.inner.rows()
    }
    fn memory(&self) -> usize {
        ROWS * padded(H) + self.inner.memory()
    }
    fn prepare(&self, memory: &mut [f64]) {
        self.inner.prepare(&mut memory[ROWS * padded(H)..]);
    }
    fn forward(&self, start: usize, n: usize, memory: &mut [f64]) {
        let (slopes, inner) = memory.split_at_mut(ROWS * padded(H));
        self.inner.forward(start, n, inner);
        let values = &mut self.inner.values_mut(inner)[..n * padded(H)];
        match self.curve {
            Curve::Tanh => kernels::tanh(values, slopes),
            Curve::Sigmoid => kernels::sigmoid(values, slopes),
            Curve::Relu => {
                for (x, slope) in values.iter_mut().zip(slopes) {
                    *slope = if *x > 0.0 { 1.0 } else { 0.0 };
                    *x = if *x < 0.0 { 0.0 } else { *x };
                }
            }
        }
    }
    fn values<'m>(&'m self, start: usize, memory: &'m [f64]) -> Strided<'m> {
        self.inner.values(start, &memory[ROWS * padded(H)..])
    }
    fn backward(
        &self,
        start: usize,
        n: usize,
        memory: &mut [f64],
        adjoint: &mut [f64],
        lift: &mut M::Lift,
    ) {
        let (slopes, inner) = memory.split_at_mut(ROWS * padded(H));
        for (a, slope) in adjoint.iter_mut().zip(&*slopes).take(n * padded(H)) {
            *a *= slope;
        }
        self.inner.backward(start, n, inner, adjoint, lift);
    }
}
