//! Elements that differ in their data alone: one execution serves many, and each statement is scored for all of them
//! at once.

use super::shelf::Shelved;
use crate::dist::collect::Column;
use crate::dist::family::Family;
use crate::real::kernels::{plain_sum, weighted_sum};
use crate::real::{Blocks, Mode, Real};
use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

/// Elements of a row.
pub const WIDE: usize = 256;

/// A parameter of a statement, and the partial derivatives by it in every element.
struct Entry<'a, M: Mode> {
    row: usize,
    operand: Real<M>,
    partials: &'a mut [f64; WIDE],
}

/// Rows of elements: a row has the log densities of one combination of values of the enumerated sites.
pub struct Sheet<'a, M: Mode> {
    arena: &'a Bump,
    /// Log densities, row by row, later weights.
    pub terms: BumpVec<'a, f64>,
    /// What each execution added up by itself, for all its elements.
    rest: BumpVec<'a, Real<M>>,
    entries: BumpVec<'a, Entry<'a, M>>,
    used: usize,
    first: usize,
    n: usize,
    /// Whether some statement can't be scored so.
    differ: bool,
}

impl<'a, M: Mode> Shelved<'a> for Sheet<'a, M> {
    fn new(arena: &'a Bump) -> Self {
        Sheet {
            arena,
            terms: BumpVec::new_in(arena),
            rest: BumpVec::new_in(arena),
            entries: BumpVec::new_in(arena),
            used: 0,
            first: 0,
            n: 0,
            differ: false,
        }
    }
}

impl<M: Mode> Sheet<'_, M> {
    /// Forgets all rows.
    pub fn clear(&mut self) {
        self.terms.clear();
        self.rest.clear();
        (self.used, self.differ) = (0, false);
    }
    /// Begins a row of the `n` elements from `first` on.
    pub fn row(&mut self, first: usize, n: usize) {
        self.terms.resize(self.terms.len() + WIDE, 0.0);
        (self.first, self.n) = (first, n);
    }
    /// Ends it, with what the execution added up by itself. Whether all its statements were scored.
    pub fn end(&mut self, rest: Real<M>) -> bool {
        let begin = self.rest.len() * WIDE;
        if rest.value() != 0.0 {
            for t in &mut self.terms[begin..begin + self.n] {
                *t += rest.value();
            }
        }
        self.rest.push(rest);
        !self.differ
    }
    /// Notes a statement that can't be scored for many elements.
    pub fn refuse(&mut self) {
        self.differ = true;
    }
    /// Sends Σ weights·terms on, where the terms now hold the weights; rows have `n(row)` elements.
    pub fn push(&mut self, n: impl Fn(usize) -> usize, blocks: &mut M::Blocks) {
        for (row, rest) in self.rest.iter().enumerate() {
            if !M::is_constant(rest.0) {
                let weights = &self.terms[row * WIDE..][..n(row)];
                blocks.push(&[*rest], &[plain_sum(weights)]);
            }
        }
        for e in &self.entries[..self.used] {
            let weights = &self.terms[e.row * WIDE..][..n(e.row)];
            blocks.push(&[e.operand], &[weighted_sum(weights, &e.partials[..])]);
        }
    }
    /// The memory of the next entry.
    fn entry(&mut self, operand: Real<M>) {
        let row = self.rest.len();
        if let Some(e) = self.entries.get_mut(self.used) {
            (e.row, e.operand) = (row, operand);
        } else {
            let partials = self.arena.alloc([0.0; WIDE]);
            self.entries.push(Entry {
                row,
                operand,
                partials,
            });
        }
        self.used += 1;
    }
}

impl<M: Mode> Column<M> for Sheet<'_, M> {
    #[inline]
    fn column<F: Family<P>, const P: usize>(
        &mut self,
        x: impl Fn(usize) -> f64,
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    ) {
        let (n, begin) = (self.n, self.rest.len() * WIDE);
        let mut points = [0.0; WIDE];
        for (i, point) in points[..n].iter_mut().enumerate() {
            *point = x(self.first + i);
        }
        let from = self.used;
        if M::GRADIENT {
            for k in 0..P {
                if !constant[k] {
                    self.entry(operands[k]);
                }
            }
        }
        let mut unwanted = [0.0; WIDE];
        let mut wanted = self.entries[from..self.used].iter_mut();
        let values = &mut self.terms[begin..begin + n];
        if !M::GRADIENT {
            let mut nothing = [(); P].map(|()| &mut [][..]);
            F::column::<false>(&points[..n], &p, values, &mut nothing);
        } else if constant.iter().filter(|c| **c).count() <= 1 {
            let mut unwanted = Some(&mut unwanted[..n]);
            let mut rows = constant.map(|c| {
                let row = if c {
                    unwanted.take()
                } else {
                    wanted.next().map(|e| &mut e.partials[..n])
                };
                row.unwrap_or_default()
            });
            F::column::<true>(&points[..n], &p, values, &mut rows);
        } else {
            // Several parameters without derivatives: each row has to be somewhere.
            let mut all = [[0.0; WIDE]; P];
            F::column::<true>(
                &points[..n],
                &p,
                values,
                &mut all.each_mut().map(|row| &mut row[..n]),
            );
            for (row, _) in all.iter().zip(constant).filter(|(_, c)| !c) {
                if let Some(e) = wanted.next() {
                    e.partials.copy_from_slice(row);
                }
            }
        }
    }
}
