//! Groups of one pivot or two, all with one scale: their sums run in lanes.

use super::Reduction;
use crate::real::kernels::{LANES, dispatch_plain, total_of_sixteen};

/// What is known of the groups of a site, pivot by pivot in the order in which locations come.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// The location of the best fit, as a sum of a number and a small one.
    high: Vec<f64>,
    low: Vec<f64>,
    /// The element of the group's matrix G in the pivot's row and column, and that in its row and the other's column.
    own: Vec<f64>,
    other: Vec<f64>,
    /// The place of the group's other pivot in the block; its own if there is none.
    partner: Vec<u8>,
    blocks: Vec<Sums>,
}

/// A block's pivots begin here, and this is what its groups' best fits leave.
#[derive(Copy, Clone, Debug)]
struct Sums {
    first: usize,
    pivots: usize,
    squares: f64,
    elements: f64,
}

/// With fewer pivots in all, clearing the blocks costs more than is saved.
const FEW: usize = 8;

impl Pairs {
    /// Those of a site whose groups have one scale, if they have no more than two pivots each.
    pub(super) fn of(site: &Reduction) -> Option<Self> {
        let n = site.fitted.len();
        if n < FEW || site.groups.iter().any(|group| group.pivots > 2) {
            return None;
        }
        let zeros = || vec![0.0; n];
        let mut pairs = Pairs {
            high: zeros(),
            low: zeros(),
            own: zeros(),
            other: zeros(),
            partner: vec![0; n],
            blocks: Vec::new(),
        };
        let mut first = 0;
        for block in &site.blocks {
            let groups = &site.groups[block.groups.clone()];
            for group in groups {
                let places = &site.places[group.first..][..group.pivots];
                for (k, place) in places.iter().enumerate() {
                    let row = &site.products[group.matrix + k * group.pivots..];
                    let at = first + usize::from(*place);
                    [pairs.high[at], pairs.low[at]] = site.fitted[group.first + k];
                    pairs.own[at] = row[k];
                    pairs.partner[at] = *place;
                    if let [a, b] = *places {
                        pairs.other[at] = row[1 - k];
                        pairs.partner[at] = if k == 0 { b } else { a };
                    }
                }
            }
            pairs.blocks.push(Sums {
                first,
                pivots: block.pivots,
                squares: groups.iter().map(|group| group.squares).sum(),
                elements: block.elements,
            });
            first += block.pivots;
        }
        Some(pairs)
    }

    /// As [`Block::normal`](super::Block::normal).
    pub(super) fn normal(
        &self,
        at: usize,
        location: &[f64],
        scale: f64,
        by_location: &mut [f64],
        by_scale: &mut [f64],
    ) -> f64 {
        let Some(block) = self.blocks.get(at) else {
            return 0.0;
        };
        let r = 1.0 / scale;
        let location = &location[..block.pivots.min(LANES)];
        let sum = differences(self, block.first, location, r * r, by_location);
        let squares = (block.squares + sum) * r * r;
        // One scale for all.
        if let Some((by, rest)) = by_scale.split_first_mut() {
            *by = (squares - block.elements) * r;
            rest.fill(0.0);
        }
        -0.5 * squares - block.elements * scale.ln()
    }
}

#[inline(always)]
fn differences_body(
    pairs: &Pairs,
    first: usize,
    location: &[f64],
    factor: f64,
    by: &mut [f64],
) -> f64 {
    let n = location.len().min(LANES);
    let (high, low) = (&pairs.high[first..][..n], &pairs.low[first..][..n]);
    let (own, other) = (&pairs.own[first..][..n], &pairs.other[first..][..n]);
    let partner = &pairs.partner[first..][..n];
    let mut d = [0.0; LANES];
    for i in 0..n {
        d[i] = (high[i] - location[i]) + low[i];
    }
    let mut sums = [0.0; 16];
    let whole = n - n % 16;
    for start in (0..whole).step_by(16) {
        let mut products = [0.0; 16];
        for k in 0..16 {
            let i = start + k;
            products[k] = own[i] * d[i] + other[i] * d[usize::from(partner[i]) % LANES];
            sums[k] += products[k] * d[i];
        }
        if let Some(by) = by.get_mut(start..start + 16) {
            for k in 0..16 {
                by[k] = products[k] * factor;
            }
        }
    }
    for i in whole..n {
        let product = own[i] * d[i] + other[i] * d[usize::from(partner[i]) % LANES];
        sums[i - whole] += product * d[i];
        if let Some(by) = by.get_mut(i) {
            *by = product * factor;
        }
    }
    total_of_sixteen(&sums)
}

dispatch_plain! {
    /// Writes the products of G with the differences d from the best fit, times a factor, where there is room, and gives dᵀG d.
    fn differences = differences_body(
        pairs: &Pairs,
        first: usize,
        location: &[f64],
        factor: f64,
        by: &mut [f64],
    ) -> f64;
}
