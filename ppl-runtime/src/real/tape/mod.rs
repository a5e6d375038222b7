//! The tape of reverse mode: what was computed, in order, with partial derivatives, and the sweep back over it.
//!
//! A node owns edges to its operands. Operands that lie side by side (the coefficients of a `dot`) are one edge with
//! a run of partials. A site of many elements is swept a block of elements at a time (see [`Tape::open_site`]),
//! so that its nodes never leave the nearest cache.

mod alike;
mod runs;
mod sites;
mod sweep;
mod thread;

use runs::Runs;
use sweep::sweep;
pub(super) use thread::with;
pub use thread::{begin, carried, gradient, gradient_of_sum, keep_all};

/// The index of a number that is not on the tape.
pub const CONSTANT: u32 = u32::MAX;

/// Operands side by side. Both halves are as wide as a partial: what was just written is read back at once, and the
/// machine hands on whole stores alone.
#[derive(Copy, Clone)]
struct Edge {
    /// The node of the first operand, and in the high half twice the number of operands, and one more if it is the
    /// last edge of its node.
    head: u64,
    /// The partial derivative by a single operand; of a run, where its partials begin (as bits).
    partial: f64,
}

impl Edge {
    #[inline(always)]
    fn new(operand: u32, count: u32, partial: f64) -> Edge {
        let head = u64::from(count) << 32 | u64::from(operand);
        Edge { head, partial }
    }
    #[inline(always)]
    fn operand(&self) -> u32 {
        self.head as u32
    }
    /// The number of operands; of a group's edge, of nodes.
    #[inline(always)]
    fn operands(&self) -> u32 {
        (self.head >> 33) as u32 & (GROUP - 1) >> 1
    }
    #[inline(always)]
    fn is_last(&self) -> bool {
        self.head & LAST_BIT != 0
    }
    #[inline(always)]
    fn is_group(&self) -> bool {
        self.head & GROUP_BIT != 0
    }
}

/// Marks the last edge of a node in its count.
const LAST: u32 = 1;
const LAST_BIT: u64 = (LAST as u64) << 32;
/// Marks an edge that stands for a group of nodes; see [`Tape::group`].
const GROUP: u32 = 1 << 31;
const GROUP_BIT: u64 = (GROUP as u64) << 32;

/// The edge of a node of constants: to nothing.
const NOTHING: Edge = Edge {
    head: LAST_BIT,
    partial: 0.0,
};

/// Edges in order of execution; each node ends with one that is marked as its last.
#[derive(Default)]
pub struct Tape {
    /// The number of nodes, and of edges that belong to them.
    nodes: usize,
    ended: usize,
    /// Memory for edges, of which `used` are written: so that writing needs one look at its length.
    edges: Vec<Edge>,
    used: usize,
    runs: Runs,
    adjoints: Vec<f64>,
    kinds: Vec<alike::Kind>,
    /// Nodes before the open site, and nodes of its blocks that were swept and forgotten. The indices of the latter
    /// are not given again while the site is open, so that a number carried from block to block is noticed.
    outer: u32,
    swept: u32,
    carried: bool,
    open: bool,
    /// Forget nothing: for models that carry numbers from block to block.
    pub whole: bool,
}

