//! A layer of a network for many rows: X·Wᵀ + b.

use super::squashed::Squashed;
use super::{Batch, Data, ROWS, padded};
use crate::real::kernels::{Strided, add_product};
use crate::real::mode::{Lift, Mode, Real};

/// What a [`layer`](crate::real::layer) with `K` inputs takes: one row of data, or many rows of data or of units.
#[diagnostic::on_unimplemented(
    message = "a layer of {K} inputs can't be applied to `{Self}`",
    note = "its inputs are `[f64; {K}]`, a slice, array or `Vec` of those, or units of another layer over such rows"
)]
pub trait Inputs<M: Mode, const H: usize, const K: usize> {
    /// The units: an array of numbers for one row, [`Dense`] for many.
    type Output<'a>
    where
        Self: 'a;
    /// Applies weights and biases.
    fn layer<'a>(
        &'a self,
        weights: &'a [[Real<M>; K]; H],
        bias: &'a [Real<M>; H],
    ) -> Self::Output<'a>;
}

impl<M: Mode, const H: usize, const K: usize> Inputs<M, H, K> for [f64; K] {
    type Output<'a> = [Real<M>; H];
    #[inline]
    fn layer<'a>(&'a self, weights: &'a [[Real<M>; K]; H], bias: &'a [Real<M>; H]) -> [Real<M>; H] {
        M::layer(weights, self, bias)
    }
}

macro_rules! rows {
    ($([$($n:tt)*] $type:ty;)*) => { $(
        impl<M: Mode, const H: usize, const K: usize, $($n)*> Inputs<M, H, K> for $type {
            type Output<'a> = Dense<'a, Data<'a, K>, M, H, K>;
            #[inline]
            fn layer<'a>(
                &'a self,
                weights: &'a [[Real<M>; K]; H],
                bias: &'a [Real<M>; H],
            ) -> Self::Output<'a> {
                Dense { weights, inputs: Data(&self[..]), bias }
            }
        }
    )* };
}
rows! {
    [] [[f64; K]];
    [] Vec<[f64; K]>;
    [const N: usize] [[f64; K]; N];
}
impl<M: Mode, T: Inputs<M, H, K> + ?Sized, const H: usize, const K: usize> Inputs<M, H, K> for &T {
    type Output<'a>
        = T::Output<'a>
    where
        Self: 'a;
    #[inline]
    fn layer<'a>(
        &'a self,
        weights: &'a [[Real<M>; K]; H],
        bias: &'a [Real<M>; H],
    ) -> T::Output<'a> {
        (**self).layer(weights, bias)
    }
}
impl<'x, M: Mode, B: Batch<M>, const H: usize, const K: usize, const J: usize> Inputs<M, H, K>
    for Squashed<Dense<'x, B, M, K, J>>
{
    type Output<'a>
        = Dense<'a, Self, M, H, K>
    where
        Self: 'a;
    #[inline]
    fn layer<'a>(
        &'a self,
        weights: &'a [[Real<M>; K]; H],
        bias: &'a [Real<M>; H],
    ) -> Self::Output<'a> {
        Dense {
            weights,
            inputs: *self,
            bias,
        }
    }
}

/// A layer of `H` units with `K` inputs for many rows; made by [`layer`](crate::real::layer).
#[derive(Copy, Clone, Debug)]
pub struct Dense<'a, B, M: Mode, const H: usize, const K: usize> {
    weights: &'a [[Real<M>; K]; H],
    inputs: B,
    bias: &'a [Real<M>; H],
}

/// The memory of a layer.
struct Parts<'m> {
    inputs: &'m mut [f64],
    /// Wᵀ with padded rows.
    by_input: &'m mut [f64],
    /// W with padded rows, if the inputs are latent.
    by_unit: &'m mut [f64],
    bias: &'m mut [f64],
    values: &'m mut [f64],
    /// The adjoints of Wᵀ, and of W without padding.
    adjoint: &'m mut [f64],
    adjoint_by_unit: &'m mut [f64],
    adjoint_of_bias: &'m mut [f64],
    /// The adjoint of the inputs, if they are latent.
    adjoint_of_inputs: &'m mut [f64],
}

