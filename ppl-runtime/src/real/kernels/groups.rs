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

super::dispatch_plain! {
    /// The least and the greatest; the other way round of none.
    pub fn index_range = index_range_body(index: &[usize]) -> (usize, usize);
}
super::dispatch_plain! {
    /// The sum of the x of each group, of groups from the first on: all are looked through for each, so they must be few.
    pub fn totals_of_groups =
        totals_of_groups_body(groups: &[usize], x: &[f64], first: usize, totals: &mut [f64]);
}
