//! The way back: adjoints of nodes, added to those of their operands.

use super::Tape;

/// Adds to the adjoints of nodes before the site, if all operands are such.
#[inline(always)]
fn add_outer_body(adjoints: &mut [f64], operands: &[u32], partials: &[f64]) -> bool {
    let top = operands.iter().fold(0, |top, o| top.max(*o)) as usize;
    if top >= adjoints.len() {
        return false;
    }
    let adjoints = &mut adjoints[..=top];
    for (o, p) in operands.iter().zip(partials) {
        adjoints[*o as usize] += p;
    }
    true
}

crate::real::kernels::dispatch_plain! {
    pub(super) fn add_outer = add_outer_body(adjoints: &mut [f64], operands: &[u32], partials: &[f64]) -> bool;
}

/// Where the adjoint of a node is: nodes of the open block follow those before the site.
#[inline(always)]
pub(super) fn slot(operand: u32, outer: u32, swept: u32) -> Option<usize> {
    if operand < outer {
        Some(operand as usize)
    } else if operand >= outer + swept {
        Some((operand - swept) as usize)
    } else {
        None
    }
}

/// Where the adjoints of `count` nodes side by side are.
#[inline(always)]
fn place<const FORGOTTEN: bool>(first: u32, count: u32, outer: u32, swept: u32) -> Option<usize> {
    if !FORGOTTEN {
        // Every operand is where its index says.
        return Some(first as usize);
    }
    let s = slot(first, outer, swept)?;
    let together =
        count < 2 || slot(first + count - 1, outer, swept) == Some(s + count as usize - 1);
    together.then_some(s)
}

/// From the last edge back to edge `first`: adds the adjoint of each node to its operands. Whether some blocks were
/// forgotten, so that an operand may be gone, is known beforehand.
#[inline(always)]
fn sweep_edges<const FORGOTTEN: bool>(tape: &mut Tape, first: usize) {
    let (outer, swept) = (tape.outer, tape.swept);
    let (adjoints, runs) = (&mut tape.adjoints[..], tape.runs.all());
    let (mut node, mut a, mut carried) = ((tape.next - swept) as usize, 0.0, false);
    for edge in Tape::edges(&tape.words[first..tape.at]).iter().rev() {
        let (operand, n) = (edge.operand(), edge.operands());
        if edge.is_last() {
            if edge.is_group() {
                let n = n as usize;
                node -= n;
                let at = edge.partial.to_bits() as usize;
                let (partial, shared, by_shared) =
                    (runs[at], runs[at + 1] as u32, &runs[at + 2..at + 2 + n]);
                let (Some(s), Some(shared)) = (
                    place::<FORGOTTEN>(operand, n as u32, outer, swept),
                    place::<FORGOTTEN>(shared, 1, outer, swept),
                ) else {
                    carried = true;
                    continue;
                };
                let (older, own) = adjoints.split_at_mut(node);
                let sum = group(&own[..n], partial, by_shared, &mut older[s..s + n]);
                older[shared] += sum;
                continue;
            }
            node -= 1;
            a = adjoints[node];
        }
        // An adjoint of zero stays without effect even where a partial is infinite.
        if a == 0.0 {
            continue;
        }
        let Some(s) = place::<FORGOTTEN>(operand, n, outer, swept) else {
            carried = true;
            continue;
        };
        if n == 1 {
            adjoints[s] += a * edge.partial;
        } else if n > 1 {
            let (n, at) = (n as usize, edge.partial.to_bits() as usize);
            add_run(a, &runs[at..at + n], &mut adjoints[s..s + n]);
        }
    }
    tape.carried |= carried;
}

/// Adds a·partials to the adjoints of operands side by side. Eight at a time, so that few run in lanes too; many in a plain
/// loop, since a long loop over eights would be made one of gathers across them.
#[inline(always)]
pub(super) fn add_run(a: f64, partials: &[f64], operands: &mut [f64]) {
    if let (Ok(partials), Ok(operands)) = (
        <&[f64; 8]>::try_from(partials),
        <&mut [f64; 8]>::try_from(&mut *operands),
    ) {
        for k in 0..8 {
            operands[k] += a * partials[k];
        }
        return;
    }
    if partials.len() >= 32 {
        for (o, p) in operands.iter_mut().zip(partials) {
            *o += a * p;
        }
        return;
    }
    let ((operands, last_operands), (partials, last)) =
        (operands.as_chunks_mut::<8>(), partials.as_chunks::<8>());
    // Said to be three at most, so that no code for a long loop is made.
    for (o, p) in operands.iter_mut().zip(partials).take(3) {
        for k in 0..8 {
            o[k] += a * p[k];
        }
    }
    for (o, p) in last_operands.iter_mut().zip(last) {
        *o += a * p;
    }
}

