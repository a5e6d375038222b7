//! Which programs get how many steps.

/// Successive halving (Jamieson & Talwalkar 2016; for programs: Reichelt et al. 2022, section 4.4): the steps of all
/// programs together are shared by rounds, and after each round the half of the programs with the smaller bounds is
/// given up. Programs that are given up keep what was fitted, and their weight.
///
/// With K programs and n steps each there are K·n steps in all. They are cut into equal parts, one a round, and those of a
/// round are shared evenly by the programs that are still there.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Halving {
    /// The programs that are fitted to the end; 10 by default. Where there are no more than these, all have the same
    /// number of steps.
    pub finalists: usize,
}

impl Default for Halving {
    fn default() -> Self {
        Halving { finalists: 10 }
    }
}

/// The rounds of a run: how many programs take part, and the steps of each.
pub(super) fn rounds(programs: usize, steps: u64, halving: Option<Halving>) -> Vec<(usize, u64)> {
    let finalists = halving.map_or(programs, |h| h.finalists.max(1));
    let mut sizes = vec![programs];
    let mut left = programs;
    while left > finalists {
        left = left.div_ceil(2).max(finalists);
        sizes.push(left);
    }
    let all = programs as u64 * steps;
    let parts = sizes.len() as u64;
    sizes
        .into_iter()
        .map(|n| (n, (all / (parts * n.max(1) as u64)).max(1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_shared_by_rounds() {
        let halving = Some(Halving { finalists: 1 });
        // 8·90 steps in four rounds of 180.
        assert_eq!(
            rounds(8, 90, halving),
            [(8, 22), (4, 45), (2, 90), (1, 180)]
        );
        assert_eq!(rounds(8, 90, None), [(8, 90)]);
        assert_eq!(rounds(8, 90, Some(Halving::default())), [(8, 90)]);
        let halving = Some(Halving { finalists: 10 });
        assert_eq!(rounds(33, 100, halving), [(33, 33), (17, 64), (10, 110)]);
        assert_eq!(rounds(3, 1, Some(Halving { finalists: 1 })).len(), 3);
        assert_eq!(rounds(0, 5, halving), [(0, 5.min(1))]);
    }
}
