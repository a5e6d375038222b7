//! Values given from outside: a tree of them by site, loop and element, and where an execution is in it.

use crate::real::Value;
use crate::support::{Latent, Reader};
use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

/// Some of a model's latents: what [`Condition`](super::Condition) takes. `#[model]` writes it for the `..Partial` type.
pub trait Partial {
    /// Says which sites have which values.
    fn pin(&self, into: &mut Pinning<'_>);
}
impl<P: Partial> Partial for Option<Box<P>> {
    fn pin(&self, into: &mut Pinning<'_>) {
        if let Some(partial) = self {
            partial.pin(into);
        }
    }
}

/// One frame of the tree: the body of a model, or an element of a loop in it. A submodel is a loop of one element.
#[derive(Clone, Debug, Default)]
struct Frame {
    /// Sites by where their numbers begin.
    values: Vec<(u32, usize)>,
    loops: Vec<Elements>,
}

#[derive(Clone, Debug)]
struct Elements {
    site: u32,
    frames: Vec<usize>,
    /// As many elements are given of these sites.
    lengths: Vec<(u32, usize)>,
}

/// Takes the values of a [`Partial`].
pub struct Pinning<'t> {
    tree: &'t mut Tree,
    frame: usize,
}

#[derive(Clone, Debug)]
struct Tree {
    frames: Vec<Frame>,
    numbers: Vec<f64>,
}

impl Pinning<'_> {
    /// The value of a site, if it is given.
    pub fn value<T: Latent>(&mut self, site: u32, x: &Option<T>) {
        let Some(x) = x else { return };
        let at = self.tree.numbers.len();
        self.tree.frames[self.frame].values.push((site, at));
        let arena = Bump::new();
        T::write::<Value>(&x.constant::<Value>(&arena), &mut self.tree.numbers);
    }
    /// The elements of a loop, for one of the sites in it. No element at all gives nothing.
    pub fn many<P>(
        &mut self,
        around: u32,
        site: u32,
        elements: &[P],
        each: impl Fn(&mut Pinning<'_>, &P),
    ) {
        if elements.is_empty() {
            return;
        }
        let frames = self.elements(around, site, elements.len());
        for (frame, element) in frames.into_iter().zip(elements) {
            let tree = &mut *self.tree;
            each(&mut Pinning { tree, frame }, element);
        }
    }
    /// The values of a submodel.
    pub fn sub(&mut self, site: u32, partial: &impl Partial) {
        for frame in self.elements(site, site, 1) {
            let tree = &mut *self.tree;
            partial.pin(&mut Pinning { tree, frame });
        }
    }
    /// The frames of a loop, made where they are not there yet.
    fn elements(&mut self, around: u32, site: u32, n: usize) -> Vec<usize> {
        let Tree { frames, .. } = &mut *self.tree;
        let made = frames.len();
        let loops = &mut frames[self.frame].loops;
        let found = loops.iter().position(|l| l.site == around);
        let k = found.unwrap_or_else(|| {
            loops.push(Elements {
                site: around,
                frames: Vec::new(),
                lengths: Vec::new(),
            });
            loops.len() - 1
        });
        let elements = &mut loops[k];
        elements.lengths.push((site, n));
        let more = n.saturating_sub(elements.frames.len());
        elements.frames.extend(made..made + more);
        let all = elements.frames[..n].to_vec();
        frames.resize_with(made + more, Frame::default);
        all
    }
}

/// The values of a [`Partial`], laid flat: they are copied into the arena of each execution.
#[derive(Clone, Debug, Default)]
pub struct Pins {
    /// Whether the density of the values is wanted.
    scored: bool,
    /// By frame: where its values begin and end, and its loops.
    frames: Vec<[usize; 4]>,
    values: Vec<(u32, usize)>,
    loops: Vec<Span>,
    /// The frames of all loops, one loop after the other.
    elements: Vec<usize>,
    lengths: Vec<(u32, usize)>,
    numbers: Vec<f64>,
}

/// One loop: its elements and its lengths.
#[derive(Copy, Clone, Debug)]
struct Span {
    site: u32,
    elements: [usize; 2],
    lengths: [usize; 2],
}

impl Pins {
    /// The values of a partial.
    pub fn new(partial: &impl Partial, scored: bool) -> Self {
        let mut tree = Tree {
            frames: vec![Frame::default()],
            numbers: Vec::new(),
        };
        partial.pin(&mut Pinning {
            tree: &mut tree,
            frame: 0,
        });
        let mut pins = Pins {
            scored,
            numbers: tree.numbers,
            ..Pins::default()
        };
        for frame in &tree.frames {
            let (v, l) = (pins.values.len(), pins.loops.len());
            pins.values.extend(&frame.values);
            for of in &frame.loops {
                let (e, n) = (pins.elements.len(), pins.lengths.len());
                pins.elements.extend(&of.frames);
                pins.lengths.extend(&of.lengths);
                pins.loops.push(Span {
                    site: of.site,
                    elements: [e, pins.elements.len()],
                    lengths: [n, pins.lengths.len()],
                });
            }
            pins.frames
                .push([v, pins.values.len(), l, pins.loops.len()]);
        }
        pins
    }
}

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
    pub(super) fn new(arena: &'a Bump) -> Self {
        Cursor {
            sets: BumpVec::new_in(arena),
            depth: 0,
        }
    }
    /// Whether anything is given.
    #[inline(always)]
    pub(super) fn on(&self) -> bool {
        !self.sets.is_empty()
    }
    /// Whether nothing is given inside the innermost loop.
    #[inline]
    pub(super) fn quiet(&self) -> bool {
        self.sets
            .iter()
            .all(|s| s.stack.last().is_some_and(|l| l.of.is_none()))
    }
    pub(super) fn push(&mut self, pins: &Pins, arena: &'a Bump) {
        self.sets.push(Set::new(pins, self.depth, arena));
    }
    pub(super) fn pop(&mut self) {
        self.sets.pop();
    }
    /// How many loops are open.
    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.depth
    }
    /// Closes all loops but the first.
    #[inline]
    pub(super) fn back_to(&mut self, depth: usize) {
        if self.on() {
            self.depth = depth;
            for set in &mut self.sets {
                set.stack.truncate(depth - set.base.min(depth));
            }
        }
    }
    #[inline]
    pub(super) fn enter(&mut self, site: u32) -> usize {
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
    pub(super) fn next(&mut self, open: usize) {
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
    pub(super) fn element(&mut self, open: usize, element: usize) {
        if self.on() {
            self.back_to(open + 1);
            for set in &mut self.sets {
                set.element(element);
            }
        }
    }
    /// Ends a loop. Gives a site of which more or fewer elements are given than have run, and both numbers.
    #[inline]
    pub(super) fn leave(&mut self, open: usize) -> Option<(u32, [usize; 2])> {
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
    pub(super) fn find(&self, site: u32) -> Option<(Reader<'a>, bool)> {
        self.sets
            .iter()
            .find_map(|s| Some((s.find(site)?, s.scored)))
    }
}
