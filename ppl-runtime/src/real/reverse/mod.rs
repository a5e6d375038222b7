//! Reverse mode: one node a site or array operation on the thread's [`tape`].

mod blocks;
mod sums;

use super::mode::{Lift, Mode, Real};
use super::tape::{self, CONSTANT};
pub use blocks::{Nodes, Swept};
use sums::{LONG, layer_values, long_sum, side_by_side};

/// Reverse mode: operations are written on the thread's tape.
#[derive(Copy, Clone, Debug)]
pub struct Reverse;

/// A number on the tape: its node, or a constant, and its value. It is of use only on the thread whose tape
/// it was written on.
#[derive(Copy, Clone, Debug)]
#[repr(C)]
pub struct Node {
    // As wide as the value, so that both are read in lanes.
    index: u64,
    value: f64,
    // A node means nothing on another thread's tape.
    not_send: std::marker::PhantomData<*const ()>,
}

impl Node {
    #[inline]
    fn new(index: u32, value: f64) -> Node {
        Node {
            index: u64::from(index),
            value,
            not_send: std::marker::PhantomData,
        }
    }
    #[inline]
    pub(super) fn index(&self) -> u32 {
        self.index as u32
    }
}

/// Edges of one node, written straight to the tape.
pub struct Edges;

/// An edge to eight operands, if they lie side by side.
#[inline(always)]
fn together(operands: &[Real<Reverse>; 8], partials: &[f64; 8]) -> bool {
    let together = side_by_side(operands);
    if together {
        tape::with(|t| t.run(operands[0].0.index(), partials));
    }
    together
}

impl Lift<Reverse> for Edges {
    #[inline]
    fn begin() -> Self {
        tape::with(|t| t.begin_node());
        Edges
    }
    #[inline]
    fn push(&mut self, operand: Real<Reverse>, partial: f64) {
        tape::with(|t| t.edge(operand.0.index(), partial));
    }
    #[inline]
    fn push_all(&mut self, operands: &[Real<Reverse>], partials: &[f64]) {
        let n = operands.len().min(partials.len());
        let (operands, partials) = (&operands[..n], &partials[..n]);
        // Said apart, so that it needs no loops.
        if let (Ok(operands), Ok(partials)) = (operands.try_into(), partials.try_into())
            && together(operands, partials)
        {
            return;
        }
        tape::with(|t| {
            if side_by_side(operands) {
                t.run(operands[0].0.index(), partials);
                return;
            }
            // An operand shared by neighbours needs one edge.
            let mut pairs = operands.iter().map(|o| o.0.index()).zip(partials);
            let Some((mut last, mut sum)) = pairs.next().map(|(o, p)| (o, *p)) else {
                return;
            };
            for (operand, partial) in pairs {
                if operand == last {
                    sum += partial;
                } else {
                    t.edge(last, sum);
                    (last, sum) = (operand, *partial);
                }
            }
            t.edge(last, sum);
        });
    }
    #[inline]
    fn finish(self, value: f64) -> Real<Reverse> {
        Real(Node::new(tape::with(|t| t.node()), value))
    }
}

