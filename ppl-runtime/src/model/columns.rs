//! Plates and chains whose elements differ in their data alone: a part of the body runs once for many elements.

use super::filter::Filter;
use super::plates::RowValues;
use super::record::Recorder;
use super::recover::DrawnSteps;
use super::run::Run;
use super::sheet::WIDE;
use super::sums::{Term, pick};
use super::watch::Watch;
use crate::dist::source::Source;
use crate::real::kernels::log_sum_exp_rows;
use crate::real::{Blocks, Mode, Real};
use bumpalo::collections::Vec as BumpVec;
use std::ops::Range;

/// The most combinations of values that are held side by side.
const MOST_ROWS: usize = 256;
/// Fewer elements are not worth it.
const FEWEST: usize = 4;
/// Steps after which the states of a chain have to stay the same.
const MOST_STEPS: usize = 4;

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// Whether many elements may share an execution here.
    fn columns_possible(&self, n: usize) -> bool {
        self.unheard() && !self.laned && !self.columns && !self.pins.on() && n >= FEWEST
    }

    /// Sums over the enumerated sites of each element. False if that can't be done for many elements at once: then
    /// nothing has been summed.
    pub(super) fn plate_in_columns(
        &mut self,
        elements: Range<usize>,
        f: &impl Fn(&mut Self, usize),
    ) -> bool {
        let n = elements.len();
        if !self.columns_possible(n) {
            return false;
        }
        let aside = self.set_aside();
        let mut blocks = M::Blocks::begin(n);
        let (start, mut sum, mut alike) = (self.source.mark(), 0.0, true);
        for first in elements.clone().step_by(WIDE) {
            let count = (elements.end - first).min(WIDE);
            self.sheet.get().clear();
            alike = self.rows(first, count, None, |run| f(run, first), |()| true);
            blocks.computed();
            if alike {
                sum += log_sum_exp_rows(&mut self.sheet.get().terms, WIDE, count);
                if M::GRADIENT {
                    self.sheet.get().push(|_| count, &mut blocks);
                }
            }
            blocks.end();
            if !alike {
                self.source.rewind(start);
                break;
            }
        }
        self.put_aside_back(aside);
        let result = blocks.finish(sum);
        if alike {
            self.likelihood += result;
        }
        alike
    }

    /// Runs a part of the body once for every combination of values: a row each. False if a statement can't be scored
    /// for many elements, if there are latents, or if `each`, which looks at the rows' results, says so. `values` is given
    /// the values of each combination.
    pub(super) fn rows<Q>(
        &mut self,
        first: usize,
        n: usize,
        mut values: Option<&mut RowValues>,
        f: impl Fn(&mut Self) -> Q,
        mut each: impl FnMut(Q) -> bool,
    ) -> bool {
        let outer = self.digits.open();
        let (before, drawn) = (self.latents, self.drawn);
        let mut alike = true;
        for count in 0.. {
            self.digits.restart();
            self.clear();
            self.sheet.get().row(first, n);
            self.columns = true;
            let result = f(self);
            self.columns = false;
            let rest = self.take_total();
            alike = count < MOST_ROWS
                && self.sheet.get().end(rest)
                && self.drawn == drawn
                && each(result);
            if let Some(values) = &mut values {
                values.push(self.digits.values());
            }
            if !alike || !self.digits.advance() {
                break;
            }
        }
        self.clear();
        self.digits.close(outer);
        self.latents = before;
        alike
    }

    /// The forward recursion of a chain. False if that can't be done for many steps at once: then nothing has been
    /// done.
    pub(super) fn chain_in_columns<Q: Copy + PartialEq + 'a>(
        &mut self,
        n: usize,
        init: Q,
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) -> bool {
        if !self.columns_possible(n) {
            return false;
        }
        let start = self.source.mark();
        let aside = self.set_aside();
        let total = self.chain_total(n, init, None, f);
        self.put_aside_back(aside);
        match total {
            Some(total) => self.likelihood += total,
            None => self.source.rewind(start),
        }
        total.is_some()
    }

    /// The log of the sum over all paths. The steps are drawn backwards if there is where to put them.
    pub(super) fn chain_total<Q: Copy + PartialEq + 'a>(
        &mut self,
        n: usize,
        init: Q,
        mut drawn: Option<&mut DrawnSteps<Q>>,
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) -> Option<Real<M>> {
        let zero = Real::constant(0.0);
        let mut states = BumpVec::new_in(self.arena);
        states.push((
            init,
            Term {
                prior: zero,
                joint: zero,
            },
        ));
        // Step by step until the states that can be reached are those of the step before.
        let mut t = 0;
        loop {
            let history = drawn.as_deref_mut().map(|d| &mut d.first);
            let next = self.step_in_lanes(&states, t, history, f)?;
            if let Some(drawn) = &mut drawn {
                drawn.first.end_step();
            }
            t += 1;
            let steady = next.iter().map(|s| s.0).eq(states.iter().map(|s| s.0));
            states = next;
            if steady {
                break;
            }
            if t == n.min(MOST_STEPS) {
                return None;
            }
        }
        let mut blocks = M::Blocks::begin(n);
        let total = self.steady_total(t, n, &states, drawn, f, &mut blocks);
        blocks.end();
        let result = blocks.finish(total.unwrap_or(0.0));
        total.map(|_| result)
    }

    /// The rest of a chain from step `t` on, whose states are always the same.
    fn steady_total<Q: Copy + PartialEq + 'a>(
        &mut self,
        t: usize,
        n: usize,
        states: &[(Q, Term<M>)],
        mut drawn: Option<&mut DrawnSteps<Q>>,
        f: &impl Fn(&mut Self, usize, Q) -> Q,
        blocks: &mut M::Blocks,
    ) -> Option<f64> {
        self.sheet.get().clear();
        let mut filter = Filter::new(states.len(), self.arena);
        let mut alike = true;
        for first in (t..n).step_by(WIDE) {
            let steps = (n - first).min(WIDE);
            filter.block();
            for (s, (state, _)) in states.iter().enumerate() {
                alike = alike
                    && self.rows(
                        first,
                        steps,
                        drawn.as_deref_mut().map(|d| &mut d.values),
                        |run| f(run, first, *state),
                        |next| match states.iter().position(|s| s.0 == next) {
                            Some(to) => filter.path(s, to),
                            None => false,
                        },
                    );
            }
        }
        blocks.computed();
        if !alike {
            return None;
        }
        let steps = |block: usize| (n - t - block * WIDE).min(WIDE);
        let mut weights =
            BumpVec::from_iter_in(states.iter().map(|s| s.1.joint.value()), self.arena);
        let rows = filter.rows();
        for (block, terms) in self.sheet.get().terms.chunks_mut(rows * WIDE).enumerate() {
            filter.forward(terms, WIDE, steps(block), &mut weights);
        }
        let total = filter.total(&mut weights);
        if let Some(drawn) = drawn {
            let mut target = pick(states.len(), |s| weights[s], self.recorder.uniform());
            for (block, terms) in self.sheet.get().terms.chunks(rows * WIDE).enumerate().rev() {
                for i in (0..steps(block)).rev() {
                    let u = self.recorder.uniform();
                    let row = filter.pick(target, u, |r| terms[r * WIDE + i]);
                    target = filter.origin(row);
                    drawn.steady.push((states[target].0, row));
                }
            }
            drawn.target = Some(states[target].0);
        }
        if M::GRADIENT {
            for (block, terms) in self
                .sheet
                .get()
                .terms
                .chunks_mut(rows * WIDE)
                .enumerate()
                .rev()
            {
                filter.backward(terms, WIDE, steps(block), &mut weights);
            }
            for ((_, term), share) in states.iter().zip(&weights) {
                blocks.push(&[term.joint], &[*share]);
            }
            self.sheet.get().push(|row| steps(row / rows), blocks);
        }
        Some(total)
    }
}
