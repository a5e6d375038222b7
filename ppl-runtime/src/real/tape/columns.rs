//! Sites in columns: the edges that the elements of a block have in the same place lie side by side, as do their nodes. So
//! what an edge adds to adjoints is computed for all elements at once.
//!
//! The first element of a site is written as anything else is; if it has edges, few and to single numbers or to older ones
//! side by side, the site goes on in columns. An element that writes other edges than the rest makes its block be swept
//! element by element.

use super::column_sweep::{are_steps, most, sweep_block};
use super::{Edge, Mark, Tape};
use crate::real::kernels::LANES;

/// Edges of an element that go to columns.
const MOST: usize = 64;

impl Tape {
    /// Goes on in columns after the first element of a site, if it fits; the element's nodes are numbered anew
    /// ([`Tape::renumbered`]).
    pub fn to_columns(&mut self, mark: Mark) -> bool {
        let edges = Self::edges(&self.words[mark.at..self.at]);
        let (first_inner, count) = (self.first_inner(), edges.len());
        if edges.is_empty() || edges.len() > MOST {
            return false;
        }
        let mut copied = [Edge::new(0, 0, 0.0); MOST];
        for (to, edge) in copied.iter_mut().zip(edges) {
            let inner = edge.operand() >= first_inner && edge.operands() > 0;
            if edge.is_group() || inner && edge.operands() > 1 {
                return false;
            }
            let operand = self.renumbered(edge.operand());
            *to = Edge {
                head: edge.head & !u64::from(u32::MAX) | u64::from(operand),
                ..*edge
            };
        }
        let nodes = self.next - first_inner;
        (self.at, self.gap) = (mark.at, LANES);
        for edge in &copied[..count] {
            self.write(edge.operand(), (edge.head >> 32) as u32, edge.partial);
        }
        self.next = first_inner + nodes * LANES as u32;
        self.block = (mark.at, first_inner);
        self.end_element(0);
        true
    }
    /// The index that a node of the first element has in columns.
    pub fn renumbered(&self, node: u32) -> u32 {
        let first = self.first_inner();
        if node < first || node == super::CONSTANT {
            return node;
        }
        first + (node - first) * LANES as u32
    }
    /// Notes where an element ends, and goes on with the next one.
    #[inline(always)]
    pub fn end_element(&mut self, element: usize) {
        let element = element % LANES;
        (self.ends[0][element], self.ends[1][element]) = (self.at as u32, self.next);
        let (at, next) = self.block;
        (self.at, self.next) = (at + element + 1, next + element as u32 + 1);
    }
    /// Ends a block of `n` elements, with the partial derivatives by their operands.
    pub fn close_columns(&mut self, n: usize) {
        let most = most(&self.ends[1][..n]);
        // The indices of the block are done with.
        let first = self.first_inner();
        self.next = first + (most - first) / LANES as u32 * LANES as u32;
        self.close_block();
    }
    /// Adds the partial derivatives by an operand of each element.
    pub fn add_column(&mut self, operands: &[u32], partials: &[f64]) {
        let Some(&first) = operands.first() else {
            return;
        };
        if are_steps(operands, first, 1) && first >= self.first_inner() && first < self.next {
            let at = self.inner_at() + (first - self.first_inner()) as usize;
            for (a, p) in self.adjoints[at..].iter_mut().zip(partials) {
                *a += p;
            }
        } else {
            self.add(operands, partials);
        }
    }
    /// Sweeps the block of `n` elements and forgets it.
    pub fn sweep_columns(&mut self, mark: Mark, n: usize) {
        if !sweep_block(self, mark, n) {
            self.by_element(mark, n);
        }
        self.forget_block(mark);
        self.block = (mark.at, self.first_inner());
        self.next = self.block.1;
    }
    /// The sweep element by element.
    #[cold]
    #[inline(never)]
    fn by_element(&mut self, mark: Mark, n: usize) {
        for element in (0..n).rev() {
            let (end, mut node) = (self.ends[0][element], self.ends[1][element]);
            let edges = (end as usize - mark.at - element) / (2 * LANES);
            node -= self.first_inner();
            let mut a = 0.0;
            for e in (0..edges).rev() {
                let at = mark.at + 2 * LANES * e + element;
                let partial = f64::from_bits(self.words[at + LANES]);
                let edge = Edge {
                    head: self.words[at],
                    partial,
                };
                if edge.is_last() {
                    node -= LANES as u32;
                    a = self.adjoints[self.inner_at() + node as usize];
                }
                // An adjoint of zero stays without effect even where a partial is infinite.
                if a == 0.0 {
                    continue;
                }
                match edge.operands() {
                    1 => self.add_one(edge.operand(), a * partial),
                    count => {
                        for k in 0..count as usize {
                            let by = self.runs.all()[partial.to_bits() as usize + k];
                            self.add_one(edge.operand() + k as u32, a * by);
                        }
                    }
                }
            }
        }
    }
}
