//! The tape of reverse mode: what was computed, in order, with partial derivatives, and the sweep back over it.
//!
//! A node owns edges to its operands. Operands that lie side by side (the coefficients of a `dot`) are one edge with
//! a run of partials. A site of many elements is swept a block of elements at a time (see [`Tape::open_site`]),
//! so that its nodes never leave the nearest cache.

mod alike;
mod column_sweep;
mod columns;
mod edge;
mod runs;
mod sites;
mod sweep;
mod thread;

use crate::real::kernels::LANES;
use edge::{Edge, GROUP, GROUP_BIT, LAST, LAST_BIT};
use runs::Runs;
use sweep::gradient_of;
pub use thread::{begin, carried, gradient, gradient_of_sum, keep_all};
pub(super) use thread::{end_element, node_of, with};

/// The index of a number that is not on the tape.
pub const CONSTANT: u32 = u32::MAX;

/// Edges in order of execution; each node ends with one that is marked as its last.
///
/// An edge is two words, its head and its partial. Mostly they are side by side, and the next edge and the next node follow.
/// In the columns of a site (see `columns.rs`) they are [`LANES`] words apart, the next edge twice as many further on, and
/// the next node of an element has an index so much higher: so the edges that the elements have in the same place lie side
/// by side, and the nodes too.
pub struct Tape {
    /// Memory for edges, written as far as `at`.
    words: Vec<u64>,
    at: usize,
    gap: usize,
    /// The index of the next node.
    next: u32,
    /// Where the edges of the node under way begin.
    ended: usize,
    runs: Runs,
    adjoints: Vec<f64>,
    kinds: Vec<alike::Kind>,
    /// Nodes before the open site, and indices of nodes of its blocks that were swept and forgotten. They are not given
    /// again while the site is open, so that a number carried from block to block is noticed.
    outer: u32,
    swept: u32,
    carried: bool,
    open: bool,
    /// Of an open site: whether what it sends to older nodes is listed, not added to the adjoints of all.
    listed: bool,
    list: Vec<(u32, f64)>,
    /// Where a block in columns began, and its elements end: their edges, and their nodes.
    block: (usize, u32),
    ends: [[u32; LANES]; 2],
    /// Forget nothing: for models that carry numbers from block to block.
    pub whole: bool,
}

impl Tape {
    /// With no memory yet.
    const fn new() -> Self {
        Tape {
            words: Vec::new(),
            at: 0,
            gap: 1,
            next: 0,
            ended: 0,
            runs: Runs::new(),
            adjoints: Vec::new(),
            kinds: Vec::new(),
            outer: 0,
            swept: 0,
            carried: false,
            open: false,
            listed: false,
            list: Vec::new(),
            block: (0, 0),
            ends: [[0; LANES]; 2],
            whole: false,
        }
    }
}

/// Where an open site began.
#[derive(Copy, Clone)]
pub struct Mark {
    at: usize,
    runs: usize,
}

