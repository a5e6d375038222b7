//! Sites of many elements, which are swept a block of elements at a time.

use super::alike::sweep_alike;
use super::column_sweep::are_steps;
use super::sweep::{add_outer, slot, sweep};
use super::{CONSTANT, Mark, Tape};

impl Tape {
    /// Begins a site of many elements. Nodes written from here on depend on older ones and on each other within a
    /// block: each block is swept back at once, into the adjoints of the older nodes or a list, and forgotten.
    /// None where a site is open already, or nothing may be forgotten.
    pub fn open_site(&mut self, listed: bool) -> Option<Mark> {
        if self.open || self.whole {
            return None;
        }
        (self.open, self.listed) = (true, listed);
        self.outer = self.next;
        self.adjoints.clear();
        self.list.clear();
        if !listed {
            self.adjoints.resize(self.outer as usize, 0.0);
        }
        Some(Mark {
            at: self.at,
            runs: self.runs.len(),
        })
    }
    /// Where the adjoints of the open block begin.
    #[inline(always)]
    pub(super) fn inner_at(&self) -> usize {
        if self.listed { 0 } else { self.outer as usize }
    }
    /// The index of the open block's first node.
    #[inline(always)]
    pub(super) fn first_inner(&self) -> u32 {
        self.outer + self.swept
    }
    /// Nodes so far, where no site is open.
    pub fn nodes(&self) -> usize {
        self.next as usize
    }
    /// Makes room for the adjoints of the block's nodes.
    pub fn close_block(&mut self) {
        let nodes = (self.next - self.first_inner()) as usize;
        self.adjoints.resize(self.inner_at() + nodes, 0.0);
    }
    /// Adds Σ partials·operands to the block's result.
    pub fn add(&mut self, operands: &[u32], partials: &[f64]) {
        let Some(&first) = operands.first() else {
            return;
        };
        if operands.last() == Some(&first) && are_steps(operands, first, 0) {
            self.add_one(first, total(partials));
        } else if self.listed
            || !add_outer(
                &mut self.adjoints[..self.outer as usize],
                operands,
                partials,
            )
        {
            for (o, p) in operands.iter().zip(partials) {
                self.add_one(*o, *p);
            }
        }
    }
    #[inline]
    pub(super) fn add_one(&mut self, operand: u32, partial: f64) {
        if operand == CONSTANT {
            return;
        }
        if self.listed && operand < self.outer {
            self.list.push((operand, partial));
            return;
        }
        match slot(operand, self.outer, self.swept) {
            Some(s) if self.listed => self.adjoints[s - self.outer as usize] += partial,
            Some(s) => self.adjoints[s] += partial,
            None => self.carried = true,
        }
    }
    /// Sweeps the block of so many elements and forgets it.
    pub fn sweep_block(&mut self, mark: Mark, elements: usize) {
        if !sweep_alike(self, mark, elements) {
            sweep(self, mark.at);
        }
        self.forget_block(mark);
    }
    /// Forgets the block, whose nodes have indices below `next`.
    #[inline]
    pub(super) fn forget_block(&mut self, mark: Mark) {
        self.swept = self.next - self.outer;
        self.at = mark.at;
        self.runs.truncate(mark.runs);
        self.adjoints.truncate(self.inner_at());
    }
    /// Whether what the open site sends to older nodes is listed.
    pub fn is_listed(&self) -> bool {
        self.listed
    }
    /// Goes over from a list to the adjoints of all older nodes, before a block was swept.
    pub fn unlist(&mut self) {
        self.listed = false;
        self.adjoints.clear();
        self.adjoints.resize(self.outer as usize, 0.0);
    }
    /// Takes an open site back of which no block was swept yet.
    pub fn unopen_site(&mut self) {
        (self.open, self.listed) = (false, false);
    }
    /// Ends the site: one node with edges to the older nodes that it depends on.
    pub fn close_site(&mut self, mark: Mark) -> u32 {
        (self.swept, self.open) = (0, false);
        (self.at, self.gap, self.next) = (mark.at, 1, self.outer);
        self.begin_node();
        if self.listed {
            let list = std::mem::take(&mut self.list);
            let mut pairs = list.iter().copied();
            if let Some((mut last, mut sum)) = pairs.next() {
                for (operand, partial) in pairs {
                    if operand == last {
                        sum += partial;
                    } else {
                        self.edge(last, sum);
                        (last, sum) = (operand, partial);
                    }
                }
                self.edge(last, sum);
            }
            (self.list, self.listed) = (list, false);
            return self.node();
        }
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

/// The sum of numbers, eight at a time.
#[inline(always)]
pub(super) fn total(numbers: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (eights, rest) = numbers.as_chunks::<8>();
    for eight in eights {
        for k in 0..8 {
            sums[k] += eight[k];
        }
    }
    for (sum, number) in sums.iter_mut().zip(rest) {
        *sum += number;
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}
