//! Networks applied to many rows at once: expressions that a site evaluates a block of rows at a time, in products of
//! matrices, and whose adjoints it sends back the same way. Nothing is written on a tape but the partial derivatives
//! by the weights, once a block; that serves every mode.

mod dense;
mod memory;
mod product;
mod squashed;

pub use dense::{Dense, Inputs};
pub use product::{Product, TimesVector};
pub use squashed::{Curve, Squashed, Units};

use super::kernels::{COLUMNS, LANES, Strided};
use super::mode::Mode;

/// Rows of a block.
const ROWS: usize = LANES;

/// A matrix with a row for each datum, evaluated a block of rows at a time in memory that is kept beside it.
pub trait Batch<M: Mode>: Copy {
    /// The number of columns.
    const WIDTH: usize;
    /// Whether it depends on latents.
    const LATENT: bool;
    /// The number of rows.
    fn rows(&self) -> usize;
    /// How many numbers its memory has.
    fn memory(&self) -> usize;
    /// Gets the memory ready, once an evaluation.
    fn prepare(&self, memory: &mut [f64]);
    /// Computes `n` rows from `start` on, at most [`LANES`].
    fn forward(&self, start: usize, n: usize, memory: &mut [f64]);
    /// The rows that were computed last.
    fn values<'m>(&'m self, start: usize, memory: &'m [f64]) -> Strided<'m>;
    /// Sends the adjoint of the rows that were computed last to the latents. Its rows are padded to a multiple of
    /// [`COLUMNS`]; it is spoilt.
    fn backward(
        &self,
        start: usize,
        n: usize,
        memory: &mut [f64],
        adjoint: &mut [f64],
        lift: &mut M::Lift,
    );
}

/// A width of which products of matrices can be computed.
const fn padded(width: usize) -> usize {
    width.next_multiple_of(COLUMNS)
}

/// Rows of data.
#[derive(Copy, Clone, Debug)]
pub struct Data<'a, const K: usize>(&'a [[f64; K]]);

impl<M: Mode, const K: usize> Batch<M> for Data<'_, K> {
    const WIDTH: usize = K;
    const LATENT: bool = false;
    fn rows(&self) -> usize {
        self.0.len()
    }
    fn memory(&self) -> usize {
        0
    }
    fn prepare(&self, _: &mut [f64]) {}
    fn forward(&self, _: usize, _: usize, _: &mut [f64]) {}
    fn values<'m>(&'m self, start: usize, _: &'m [f64]) -> Strided<'m> {
        Strided {
            numbers: self.0[start..].as_flattened(),
            by_row: K,
            by_column: 1,
        }
    }
    fn backward(&self, _: usize, _: usize, _: &mut [f64], _: &mut [f64], _: &mut M::Lift) {}
}