impl Tape {
    /// An edge to one operand, unless it is a constant.
    #[inline]
    pub fn edge(&mut self, operand: u32, partial: f64) {
        if operand != CONSTANT {
            self.write(operand, 2, partial);
        }
    }
    #[inline(always)]
    fn write(&mut self, operand: u32, count: u32, partial: f64) {
        self.write_all([(operand, count, partial)]);
    }
    /// Edges with their operands, counts and partials.
    #[inline(always)]
    fn write_all<const K: usize>(&mut self, edges: [(u32, u32, f64); K]) {
        let (mut at, gap) = (self.at, self.gap);
        let end = at + 2 * K * gap;
        // The last partial is `gap` words before the end.
        if end > self.words.len() {
            self.grow(end);
        }
        // Read once: the compiler cannot know that the words are elsewhere than the tape itself.
        let words = self.words.as_mut_ptr();
        for (operand, count, partial) in edges {
            let edge = Edge::new(operand, count, partial);
            // SAFETY: the words go on to `end`, and the last edge's second word is before it.
            unsafe {
                *words.add(at) = edge.head;
                *words.add(at + gap) = partial.to_bits();
            }
            at += 2 * gap;
        }
        self.at = end;
    }
    #[cold]
    #[inline(never)]
    fn grow(&mut self, end: usize) {
        self.words.resize((2 * end).max(512), 0);
    }
    /// The edges from one place to another, where they are side by side.
    #[inline(always)]
    fn edges(words: &[u64]) -> &[Edge] {
        let n = words.len() / 2;
        // SAFETY: an edge is two words of eight bytes in this order, of which any bits are valid.
        unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), n) }
    }
    /// Edges to operands side by side.
    #[inline]
    pub fn run(&mut self, first: u32, partials: &[f64]) {
        if let [one] = partials {
            return self.edge(first, *one);
        }
        let at = self.runs.put(partials);
        self.write(first, 2 * partials.len() as u32, f64::from_bits(at));
    }
    /// Room for the partials of a run, and for seven numbers more.
    #[inline(always)]
    pub fn room(&mut self, n: usize) -> &mut [f64] {
        self.runs.room(n)
    }
    /// A node with edges to `n` operands side by side, whose partials are in the room.
    #[inline(always)]
    pub fn node_of_run(&mut self, first: u32, n: usize) -> u32 {
        let at = self.runs.keep(n);
        self.write(first, (2 * n as u32) | LAST, f64::from_bits(at));
        self.index()
    }
    /// The index of a node whose edges were written, the last one marked.
    #[inline(always)]
    fn index(&mut self) -> u32 {
        let index = self.next;
        self.next = index + self.gap as u32;
        index
    }
    /// Whether edges are written in columns: then the nodes of an element are not side by side.
    #[inline(always)]
    pub fn in_columns(&self) -> bool {
        self.gap != 1
    }
    /// Nodes of one edge each, to operands side by side. Not in columns.
    pub fn map(&mut self, first: u32, slopes: &[f64]) -> u32 {
        let index = self.next;
        for (k, slope) in slopes.iter().enumerate() {
            self.write(first + k as u32, 2 | LAST, *slope);
        }
        self.next += slopes.len() as u32;
        index
    }
    /// `count` nodes that are sums of operands side by side, those of the next one following, with the same partials for
    /// all; and each of one operand more. Not in columns.
    pub fn layer(&mut self, first: u32, partials: &[f64], bias: u32, count: usize) -> u32 {
        let (index, at) = (self.next, self.runs.put(partials));
        let n = partials.len() as u32;
        for k in 0..count as u32 {
            self.write(first + k * n, 2 * n, f64::from_bits(at));
            self.write(bias + k, 2 | LAST, 1.0);
        }
        self.next += count as u32;
        index
    }
    /// Nodes with two operands each: those side by side from `first` on, with one partial for all, and a single one that
    /// they share. Its run has the partial, the shared operand and the partials by it. Not in columns.
    #[inline]
    pub fn group<const N: usize>(
        &mut self,
        first: u32,
        partial: f64,
        shared: u32,
        by_shared: impl Fn(usize) -> f64,
    ) -> u32 {
        let index = self.next;
        let room = self.runs.room(N + 2);
        (room[0], room[1]) = (partial, f64::from(shared));
        // Written where they stay: an array that is filled and copied is read before it is stored.
        for (k, room) in room[2..N + 2].iter_mut().enumerate() {
            *room = by_shared(k);
        }
        let at = self.runs.keep(N + 2);
        self.write(first, GROUP | (2 * N as u32) | LAST, f64::from_bits(at));
        self.next += N as u32;
        index
    }
    /// Makes the last node, if it is `term` and younger than the first `since` nodes, the sum of itself and `sum`.
    #[inline]
    pub fn add_to_last(&mut self, since: u32, term: u32, sum: u32) -> bool {
        if term < since || term.wrapping_add(1) != self.next || self.in_columns() {
            return false;
        }
        match self.words.get_mut(..self.at) {
            Some([.., last, _]) if *last & GROUP_BIT == 0 => *last &= !LAST_BIT,
            _ => return false,
        }
        self.write(sum, 2 | LAST, 1.0);
        true
    }
    /// The index that the next node will have.
    #[inline]
    pub fn next(&self) -> u32 {
        self.next
    }
    /// A node with edges to these operands, constants aside.
    #[inline(always)]
    pub fn node_of<const K: usize>(&mut self, operands: [(u32, f64); K]) -> u32 {
        if operands.iter().all(|(operand, _)| *operand != CONSTANT) {
            return self.node_of_all(operands);
        }
        match operands[..] {
            // Said apart, so that it needs no memory.
            [(CONSTANT, _), one] | [one, (CONSTANT, _)] if one.0 != CONSTANT => {
                self.node_of_all([one])
            }
            _ => self.node_of_some(&operands),
        }
    }
    #[inline(always)]
    fn node_of_all<const K: usize>(&mut self, operands: [(u32, f64); K]) -> u32 {
        let mut k = 0;
        self.write_all(operands.map(|(operand, partial)| {
            k += 1;
            (operand, if k == K { 2 | LAST } else { 2 }, partial)
        }));
        self.index()
    }
    #[cold]
    #[inline(never)]
    fn node_of_some(&mut self, operands: &[(u32, f64)]) -> u32 {
        self.begin_node();
        for (operand, partial) in operands {
            self.edge(*operand, *partial);
        }
        self.node()
    }
    /// Begins a node, which owns the edges from here on.
    #[inline]
    pub fn begin_node(&mut self) {
        self.ended = self.at;
    }
    /// Ends a node.
    #[inline]
    pub fn node(&mut self) -> u32 {
        if self.at > self.ended {
            let last = self.at - 2 * self.gap;
            self.words[last] |= LAST_BIT;
        } else {
            // A node of constants: an edge to nothing.
            self.write(0, LAST, 0.0);
        }
        self.index()
    }

    /// Forgets everything but the memory, and begins with `n` independent variables.
    #[inline]
    fn begin(&mut self, n: usize) {
        (self.at, self.gap, self.next) = (0, 1, n as u32);
        self.runs.truncate(0);
        (self.outer, self.swept, self.carried) = (0, 0, false);
        (self.open, self.listed) = (false, false);
    }
}
