//! Sites of many elements: their nodes are swept a block at a time.

use super::{Node, Reverse};
use crate::real::tape::{self, CONSTANT, Mark};
use crate::real::{Blocks, Gather, Real};

/// A result whose blocks are swept one by one, or not.
pub struct Swept {
    /// Where it began, if they are.
    mark: Option<Mark>,
    /// Without: the sum of the blocks so far.
    sum: u32,
}

impl Swept {
    /// Ends a block of so many elements.
    #[inline]
    fn end_of(&mut self, elements: usize) {
        match self.mark {
            Some(mark) => tape::with(|t| t.sweep_block(mark, elements)),
            None => self.sum = tape::with(|t| t.node()),
        }
    }
    #[inline]
    fn add(&mut self, operands: &[u32], partials: &[f64]) {
        tape::with(|t| {
            if self.mark.is_some() {
                t.add(operands, partials);
                return;
            }
            for (o, p) in operands.iter().zip(partials) {
                t.edge(*o, *p);
            }
        });
    }
}

impl Blocks<Reverse> for Swept {
    #[inline]
    fn begin(computations: usize) -> Self {
        // A sweep by blocks looks at all older nodes in the end: that must not cost more than the result itself.
        let mark = tape::with(|t| {
            let fits = computations > 16 && t.nodes() <= computations.saturating_mul(16);
            if fits { t.open_site() } else { None }
        });
        Swept {
            mark,
            sum: CONSTANT,
        }
    }
    #[inline]
    fn computed(&mut self) {
        match self.mark {
            Some(_) => tape::with(|t| t.close_block()),
            None => tape::with(|t| t.edge(self.sum, 1.0)),
        }
    }
    #[inline]
    fn push(&mut self, operands: &[Real<Reverse>], partials: &[f64]) {
        for (operands, partials) in operands.chunks(64).zip(partials.chunks(64)) {
            let mut nodes = [CONSTANT; 64];
            for (node, operand) in nodes.iter_mut().zip(operands) {
                *node = operand.0.index();
            }
            self.add(&nodes[..operands.len()], partials);
        }
    }
    #[inline]
    fn end(&mut self) {
        self.end_of(0);
    }
    #[inline]
    fn finish(self, value: f64) -> Real<Reverse> {
        let index = match self.mark {
            Some(_) => tape::with(|t| t.close_site()),
            None => self.sum,
        };
        Real(Node::new(index, value))
    }
}

/// The operands of a block by their nodes.
pub struct Nodes<const P: usize, const L: usize> {
    operands: [[u32; L]; P],
    blocks: Swept,
}

impl<const P: usize, const L: usize> Gather<Reverse, P, L> for Nodes<P, L> {
    #[inline]
    fn begin(elements: Option<usize>) -> Self {
        Nodes {
            operands: [[CONSTANT; L]; P],
            blocks: Swept::begin(elements.unwrap_or(usize::MAX)),
        }
    }
    #[inline]
    fn set(&mut self, parameter: usize, element: usize, operand: Real<Reverse>) {
        self.operands[parameter][element] = operand.0.index();
    }
    #[inline]
    fn block(&mut self, n: usize, constant: &[bool; P], partials: &[[f64; L]; P]) {
        self.blocks.computed();
        for k in 0..P {
            if !constant[k] {
                self.blocks.add(&self.operands[k][..n], &partials[k][..n]);
            }
        }
        self.blocks.end_of(n);
    }
    #[inline]
    fn finish(self, value: f64) -> Real<Reverse> {
        self.blocks.finish(value)
    }
}
