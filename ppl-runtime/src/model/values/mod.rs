//! A sum over the values of one discrete site that are taken in a column: the body runs once for all of them, and only
//! statements that read the value are executed for each.

mod collect;
mod counts;
mod entries;
mod prior;

pub use self::counts::Counts;
use self::entries::{Entry, enter, sum};
use self::prior::log_sum;
use super::statement::Statement;
use super::sums::{Term, pick};
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

/// What is known of the log densities of the values themselves.
#[derive(Copy, Clone)]
enum Prior<'a> {
    Terms(&'a [f64]),
    /// Their log-sum-exp, which is a constant.
    Sum(f64),
}

/// The terms of a sum over the values of one site.
pub struct Column<'a, M: Mode> {
    arena: &'a Bump,
    n: usize,
    /// Enumerated sites before this one in the sum.
    pub digit: usize,
    counts: Counts<'a>,
    /// The log densities of the values themselves, and later those of statements that read them.
    terms: &'a mut [f64],
    prior: Prior<'a>,
    entries: BumpVec<'a, Entry<'a, M>>,
    /// Entries of the prior.
    priors: usize,
    statements: BumpVec<'a, Statement<'a, M>>,
    rest: Option<&'a mut [Real<M>]>,
    lane: usize,
    /// The executions that there is room for: two where the first and the last value tell those between.
    room: usize,
    at: usize,
    /// Whether executions have different statements.
    differ: bool,
}

impl<'a, M: Mode> Column<'a, M> {
    /// Of `n` values that are these counts, of a site after so many others.
    pub fn new(n: usize, counts: Counts<'a>, digit: usize, arena: &'a Bump) -> Self {
        Column {
            arena,
            n,
            digit,
            counts,
            terms: &mut [],
            prior: Prior::Terms(&[]),
            entries: BumpVec::new_in(arena),
            priors: 0,
            statements: BumpVec::new_in(arena),
            rest: None,
            lane: 0,
            room: n,
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
        self.counts.at(k)
    }
    /// The log densities of the values come one by one.
    pub fn begin_prior(&mut self) {
        self.terms = self.arena.alloc_slice_fill_copy(self.n, 0.0);
    }
    /// Only the first and the last value are executed from now on.
    pub fn begin_ends(&mut self) {
        self.room = 2;
    }
    /// Begins the execution for a value.
    #[inline(always)]
    pub fn begin(&mut self, lane: usize) {
        (self.lane, self.at) = (lane, 0);
    }
    /// Where its numbers are put.
    #[inline(always)]
    fn place(&self) -> usize {
        self.lane.min(self.room - 1)
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
        self.room = self.n;
        let ends = [self.counts.at(0), self.counts.at(self.n - 1)];
        match &mut self.statements[..] {
            [s] if !self.differ && self.rest.is_none() && ends[0] != ends[1] => {
                if let Some(which) = trials(s, ends) {
                    s.trials = (which, self.counts.numbers(self.n, self.arena));
                    return true;
                }
            }
            _ => {}
        }
        for s in &mut self.statements {
            s.widen(self.n, self.arena);
        }
        false
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
        if self.terms.len() != self.n {
            self.begin_prior();
        }
        if let Prior::Terms(terms) = &mut self.prior {
            *terms = self.arena.alloc_slice_copy(self.terms);
        }
        self.priors = self.entries.len();
    }
    /// The sum over the values. The log of the sum of priors is 0 if that isn't wanted.
    pub fn total(&mut self, with_prior: bool) -> Term<M> {
        let joint = sum(self.terms, &self.entries, self.arena);
        let prior = match self.prior {
            _ if !with_prior => Real::constant(0.0),
            Prior::Sum(sum) => Real::constant(sum),
            Prior::Terms(terms) if self.priors == 0 => Real::constant(log_sum(terms, self.arena)),
            Prior::Terms(terms) => {
                let terms = self.arena.alloc_slice_copy(terms);
                sum(terms, &self.entries[..self.priors], self.arena)
            }
        };
        Term { prior, joint }
    }

    /// A draw of the site given the rest, once [`Column::total`] was called: which value of how many.
    pub fn pick(&self, u: f64) -> (usize, usize) {
        (pick(self.n, |k| self.terms[k], u), self.n)
    }
}

/// Which parameters of a statement, executed for two values, are these themselves, one bit each; nothing if other things
/// differ.
fn trials<M: Mode>(s: &Statement<'_, M>, ends: [usize; 2]) -> Option<u8> {
    if s.x.all.len() > 1 || s.operands.iter().any(|o| o.all.len() > 1) {
        return None;
    }
    let ends = ends.map(|k| k as f64);
    let mut which = 0;
    for (k, p) in s.p.iter().enumerate() {
        match *p.all {
            [_] => {}
            [a, b] if [a, b] == ends => which |= 1 << k,
            _ => return None,
        }
    }
    Some(which)
}
