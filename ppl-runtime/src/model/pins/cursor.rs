//! Where an execution is in all that is given.

use super::{Pins, Span};
use crate::support::Reader;
use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

/// [`Pins`] in an arena, and where an execution is in them.
struct Set<'a> {
    scored: bool,
    frames: &'a [[usize; 4]],
    values: &'a [(u32, usize)],
    loops: &'a [Span],
    elements: &'a [usize],
    lengths: &'a [(u32, usize)],
    numbers: &'a [f64],
    /// Open loops when the set came.
    base: usize,
    stack: BumpVec<'a, Level>,
}

/// An open loop: which, and the frame of the element under way.
#[derive(Copy, Clone, Default)]
struct Level {
    of: Option<Span>,
    frame: Option<usize>,
    /// Elements so far.
    run: usize,
}

impl<'a> Set<'a> {
    fn new(pins: &Pins, base: usize, arena: &'a Bump) -> Self {
        Set {
            scored: pins.scored,
            frames: arena.alloc_slice_copy(&pins.frames),
            values: arena.alloc_slice_copy(&pins.values),
            loops: arena.alloc_slice_copy(&pins.loops),
            elements: arena.alloc_slice_copy(&pins.elements),
            lengths: arena.alloc_slice_copy(&pins.lengths),
            numbers: arena.alloc_slice_copy(&pins.numbers),
            base,
            stack: BumpVec::new_in(arena),
        }
    }
    fn frame(&self) -> Option<[usize; 4]> {
        let frame = self.stack.last().map_or(Some(0), |l| l.frame)?;
        self.frames.get(frame).copied()
    }
    fn enter(&mut self, site: u32) {
        let loops = self
            .frame()
            .map_or(&[][..], |[.., from, to]| &self.loops[from..to]);
        let of = loops.iter().find(|l| l.site == site).copied();
        self.stack.push(Level {
            of,
            ..Level::default()
        });
    }
    fn element(&mut self, element: usize) {
        if let Some(level) = self.stack.last_mut() {
            let frames = level
                .of
                .map_or(&[][..], |of| &self.elements[of.elements[0]..of.elements[1]]);
            level.frame = frames.get(element).copied();
            level.run = element + 1;
        }
    }
    fn find(&self, site: u32) -> Option<Reader<'a>> {
        let [from, to, ..] = self.frame()?;
        let at = self.values[from..to].iter().find(|v| v.0 == site)?.1;
        Some(Reader(&self.numbers[at..]))
    }
}

/// Where an execution is in all that is given.
pub struct Cursor<'a> {
    sets: BumpVec<'a, Set<'a>>,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub(in crate::model) fn new(arena: &'a Bump) -> Self {
        Cursor {
            sets: BumpVec::new_in(arena),
            depth: 0,
        }
    }
    /// Whether anything is given.
    #[inline(always)]
    pub(in crate::model) fn on(&self) -> bool {
        !self.sets.is_empty()
    }
    /// Whether nothing is given inside the innermost loop.
    #[inline]
    pub(in crate::model) fn quiet(&self) -> bool {
        self.sets
            .iter()
            .all(|s| s.stack.last().is_some_and(|l| l.of.is_none()))
    }
    pub(in crate::model) fn push(&mut self, pins: &Pins, arena: &'a Bump) {
        self.sets.push(Set::new(pins, self.depth, arena));
    }
    pub(in crate::model) fn pop(&mut self) {
        self.sets.pop();
    }
    /// How many loops are open.
    #[inline]
    pub(in crate::model) fn depth(&self) -> usize {
        self.depth
    }
    /// Closes all loops but the first.
    #[inline]
    pub(in crate::model) fn back_to(&mut self, depth: usize) {
        if self.on() {
            self.depth = depth;
            for set in &mut self.sets {
                set.stack.truncate(depth - set.base.min(depth));
            }
        }
    }
    #[inline]
    pub(in crate::model) fn enter(&mut self, site: u32) -> usize {
        if !self.on() {
            return 0;
        }
        self.depth += 1;
        for set in &mut self.sets {
            set.enter(site);
        }
        self.depth - 1
    }
    #[inline]
    pub(in crate::model) fn next(&mut self, open: usize) {
        if !self.on() {
            return;
        }
        self.back_to(open + 1);
        for set in &mut self.sets {
            let next = set.stack.last().map_or(0, |l| l.run);
            set.element(next);
        }
    }
    /// The element of the loop that was opened when `depth` loops were open.
    #[inline]
    pub(in crate::model) fn element(&mut self, open: usize, element: usize) {
        if self.on() {
            self.back_to(open + 1);
            for set in &mut self.sets {
                set.element(element);
            }
        }
    }
    /// Ends a loop. Gives a site of which more or fewer elements are given than have run, and both numbers.
    #[inline]
    pub(in crate::model) fn leave(&mut self, open: usize) -> Option<(u32, [usize; 2])> {
        if !self.on() {
            return None;
        }
        self.back_to(open + 1);
        let odd = self.sets.iter().find_map(|set| {
            let level = set.stack.last()?;
            let [from, to] = level.of?.lengths;
            let lengths = &set.lengths[from..to];
            let odd = lengths.iter().find(|l| l.1 != level.run)?;
            Some((odd.0, [odd.1, level.run]))
        });
        self.back_to(open);
        odd
    }
    /// The numbers that are given for a site, and whether their density is wanted.
    pub(in crate::model) fn find(&self, site: u32) -> Option<(Reader<'a>, bool)> {
        self.sets
            .iter()
            .find_map(|s| Some((s.find(site)?, s.scored)))
    }
}
