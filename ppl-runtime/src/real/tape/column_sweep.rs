//! The sweep of a block in columns, an edge of all elements at once.

use super::alike::Kind;
use super::sites::total;
use super::sweep::{add_run, zero_times_masked};
use super::{Edge, LAST_BIT, Mark, Tape};
use crate::real::kernels::{LANES, rows_weighted};

/// Whether each number is the one before and `step` more, from the first on.
#[inline(always)]
pub(super) fn are_steps(numbers: &[u32], first: u32, step: u32) -> bool {
    let (eights, rest) = numbers.as_chunks::<8>();
    let (mut differ, mut expected) = ([0; 8], first);
    for eight in eights {
        for k in 0..8 {
            differ[k] |= eight[k] ^ expected.wrapping_add(step * k as u32);
        }
        expected = expected.wrapping_add(8 * step);
    }
    let mut any = differ.into_iter().fold(0, |any, d| any | d);
    for number in rest {
        any |= number ^ expected;
        expected = expected.wrapping_add(step);
    }
    any == 0
}

/// The largest of some numbers.
#[inline(always)]
pub(super) fn most(numbers: &[u32]) -> u32 {
    let (eights, rest) = numbers.as_chunks::<8>();
    let mut highest = [0; 8];
    for eight in eights {
        for k in 0..8 {
            highest[k] = highest[k].max(eight[k]);
        }
    }
    let all = highest.into_iter().chain(rest.iter().copied());
    all.fold(0, u32::max)
}

/// The kinds of the edges, if all elements have the same.
#[inline(always)]
fn kinds(tape: &mut Tape, mark: Mark, n: usize) -> Option<()> {
    tape.kinds.clear();
    if !tape
        .ends
        .iter()
        .all(|ends| are_steps(&ends[..n], ends[0], 1))
    {
        return None;
    }
    // Eight at a time; of the last eight those that are there.
    let (whole, rest) = (n / 8, n % 8);
    let there: [u64; 8] = std::array::from_fn(|k| u64::from(k >= rest).wrapping_sub(1));
    let end = tape.ends[0][0] as usize;
    let first_inner = tape.first_inner();
    for column in tape.words[mark.at..end].as_chunks::<{ 2 * LANES }>().0 {
        let (heads, partials) = column.split_at(LANES);
        let edge = Edge {
            head: heads[0],
            partial: 0.0,
        };
        let (mut same, mut steps) = ([0; 8], [0; 8]);
        for (c, heads) in heads.as_chunks::<8>().0.iter().take(whole + 1).enumerate() {
            let there = if c < whole { [u64::MAX; 8] } else { there };
            for k in 0..8 {
                same[k] |= (heads[k] ^ edge.head) & there[k];
                steps[k] |= (heads[k] ^ (edge.head + (8 * c + k) as u64)) & there[k];
            }
        }
        let shared = same.into_iter().fold(0, |all, one| all | one);
        let inner = steps.into_iter().fold(0, |all, one| all | one);
        let (operand, count) = (edge.operand(), edge.operands());
        if shared >> 32 != 0 || edge.is_group() || count == 0 {
            return None;
        }
        let kind = match count {
            1 if operand >= first_inner => {
                if inner != 0 {
                    return None;
                }
                Kind::Inner
            }
            1 if shared == 0 && operand < tape.outer => Kind::Shared,
            1 => {
                let mut highest = [0; 8];
                for (c, heads) in heads.as_chunks::<8>().0.iter().take(whole + 1).enumerate() {
                    let there = if c < whole { [u64::MAX; 8] } else { there };
                    for k in 0..8 {
                        highest[k] = highest[k].max((heads[k] & there[k]) as u32);
                    }
                }
                if most(&highest) >= tape.outer {
                    return None;
                }
                Kind::Own
            }
            _ => {
                if shared != 0 || operand + count > tape.outer {
                    return None;
                }
                let apart = if n > 1 {
                    partials[1].wrapping_sub(partials[0])
                } else {
                    0
                };
                let (mut differ, mut expected) = (0, partials[0]);
                for partial in &partials[..n] {
                    differ |= partial ^ expected;
                    expected = expected.wrapping_add(apart);
                }
                if differ != 0 {
                    return None;
                }
                Kind::SharedRun(apart as usize)
            }
        };
        tape.kinds.push(kind);
    }
    Some(())
}

/// Adjoints times partials, but nothing of an adjoint of zero.
#[inline(always)]
fn products(own: &[f64; 8], partials: &[u64; 8]) -> [f64; 8] {
    // An array of its own: while anything else is written the compiler does not know that these stay as they are.
    let mut products = [0.0; 8];
    for k in 0..8 {
        products[k] = zero_times_masked(own[k], f64::from_bits(partials[k]));
    }
    products
}