impl<B: Batch<M>, M: Mode, const H: usize, const K: usize> Dense<'_, B, M, H, K> {
    const STRIDE: usize = padded(H);
    const INPUT_STRIDE: usize = padded(K);
    const LATENT_INPUTS: usize = if B::LATENT { 1 } else { 0 };
    const SIZES: [usize; 8] = [
        K * Self::STRIDE,
        Self::LATENT_INPUTS * H * Self::INPUT_STRIDE,
        Self::STRIDE,
        ROWS * Self::STRIDE,
        K * Self::STRIDE,
        H * K,
        Self::STRIDE,
        Self::LATENT_INPUTS * ROWS * Self::INPUT_STRIDE,
    ];

    fn parts<'m>(&self, memory: &'m mut [f64]) -> Parts<'m> {
        let (inputs, mut rest) = memory.split_at_mut(self.inputs.memory());
        let [
            by_input,
            by_unit,
            bias,
            values,
            adjoint,
            adjoint_by_unit,
            adjoint_of_bias,
            adjoint_of_inputs,
        ] = Self::SIZES.map(|n| {
            let (part, others) = std::mem::take(&mut rest).split_at_mut(n);
            rest = others;
            part
        });
        Parts {
            inputs,
            by_input,
            by_unit,
            bias,
            values,
            adjoint,
            adjoint_by_unit,
            adjoint_of_bias,
            adjoint_of_inputs,
        }
    }

    /// The rows that were computed last, by [`padded`] rows.
    pub(super) fn values_mut<'m>(&self, memory: &'m mut [f64]) -> &'m mut [f64] {
        self.parts(memory).values
    }
}

impl<B: Batch<M>, M: Mode, const H: usize, const K: usize> Batch<M> for Dense<'_, B, M, H, K> {
    const WIDTH: usize = H;
    const LATENT: bool = true;
    fn rows(&self) -> usize {
        self.inputs.rows()
    }
    fn memory(&self) -> usize {
        self.inputs.memory() + Self::SIZES.iter().sum::<usize>()
    }
    fn prepare(&self, memory: &mut [f64]) {
        let parts = self.parts(memory);
        self.inputs.prepare(parts.inputs);
        parts.by_input.fill(0.0);
        parts.by_unit.fill(0.0);
        parts.bias.fill(0.0);
        for (h, weights) in self.weights.iter().enumerate() {
            parts.bias[h] = self.bias[h].value();
            for (k, w) in weights.iter().enumerate() {
                parts.by_input[k * Self::STRIDE + h] = w.value();
                if B::LATENT {
                    parts.by_unit[h * Self::INPUT_STRIDE + k] = w.value();
                }
            }
        }
    }
    fn forward(&self, start: usize, n: usize, memory: &mut [f64]) {
        let parts = self.parts(memory);
        self.inputs.forward(start, n, parts.inputs);
        for row in parts.values.chunks_exact_mut(Self::STRIDE.max(1)).take(n) {
            row.copy_from_slice(parts.bias);
        }
        let x = self.inputs.values(start, parts.inputs);
        add_product(x, parts.by_input, parts.values, [n, K, Self::STRIDE]);
    }
    fn values<'m>(&'m self, _: usize, memory: &'m [f64]) -> Strided<'m> {
        let before = self.inputs.memory() + Self::SIZES[..3].iter().sum::<usize>();
        Strided {
            numbers: &memory[before..][..Self::SIZES[3]],
            by_row: Self::STRIDE,
            by_column: 1,
        }
    }
    fn backward(
        &self,
        start: usize,
        n: usize,
        memory: &mut [f64],
        adjoint: &mut [f64],
        lift: &mut M::Lift,
    ) {
        let parts = self.parts(memory);
        parts.adjoint.fill(0.0);
        let x = self.inputs.values(start, parts.inputs);
        let transposed = Strided {
            by_row: x.by_column,
            by_column: x.by_row,
            ..x
        };
        add_product(transposed, adjoint, parts.adjoint, [K, n, Self::STRIDE]);
        for (h, row) in parts.adjoint_by_unit.chunks_exact_mut(K.max(1)).enumerate() {
            for (k, a) in row.iter_mut().enumerate() {
                *a = parts.adjoint[k * Self::STRIDE + h];
            }
        }
        lift.push_all(self.weights.as_flattened(), parts.adjoint_by_unit);
        // The bias has the input 1 in every row.
        let by_bias = parts.adjoint_of_bias;
        by_bias.fill(0.0);
        let ones = Strided {
            numbers: &[1.0],
            by_row: 0,
            by_column: 0,
        };
        add_product(ones, adjoint, by_bias, [1, n, Self::STRIDE]);
        lift.push_all(self.bias, by_bias);
        if B::LATENT {
            let g = Strided {
                numbers: adjoint,
                by_row: Self::STRIDE,
                by_column: 1,
            };
            let by_inputs = parts.adjoint_of_inputs;
            by_inputs.fill(0.0);
            add_product(g, parts.by_unit, by_inputs, [n, H, Self::INPUT_STRIDE]);
            self.inputs
                .backward(start, n, parts.inputs, by_inputs, lift);
        }
    }
}
