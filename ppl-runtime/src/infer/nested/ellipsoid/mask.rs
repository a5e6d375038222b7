//! Which of eight lanes: a byte of ones for each. To put bits together takes the compiler as long as what they are compared for.

use super::super::linear::LANES;

pub(super) type Mask = u64;

/// The first `count` lanes, of which there is one at least.
pub(super) fn first(count: usize) -> Mask {
    Mask::MAX >> (8 * (LANES - count))
}

/// The lanes in which `x` is at most `limit`.
#[inline(always)]
pub(super) fn at_most(x: &[f64; LANES], limit: &[f64; LANES]) -> Mask {
    let mut bytes = [0; LANES];
    for k in 0..LANES {
        bytes[k] = if x[k] <= limit[k] { u8::MAX } else { 0 };
    }
    Mask::from_le_bytes(bytes)
}

#[inline]
pub(super) fn has(mask: Mask, lane: usize) -> bool {
    mask >> (8 * lane) & 1 == 1
}

/// The first lane of a mask that is not empty.
#[inline]
pub(super) fn lowest(mask: Mask) -> usize {
    mask.trailing_zeros() as usize / 8
}

/// The mask without that lane.
#[inline]
pub(super) fn without(mask: Mask, lane: usize) -> Mask {
    mask & !(0xff << (8 * lane))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_found_one_by_one() {
        let x = [1.0, 5.0, 2.0, f64::NAN, 3.0, -1.0, 4.0, 0.0];
        let mut mask = at_most(&x, &[2.0; LANES]);
        let mut lanes = Vec::new();
        while mask != 0 {
            let lane = lowest(mask);
            assert!(has(mask, lane));
            mask = without(mask, lane);
            assert!(!has(mask, lane));
            lanes.push(lane);
        }
        assert_eq!(lanes, [0, 2, 5, 7]);
        let counts = (1..=LANES).map(|n| (0..LANES).filter(|&k| has(first(n), k)).count());
        assert!(counts.eq(1..=LANES));
    }
}