impl Mode for Reverse {
    type Repr = Node;
    type Lift = Edges;
    type Blocks = Swept;
    type Gather<const P: usize, const L: usize> = Nodes<P, L>;
    const GRADIENT: bool = true;
    #[inline]
    fn constant(value: f64) -> Node {
        Node::new(CONSTANT, value)
    }
    #[inline]
    fn is_constant(repr: Node) -> bool {
        repr.index() == CONSTANT
    }
    #[inline]
    fn same(a: Node, b: Node) -> bool {
        a.index == b.index && a.value.to_bits() == b.value.to_bits()
    }
    #[inline]
    fn value(repr: Node) -> f64 {
        repr.value
    }
    #[inline(always)]
    fn lift<const K: usize>(value: f64, operands: [(Real<Self>, f64); K]) -> Real<Self> {
        let (mut latents, mut only) = (0, (CONSTANT, 0.0));
        let nodes = operands.map(|(operand, partial)| {
            let node = (operand.0.index(), partial);
            if node.0 != CONSTANT {
                latents += 1;
                only = node;
            }
            node
        });
        // A constant; or one operand and a constant difference from it, which has the operand's derivatives.
        if latents == 0 || latents == 1 && only.1 == 1.0 {
            return Real(Node::new(only.0, value));
        }
        let index = tape::node_of(nodes);
        Real(Node::new(index, value))
    }
    #[inline(always)]
    fn lift_product<const K: usize>(value: f64, operands: [(Real<Self>, f64); K]) -> Real<Self> {
        let nodes = operands.map(|(operand, partial)| (operand.0.index(), partial));
        if nodes.iter().all(|node| node.0 == CONSTANT) {
            return Real(Node::new(CONSTANT, value));
        }
        let index = tape::node_of(nodes);
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
        if n >= LONG {
            let (index, value) = tape::with(|t| long_sum(t, x, coefficients));
            return Real(Node::new(index, value));
        }
        let mut lift = Edges::begin();
        lift.push_all(x, coefficients);
        lift.finish(super::dot::sum_of_products(
            n,
            |i| x[i].0.value,
            |i| coefficients[i],
        ))
    }
    #[inline]
    fn product(x: &[Real<Self>], y: &[Real<Self>]) -> Real<Self> {
        let n = x.len().min(y.len());
        let mut value = 0.0;
        let mut lift = Edges::begin();
        for (x, y) in x[..n].chunks(64).zip(y[..n].chunks(64)) {
            let (mut a, mut b) = ([0.0; 64], [0.0; 64]);
            for (k, (x, y)) in x.iter().zip(y).enumerate() {
                (a[k], b[k]) = (x.0.value, y.0.value);
            }
            value += super::dot::sum_of_products(x.len(), |k| a[k], |k| b[k]);
            lift.push_all(x, &b);
            lift.push_all(y, &a);
        }
        lift.finish(value)
    }
    #[inline]
    fn map<const N: usize>(
        x: &[Real<Self>; N],
        values: [f64; N],
        slopes: [f64; N],
    ) -> [Real<Self>; N] {
        if !side_by_side(x) || tape::with(|t| t.in_columns()) {
            return std::array::from_fn(|i| Self::lift(values[i], [(x[i], slopes[i])]));
        }
        let first = tape::with(|t| t.map(x[0].0.index(), &slopes));
        std::array::from_fn(|i| Real(Node::new(first + i as u32, values[i])))
    }
    #[inline(always)]
    fn group<const N: usize>(
        x: &[Real<Self>; N],
        by_x: f64,
        shared: Real<Self>,
        by_shared: impl Fn(usize) -> f64,
        value: impl Fn(usize) -> f64,
    ) -> [Real<Self>; N] {
        let together = shared.0.index() != CONSTANT && side_by_side(x);
        if N < 2 || !together || tape::with(|t| t.in_columns()) {
            return std::array::from_fn(|i| {
                Self::lift(value(i), [(x[i], by_x), (shared, by_shared(i))])
            });
        }
        let first = tape::with(|t| t.group::<N>(x[0].0.index(), by_x, shared.0.index(), by_shared));
        std::array::from_fn(|i| Real(Node::new(first + i as u32, value(i))))
    }
    #[inline]
    fn count() -> u32 {
        tape::with(|t| t.next())
    }
    #[inline(always)]
    fn add_term(sum: Real<Self>, term: Real<Self>, since: u32) -> Real<Self> {
        let value = sum.0.value + term.0.value;
        if sum.0.index() == CONSTANT {
            return Real(Node::new(term.0.index(), value));
        }
        let joined = tape::with(|t| t.add_to_last(since, term.0.index(), sum.0.index()));
        if joined {
            return Real(Node::new(term.0.index(), value));
        }
        sum + term
    }
    #[inline]
    fn layer<const H: usize, const K: usize>(
        weights: &[[Real<Self>; K]; H],
        x: &[f64; K],
        bias: &[Real<Self>; H],
    ) -> [Real<Self>; H] {
        let mut values = [0.0; H];
        let weights_side_by_side = layer_values(weights, x, bias, &mut values);
        // A run of one operand has its partial in the edge itself.
        let together = weights_side_by_side && side_by_side(bias);
        if K > 1 && H > 0 && together && !tape::with(|t| t.in_columns()) {
            let (weight, bias) = (weights[0][0].0.index(), bias[0].0.index());
            let first = tape::with(|t| t.layer(weight, x, bias, H));
            return std::array::from_fn(|j| Real(Node::new(first + j as u32, values[j])));
        }
        std::array::from_fn(|j| {
            let mut lift = Edges::begin();
            lift.push_all(&weights[j], x);
            Lift::<Reverse>::push(&mut lift, bias[j], 1.0);
            lift.finish(values[j])
        })
    }
}
