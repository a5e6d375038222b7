//! The values of a site that is taken in a column, as counts.

use crate::real::kernels::{counting, numbers};
use bumpalo::Bump;

/// What the values are.
#[derive(Copy, Clone)]
pub enum Counts<'a> {
    /// Counts that follow one by one, from this one on.
    From(usize),
    /// These.
    These(&'a [usize]),
}

impl<'a> Counts<'a> {
    /// Value `k`.
    #[inline(always)]
    pub fn at(self, k: usize) -> usize {
        match self {
            Counts::From(first) => first.wrapping_add(k),
            Counts::These(counts) => counts.get(k).copied().unwrap_or_default(),
        }
    }
    /// The first `n` as numbers.
    pub fn numbers(self, n: usize, arena: &'a Bump) -> &'a [f64] {
        match self {
            Counts::From(first) => counting(first, n)
                .unwrap_or_else(|| arena.alloc_slice_fill_with(n, |k| self.at(k) as f64)),
            Counts::These(counts) => {
                let all = arena.alloc_slice_fill_copy(n, 0.0);
                numbers(counts, all);
                all
            }
        }
    }
}
