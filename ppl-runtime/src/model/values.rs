//! A sum over the values of one discrete site that are taken in a column: the body runs once for all of them, and only
//! statements that read the value are executed for each.

use super::statement::{Kernel, Numbers, Statement, by_family, by_points, by_score};
use super::sums::{Term, pick};
use crate::dist::collect::{self, Collect, MOST, Score};
use crate::dist::family::Family;
use crate::real::kernels::{log_sum_exp_all, plain_sum, weighted_sum};
use crate::real::{Lift, Mode, Real};
use crate::support::ScalarLatent;
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

/// Partial derivatives of the terms by an operand, one a value.
struct Entry<'a, M: Mode> {
    /// One for all values, or one each.
    operands: &'a [Real<M>],
    /// Nothing: they are 1.
    partials: Option<&'a mut [f64]>,
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

    /// Notes a statement of the first execution.
    #[cold]
    #[inline(never)]
    fn open<const P: usize>(
        &mut self,
        kernel: Kernel<'a, M>,
        score: Option<Score>,
        p: [f64; P],
        operands: [Real<M>; P],
        wanted: u8,
    ) {
        let (zero, arena) = (Real::constant(0.0), self.arena);
        self.statements.push(Statement {
            kernel,
            score,
            x: Numbers { all: &mut [] },
            points: None,
            p: std::array::from_fn(|k| Numbers::new(p.get(k).copied().unwrap_or(0.0), arena)),
            operands: std::array::from_fn(|k| {
                Numbers::new(operands.get(k).copied().unwrap_or(zero), arena)
            }),
            wanted,
            partials: [&mut [], &mut [], &mut []],
        });
    }

    /// The statement that is next in this execution, as it was in the first.
    #[inline(always)]
    fn next<const P: usize>(
        &mut self,
        kernel: Kernel<'a, M>,
        score: Option<Score>,
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    ) -> Option<&mut Statement<'a, M>> {
        let wanted = (0..P).fold(0, |w, k| w | (u8::from(M::GRADIENT && !constant[k]) << k));
        let (n, arena, lane) = (self.n, self.arena, self.lane);
        if lane == 0 {
            self.open(kernel, score, p, operands, wanted);
        }
        let at = self.at;
        self.at += 1;
        let Some(s) = self.statements.get_mut(at) else {
            self.differ = true;
            return None;
        };
        let scores = match (s.score, score) {
            (None, None) => true,
            (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
            _ => false,
        };
        if !scores || !std::ptr::fn_addr_eq(s.kernel, kernel) || s.wanted != wanted {
            self.differ = true;
            return None;
        }
        for k in 0..P {
            let same_bits = |a: f64, b: f64| a.to_bits() == b.to_bits();
            s.p[k].set(lane, p[k], same_bits, n, arena);
            if M::GRADIENT && !constant[k] {
                let same = |a: Real<M>, b: Real<M>| M::same(a.0, b.0);
                s.operands[k].set(lane, operands[k], same, n, arena);
            }
        }
        Some(s)
    }
}

impl<M: Mode> Collect<M> for Column<'_, M> {
    #[inline(always)]
    fn collect<const P: usize>(
        &mut self,
        score: Score,
        x: f64,
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    ) {
        let (n, arena, lane) = (self.n, self.arena, self.lane);
        if let Some(s) = self.next::<P>(by_score::<M>, Some(score), p, operands, constant) {
            s.point(x, lane, n, arena);
        }
    }
    #[inline(always)]
    fn collect_family<F: Family<P>, const P: usize>(
        &mut self,
        x: f64,
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    ) {
        let (n, arena, lane) = (self.n, self.arena, self.lane);
        if let Some(s) = self.next::<P>(by_family::<M, F, P>, None, p, operands, constant) {
            s.point(x, lane, n, arena);
        }
    }
    #[inline(always)]
    fn collect_iid<T: ScalarLatent, F: Family<P>, const P: usize>(
        &mut self,
        x: &[T],
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    ) -> bool {
        let (arena, place) = (self.arena, x.as_ptr().addr());
        // Data that are others for other values are scored value by value.
        if self.lane > 0 {
            let points = self.statements.get(self.at).and_then(|s| s.points);
            if points.is_none_or(|(points, from)| from != place || points.len() != x.len()) {
                return false;
            }
        }
        if let Some(s) = self.next::<P>(by_points::<M, F, P>, None, p, operands, constant)
            && s.points.is_none()
        {
            s.note_points(x, arena);
        }
        true
    }
}

impl<M: Mode> collect::Column<M> for Column<'_, M> {
    #[inline]
    fn column<F: Family<P>, const P: usize>(
        &mut self,
        x: impl Fn(usize) -> f64,
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    ) {
        let (n, arena) = (self.n, self.arena);
        self.begin(0);
        if let Some(s) = self.next::<P>(by_family::<M, F, P>, None, p, operands, constant) {
            s.x.all = arena.alloc_slice_fill_with(n, x);
        }
    }
}

/// Adds derivatives, to those that the same operand has already if it has.
fn enter<'a, M: Mode>(
    entries: &mut BumpVec<'a, Entry<'a, M>>,
    from: usize,
    operands: &'a mut [Real<M>],
    partials: Option<&'a mut [f64]>,
) {
    if let (&mut [operand], Some(partials)) = (&mut *operands, &partials) {
        if M::is_constant(operand.0) {
            return;
        }
        let of_it = |e: &&mut Entry<'a, M>| {
            matches!(e.operands, [o] if M::same(o.0, operand.0)) && e.partials.is_some()
        };
        // What the statement before read is mostly read again.
        let found = entries[from..].iter_mut().rev().take(MOST).find(of_it);
        if let Some(sums) = found.and_then(|e| e.partials.as_deref_mut()) {
            for (sum, by) in sums.iter_mut().zip(partials.iter()) {
                *sum += by;
            }
            return;
        }
    }
    entries.push(Entry { operands, partials });
}

/// ln Σ e^terms with its derivatives. The terms become weights.
fn sum<M: Mode>(terms: &mut [f64], entries: &[Entry<'_, M>], arena: &Bump) -> Real<M> {
    let total = log_sum_exp_all(terms);
    if !M::GRADIENT || entries.is_empty() || total == f64::NEG_INFINITY {
        return Real::constant(total);
    }
    let mut lift = M::Lift::begin();
    for e in entries {
        match (e.operands, e.partials.as_deref()) {
            ([operand], Some(partials)) => lift.push(*operand, weighted_sum(terms, partials)),
            ([operand], None) => lift.push(*operand, plain_sum(terms)),
            (operands, Some(partials)) => {
                // A term without weight has no say, whatever its own derivatives are.
                let by = terms.iter().zip(partials);
                let by = by.map(|(w, p)| if *w == 0.0 { 0.0 } else { w * p });
                lift.push_all(operands, &BumpVec::from_iter_in(by, arena));
            }
            (operands, None) => lift.push_all(operands, terms),
        }
    }
    lift.finish(total)
}
