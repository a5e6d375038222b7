//! Reverse mode: one node a site or array operation on a flat tape of the thread.

use super::mode::{Lift, Mode, Real};
use std::cell::RefCell;

/// Reverse mode: operations are written on the thread's tape.
#[derive(Copy, Clone, Debug)]
pub struct Reverse;

/// A number on the tape: its node, or [`CONSTANT`], and its value. It is of use only on the thread whose tape
/// it was written on.
#[derive(Copy, Clone, Debug)]
pub struct Node {
    index: u32,
    value: f64,
    // A node means nothing on another thread's tape.
    not_send: std::marker::PhantomData<*const ()>,
}

const CONSTANT: u32 = u32::MAX;

/// Nodes in order of execution. Node `k` owns the edges from `ends[k - 1]` to `ends[k]`.
#[derive(Default)]
struct Tape {
    ends: Vec<u32>,
    operands: Vec<u32>,
    partials: Vec<f64>,
    adjoints: Vec<f64>,
}

thread_local! {
    static TAPE: RefCell<Tape> = const {
        RefCell::new(Tape { ends: Vec::new(), operands: Vec::new(), partials: Vec::new(), adjoints: Vec::new() })
    };
}

impl Tape {
    #[inline]
    fn edge(&mut self, operand: Real<Reverse>, partial: f64) {
        if operand.0.index != CONSTANT {
            self.operands.push(operand.0.index);
            self.partials.push(partial);
        }
    }
    #[inline]
    fn node(&mut self, value: f64) -> Real<Reverse> {
        let index = self.ends.len() as u32;
        self.ends.push(self.operands.len() as u32);
        Real(Node {
            index,
            value,
            not_send: std::marker::PhantomData,
        })
    }
}

/// The thread's tape, for those who evaluate.
pub mod tape {
    use super::{CONSTANT, Real, Reverse, TAPE};

    /// Forgets everything but the memory, and begins with `n` independent variables.
    pub fn begin(n: usize) {
        TAPE.with_borrow_mut(|t| {
            t.ends.clear();
            t.operands.clear();
            t.partials.clear();
            t.ends.resize(n, 0);
        });
    }

    /// The derivatives of `output` by the first `gradient.len()` variables of the tape.
    pub fn gradient(output: Real<Reverse>, gradient: &mut [f64]) {
        TAPE.with_borrow_mut(|t| {
            let n = t.ends.len();
            t.adjoints.clear();
            t.adjoints.resize(n.max(gradient.len()), 0.0);
            if output.0.index != CONSTANT {
                t.adjoints[output.0.index as usize] = 1.0;
            }
            for k in (gradient.len()..n).rev() {
                let a = t.adjoints[k];
                if a == 0.0 {
                    continue;
                }
                let begin = if k == 0 { 0 } else { t.ends[k - 1] as usize };
                let end = t.ends[k] as usize;
                for (i, p) in t.operands[begin..end].iter().zip(&t.partials[begin..end]) {
                    t.adjoints[*i as usize] += a * p;
                }
            }
            gradient.copy_from_slice(&t.adjoints[..gradient.len()]);
        });
    }
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
        TAPE.with_borrow_mut(|t| t.edge(operand, partial));
    }
    #[inline]
    fn push_all(&mut self, operands: &[Real<Reverse>], partials: &[f64]) {
        TAPE.with_borrow_mut(|t| {
            // A parameter shared by all elements of a block comes 64 times: one edge carries them all.
            let mut pairs = operands.iter().zip(partials);
            let Some((mut last, mut sum)) = pairs.next().map(|(o, p)| (*o, *p)) else {
                return;
            };
            for (operand, partial) in pairs {
                if operand.0.index == last.0.index {
                    sum += partial;
                } else {
                    t.edge(last, sum);
                    (last, sum) = (*operand, *partial);
                }
            }
            t.edge(last, sum);
        });
    }
    #[inline]
    fn finish(self, value: f64) -> Real<Reverse> {
        TAPE.with_borrow_mut(|t| t.node(value))
    }
}

impl Mode for Reverse {
    type Repr = Node;
    type Lift = Edges;
    const GRADIENT: bool = true;
    #[inline]
    fn constant(value: f64) -> Node {
        Node {
            index: CONSTANT,
            value,
            not_send: std::marker::PhantomData,
        }
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
        TAPE.with_borrow_mut(|t| {
            for (operand, partial) in operands {
                t.edge(operand, partial);
            }
            t.node(value)
        })
    }
    #[inline]
    fn variable(value: f64, index: usize) -> Real<Self> {
        Real(Node {
            index: index as u32,
            value,
            not_send: std::marker::PhantomData,
        })
    }
    #[inline]
    fn weighted_sum(x: &[Real<Self>], coefficients: &[f64]) -> Real<Self> {
        TAPE.with_borrow_mut(|t| {
            let mut value = 0.0;
            for (x, c) in x.iter().zip(coefficients) {
                value += x.0.value * c;
                t.edge(*x, *c);
            }
            t.node(value)
        })
    }
}
