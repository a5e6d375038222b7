//! Sums by group.

/// x where it is wanted, else 0, without a branch.
#[inline(always)]
fn only(x: f64, wanted: bool) -> f64 {
    f64::from_bits(x.to_bits() & u64::from(wanted).wrapping_neg())
}

#[inline(always)]
fn totals_of_groups_body(groups: &[usize], x: &[f64], first: usize, totals: &mut [f64]) {
    let n = groups.len().min(x.len());
    let (eights, rest) = groups[..n].as_chunks::<8>();
    let (xs, last) = x[..n].as_chunks::<8>();
    for (j, total) in totals.iter_mut().enumerate() {
        let own = first + j;
        let mut sums = [0.0; 8];
        for (groups, x) in eights.iter().zip(xs) {
            for k in 0..8 {
                sums[k] += only(x[k], groups[k] == own);
            }
        }
        for (k, (group, x)) in rest.iter().zip(last).enumerate() {
            sums[k] += only(*x, *group == own);
        }
        *total = super::total(sums);
    }
}

#[inline(always)]
fn index_range_body(index: &[usize]) -> (usize, usize) {
    let (mut low, mut high) = (usize::MAX, 0);
    for i in index {
        low = low.min(*i);
        high = high.max(*i);
    }
    (low, high)
}

#[inline(always)]
fn changes_body(index: &[usize]) -> u64 {
    let next = index.get(1..).unwrap_or(&[]);
    let here = &index[..next.len()];
    let ((heres, here), (nexts, next)) = (here.as_chunks::<8>(), next.as_chunks::<8>());
    let differ = |a: usize, b: usize| u64::from(a != b);
    let mut bits = 0;
    for (block, (a, b)) in heres.iter().zip(nexts).enumerate() {
        let own = (0..8).fold(0, |own, k| own | differ(a[k], b[k]) << k);
        bits |= own << (8 * block);
    }
    for (k, (a, b)) in here.iter().zip(next).enumerate() {
        bits |= differ(*a, *b) << (8 * heres.len() + k);
    }
    bits
}

/// The sum of the x of each run, each of which ends before the element that is given. In the baseline instruction set: wide registers
/// would wait for numbers that were just written in narrow ones.
#[inline]
pub fn totals_of_runs(x: &[f64], ends: &[usize], totals: &mut [f64]) {
    let mut start = 0;
    for (end, total) in ends.iter().zip(totals) {
        let end = (*end).min(x.len());
        let (eights, rest) = x[start.min(end)..end].as_chunks::<8>();
        let mut sums = [0.0; 8];
        for x in eights {
            for k in 0..8 {
                sums[k] += x[k];
            }
        }
        let rest: f64 = rest.iter().sum();
        *total = super::total(sums) + rest;
        start = end;
    }
}

super::dispatch_plain! {
    /// Bit i: the numbers i and i + 1 of 64 at most differ.
    pub fn changes = changes_body(index: &[usize]) -> u64;
}
super::dispatch_plain! {
    /// The least and the greatest; the other way round of none.
    pub fn index_range = index_range_body(index: &[usize]) -> (usize, usize);
}
super::dispatch_plain! {
    /// The sum of the x of each group, of groups from the first on: all are looked through for each, so they must be few.
    pub fn totals_of_groups =
        totals_of_groups_body(groups: &[usize], x: &[f64], first: usize, totals: &mut [f64]);
}
