//! Enumeration of the values of `#[branch]` sites, the most probable first.

use super::discovery::{ENUMERATION, Search};
use crate::model::{Evaluator, Model, Trail};
use crate::random::{Purpose, keyed};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The most values of one site that are enumerated.
const VALUES: f64 = 1000.0;

/// The first values of a program, with the execution that has them and the least values after them.
struct Prefix {
    ln_prior: f64,
    /// Breaks ties, the first found first.
    order: u64,
    length: usize,
    trail: Trail,
}

impl Ord for Prefix {
    fn cmp(&self, other: &Self) -> Ordering {
        self.ln_prior
            .total_cmp(&other.ln_prior)
            .then(other.order.cmp(&self.order))
    }
}
impl PartialOrd for Prefix {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Prefix {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Prefix {}

/// Programs by decreasing prior probability, until there are enough of them or the budget is spent, and whether these are
/// all. A prefix is never less probable than what it begins, so that taking the most probable one each time gives the
/// most probable programs first, whatever the size of the tree.
pub(super) fn enumerate<M: Model>(model: &M, search: &Search) -> (Vec<Trail>, bool) {
    let mut evaluator = Evaluator::new();
    let mut executions = 0;
    let mut begin = |values: &[f64], ln_prior: f64| {
        let rng = &mut keyed(search.seed, Purpose::ProgramSearch, ENUMERATION, executions);
        let trail = evaluator.program_with(model, values, rng);
        executions += 1;
        let own = values.len().checked_sub(1).map(|i| trail.ln_priors.get(i));
        Prefix {
            ln_prior: ln_prior + own.flatten().copied().unwrap_or(0.0),
            order: executions,
            length: values.len(),
            trail,
        }
    };
    let mut leaves = Vec::new();
    if search.enumeration == 0 {
        return (leaves, false);
    }
    let mut budget = search.enumeration - 1;
    let mut complete = true;
    let mut open = BinaryHeap::from([begin(&[], 0.0)]);
    while let Some(prefix) = open.pop() {
        let i = prefix.length;
        let Some(&(low, high)) = prefix.trail.ranges.get(i) else {
            leaves.push(prefix.trail);
            if leaves.len() >= search.max_programs {
                return (leaves, complete && open.is_empty());
            }
            continue;
        };
        let count = high - low + 1.0;
        if !(count >= 1.0 && count <= VALUES.min(budget as f64)) {
            // Too many values here; other prefixes may still have few.
            complete = false;
            continue;
        }
        budget -= count as usize;
        let mut values = prefix.trail.values[..i].to_vec();
        for k in 0..count as usize {
            values.push(low + k as f64);
            let child = begin(&values, prefix.ln_prior);
            values.pop();
            if child.ln_prior > f64::NEG_INFINITY {
                open.push(child);
            }
        }
    }
    (leaves, complete)
}
