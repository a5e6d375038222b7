//! The product of many rows of units with a vector of latents: one number a row, which a site takes as a parameter.

use super::dense::Dense;
use super::memory::Memory;
use super::squashed::Squashed;
use super::{Batch, ROWS, padded};
use crate::real::fault;
use crate::real::kernels::{Strided, add_product, rows_times};
use crate::real::matrix::{MatVec, Rows};
use crate::real::mode::{Lift, Mode, Real};
use std::cell::RefCell;
use std::ops::Add;

/// What [`matvec`](crate::real::matvec) multiplies with a vector of latents: a matrix of data, or units of a layer
/// over many rows.
#[diagnostic::on_unimplemented(
    message = "`matvec` can't multiply `{Self}`",
    note = "it takes rows of data, a nalgebra matrix, or units of a layer over many rows"
)]
pub trait TimesVector<'v, M: Mode> {
    /// The product, as a vector of parameters.
    type Product;
    /// Multiplies.
    fn times_vector(self, vector: &'v [Real<M>]) -> Self::Product;
}

impl<'v, X: Rows, M: Mode> TimesVector<'v, M> for X {
    type Product = MatVec<'v, X, M>;
    fn times_vector(self, vector: &'v [Real<M>]) -> MatVec<'v, X, M> {
        MatVec::new(self, vector)
    }
}
impl<'v, 'a, B: Batch<M>, M: Mode, const H: usize, const K: usize> TimesVector<'v, M>
    for Dense<'a, B, M, H, K>
{
    type Product = Product<'v, Self, M>;
    fn times_vector(self, vector: &'v [Real<M>]) -> Self::Product {
        Product::new(self, vector)
    }
}
impl<'v, 'a, B: Batch<M>, M: Mode, const H: usize, const K: usize> TimesVector<'v, M>
    for Squashed<Dense<'a, B, M, H, K>>
{
    type Product = Product<'v, Self, M>;
    fn times_vector(self, vector: &'v [Real<M>]) -> Self::Product {
        Product::new(self, vector)
    }
}

/// Units of a layer over many rows times a vector of latents, plus a constant; made by
/// [`matvec`](crate::real::matvec).
#[derive(Debug)]
pub struct Product<'v, B, M: Mode> {
    batch: B,
    vector: &'v [Real<M>],
    shift: Real<M>,
    block: RefCell<Block>,
}

/// The block that was computed last, and its memory, which is of no use while `rows` is 0.
#[derive(Debug, Default)]
struct Block {
    memory: Memory,
    ready: bool,
    start: usize,
    rows: usize,
}

impl<'v, B: Batch<M>, M: Mode> Product<'v, B, M> {
    fn new(batch: B, vector: &'v [Real<M>]) -> Self {
        let fits = vector.len() == B::WIDTH;
        if !fits {
            let (rows, length) = (batch.rows(), vector.len());
            fault::set(format!(
                "`matvec` of {rows} rows of {} units and {length} elements",
                B::WIDTH
            ));
        }
        Product {
            batch,
            vector: if fits { vector } else { &[] },
            shift: Real::constant(if fits { 0.0 } else { f64::NAN }),
            block: RefCell::default(),
        }
    }

    const STRIDE: usize = padded(B::WIDTH);

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.batch.rows()
    }
    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// One element.
    pub fn at(&self, i: usize) -> Real<M> {
        let mut value = [0.0];
        self.values(i, &mut value);
        let mut lift = M::Lift::begin();
        self.push(i, &[1.0], &mut lift);
        lift.finish(value[0])
    }

    /// Computes a block of rows unless it is there.
    fn compute(&self, block: &mut Block, start: usize, rows: usize) {
        if !block.ready {
            // The vector, its adjoint, and the adjoint of the units.
            block.memory = Memory::of((2 + ROWS) * Self::STRIDE + self.batch.memory());
            let (vector, rest) = block.memory.split_at_mut(Self::STRIDE);
            vector.fill(0.0);
            for (value, v) in vector.iter_mut().zip(self.vector) {
                *value = v.value();
            }
            self.batch.prepare(&mut rest[(1 + ROWS) * Self::STRIDE..]);
            (block.ready, block.rows) = (true, 0);
        }
        if block.start != start || block.rows < rows {
            let memory = &mut block.memory[(2 + ROWS) * Self::STRIDE..];
            self.batch.forward(start, rows, memory);
            (block.start, block.rows) = (start, rows);
        }
    }

    /// The values of the rows from `start` on, as many as there are; NaN beyond.
    pub(crate) fn values(&self, start: usize, out: &mut [f64]) {
        let n = self.len().saturating_sub(start).min(out.len());
        let (out, beyond) = out.split_at_mut(n);
        beyond.fill(f64::NAN);
        out.fill(self.shift.value());
        if self.vector.is_empty() {
            return;
        }
        let block = &mut *self.block.borrow_mut();
        for (k, out) in out.chunks_mut(ROWS).enumerate() {
            let start = start + k * ROWS;
            self.compute(block, start, out.len());
            let (vector, rest) = block.memory.split_at(Self::STRIDE);
            let units = self.batch.values(start, &rest[(1 + ROWS) * Self::STRIDE..]);
            rows_times(units.numbers, units.by_row, vector, out);
        }
    }

    /// Sends the adjoints of the rows from `start` on to all latents.
    pub(crate) fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        let n = self.len().saturating_sub(start).min(partials.len());
        let partials = &partials[..n];
        lift.push(self.shift, partials.iter().sum());
        if self.vector.is_empty() {
            return;
        }
        let block = &mut *self.block.borrow_mut();
        for (k, partials) in partials.chunks(ROWS).enumerate() {
            let (start, n) = (start + k * ROWS, partials.len());
            self.compute(block, start, n);
            let (vector, rest) = block.memory.split_at_mut(Self::STRIDE);
            let (by_vector, rest) = rest.split_at_mut(Self::STRIDE);
            let (by_units, memory) = rest.split_at_mut(ROWS * Self::STRIDE);
            let units = self.batch.values(start, memory);
            by_vector.fill(0.0);
            let row = Strided {
                numbers: partials,
                by_row: 0,
                by_column: 1,
            };
            add_product(row, units.numbers, by_vector, [1, n, Self::STRIDE]);
            lift.push_all(self.vector, by_vector);
            by_units[..n * Self::STRIDE].fill(0.0);
            let column = Strided {
                numbers: partials,
                by_row: 1,
                by_column: 0,
            };
            add_product(column, vector, by_units, [n, 1, Self::STRIDE]);
            self.batch.backward(start, n, memory, by_units, lift);
        }
    }
}

impl<B, M: Mode> Add<Real<M>> for Product<'_, B, M> {
    type Output = Self;
    fn add(self, shift: Real<M>) -> Self {
        Product {
            shift: self.shift + shift,
            ..self
        }
    }
}
impl<B, M: Mode> Add<f64> for Product<'_, B, M> {
    type Output = Self;
    fn add(self, shift: f64) -> Self {
        Product {
            shift: self.shift + shift,
            ..self
        }
    }
}
