//! Executions side by side: the statements of many executions of one body, collected and scored in blocks.

use super::shelf::Shelved;
use crate::dist::collect::{Collect, Columns, Score};
use crate::real::kernels::LANES;
use crate::real::{Blocks, Lift, Mode, Real};
use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

/// One statement in all lanes of a row.
struct Statement<'a, M: Mode> {
    score: Score,
    /// Bit k: parameter k has derivatives.
    wanted: u8,
    columns: &'a mut Columns,
    operands: &'a mut [[Real<M>; LANES]],
}

/// What the executions of one row added up by themselves.
struct Rest<'a, M: Mode> {
    values: [f64; LANES],
    operands: &'a mut [Real<M>],
    constant: bool,
    /// Its statements are those from here to where the next row begins.
    first: usize,
}

/// Rows of up to [`LANES`] executions. All executions of a row have the same statements in the same order. The
/// memory serves one block after the other.
pub struct Lanes<'a, M: Mode> {
    arena: &'a Bump,
    statements: BumpVec<'a, Statement<'a, M>>,
    rows: BumpVec<'a, Rest<'a, M>>,
    /// The log densities of all executions, later their weights.
    pub terms: BumpVec<'a, [f64; LANES]>,
    used_rows: usize,
    used: usize,
    lane: usize,
    at: usize,
    differ: bool,
}

impl<'a, M: Mode> Shelved<'a> for Lanes<'a, M> {
    fn new(arena: &'a Bump) -> Self {
        Lanes {
            arena,
            statements: BumpVec::new_in(arena),
            rows: BumpVec::new_in(arena),
            terms: BumpVec::new_in(arena),
            used_rows: 0,
            used: 0,
            lane: 0,
            at: 0,
            differ: false,
        }
    }
}

