//! Sites of many elements, which are swept a block of elements at a time.

use super::alike::sweep_alike;
use super::sweep::{add_outer, slot, sweep};
use super::{CONSTANT, Mark, Tape};

impl Tape {
    /// Begins a site of many elements. Nodes written from here on depend on older ones and on each other within a
    /// block: each block is swept back at once into the adjoints of the older nodes, and forgotten.
    /// None where a site is open already, or nothing may be forgotten.
    pub fn open_site(&mut self) -> Option<Mark> {
        if self.open || self.whole {
            return None;
        }
        self.open = true;
        self.outer = self.nodes as u32;
        self.adjoints.clear();
        self.adjoints.resize(self.nodes, 0.0);
        Some(Mark {
            nodes: self.nodes,
            edges: self.used,
            runs: self.runs.len(),
        })
    }
    /// Nodes so far.
    pub fn nodes(&self) -> usize {
        self.nodes
    }
    /// Makes room for the adjoints of the block's nodes.
    pub fn close_block(&mut self) {
        self.adjoints.resize(self.nodes, 0.0);
    }
    /// Adds Σ partials·operands to the block's result.
    pub fn add(&mut self, operands: &[u32], partials: &[f64]) {
        let Some(&first) = operands.first() else {
            return;
        };
        if operands.iter().all(|o| *o == first) {
            let mut sums = [0.0; 8];
            for (i, p) in partials.iter().enumerate() {
                sums[i % 8] += p;
            }
            self.add_one(first, sums.iter().sum());
        } else if !add_outer(
            &mut self.adjoints[..self.outer as usize],
            operands,
            partials,
        ) {
            for (o, p) in operands.iter().zip(partials) {
                self.add_one(*o, *p);
            }
        }
    }
    #[inline]
    fn add_one(&mut self, operand: u32, partial: f64) {
        if operand != CONSTANT {
            match slot(operand, self.outer, self.swept) {
                Some(s) => self.adjoints[s] += partial,
                None => self.carried = true,
            }
        }
    }
    /// Sweeps the block of so many elements and forgets it.
    pub fn sweep_block(&mut self, mark: Mark, elements: usize) {
        if !sweep_alike(self, mark, elements) {
            sweep(self, mark.edges);
        }
        self.swept += (self.nodes - mark.nodes) as u32;
        (self.nodes, self.ended) = (mark.nodes, mark.edges);
        self.used = mark.edges;
        self.runs.truncate(mark.runs);
        self.adjoints.truncate(mark.nodes);
    }
    /// Ends the site: one node with edges to the older nodes that it depends on.
    pub fn close_site(&mut self) -> u32 {
        (self.swept, self.open) = (0, false);
        let adjoints = std::mem::take(&mut self.adjoints);
        let mut rest = 0;
        while let Some(begin) = adjoints[rest..].iter().position(|a| *a != 0.0) {
            let begin = rest + begin;
            let end = adjoints[begin..]
                .iter()
                .position(|a| *a == 0.0)
                .map_or(adjoints.len(), |n| begin + n);
            self.run(begin as u32, &adjoints[begin..end]);
            rest = end;
        }
        self.adjoints = adjoints;
        self.node()
    }
}
