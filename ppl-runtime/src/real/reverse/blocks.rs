//! Sites of many elements: their nodes are swept a block at a time.

use super::{Node, Reverse};
use crate::real::tape::{self, CONSTANT, Mark};
use crate::real::{Blocks, Gather, Real};
use std::mem::MaybeUninit;

/// A result whose blocks are swept one by one, or not.
pub struct Swept {
    /// Where it began, if they are.
    mark: Option<Mark>,
    /// Without: the sum of the blocks so far.
    sum: u32,
    /// Whether the older nodes are few enough to be looked at in the end.
    fits: bool,
}

impl Swept {
    /// A result of at most so many computations, in columns if a block is one of elements.
    #[inline]
    fn of(computations: usize, elements: bool) -> Self {
        // A sweep by blocks into all older nodes looks at them in the end: that must not cost more than the result itself.
        // In columns less is sent to them, so that a list is shorter.
        let (mut fits, mut mark) = (false, None);
        if computations > 16 {
            tape::with(|t| {
                fits = t.nodes() <= computations.saturating_mul(16);
                let listed = elements && t.nodes() > computations.saturating_mul(4);
                if fits || listed {
                    mark = t.open_site(listed);
                }
            });
        }
        Swept {
            mark,
            sum: CONSTANT,
            fits,
        }
    }
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
        Swept::of(computations, false)
    }
    #[inline]
    fn computed(&mut self) {
        match self.mark {
            Some(_) => tape::with(|t| t.close_block()),
            None => tape::with(|t| {
                t.begin_node();
                t.edge(self.sum, 1.0);
            }),
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
            Some(mark) => tape::with(|t| t.close_site(mark)),
            None => self.sum,
        };
        Real(Node::new(index, value))
    }
}

/// How the elements of a site are written.
#[derive(Copy, Clone, PartialEq)]
enum Way {
    /// The first one shows.
    First,
    /// In columns.
    Columns,
    /// One after the other.
    Rows,
}

/// The operands of a block by their nodes.
pub struct Nodes<const P: usize, const L: usize> {
    operands: [[MaybeUninit<u32>; L]; P],
    blocks: Swept,
    way: Way,
}

impl<const P: usize, const L: usize> Nodes<P, L> {
    #[cold]
    #[inline(never)]
    fn first(&mut self, mark: Mark) -> bool {
        tape::with(|t| {
            if t.to_columns(mark) {
                self.way = Way::Columns;
                for row in &mut self.operands {
                    // SAFETY: `begin` wrote the first one.
                    let node = unsafe { row[0].assume_init() };
                    row[0].write(t.renumbered(node));
                }
                return;
            }
            self.way = Way::Rows;
            if t.is_listed() && self.blocks.fits {
                t.unlist();
            } else if t.is_listed() {
                t.unopen_site();
                self.blocks.mark = None;
            }
        });
        self.way == Way::Columns
    }
}

impl<const P: usize, const L: usize> Gather<Reverse, P, L> for Nodes<P, L> {
    #[inline]
    fn begin(elements: Option<usize>) -> Self {
        let blocks = Swept::of(elements.unwrap_or(usize::MAX), true);
        let way = match blocks.mark {
            Some(_) => Way::First,
            None => Way::Rows,
        };
        let mut operands = [[MaybeUninit::uninit(); L]; P];
        // Constants are never set, and the first element's operands are read whether they were or not.
        for row in &mut operands {
            row[0].write(CONSTANT);
        }
        Nodes {
            operands,
            blocks,
            way,
        }
    }
    #[inline(always)]
    fn set(&mut self, parameter: usize, element: usize, operand: Real<Reverse>) {
        self.operands[parameter][element].write(operand.0.index());
    }
    #[inline(always)]
    fn computed(&mut self, element: usize) -> bool {
        if self.way == Way::Columns {
            tape::end_element(element);
            return true;
        }
        match self.blocks.mark {
            Some(mark) if self.way == Way::First => self.first(mark),
            _ => false,
        }
    }
    #[inline]
    fn block(&mut self, n: usize, constant: &[bool; P], partials: &[&[f64]; P]) {
        let operands = |k: usize| {
            let row = &self.operands[k][..n];
            // SAFETY: the operands of parameters that are not constants were set for all of the block's elements.
            unsafe { std::slice::from_raw_parts(row.as_ptr().cast::<u32>(), n) }
        };
        if self.way == Way::Columns
            && let Some(mark) = self.blocks.mark
        {
            tape::with(|t| {
                t.close_columns(n);
                for k in 0..P {
                    if !constant[k] {
                        t.add_column(operands(k), &partials[k][..n]);
                    }
                }
                t.sweep_columns(mark, n);
            });
            return;
        }
        Blocks::<Reverse>::computed(&mut self.blocks);
        for k in 0..P {
            if !constant[k] {
                self.blocks.add(operands(k), &partials[k][..n]);
            }
        }
        self.blocks.end_of(n);
    }
    #[inline]
    fn finish(self, value: f64) -> Real<Reverse> {
        self.blocks.finish(value)
    }
}
