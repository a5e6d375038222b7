//! A sum over the values of one discrete site that are taken in a column: the body runs once for all of them, and only
//! statements that read the value are executed for each.

mod collect;
mod entries;

use self::entries::{Entry, enter, sum};
use super::statement::{Numbers, Statement};
use super::sums::{Term, pick};
use crate::real::kernels::numbers;
use crate::real::{Mode, Real};
use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

/// What a sum knows of the column of its first site.
pub struct Values<'a, M: Mode> {
    /// Whether a site may be taken in a column here.
    pub free: bool,
    /// The column of the site that was.
    pub column: Option<&'a mut Column<'a, M>>,
    /// Whether a statement is executed for each value just now.
    pub on: bool,
    /// Whether it added something up by itself.
    pub rest: bool,
}

impl<M: Mode> Values<'_, M> {
    /// No column, and no leave to open one.
    #[inline]
    pub fn none() -> Self {
        Values {
            free: false,
            column: None,
            on: false,
            rest: false,
        }
    }
}

/// The terms of a sum over the values of one site.
pub struct Column<'a, M: Mode> {
    arena: &'a Bump,
    n: usize,
    /// Enumerated sites before this one in the sum.
    pub digit: usize,
    counts: &'a [usize],
    /// The log densities of the values themselves, and later those of statements that read them.
    terms: &'a mut [f64],
    prior: &'a [f64],
    entries: BumpVec<'a, Entry<'a, M>>,
    /// Entries of the prior.
    priors: usize,
    statements: BumpVec<'a, Statement<'a, M>>,
    rest: Option<&'a mut [Real<M>]>,
    lane: usize,
    at: usize,
    /// Whether executions have different statements.
    differ: bool,
}

impl<'a, M: Mode> Column<'a, M> {
    /// Of values that are these counts, of a site after so many others.
    pub fn new(counts: &'a [usize], digit: usize, arena: &'a Bump) -> Self {
        let n = counts.len();
        Column {
            arena,
            n,
            digit,
            counts,
            terms: arena.alloc_slice_fill_copy(n, 0.0),
            prior: &[],
            entries: BumpVec::new_in(arena),
            priors: 0,
            statements: BumpVec::new_in(arena),
            rest: None,
            lane: 0,
            at: 0,
            differ: false,
        }
    }
    /// The number of values.
    pub fn len(&self) -> usize {
        self.n
    }
    /// Value `k`.
    #[inline(always)]
    pub fn count(&self, k: usize) -> usize {
        self.counts.get(k).copied().unwrap_or_default()
    }
    /// Begins the execution for a value.
    #[inline(always)]
    pub fn begin(&mut self, lane: usize) {
        (self.lane, self.at) = (lane, 0);
    }
    /// Ends it, with what it added up by itself.
    #[inline(always)]
    pub fn end(&mut self, rest: Real<M>) {
        self.differ |= self.at != self.statements.len();
        if rest.value() != 0.0 || !M::is_constant(rest.0) {
            self.add_rest(rest);
        }
    }
    #[cold]
    #[inline(never)]
    fn add_rest(&mut self, rest: Real<M>) {
        let (n, arena) = (self.n, self.arena);
        self.terms[self.lane] += rest.value();
        if M::GRADIENT && !M::is_constant(rest.0) {
            let zero = Real::constant(0.0);
            let all = self
                .rest
                .get_or_insert_with(|| arena.alloc_slice_fill_copy(n, zero));
            all[self.lane] = rest;
        }
    }
    /// Of a statement that reads the values as numbers of trials alone, executed for the first and the last: what it is given
    /// for those between. Whether that is known.
    pub fn fill_trials(&mut self) -> bool {
        let (&[first, .., last], [s]) = (self.counts, &mut self.statements[..]) else {
            return false;
        };
        if self.differ || self.rest.is_some() || first == last {
            return false;
        }
        let ends = [first as f64, last as f64];
        let trials = |p: &Numbers<'_, f64>| matches!(*p.all, [a, .., b] if [a, b] == ends);
        let alike = s.x.all.len() < 2 && s.operands.iter().all(|o| o.all.len() == 1);
        if !alike || !s.p.iter().all(|p| p.all.len() == 1 || trials(p)) {
            return false;
        }
        for p in s.p.iter_mut().filter(|p| p.all.len() > 1) {
            numbers(self.counts, p.all);
        }
        true
    }
    /// Whether executions had different statements: then the terms are of no use.
    pub fn failed(&self) -> bool {
        self.differ
    }
    /// Scores what was executed for all values.
    pub fn score(&mut self) {
        let (n, arena) = (self.n, self.arena);
        for mut s in self.statements.drain(..) {
            (s.kernel)(&mut s, n, self.terms, arena);
            let all = s.operands.into_iter().zip(s.partials);
            for (k, (operands, partials)) in all.enumerate() {
                if s.wanted >> k & 1 == 1 {
                    enter(&mut self.entries, self.priors, operands.all, Some(partials));
                }
            }
        }
        if let Some(rest) = self.rest.take() {
            enter(&mut self.entries, self.priors, rest, None);
        }
    }
    /// What was scored so far is the prior.
    pub fn end_of_prior(&mut self) {
        self.prior = self.arena.alloc_slice_copy(self.terms);
        self.priors = self.entries.len();
    }
    /// The sum over the values. The log of the sum of priors is 0 if that isn't wanted.
    pub fn total(&mut self, with_prior: bool) -> Term<M> {
        let joint = sum(self.terms, &self.entries, self.arena);
        let alike = |p: &[f64]| p.iter().fold(true, |all, x| all & (*x == p[0]));
        let prior = if !with_prior {
            Real::constant(0.0)
        } else if self.priors == 0 && alike(self.prior) {
            Real::constant(self.prior.first().map_or(0.0, |p| p + (self.n as f64).ln()))
        } else {
            let terms = self.arena.alloc_slice_copy(self.prior);
            sum(terms, &self.entries[..self.priors], self.arena)
        };
        Term { prior, joint }
    }

    /// A draw of the site given the rest, once [`Column::total`] was called: which value of how many.
    pub fn pick(&self, u: f64) -> (usize, usize) {
        (pick(self.n, |k| self.terms[k], u), self.n)
    }
}
