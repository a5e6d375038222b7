//! The tape of reverse mode: what was computed, in order, with partial derivatives, and the sweep back over it.
//!
//! A node owns edges to its operands. Operands that lie side by side (the coefficients of a `dot`) are one edge with
//! a run of partials. A site of many elements is swept a block of elements at a time (see [`Tape::open_site`]),
//! so that its nodes never leave the nearest cache.

use std::cell::Cell;
use std::ptr::null_mut;

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
    #[inline(always)]
    fn count(&self) -> u32 {
        (self.head >> 32) as u32
    }
    #[inline(always)]
    fn is_last(&self) -> bool {
        self.head & LAST_BIT != 0
    }
}

/// Marks the last edge of a node in its count.
const LAST: u32 = 1;
const LAST_BIT: u64 = (LAST as u64) << 32;

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
    runs: Vec<f64>,
    adjoints: Vec<f64>,
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
        let at = self.runs.len() as u64;
        self.runs.extend_from_slice(partials);
        self.write(first, 2 * partials.len() as u32, f64::from_bits(at));
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
        let (index, at) = (self.nodes as u32 + self.swept, self.runs.len() as u64);
        self.runs.extend_from_slice(partials);
        let n = partials.len() as u32;
        for k in 0..count as u32 {
            self.write(first + k * n, 2 * n, f64::from_bits(at));
            self.write(bias + k, 2 | LAST, 1.0);
        }
        self.nodes += count;
        self.ended = self.used;
        index
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
    fn begin(&mut self, n: usize) {
        self.used = 0;
        self.runs.clear();
        (self.nodes, self.ended) = (n, 0);
        (self.outer, self.swept, self.carried, self.open) = (0, 0, false, false);
    }

    fn gradient(&mut self, output: u32, gradient: &mut [f64]) {
        let n = self.nodes;
        self.adjoints.clear();
        self.adjoints.resize(n.max(gradient.len()), 0.0);
        if let Some(a) = self.adjoints.get_mut(output as usize) {
            *a = 1.0;
        }
        self.outer = n as u32;
        sweep(self, 0);
        gradient.copy_from_slice(&self.adjoints[..gradient.len()]);
    }

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
        } else {
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
    /// Sweeps the block and forgets it.
    pub fn sweep_block(&mut self, mark: Mark) {
        sweep(self, mark.edges);
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

/// Where the adjoint of a node is: nodes of the open block follow those before the site.
#[inline(always)]
fn slot(operand: u32, outer: u32, swept: u32) -> Option<usize> {
    if operand < outer {
        Some(operand as usize)
    } else if operand >= outer + swept {
        Some((operand - swept) as usize)
    } else {
        None
    }
}

/// From the last edge back to edge `first`: adds the adjoint of each node to its operands.
#[inline(always)]
fn sweep_body(tape: &mut Tape, first: usize) {
    let (outer, swept) = (tape.outer, tape.swept);
    let (adjoints, runs) = (&mut tape.adjoints[..], &tape.runs[..]);
    let (mut node, mut a) = (tape.nodes, 0.0);
    if swept == 0 {
        // Every operand is where its index says.
        for edge in tape.edges[first..tape.used].iter().rev() {
            if edge.is_last() {
                node -= 1;
                a = adjoints[node];
            }
            // An adjoint of zero stays without effect even where a partial is infinite.
            if a == 0.0 {
                continue;
            }
            let (o, n) = (edge.operand() as usize, edge.count() as usize / 2);
            if n == 1 {
                adjoints[o] += a * edge.partial;
            } else if n > 1 {
                let at = edge.partial.to_bits() as usize;
                for (o, p) in adjoints[o..o + n].iter_mut().zip(&runs[at..at + n]) {
                    *o += a * p;
                }
            }
        }
        return;
    }
    let mut carried = false;
    for edge in tape.edges[first..tape.used].iter().rev() {
        if edge.is_last() {
            node -= 1;
            a = adjoints[node];
        }
        // An adjoint of zero stays without effect even where a partial is infinite.
        if a == 0.0 {
            continue;
        }
        let Some(s) = slot(edge.operand(), outer, swept) else {
            carried = true;
            continue;
        };
        let n = edge.count() / 2;
        if n == 1 {
            adjoints[s] += a * edge.partial;
        } else if n > 1 {
            let (count, at) = (n as usize, edge.partial.to_bits() as usize);
            if slot(edge.operand() + n - 1, outer, swept) != Some(s + count - 1) {
                carried = true;
                continue;
            }
            for (o, p) in adjoints[s..s + count].iter_mut().zip(&runs[at..at + count]) {
                *o += a * p;
            }
        }
    }
    tape.carried |= carried;
}

super::kernels::dispatch_plain! {
    fn sweep = sweep_body(tape: &mut Tape, first: usize);
}

thread_local! {
    // Without a destructor, so that reading it is a plain load.
    static TAPE: Cell<*mut Tape> = const { Cell::new(null_mut()) };
    static OWNER: Owner = const { Owner(Cell::new(null_mut())) };
}

struct Owner(Cell<*mut Tape>);

impl Drop for Owner {
    fn drop(&mut self) {
        TAPE.set(null_mut());
        let tape = self.0.get();
        if !tape.is_null() {
            // SAFETY: the pointer came from `Box::into_raw` and nobody else frees it.
            drop(unsafe { Box::from_raw(tape) });
        }
    }
}

#[cold]
fn attach() -> *mut Tape {
    let tape = Box::into_raw(Box::<Tape>::default());
    // While a thread ends, its owner may be gone: then the tape is not freed.
    let _ = OWNER.try_with(|o| o.0.set(tape));
    TAPE.set(tape);
    tape
}

/// Works on the thread's tape. Only this module's siblings can call it, and none of their closures comes back here.
#[inline(always)]
pub(super) fn with<R>(f: impl FnOnce(&mut Tape) -> R) -> R {
    let mut tape = TAPE.get();
    if tape.is_null() {
        tape = attach();
    }
    // SAFETY: the pointer is to the thread's own tape, which lives as long as the thread. The closures given here
    // neither run a model's code nor call `with`, so that two borrows never overlap; threads share nothing.
    f(unsafe { &mut *tape })
}

/// Forgets everything but the memory, and begins with `n` independent variables.
pub fn begin(n: usize) {
    with(|t| t.begin(n));
}

/// The derivatives of `output` by the first `gradient.len()` variables of the tape.
pub fn gradient(output: super::Real<super::Reverse>, gradient: &mut [f64]) {
    with(|t| t.gradient(output.0.index(), gradient));
}

/// Whether an element of some `each` used a number of an earlier element, so that the evaluation has to be repeated
/// with [`keep_all`].
pub fn carried() -> bool {
    with(|t| t.carried)
}

/// Says whether evaluations keep their whole tape until the end. It costs memory, and is right for every model.
pub fn keep_all(whole: bool) {
    with(|t| t.whole = whole);
}
