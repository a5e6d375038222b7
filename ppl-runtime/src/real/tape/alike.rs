//! Blocks, not in columns, whose elements wrote the same nodes, each about its own numbers: they are swept edge by edge of an element, for
//! all elements at once.

use super::sweep::{add_run, zero_times};
use super::{LAST_BIT, Mark, Tape};
use crate::real::kernels::{LANES, rows_weighted};

/// What an edge of every element goes to.
#[derive(Copy, Clone)]
pub(super) enum Kind {
    /// The same node before the site.
    Shared,
    /// A node before the site for each element.
    Own,
    /// A node of the element itself.
    Inner,
    /// The same nodes before the site, side by side, with partials so far apart from element to element.
    SharedRun(usize),
    /// Nodes of the element itself, side by side, likewise.
    InnerRun(usize),
}

/// Below this many elements there is nothing to gain.
const FEW: usize = 8;

/// The kinds of the edges of one element, if all elements have the same.
#[inline(always)]
fn kinds(tape: &mut Tape, mark: Mark, n: usize) -> Option<()> {
    tape.kinds.clear();
    let edges = Tape::edges(&tape.words[mark.at..tape.at]);
    let first_inner = tape.first_inner();
    let all = (tape.next - first_inner) as usize;
    let (by_element, nodes) = (edges.len() / n, all / n);
    if edges.len() != n * by_element || all != n * nodes {
        return None;
    }
    for j in 0..by_element {
        let first = &edges[j];
        let (operand, count) = (first.operand(), first.operands());
        let inner = operand >= first_inner;
        let step = if inner { nodes as u64 } else { 0 };
        let (mut differ, mut expected) = (0, first.head);
        for element in edges.chunks_exact(by_element) {
            differ |= element[j].head ^ expected;
            expected += step;
        }
        if first.is_group() || differ >> 32 != 0 || count == 0 {
            return None;
        }
        if count == 1 && !inner && differ != 0 {
            let elements = edges.chunks_exact(by_element);
            let most = elements.fold(0, |most, e| e[j].operand().max(most));
            if most >= tape.outer {
                return None;
            }
            tape.kinds.push(Kind::Own);
            continue;
        }
        if differ != 0 || !inner && operand + count > tape.outer {
            return None;
        }
        if count == 1 {
            tape.kinds
                .push(if inner { Kind::Inner } else { Kind::Shared });
            continue;
        }
        let at = first.partial.to_bits();
        let apart = edges[by_element + j].partial.to_bits().wrapping_sub(at);
        let (mut differ, mut expected) = (0, at);
        for element in edges.chunks_exact(by_element) {
            differ |= element[j].partial.to_bits() ^ expected;
            expected = expected.wrapping_add(apart);
        }
        if differ != 0 {
            return None;
        }
        let apart = apart as usize;
        tape.kinds.push(match inner {
            true => Kind::InnerRun(apart),
            false => Kind::SharedRun(apart),
        });
    }
    Some(())
}

#[inline(always)]
fn sweep_alike_body(tape: &mut Tape, mark: Mark, n: usize) -> bool {
    let all = (tape.next - tape.first_inner()) as usize;
    if all == 0 {
        return true;
    }
    if !(FEW..=LANES).contains(&n) || kinds(tape, mark, n).is_none() {
        return false;
    }
    let edges = Tape::edges(&tape.words[mark.at..tape.at]);
    let (by_element, nodes) = (edges.len() / n, all / n);
    let first_inner = tape.first_inner();
    let runs = tape.runs.all();
    let outer = tape.outer as usize;
    let (outer, inner) = tape.adjoints[..outer + all].split_at_mut(outer);
    // The adjoints of one node of each element, and whether some are zero: those stay without effect even where a
    // partial is infinite.
    let (mut own, mut zeros) = ([0.0; LANES], false);
    let mut node = nodes;
    for (j, kind) in tape.kinds.iter().enumerate().rev() {
        let first = &edges[j];
        let elements = edges.chunks_exact(by_element);
        if first.head & LAST_BIT != 0 {
            node -= 1;
            let mut any = false;
            for (a, element) in own.iter_mut().zip(inner.chunks_exact(nodes)) {
                *a = element[node];
                any |= *a == 0.0;
            }
            zeros = any;
        }
        let (operand, count) = (first.operand() as usize, first.operands() as usize);
        // Where it is among the nodes of its element.
        let within = operand.wrapping_sub(first_inner as usize);
        let at = first.partial.to_bits() as usize;
        match *kind {
            Kind::Shared => {
                let mut products = [0.0; LANES];
                for ((product, a), element) in products.iter_mut().zip(&own).zip(elements) {
                    *product = zero_times(*a, element[j].partial);
                }
                let mut sums = [0.0; 8];
                for products in products.as_chunks::<8>().0 {
                    for k in 0..8 {
                        sums[k] += products[k];
                    }
                }
                let [a, b, c, d, e, f, g, h] = sums;
                outer[operand] += ((a + e) + (b + f)) + ((c + g) + (d + h));
            }
            Kind::Own => {
                for (a, element) in own.iter().zip(elements) {
                    let edge = &element[j];
                    outer[edge.operand() as usize] += zero_times(*a, edge.partial);
                }
            }
            Kind::Inner => {
                let adjoints = inner.chunks_exact_mut(nodes);
                for ((a, element), adjoints) in own.iter().zip(elements).zip(adjoints) {
                    adjoints[within] += zero_times(*a, element[j].partial);
                }
            }
            Kind::SharedRun(apart) => {
                let operands = &mut outer[operand..operand + count];
                if zeros || apart < count || count < FEW {
                    for (i, a) in own[..n].iter().enumerate() {
                        if *a != 0.0 {
                            add_run(*a, &runs[at + i * apart..][..count], operands);
                        }
                    }
                } else {
                    let rows = &runs[at..at + (n - 1) * apart + count];
                    rows_weighted(rows, apart, &own[..n], operands);
                }
            }
            Kind::InnerRun(apart) => {
                let adjoints = inner.chunks_exact_mut(nodes);
                for (i, (a, adjoints)) in own[..n].iter().zip(adjoints).enumerate() {
                    if *a != 0.0 {
                        let operands = &mut adjoints[within..within + count];
                        add_run(*a, &runs[at + i * apart..][..count], operands);
                    }
                }
            }
        }
    }
    true
}

crate::real::kernels::dispatch_plain! {
    /// Sweeps a block of `n` elements back if all of them wrote the same nodes; else does nothing.
    pub(super) fn sweep_alike = sweep_alike_body(tape: &mut Tape, mark: Mark, n: usize) -> bool;
}
