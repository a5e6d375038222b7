//! Reverse mode: one node a site or array operation on the thread's [`tape`].

use super::mode::{Gather, Lift, Mode, Real};
use super::tape::{self, CONSTANT, Mark};

/// Reverse mode: operations are written on the thread's tape.
#[derive(Copy, Clone, Debug)]
pub struct Reverse;

/// A number on the tape: its node, or a constant, and its value. It is of use only on the thread whose tape
/// it was written on.
#[derive(Copy, Clone, Debug)]
pub struct Node {
    index: u32,
    value: f64,
    // A node means nothing on another thread's tape.
    not_send: std::marker::PhantomData<*const ()>,
}

impl Node {
    #[inline]
    fn new(index: u32, value: f64) -> Node {
        Node {
            index,
            value,
            not_send: std::marker::PhantomData,
        }
    }
    #[inline]
    pub(super) fn index(&self) -> u32 {
        self.index
    }
}

/// Whether nodes lie side by side on the tape.
#[inline]
fn side_by_side(x: &[Real<Reverse>]) -> bool {
    let Some(first) = x.first() else { return false };
    let first = first.0.index;
    let mut differ = 0;
    for (i, x) in x.iter().enumerate() {
        differ |= x.0.index ^ first.wrapping_add(i as u32);
    }
    differ == 0 && first < CONSTANT - x.len() as u32
}

/// Edges of one node, written straight to the tape.
pub struct Edges;

impl Lift<Reverse> for Edges {
    #[inline]
    fn begin() -> Self {
        Edges
    }
    #[inline]
    fn push(&mut self, operand: Real<Reverse>, partial: f64) {
        tape::with(|t| t.edge(operand.0.index, partial));
    }
    #[inline]
    fn push_all(&mut self, operands: &[Real<Reverse>], partials: &[f64]) {
        let n = operands.len().min(partials.len());
        let (operands, partials) = (&operands[..n], &partials[..n]);
        tape::with(|t| {
            if side_by_side(operands) {
                t.run(operands[0].0.index, partials);
                return;
            }
            for (operand, partial) in operands.iter().zip(partials) {
                t.edge(operand.0.index, *partial);
            }
        });
    }
    #[inline]
    fn finish(self, value: f64) -> Real<Reverse> {
        Real(Node::new(tape::with(|t| t.node()), value))
    }
}

/// The operands of a block by their nodes.
pub struct Nodes<const P: usize, const L: usize> {
    operands: [[u32; L]; P],
    /// Where the site began, if its blocks are swept one by one.
    mark: Option<Mark>,
    /// Without: the sum of the blocks so far.
    sum: u32,
}

impl<const P: usize, const L: usize> Gather<Reverse, P, L> for Nodes<P, L> {
    #[inline]
    fn begin(elements: Option<usize>) -> Self {
        // A sweep by blocks looks at all older nodes in the end: that must not cost more than the site itself.
        let mark = tape::with(|t| {
            let local = !t.whole && elements.is_none_or(|n| n > 16 && t.len() <= 8 * n);
            local.then(|| t.open_site())
        });
        Nodes {
            operands: [[CONSTANT; L]; P],
            mark,
            sum: CONSTANT,
        }
    }
    #[inline]
    fn set(&mut self, parameter: usize, element: usize, operand: Real<Reverse>) {
        self.operands[parameter][element] = operand.0.index;
    }
    #[inline]
    fn block(&mut self, n: usize, constant: &[bool; P], partials: &[[f64; L]; P]) {
        tape::with(|t| {
            let rows = self.operands.iter().zip(partials).zip(constant);
            let rows = rows.filter(|r| !r.1).map(|(r, _)| (&r.0[..n], &r.1[..n]));
            if let Some(mark) = self.mark {
                t.close_block();
                rows.for_each(|(operands, partials)| t.add(operands, partials));
                t.sweep_block(mark);
            } else {
                t.edge(self.sum, 1.0);
                for (operands, partials) in rows {
                    for (o, p) in operands.iter().zip(partials) {
                        t.edge(*o, *p);
                    }
                }
                self.sum = t.node();
            }
        });
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

impl Mode for Reverse {
    type Repr = Node;
    type Lift = Edges;
    type Gather<const P: usize, const L: usize> = Nodes<P, L>;
    const GRADIENT: bool = true;
    #[inline]
    fn constant(value: f64) -> Node {
        Node::new(CONSTANT, value)
    }
    #[inline]
    fn value(repr: Node) -> f64 {
        repr.value
    }
    #[inline]
    fn lift<const K: usize>(value: f64, operands: [(Real<Self>, f64); K]) -> Real<Self> {
        if operands.iter().all(|(o, _)| o.0.index == CONSTANT) {
            return Real::constant(value);
        }
        let index = tape::with(|t| {
            for (operand, partial) in operands {
                t.edge(operand.0.index, partial);
            }
            t.node()
        });
        Real(Node::new(index, value))
    }
    #[inline]
    fn variable(value: f64, index: usize) -> Real<Self> {
        Real(Node::new(index as u32, value))
    }
    #[inline]
    fn weighted_sum(x: &[Real<Self>], coefficients: &[f64]) -> Real<Self> {
        let n = x.len().min(coefficients.len());
        let (x, coefficients) = (&x[..n], &coefficients[..n]);
        let mut lift = Edges::begin();
        lift.push_all(x, coefficients);
        lift.finish(super::dot::sum_of_products(
            n,
            |i| x[i].0.value,
            |i| coefficients[i],
        ))
    }
}