/// a·p, but nothing of an adjoint of zero, whatever the partial is.
#[inline(always)]
pub(super) fn zero_times(a: f64, p: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a * p }
}

/// The same by a mask, of which the compiler makes no branches in a loop.
#[inline(always)]
pub(super) fn zero_times_masked(a: f64, p: f64) -> f64 {
    let some = u64::from(a == 0.0).wrapping_sub(1);
    f64::from_bits((a * p).to_bits() & some)
}

/// Sends the adjoints of a group to its operands side by side; returns what its shared operand gets.
#[inline(always)]
fn group(own: &[f64], partial: f64, by_shared: &[f64], operands: &mut [f64]) -> f64 {
    let n = own.len();
    let (by_shared, operands) = (&by_shared[..n], &mut operands[..n]);
    let sum = product(own, by_shared);
    // Where all partials are finite, an adjoint of zero is without effect by itself.
    if sum.is_nan() || !partial.is_finite() {
        return group_with_zeros(own, partial, by_shared, operands);
    }
    if let (Ok(own), Ok(operands)) = (
        <&[f64; 8]>::try_from(own),
        <&mut [f64; 8]>::try_from(&mut *operands),
    ) {
        for k in 0..8 {
            operands[k] += own[k] * partial;
        }
        return sum;
    }
    for (own, operand) in own.iter().zip(operands) {
        *operand += own * partial;
    }
    sum
}

/// Σ a\[i\]·b\[i\] of equally many, eight at a time.
#[inline(always)]
fn product(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    if let (Ok(a), Ok(b)) = (<&[f64; 8]>::try_from(a), <&[f64; 8]>::try_from(b)) {
        for k in 0..8 {
            sums[k] = a[k] * b[k];
        }
    } else {
        let ((a, last_a), (b, last_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
        for (a, b) in a.iter().zip(b) {
            for k in 0..8 {
                sums[k] += a[k] * b[k];
            }
        }
        for (sum, (a, b)) in sums.iter_mut().zip(last_a.iter().zip(last_b)) {
            *sum += a * b;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

#[cold]
#[inline(never)]
fn group_with_zeros(own: &[f64], partial: f64, by_shared: &[f64], operands: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    for ((a, by), operand) in own.iter().zip(by_shared).zip(operands) {
        *operand += zero_times(*a, partial);
        sum += zero_times(*a, *by);
    }
    sum
}

/// The whole way back from outputs, of which some may be constants, in one function: for few nodes calls cost as much as the sweep.
#[inline(always)]
fn gradient_body(tape: &mut Tape, outputs: &[u32; 3], gradient: &mut [f64]) {
    let n = tape.next as usize;
    tape.adjoints.clear();
    tape.adjoints.resize(n.max(gradient.len()), 0.0);
    for output in outputs {
        if let Some(a) = tape.adjoints.get_mut(*output as usize) {
            *a += 1.0;
        }
    }
    tape.outer = tape.next;
    // No site is open, and so no block is forgotten.
    tape.swept = 0;
    sweep_edges::<false>(tape, 0);
    gradient.copy_from_slice(&tape.adjoints[..gradient.len()]);
}

crate::real::kernels::dispatch_plain! {
    pub(super) fn gradient_of = gradient_body(tape: &mut Tape, outputs: &[u32; 3], gradient: &mut [f64]);
}

#[inline(always)]
fn sweep_body(tape: &mut Tape, first: usize) {
    if tape.swept == 0 {
        sweep_edges::<false>(tape, first);
    } else {
        sweep_edges::<true>(tape, first);
    }
}

crate::real::kernels::dispatch_plain! {
    pub(super) fn sweep = sweep_body(tape: &mut Tape, first: usize);
}