/// Adds adjoints times partials, eight at a time.
#[inline(always)]
fn add_products(to: &mut [f64], own: &[f64], partials: &[u64]) {
    let (to, own) = (to.as_chunks_mut::<8>().0, own.as_chunks::<8>().0);
    for ((to, own), partials) in to.iter_mut().zip(own).zip(partials.as_chunks::<8>().0) {
        let (products, mut sums) = (products(own, partials), *to);
        for k in 0..8 {
            sums[k] += products[k];
        }
        *to = sums;
    }
}

/// Adds to the adjoint of each element's own node. Where eight have the same one their sum is added: added one by one each
/// would wait for the one before.
#[inline(always)]
fn add_own(outer: &mut [f64], heads: &[u64], products: &[f64; LANES]) {
    let node = |head: u64| head as u32 as usize;
    let (eights, rest) = heads.as_chunks::<8>();
    let (by_eight, _) = products.as_chunks::<8>();
    for (heads, products) in eights.iter().zip(by_eight) {
        if heads[0] == heads[7] && heads.iter().all(|head| *head == heads[0]) {
            outer[node(heads[0])] += total(products);
        } else {
            for k in 0..8 {
                outer[node(heads[k])] += products[k];
            }
        }
    }
    for (head, p) in rest.iter().zip(&products[8 * eights.len()..]) {
        outer[node(*head)] += p;
    }
}

#[inline(always)]
fn sweep_block_body(tape: &mut Tape, mark: Mark, n: usize) -> bool {
    if !(1..=LANES).contains(&n) || kinds(tape, mark, n).is_none() {
        return false;
    }
    let (inner_at, first_inner, listed) = (tape.inner_at(), tape.first_inner(), tape.listed);
    let columns = tape.words[mark.at..].as_chunks::<{ 2 * LANES }>().0;
    let runs = tape.runs.all();
    let (outer, inner) = tape.adjoints.split_at_mut(inner_at);
    let inner = inner.as_chunks_mut::<LANES>().0;
    // The adjoints of elements that are not there are zero; their partials are of no meaning.
    let n8 = n.next_multiple_of(8);
    let mut node = inner.len();
    for (kind, column) in tape.kinds.iter().zip(columns).rev() {
        let (heads, partials) = column.split_at(LANES);
        let head = Edge {
            head: heads[0],
            partial: 0.0,
        };
        if head.head & LAST_BIT != 0 {
            node -= 1;
        }
        let (older, own) = inner.split_at_mut(node);
        let own = &own[0][..n8];
        let (operand, count) = (head.operand(), head.operands() as usize);
        match *kind {
            Kind::Shared => {
                let mut sums = [0.0; 8];
                let (own, partials) = (own.as_chunks::<8>().0, partials.as_chunks::<8>().0);
                for (own, partials) in own.iter().zip(partials) {
                    let products = products(own, partials);
                    for k in 0..8 {
                        sums[k] += products[k];
                    }
                }
                let sum = total(&sums);
                if listed {
                    tape.list.push((operand, sum));
                } else {
                    outer[operand as usize] += sum;
                }
            }
            Kind::Own => {
                let mut products = [0.0; LANES];
                add_products(&mut products[..n8], own, partials);
                if listed {
                    let pairs = heads[..n].iter().zip(&products);
                    tape.list.extend(pairs.map(|(head, p)| (*head as u32, *p)));
                } else {
                    add_own(outer, &heads[..n], &products);
                }
            }
            Kind::Inner => {
                let to = &mut older[(operand - first_inner) as usize / LANES][..n8];
                add_products(to, own, partials);
            }
            Kind::SharedRun(apart) => {
                let at = partials[0] as usize;
                let mut sums = [0.0; LANES];
                let zeros = own[..n].contains(&0.0);
                let dense = !zeros && apart >= count && count <= LANES;
                let operands = operand as usize..operand as usize + count;
                if !dense || count < 8 && listed {
                    for (i, a) in own[..n].iter().enumerate() {
                        if *a == 0.0 {
                            continue;
                        }
                        let run = &runs[at + i * apart..][..count];
                        if listed {
                            let products = run.iter().map(|p| a * p);
                            tape.list.extend((operand..).zip(products));
                        } else {
                            add_run(*a, run, &mut outer[operands.clone()]);
                        }
                    }
                    continue;
                }
                let rows = &runs[at..at + (n - 1) * apart + count];
                if listed {
                    rows_weighted(rows, apart, &own[..n], &mut sums[..count]);
                    tape.list.extend((operand..).zip(sums).take(count));
                } else {
                    rows_weighted(rows, apart, &own[..n], &mut outer[operands]);
                }
            }
            Kind::InnerRun(_) => {}
        }
    }
    true
}

crate::real::kernels::dispatch_plain! {
    /// Sweeps a block of `n` elements back if all of them wrote the same nodes; else does nothing.
    pub(super) fn sweep_block = sweep_block_body(tape: &mut Tape, mark: Mark, n: usize) -> bool;
}
