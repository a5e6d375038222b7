//! Partial derivatives of the terms of a sum, and the sum.

use crate::dist::collect::MOST;
use crate::real::kernels::{log_sum_exp_all, plain_sum, weighted_sum};
use crate::real::{Lift, Mode, Real};
use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

/// Partial derivatives of the terms by an operand, one a value.
pub(super) struct Entry<'a, M: Mode> {
    /// One for all values, or one each.
    operands: &'a [Real<M>],
    /// Nothing: they are 1.
    partials: Option<&'a mut [f64]>,
}

/// Adds derivatives, to those that the same operand has already if it has.
pub(super) fn enter<'a, M: Mode>(
    entries: &mut BumpVec<'a, Entry<'a, M>>,
    from: usize,
    operands: &'a mut [Real<M>],
    partials: Option<&'a mut [f64]>,
) {
    if let (&mut [operand], Some(partials)) = (&mut *operands, &partials) {
        if M::is_constant(operand.0) {
            return;
        }
        let of_it = |e: &&mut Entry<'a, M>| {
            matches!(e.operands, [o] if M::same(o.0, operand.0)) && e.partials.is_some()
        };
        // What the statement before read is mostly read again.
        let found = entries[from..].iter_mut().rev().take(MOST).find(of_it);
        if let Some(sums) = found.and_then(|e| e.partials.as_deref_mut()) {
            for (sum, by) in sums.iter_mut().zip(partials.iter()) {
                *sum += by;
            }
            return;
        }
    }
    entries.push(Entry { operands, partials });
}

/// ln Σ e^terms with its derivatives. The terms become weights.
pub(super) fn sum<M: Mode>(terms: &mut [f64], entries: &[Entry<'_, M>], arena: &Bump) -> Real<M> {
    let total = log_sum_exp_all(terms);
    if !M::GRADIENT || entries.is_empty() || total == f64::NEG_INFINITY {
        return Real::constant(total);
    }
    let mut lift = M::Lift::begin();
    for e in entries {
        match (e.operands, e.partials.as_deref()) {
            ([operand], Some(partials)) => lift.push(*operand, weighted_sum(terms, partials)),
            ([operand], None) => lift.push(*operand, plain_sum(terms)),
            (operands, Some(partials)) => {
                // A term without weight has no say, whatever its own derivatives are.
                let by = terms.iter().zip(partials);
                let by = by.map(|(w, p)| if *w == 0.0 { 0.0 } else { w * p });
                lift.push_all(operands, &BumpVec::from_iter_in(by, arena));
            }
            (operands, None) => lift.push_all(operands, terms),
        }
    }
    lift.finish(total)
}
