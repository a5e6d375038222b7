//! One part of an evaluation: which elements of parallel plates belong to it, and what of the rest counts.

use super::record::Recorder;
use super::run::Run;
use super::watch::Watch;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use std::mem::replace;
use std::ops::Range;

/// The most parts of a plate.
const MOST: usize = 16;
/// As many parts has a plate of so many elements.
fn parts(elements: usize) -> usize {
    elements.clamp(1, MOST)
}

/// Where one part's execution is.
pub struct Division<M: Mode> {
    index: usize,
    /// As many parts has the plate with the most so far.
    pub(super) parts: usize,
    /// Whether what is scored now belongs to this part.
    counts: bool,
    /// Whether a sum or a plate is under way, inside of which nothing is divided.
    whole: bool,
    /// What this part's elements add up to: log prior, log likelihood, log Jacobian.
    pub(super) counted: [Real<M>; 3],
    /// Coordinates of elements that belong to other parts.
    pub(super) skipped: Vec<Range<usize>>,
}

impl<M: Mode> Division<M> {
    pub(super) fn new(index: usize, mut skipped: Vec<Range<usize>>) -> Self {
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
pub(super) struct Dividing<M: Mode, const LEVEL: u8>(pub(super) Division<M>);

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
    pub(super) fn totals(&self) -> [Real<M>; 3] {
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
