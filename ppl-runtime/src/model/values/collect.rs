//! What a column hears of the statements that read the value: those of the first execution are noted, and every other
//! one's must be the same.

use super::counts::Counts;
use super::prior::prior;
use super::{Column, Prior};
use crate::dist::collect::{self, Collect, Score};
use crate::dist::family::Family;
use crate::model::statement::{Kernel, Numbers, Statement, by_family, by_points, by_score};
use crate::real::{Mode, Real};
use crate::support::ScalarLatent;

impl<'a, M: Mode> Column<'a, M> {
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
            trials: (0, &[]),
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
        let (n, arena, lane) = (self.room, self.arena, self.place());
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
        let (n, arena, lane) = (self.room, self.arena, self.place());
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
        let (n, arena, lane) = (self.room, self.arena, self.place());
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
        if let Counts::From(first) = self.counts
            && constant.iter().all(|c| *c)
        {
            let (terms, sum) = prior::<F, P>(first, n, &p, arena);
            (self.terms, self.prior) = (terms, Prior::Sum(sum));
            return;
        }
        self.begin_prior();
        self.begin(0);
        if let Some(s) = self.next::<P>(by_family::<M, F, P>, None, p, operands, constant) {
            s.x.all = arena.alloc_slice_fill_with(n, x);
        }
    }
}
