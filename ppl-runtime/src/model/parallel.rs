//! Plates whose elements are divided among threads.
//!
//! Nodes of a tape can't leave their thread, nor can closures that borrow an arena. So it is not elements that are sent
//! to threads: each part runs the whole body, with memory of its own, and its parallel plates are restricted to a range
//! of their elements. What is outside of them counts in the first part alone. The parts are added up in order, and how
//! many there are follows from counts of elements: threads change nothing but who runs them.

use super::record::{Off, Recorder};
use super::run::{Blind, Run, Watch};
use super::{Batch, Evaluator, Model};
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use std::cell::Cell;
use std::mem::{replace, take};
use std::ops::Range;

/// The most parts of a plate.
const MOST: usize = 16;
/// So many divisions wait for each other on one thread, before it does parts by itself: a thread that waits may be
/// given other work of its pool, which may wait in turn, and its stack is finite.
const DEEPEST: u32 = 48;

/// As many parts has a plate of so many elements.
fn parts(elements: usize) -> usize {
    elements.clamp(1, MOST)
}

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
        for skip in skipped.cloned().chain([end..end]) {
            let to = skip.start.clamp(from, end);
            for (sum, g) in gradient[from..to].iter_mut().zip(&self.gradient[from..to]) {
                *sum += g;
            }
            from = skip.end.clamp(to, end);
        }
    }
}

/// Where one part's execution is.
pub struct Division<M: Mode> {
    index: usize,
    parts: usize,
    /// Whether what is scored now belongs to this part.
    counts: bool,
    /// Whether a sum or a plate is under way, inside of which nothing is divided.
    whole: bool,
    /// What this part's elements add up to: log prior, log likelihood, log Jacobian.
    counted: [Real<M>; 3],
    skipped: Vec<Range<usize>>,
}

impl<M: Mode> Division<M> {
    fn new(index: usize, mut skipped: Vec<Range<usize>>) -> Self {
        skipped.clear();
        Division {
            index,
            parts: 1,
            counts: index == 0,
            whole: false,
            counted: [Real::constant(0.0); 3],
            skipped,
        }
    }
    /// Begins an execution of the body: one is as good as any other, since nothing that varies between those of a sum
    /// comes before a plate that is divided.
    pub(super) fn restart(&mut self) {
        self.counted = [Real::constant(0.0); 3];
        self.skipped.clear();
    }
}

/// Listens to nothing, and says which part an execution is. `LEVEL` as of [`Blind`].
struct Dividing<M: Mode, const LEVEL: u8>(Division<M>);

impl<M: Mode, const LEVEL: u8> Watch<M> for Dividing<M, LEVEL> {
    const BLIND: bool = true;
    #[inline(always)]
    fn division(&mut self) -> Option<&mut Division<M>> {
        Some(&mut self.0)
    }
    #[inline(always)]
    fn counts(&self) -> bool {
        self.0.counts
    }
}

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    fn totals(&self) -> [Real<M>; 3] {
        let jacobian = self.source.jacobian();
        let jacobian = jacobian.unwrap_or(Real::constant(0.0));
        [self.prior, self.likelihood, jacobian]
    }

    /// Runs a sum or a plate: what is inside of it is not divided.
    #[inline(always)]
    pub(super) fn undivided<Q>(&mut self, f: impl FnOnce(&mut Self) -> Q) -> Q {
        let outer = self.watch.division().map(|d| replace(&mut d.whole, true));
        let output = f(self);
        if let (Some(outer), Some(d)) = (outer, self.watch.division()) {
            d.whole = outer;
        }
        output
    }

    /// The elements of a parallel plate that belong to this part; nothing where it is not divided.
    #[inline(always)]
    pub(super) fn share(&mut self, n: usize) -> Option<Range<usize>> {
        // A site that is summed out has a value already: the plate is inside of its sum.
        let summed = self.digits.so_far() > 0;
        let division = self.watch.division()?;
        if division.whole || summed || n == 0 {
            return None;
        }
        let parts = parts(n);
        division.parts = division.parts.max(parts);
        let bound = |k: usize| n * k.min(parts) / parts;
        Some(bound(division.index)..bound(division.index + 1))
    }

    /// Runs elements of this part. Minibatches inside of them would be chosen by how many came before: all of their
    /// elements are taken.
    #[inline(always)]
    pub(super) fn own_elements(&mut self, f: impl FnOnce(&mut Self)) {
        let Some(index) = self.watch.division().map(|d| d.index) else {
            return f(self);
        };
        let batch = self.batch.take();
        if index == 0 {
            self.counting(true, f);
        } else {
            let sums = self.aside_of(true, f);
            if let Some(d) = self.watch.division() {
                for (sum, x) in d.counted.iter_mut().zip(sums) {
                    *sum += x;
                }
            }
        }
        self.batch = batch;
    }

    /// Runs elements of other parts, for what they read.
    fn others_elements(&mut self, f: impl FnOnce(&mut Self)) {
        let batch = self.batch.take();
        self.aside_of(false, f);
        self.batch = batch;
    }

    /// Runs something and gives what it adds up to, instead of adding it.
    fn aside_of(&mut self, counts: bool, f: impl FnOnce(&mut Self)) -> [Real<M>; 3] {
        let aside = self.set_aside();
        let jacobian = self.source.jacobian();
        self.source.set_jacobian(Real::constant(0.0));
        self.counting(counts, f);
        let sums = self.totals();
        if let Some(jacobian) = jacobian {
            self.source.set_jacobian(jacobian);
        }
        self.put_aside_back(aside);
        sums
    }

    /// Runs something for what it reads.
    #[inline(always)]
    pub(super) fn uncounted(&mut self, f: impl FnOnce(&mut Self)) {
        self.counting(false, f);
    }

    #[inline(always)]
    fn counting(&mut self, counts: bool, f: impl FnOnce(&mut Self)) {
        let outer = self
            .watch
            .division()
            .map(|d| replace(&mut d.counts, counts));
        f(self);
        if let (Some(outer), Some(d)) = (outer, self.watch.division()) {
            d.counts = outer;
        }
    }

    /// Runs the elements of a divided plate that belong to this part. Where all read as many coordinates, `width`, the
    /// others are skipped, else run for what they read.
    pub(super) fn part_of_plate(
        &mut self,
        (n, own): (usize, Range<usize>),
        width: Option<usize>,
        f: impl Fn(&mut Self, Range<usize>),
    ) {
        let Some(width) = width else {
            self.others_elements(|run| f(run, 0..own.start));
            self.own_elements(|run| f(run, own.clone()));
            return self.others_elements(|run| f(run, own.end..n));
        };
        let start = self.source.position();
        let at = |i: usize| start + i * width;
        self.source.seek(at(own.start));
        self.own_elements(|run| f(run, own.clone()));
        self.source.seek(at(n));
        if let (true, Some(d)) = (width > 0, self.watch.division()) {
            d.skipped.extend([at(0)..at(own.start), at(own.end)..at(n)]);
        }
    }
}
