//! Reverse mode: one node a site or array operation on the thread's [`tape`].

use super::mode::{Blocks, Gather, Lift, Mode, Real};
use super::tape::{self, CONSTANT, Mark};

/// Reverse mode: operations are written on the thread's tape.
#[derive(Copy, Clone, Debug)]
pub struct Reverse;

/// A number on the tape: its node, or a constant, and its value. It is of use only on the thread whose tape
/// it was written on.
#[derive(Copy, Clone, Debug)]
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

/// Whether nodes lie side by side on the tape.
#[inline]
fn side_by_side(x: &[Real<Reverse>]) -> bool {
    let Some(first) = x.first() else { return false };
    let first = first.0.index;
    let mut differ = 0;
    for (i, x) in x.iter().enumerate() {
        differ |= x.0.index ^ (first + i as u64);
    }
    differ == 0 && first < u64::from(CONSTANT) - x.len() as u64
}

/// Sums from here on are worth a function compiled for the machine.
const LONG: usize = 8;

/// Σ coefficients\[i\]·x\[i\], and the first node if the nodes lie side by side.
#[inline(always)]
fn long_sum_body(x: &[Real<Reverse>], coefficients: &[f64], value: &mut f64) -> Option<u32> {
    let n = x.len().min(coefficients.len());
    let (x, coefficients) = (&x[..n], &coefficients[..n]);
    let first = x.first()?.0.index;
    let mut differ = 0;
    for (i, x) in x.iter().enumerate() {
        differ |= x.0.index ^ (first + i as u64);
    }
    let mut sums = [0.0; 8];
    let (whole, whole_coefficients) = (x.chunks_exact(8), coefficients.chunks_exact(8));
    let rest = whole.remainder().iter().zip(whole_coefficients.remainder());
    for (sum, (x, c)) in sums.iter_mut().zip(rest) {
        *sum = x.0.value * c;
    }
    for (x, c) in whole.zip(whole_coefficients) {
        for k in 0..8 {
            sums[k] += x[k].0.value * c[k];
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    *value = ((a + e) + (b + f)) + ((c + g) + (d + h));
    (differ == 0 && first < u64::from(CONSTANT) - n as u64).then_some(first as u32)
}

super::kernels::dispatch_plain! {
    fn long_sum = long_sum_body(
        x: &[Real<Reverse>], coefficients: &[f64], value: &mut f64,
    ) -> Option<u32>;
}

/// weights·x + bias; whether the weights lie side by side on the tape.
#[inline(always)]
fn layer_values_body<const K: usize>(
    weights: &[[Real<Reverse>; K]],
    x: &[f64; K],
    bias: &[Real<Reverse>],
    values: &mut [f64],
) -> bool {
    let Some(first) = weights.first().and_then(|w| w.first()) else {
        return false;
    };
    let (mut next, mut differ) = (first.0.index, 0);
    for ((value, w), b) in values.iter_mut().zip(weights).zip(bias) {
        let (mut products, mut differences) = ([0.0; K], [0; K]);
        for k in 0..K {
            products[k] = w[k].0.value * x[k];
            differences[k] = w[k].0.index ^ (next + k as u64);
        }
        let (mut sums, mut d) = ([0.0; 4], 0);
        for k in 0..K {
            sums[k % 4] += products[k];
            d |= differences[k];
        }
        *value = (sums[0] + sums[2]) + (sums[1] + sums[3]) + b.0.value;
        differ |= d;
        next += K as u64;
    }
    differ == 0 && next < u64::from(CONSTANT)
}

super::kernels::dispatch_plain! {
    fn layer_values<const K: usize> = layer_values_body(
        weights: &[[Real<Reverse>; K]], x: &[f64; K], bias: &[Real<Reverse>], values: &mut [f64],
    ) -> bool;
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
        tape::with(|t| t.edge(operand.0.index(), partial));
    }
    #[inline]
    fn push_all(&mut self, operands: &[Real<Reverse>], partials: &[f64]) {
        let n = operands.len().min(partials.len());
        let (operands, partials) = (&operands[..n], &partials[..n]);
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

/// A result whose blocks are swept one by one, or not.
pub struct Swept {
    /// Where it began, if they are.
    mark: Option<Mark>,
    /// Without: the sum of the blocks so far.
    sum: u32,
}

impl Swept {
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
            let fits = computations > 16 && t.nodes() <= computations.saturating_mul(8);
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
        match self.mark {
            Some(mark) => tape::with(|t| t.sweep_block(mark)),
            None => self.sum = tape::with(|t| t.node()),
        }
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
        self.blocks.end();
    }
    #[inline]
    fn finish(self, value: f64) -> Real<Reverse> {
        self.blocks.finish(value)
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
    fn value(repr: Node) -> f64 {
        repr.value
    }
    #[inline]
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
        let index = tape::with(|t| t.node_of(nodes));
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
            let mut value = 0.0;
            let index = tape::with(|t| {
                if let Some(first) = long_sum(x, coefficients, &mut value) {
                    t.run(first, coefficients);
                } else {
                    for (x, c) in x.iter().zip(coefficients) {
                        t.edge(x.0.index(), *c);
                    }
                }
                t.node()
            });
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
        if !side_by_side(x) {
            return std::array::from_fn(|i| Self::lift(values[i], [(x[i], slopes[i])]));
        }
        let first = tape::with(|t| t.map(x[0].0.index(), &slopes));
        std::array::from_fn(|i| Real(Node::new(first + i as u32, values[i])))
    }
    #[inline]
    fn group<const N: usize>(
        x: &[Real<Self>; N],
        by_x: f64,
        shared: Real<Self>,
        by_shared: [f64; N],
        values: [f64; N],
    ) -> [Real<Self>; N] {
        if N < 2 || shared.0.index() == CONSTANT || !side_by_side(x) {
            return std::array::from_fn(|i| {
                Self::lift(values[i], [(x[i], by_x), (shared, by_shared[i])])
            });
        }
        let first = tape::with(|t| t.group(x[0].0.index(), by_x, shared.0.index(), &by_shared));
        std::array::from_fn(|i| Real(Node::new(first + i as u32, values[i])))
    }
    #[inline]
    fn count() -> u32 {
        tape::with(|t| t.next())
    }
    #[inline]
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
        if K > 1 && H > 0 && weights_side_by_side && side_by_side(bias) {
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