impl<M: Mode> Lanes<'_, M> {
    /// Begins a block.
    pub fn clear(&mut self) {
        (self.used_rows, self.used, self.differ) = (0, 0, false);
    }
    /// Begins a row.
    pub fn row(&mut self) {
        let first = self.used;
        if self.used_rows == self.rows.len() {
            let zero = Real::constant(0.0);
            let n = if M::GRADIENT { LANES } else { 0 };
            self.rows.push(Rest {
                values: [0.0; LANES],
                operands: self.arena.alloc_slice_fill_copy(n, zero),
                constant: true,
                first,
            });
            self.terms.push([0.0; LANES]);
        }
        let row = &mut self.rows[self.used_rows];
        (row.constant, row.first) = (true, first);
        self.used_rows += 1;
    }
    /// Begins an execution.
    #[inline]
    pub fn begin(&mut self, lane: usize) {
        self.lane = lane;
        self.at = self
            .rows
            .get(self.used_rows.wrapping_sub(1))
            .map_or(0, |r| r.first);
    }
    /// Ends it, with what it added up by itself. Whether it had the same statements as the others of its row.
    #[inline]
    pub fn end(&mut self, rest: Real<M>) -> bool {
        if let Some(row) = self.rows.get_mut(self.used_rows.wrapping_sub(1)) {
            row.values[self.lane] = rest.value();
            if M::GRADIENT && !(row.constant && M::is_constant(rest.0)) {
                if row.constant {
                    row.operands.fill(Real::constant(0.0));
                    row.constant = false;
                }
                row.operands[self.lane] = rest;
            }
        }
        !self.differ && self.at == self.used
    }
    /// Computes the terms of the block's rows of `n` executions.
    pub fn score(&mut self, n: usize) -> &mut [[f64; LANES]] {
        for r in 0..self.used_rows {
            let end = self.end_of(r);
            let (row, terms) = (&self.rows[r], &mut self.terms[r]);
            *terms = row.values;
            for s in &mut self.statements[row.first..end] {
                (s.score)(n, s.columns);
                for (t, v) in terms.iter_mut().zip(&s.columns.values) {
                    *t += v;
                }
            }
        }
        &mut self.terms[..self.used_rows]
    }
    fn end_of(&self, row: usize) -> usize {
        match self.rows[..self.used_rows].get(row + 1) {
            Some(next) => next.first,
            None => self.used,
        }
    }
    /// Sends Σ weights·terms on, where the terms now hold the weights.
    pub fn push(&mut self, n: usize, blocks: &mut M::Blocks) {
        for r in 0..self.used_rows {
            let end = self.end_of(r);
            let (row, weights) = (&self.rows[r], &self.terms[r]);
            if !row.constant {
                blocks.push(&row.operands[..n], &weights[..n]);
            }
            for s in &mut self.statements[row.first..end] {
                for (k, operands) in s.operands.iter().enumerate() {
                    if s.wanted >> k & 1 == 0 {
                        continue;
                    }
                    let partials = &mut s.columns.partials[k];
                    for (p, w) in partials[..n].iter_mut().zip(weights) {
                        // A term without weight has no say, whatever its own derivatives are.
                        *p = if *w == 0.0 { 0.0 } else { *p * w };
                    }
                    blocks.push(&operands[..n], &partials[..n]);
                }
            }
        }
    }
    /// Sends Σ weights·terms of some lanes of the first row on, once [`Lanes::score`] was called.
    pub fn push_some(&self, lanes: &[usize], weights: &[f64], lift: &mut M::Lift) {
        let Some(row) = self.rows.first() else { return };
        let mut send = |from: &[Real<M>], by: Option<&[f64; LANES]>| {
            for (few, weights) in lanes.chunks(4).zip(weights.chunks(4)) {
                let zero = Real::constant(0.0);
                let (mut operands, mut partials) = ([zero; 4], [0.0; 4]);
                for (k, (lane, w)) in few.iter().zip(weights).enumerate() {
                    operands[k] = from[*lane];
                    partials[k] = match by {
                        // A term without weight has no say, whatever its own derivatives are.
                        Some(by) if *w != 0.0 => w * by[*lane],
                        _ => *w,
                    };
                }
                lift.push_all(&operands[..few.len()], &partials[..few.len()]);
            }
        };
        if !row.constant {
            send(row.operands, None);
        }
        for s in &self.statements[row.first..self.end_of(0)] {
            for (k, from) in s.operands.iter().enumerate() {
                if s.wanted >> k & 1 == 1 {
                    send(&from[..], Some(&s.columns.partials[k]));
                }
            }
        }
    }
    #[cold]
    fn add<const P: usize>(&mut self, score: Score, wanted: u8) {
        if self.used < self.statements.len() && self.statements[self.used].operands.len() >= P {
            let s = &mut self.statements[self.used];
            (s.score, s.wanted) = (score, wanted);
        } else {
            let zero = Real::constant(0.0);
            let rows = if M::GRADIENT { P } else { 0 };
            let statement = Statement {
                score,
                wanted,
                columns: self.arena.alloc(Columns::new()),
                operands: self.arena.alloc_slice_fill_copy(rows, [zero; LANES]),
            };
            if self.used < self.statements.len() {
                self.statements[self.used] = statement;
            } else {
                self.statements.push(statement);
            }
        }
        self.used += 1;
    }
}

impl<M: Mode> Collect<M> for Lanes<'_, M> {
    #[inline(always)]
    fn collect<const P: usize>(
        &mut self,
        score: Score,
        x: f64,
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    ) {
        let wanted = (0..P).fold(0, |w, k| w | (u8::from(!constant[k]) << k));
        if self.lane == 0 {
            self.add::<P>(score, wanted);
        }
        let Some(s) = self.statements[..self.used].get_mut(self.at) else {
            self.differ = true;
            return;
        };
        self.at += 1;
        if !std::ptr::fn_addr_eq(s.score, score) || s.wanted != wanted {
            self.differ = true;
            return;
        }
        let lane = self.lane % LANES;
        s.columns.x[lane] = x;
        for k in 0..P {
            s.columns.p[k][lane] = p[k];
            if M::GRADIENT && !constant[k] {
                s.operands[k][lane] = operands[k];
            }
        }
    }
}
