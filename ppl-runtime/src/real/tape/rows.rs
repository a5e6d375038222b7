//! Rows of partials by the same operands: a `dot` of the same coefficients with one row of data after the other.

use super::sweep::add_run;
use crate::real::kernels::{LANES, rows_weighted};

/// Runs one before the other in memory, as the sweep finds them. Their adjoints are sent on in one product of a vector
/// with a matrix, whose sums stay in registers.
pub(super) struct Rows {
    /// The last adjoints are in use, those of the rows in order of memory.
    adjoints: [f64; LANES],
    rows: usize,
    /// Where the first of them begins, and how far one is from the next.
    at: usize,
    stride: usize,
    /// The operands.
    first: usize,
    columns: usize,
}

impl Default for Rows {
    fn default() -> Self {
        Rows {
            adjoints: [0.0; LANES],
            rows: 0,
            at: 0,
            stride: 0,
            first: 0,
            columns: 0,
        }
    }
}

impl Rows {
    /// From how many columns on it pays.
    pub(super) const MANY: usize = 8;

    /// Nodes from this one on wait for nothing.
    #[inline(always)]
    pub(super) fn waiting(&self) -> usize {
        if self.rows == 0 {
            0
        } else {
            self.first + self.columns
        }
    }

    /// Adds a·partials to the adjoints of operands from `first` on, now or later; the partials are `n` from `at` on.
    #[inline(always)]
    pub(super) fn push(
        &mut self,
        a: f64,
        [at, first, n]: [usize; 3],
        runs: &[f64],
        adjoints: &mut [f64],
    ) {
        let same = self.rows > 0 && self.rows < LANES && self.first == first && self.columns == n;
        let before = self.at.wrapping_sub(at);
        // Runs that overlap are the same numbers again, by other operands.
        let next = same && before >= n && (self.rows == 1 || before == self.stride);
        if !next {
            self.send(runs, adjoints);
            (self.first, self.columns) = (first, n);
        } else {
            self.stride = before;
        }
        self.at = at;
        self.rows += 1;
        self.adjoints[LANES - self.rows] = a;
    }

    /// Adds what waits to the adjoints of its operands.
    #[inline(always)]
    pub(super) fn send(&mut self, runs: &[f64], adjoints: &mut [f64]) {
        let (rows, n) = (self.rows, self.columns);
        if rows == 0 {
            return;
        }
        self.rows = 0;
        let weights = &self.adjoints[LANES - rows..];
        let operands = &mut adjoints[self.first..self.first + n];
        if rows == 1 {
            return add_run(weights[0], &runs[self.at..self.at + n], operands);
        }
        let end = self.at + (rows - 1) * self.stride + n;
        rows_weighted(&runs[self.at..end], self.stride, weights, operands);
    }
}