/// Where an open site began.
#[derive(Copy, Clone)]
pub struct Mark {
    nodes: usize,
    edges: usize,
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
        let edge = Edge::new(operand, count, partial);
        match self.edges.get_mut(self.used) {
            Some(room) => *room = edge,
            None => self.grow(edge),
        }
        self.used += 1;
    }
    #[cold]
    fn grow(&mut self, edge: Edge) {
        self.edges.push(edge);
        let room = (2 * self.edges.len()).max(256);
        self.edges.resize(room, NOTHING);
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
        let index = self.next();
        self.nodes += 1;
        self.ended = self.used;
        index
    }
    /// Nodes of one edge each, to operands side by side.
    pub fn map(&mut self, first: u32, slopes: &[f64]) -> u32 {
        let index = self.nodes as u32 + self.swept;
        for (k, slope) in slopes.iter().enumerate() {
            self.write(first + k as u32, 2 | LAST, *slope);
        }
        self.nodes += slopes.len();
        self.ended = self.used;
        index
    }
    /// `count` nodes that are sums of operands side by side, those of the next one following, with the same partials for
    /// all; and each of one operand more.
    pub fn layer(&mut self, first: u32, partials: &[f64], bias: u32, count: usize) -> u32 {
        let (index, at) = (self.next(), self.runs.put(partials));
        let n = partials.len() as u32;
        for k in 0..count as u32 {
            self.write(first + k * n, 2 * n, f64::from_bits(at));
            self.write(bias + k, 2 | LAST, 1.0);
        }
        self.nodes += count;
        self.ended = self.used;
        index
    }
    /// Nodes with two operands each: those side by side from `first` on, with one partial for all, and a single one that
    /// they share. Its run has the partial, the shared operand and the partials by it.
    #[inline]
    pub fn group<const N: usize>(
        &mut self,
        first: u32,
        partial: f64,
        shared: u32,
        by_shared: &[f64; N],
    ) -> u32 {
        let index = self.next();
        let room = self.runs.room(N + 2);
        (room[0], room[1]) = (partial, f64::from(shared));
        room[2..N + 2].copy_from_slice(by_shared);
        let at = self.runs.keep(N + 2);
        self.write(first, GROUP | (2 * N as u32) | LAST, f64::from_bits(at));
        self.nodes += N;
        self.ended = self.used;
        index
    }
    /// Makes the last node, if it is `term` and younger than the first `since` nodes, the sum of itself and `sum`.
    #[inline]
    pub fn add_to_last(&mut self, since: u32, term: u32, sum: u32) -> bool {
        let next = self.nodes as u32 + self.swept;
        if term < since || term.wrapping_add(1) != next {
            return false;
        }
        match self.edges.get_mut(..self.used) {
            Some([.., last]) if !last.is_group() => last.head &= !LAST_BIT,
            _ => return false,
        }
        self.write(sum, 2 | LAST, 1.0);
        self.ended = self.used;
        true
    }
    /// The index that the next node will have.
    #[inline]
    pub fn next(&self) -> u32 {
        self.nodes as u32 + self.swept
    }
    /// A node with edges to these operands, constants aside.
    #[inline(always)]
    pub fn node_of<const K: usize>(&mut self, operands: [(u32, f64); K]) -> u32 {
        if operands.iter().all(|(operand, _)| *operand != CONSTANT) {
            for (k, (operand, partial)) in operands.into_iter().enumerate() {
                let last = if k + 1 == K { LAST } else { 0 };
                self.write(operand, 2 | last, partial);
            }
            let index = self.nodes as u32 + self.swept;
            self.nodes += 1;
            self.ended = self.used;
            return index;
        }
        for (operand, partial) in operands {
            self.edge(operand, partial);
        }
        self.node()
    }
    /// Ends a node, which owns the edges since the last.
    #[inline]
    pub fn node(&mut self) -> u32 {
        let index = self.nodes as u32 + self.swept;
        match self.edges.get_mut(self.ended..self.used) {
            Some([.., last]) => last.head |= LAST_BIT,
            // A node of constants: an edge to nothing.
            _ => self.write(0, LAST, 0.0),
        }
        self.nodes += 1;
        self.ended = self.used;
        index
    }

    /// Forgets everything but the memory, and begins with `n` independent variables.
    #[inline]
    fn begin(&mut self, n: usize) {
        self.used = 0;
        self.runs.truncate(0);
        (self.nodes, self.ended) = (n, 0);
        (self.outer, self.swept, self.carried, self.open) = (0, 0, false, false);
    }

    fn gradient(&mut self, outputs: &[u32], gradient: &mut [f64]) {
        let n = self.nodes;
        self.adjoints.clear();
        self.adjoints.resize(n.max(gradient.len()), 0.0);
        for output in outputs {
            if let Some(a) = self.adjoints.get_mut(*output as usize) {
                *a += 1.0;
            }
        }
        self.outer = n as u32;
        sweep(self, 0);
        gradient.copy_from_slice(&self.adjoints[..gradient.len()]);
    }
}
