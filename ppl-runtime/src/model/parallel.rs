//! Plates whose elements are divided among threads.
//!
//! Nodes of a tape can't leave their thread, nor can closures that borrow an arena. So it is not elements that are sent
//! to threads: each part runs the whole body, with memory of its own, and its parallel plates are restricted to a range
//! of their elements. What is outside of them counts in the first part alone. The parts are added up in order, and how
//! many there are follows from counts of elements: threads change nothing but who runs them.

use super::division::{Dividing, Division};
use super::record::Off;
use super::run::Run;
use super::watch::Blind;
use super::{Batch, Evaluator, Model};
use crate::dist::reduced::Reducing;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use std::cell::Cell;
use std::mem::take;
use std::ops::Range;

/// So many divisions wait for each other on one thread, before it does parts by itself: a thread that waits may be
/// given other work of its pool, which may wait in turn, and its stack is finite.
const DEEPEST: u32 = 48;

/// One part of an evaluation: memory of its own, and what came out.
#[derive(Default)]
pub struct Part {
    evaluator: Evaluator,
    values: [f64; 3],
    gradient: Vec<f64>,
}

/// What an evaluator knows of the part that it does.
#[derive(Default)]
pub(super) struct Share {
    index: usize,
    /// As many parts had the plate with the most.
    parts: usize,
    /// Coordinates of elements that belong to other parts.
    skipped: Vec<Range<usize>>,
}

/// Does all parts, on the threads of the current pool. `#[model]` makes it [`Model::on_threads`] of models with parallel
/// plates.
pub fn on_threads<M: Sync + ?Sized>(
    model: &M,
    parts: &mut [Part],
    f: impl Fn(&M, &mut Part) + Sync,
) {
    fn some<M: Sync + ?Sized>(model: &M, parts: &mut [Part], f: &(impl Fn(&M, &mut Part) + Sync)) {
        thread_local! {
            static DEPTH: Cell<u32> = const { Cell::new(0) };
        }
        struct Deeper(u32);
        impl Drop for Deeper {
            fn drop(&mut self) {
                DEPTH.set(self.0);
            }
        }
        let depth = DEPTH.get();
        if parts.len() < 2 || depth >= DEEPEST {
            return parts.iter_mut().for_each(|part| f(model, part));
        }
        // Waiting, this thread may run other work that uses its tape: no execution is under way here.
        let (left, right) = parts.split_at_mut(parts.len() / 2);
        DEPTH.set(depth + 1);
        let _back = Deeper(depth);
        rayon::join(|| some(model, left, f), || some(model, right, f));
    }
    if rayon::current_num_threads() == 1 {
        return parts.iter_mut().for_each(|part| f(model, part));
    }
    some(model, parts, &f);
}

impl Evaluator {
    /// Whether a model has to be divided here.
    #[inline(always)]
    pub(super) fn divides<Md: Model>(&self) -> bool {
        Md::PARALLEL && self.share.is_none()
    }

    /// Adds up the values and gradients of all parts. `f` evaluates a part.
    pub(super) fn divided<Md: Model>(
        &mut self,
        model: &Md,
        gradient: &mut [f64],
        f: impl Fn(&Md, &mut Evaluator, &mut [f64]) -> [f64; 3] + Sync,
    ) -> [f64; 3] {
        let mut all = take(&mut self.parts);
        // What was enough for the last evaluation is mostly enough for this one.
        let (mut done, mut wanted) = (0, self.last_parts.max(1));
        while done < wanted {
            while all.len() < wanted {
                all.push(Part::of(all.len()));
            }
            for part in &mut all[done..wanted] {
                part.evaluator.subsample(self.batch);
                part.gradient.resize(gradient.len(), 0.0);
            }
            model.on_threads(&mut all[done..wanted], |model, part| {
                part.values = f(model, &mut part.evaluator, &mut part.gradient);
            });
            done = wanted;
            wanted = all[0].evaluator.share.as_ref().map_or(1, |s| s.parts);
        }
        self.last_parts = wanted;
        let mut values = all[0].values;
        gradient.copy_from_slice(&all[0].gradient);
        for part in &all[1..wanted] {
            for (sum, value) in values.iter_mut().zip(part.values) {
                *sum += value;
            }
            part.add_gradient(gradient);
        }
        self.parts = all;
        values
    }

    /// Runs a model, or its part of it: log prior, log likelihood, log Jacobian.
    #[inline(always)]
    pub(super) fn totals<M: Mode, Md: Model, S: Source<M>, const LEVEL: u8>(
        &mut self,
        model: &Md,
        source: S,
        batch: Option<Batch>,
    ) -> [Real<M>; 3] {
        let (arena, digits) = (&mut self.arena, &mut self.digits);
        arena.reset();
        if !Md::PARALLEL {
            let mut run = Run::new(source, Off, Blind::<LEVEL>, &*arena, digits);
            if batch.is_none()
                && let Some(sites) = model.statistics()
            {
                run.reducing = Reducing::Use(sites);
            }
            run.batch = batch;
            run.model(model);
            return run.totals();
        }
        let share = self.share.get_or_insert_default();
        let watch = Dividing::<M, LEVEL>(Division::new(share.index, take(&mut share.skipped)));
        let mut run = Run::new(source, Off, watch, &*arena, digits);
        run.batch = batch;
        run.model(model);
        let totals = run.totals();
        let Dividing(division) = run.watch;
        (share.parts, share.skipped) = (division.parts, division.skipped);
        if share.index == 0 {
            return totals;
        }
        division.counted
    }
}

impl Part {
    fn of(index: usize) -> Self {
        let share = Share {
            index,
            ..Share::default()
        };
        let mut part = Part::default();
        part.evaluator.share = Some(share);
        part
    }
    /// Coordinates of other parts' elements have no derivatives here.
    fn add_gradient(&self, gradient: &mut [f64]) {
        let skipped = self.evaluator.share.iter().flat_map(|s| &s.skipped);
        let end = gradient.len();
        let mut from = 0;
        for skip in skipped.cloned().chain(std::iter::once(end..end)) {
            let to = skip.start.clamp(from, end);
            for (sum, g) in gradient[from..to].iter_mut().zip(&self.gradient[from..to]) {
                *sum += g;
            }
            from = skip.end.clamp(to, end);
        }
    }
}
