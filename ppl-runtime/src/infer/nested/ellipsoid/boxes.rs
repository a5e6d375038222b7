//! The boxes around ellipsoids, eight at a time: most ellipsoids are far away from a point, and their boxes say so.

use super::super::linear::LANES;
use super::mask::{self, Mask};
use super::one::Ellipsoid;
use crate::real::kernels::dispatch_plain;
use serde::{Deserialize, Serialize};

/// Centres and half lengths of eight boxes, one coordinate.
type Side = [[f64; LANES]; 2];

/// Boxes in blocks of eight, each block one [`Side`] a coordinate; what fills the last one up holds nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Boxes {
    dim: usize,
    sides: Vec<Side>,
}

impl Boxes {
    pub(super) fn around(ellipsoids: &[Ellipsoid], dim: usize) -> Boxes {
        let nowhere = [[0.0; LANES], [-1.0; LANES]];
        let mut sides = vec![nowhere; dim * ellipsoids.len().div_ceil(LANES)];
        for (e, ellipsoid) in ellipsoids.iter().enumerate() {
            let (block, k) = (e / LANES, e % LANES);
            for (i, (center, half)) in ellipsoid.sides().enumerate() {
                let [centers, halves] = &mut sides[block * dim + i];
                (centers[k], halves[k]) = (center, half);
            }
        }
        Boxes { dim, sides }
    }

    /// The numbers of the boxes that hold `x`, in ascending order.
    pub(super) fn holding(&self, x: &[f64]) -> impl Iterator<Item = usize> {
        self.those(move |sides| holding(sides, x))
    }

    /// The numbers of the boxes that touch box `i`, itself among them, in ascending order; what fills the last block up may be.
    pub(super) fn touching(&self, i: usize) -> impl Iterator<Item = usize> {
        let own = &self.sides[i / LANES * self.dim..][..self.dim];
        self.those(move |sides| touching(sides, own, i % LANES))
    }

    /// The numbers of the boxes that are in the mask of their block.
    fn those(&self, mut of: impl FnMut(&[Side]) -> Mask) -> impl Iterator<Item = usize> {
        let mut blocks = self.sides.chunks_exact(self.dim);
        let (mut left, mut block) = (0, usize::MAX);
        std::iter::from_fn(move || {
            while left == 0 {
                left = of(blocks.next()?);
                block = block.wrapping_add(1);
            }
            let k = mask::lowest(left);
            left = mask::without(left, k);
            Some(block * LANES + k)
        })
    }
}

#[inline(always)]
fn holding_body(sides: &[Side], x: &[f64]) -> Mask {
    // How far beyond the sides: a difference has the sign of the comparison, and a running `and` over coordinates would be
    // compiled to gathers.
    let mut beyond = [-1.0; LANES];
    for ([centers, halves], x) in sides.iter().zip(x) {
        for k in 0..LANES {
            let by = (x - centers[k]).abs() - halves[k];
            beyond[k] = if by > beyond[k] { by } else { beyond[k] };
        }
    }
    mask::at_most(&beyond, &[0.0; LANES])
}

#[inline(always)]
fn touching_body(sides: &[Side], own: &[Side], lane: usize) -> Mask {
    let mut beyond = [-1.0; LANES];
    for ([centers, halves], own) in sides.iter().zip(own) {
        let (x, half) = (own[0][lane], own[1][lane]);
        for k in 0..LANES {
            let by = (x - centers[k]).abs() - (halves[k] + half);
            beyond[k] = if by > beyond[k] { by } else { beyond[k] };
        }
    }
    mask::at_most(&beyond, &[0.0; LANES])
}

dispatch_plain! {
    /// Which of eight boxes hold `x`.
    fn holding = holding_body(sides: &[Side], x: &[f64]) -> Mask;
}
dispatch_plain! {
    /// Which of eight boxes touch that in `lane` of `own`.
    fn touching = touching_body(sides: &[Side], own: &[Side], lane: usize) -> Mask;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;

    #[test]
    fn boxes_hold_and_touch_what_their_sides_say() {
        let mut rng = keyed(14, Purpose::User, 0, 0);
        for (dim, count) in [(1, 3), (2, 8), (3, 21)] {
            let ellipsoids: Vec<Ellipsoid> = (0..count)
                .map(|_| {
                    let center: Vec<f64> = (0..dim).map(|_| rng.random()).collect();
                    let points: Vec<f64> = (0..20)
                        .flat_map(|_| {
                            center
                                .iter()
                                .map(|c| c + 0.1 * rng.random::<f64>())
                                .collect::<Vec<_>>()
                        })
                        .collect();
                    Ellipsoid::enclosing(&points, dim, &(0..20).collect::<Vec<_>>())
                })
                .collect();
            let boxes = Boxes::around(&ellipsoids, dim);
            for (i, own) in ellipsoids.iter().enumerate() {
                let meets = |other: &Ellipsoid| {
                    let mut sides = own.sides().zip(other.sides());
                    sides.all(|((a, r), (b, s))| (a - b).abs() <= r + s)
                };
                let want: Vec<usize> = (0..count).filter(|&j| meets(&ellipsoids[j])).collect();
                let found: Vec<usize> = boxes.touching(i).filter(|&j| j < count).collect();
                assert_eq!(found, want);
                let x = own.center();
                let inside =
                    |e: &Ellipsoid| e.sides().zip(x).all(|((c, half), x)| (x - c).abs() <= half);
                let want: Vec<usize> = (0..count).filter(|&j| inside(&ellipsoids[j])).collect();
                assert_eq!(boxes.holding(x).collect::<Vec<_>>(), want);
            }
        }
    }
}
