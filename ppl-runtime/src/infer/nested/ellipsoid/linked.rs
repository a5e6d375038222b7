//! Points that neighbours link.

use super::super::linear::LANES;
use super::cloud::{Cloud, near};

/// A number for each point, the same for points that are linked, at most `length` apart. They are sorted by their first coordinate.
pub(super) fn linked(white: &Cloud, length: f64) -> Vec<usize> {
    let mut unfound = Unfound::new(white);
    let mut part_of = vec![usize::MAX; white.count];
    let mut point = vec![0.0; white.dim];
    let mut queue = Vec::new();
    for first in 0..white.count {
        if part_of[first] != usize::MAX {
            continue;
        }
        part_of[first] = first;
        queue.push(first);
        while let Some(next) = queue.pop() {
            for (i, x) in point.iter_mut().enumerate() {
                *x = white.column(i)[next];
            }
            unfound.take_near(&point, length, |found| {
                if found != first {
                    part_of[found] = first;
                    queue.push(found);
                }
            });
        }
    }
    part_of
}

/// Points that belong to no part yet, in blocks from which they are crossed out, sorted by their first coordinate.
struct Unfound {
    stride: usize,
    columns: Vec<f64>,
    points: Vec<usize>,
    /// A bit for each point of a block that is there.
    there: Vec<u8>,
    left: usize,
    near: Vec<u8>,
}

impl Unfound {
    fn new(white: &Cloud) -> Unfound {
        let stride = white.count.next_multiple_of(LANES);
        let columns = (0..white.dim).flat_map(|i| white.column(i).to_vec());
        let mut unfound = Unfound {
            stride,
            columns: columns.collect(),
            points: (0..white.count).collect(),
            there: vec![u8::MAX; stride / LANES],
            left: white.count,
            near: vec![0; stride / LANES],
        };
        unfound.end();
        unfound
    }

    /// Nothing fills the last block up.
    fn end(&mut self) {
        let room = self.there.len() * LANES;
        if let Some(last) = self.there.last_mut() {
            *last = u8::MAX >> (room - self.points.len());
        }
    }

    /// Calls `found` for the points at most `length` from `point`, and crosses them out.
    fn take_near(&mut self, point: &[f64], length: f64, mut found: impl FnMut(usize)) {
        // Those of a block lie between its first and the next one's; rounding must not lose one.
        let reach = length * (1.0 + 1e-12);
        let firsts = self.columns[..self.there.len() * LANES]
            .as_chunks::<LANES>()
            .0;
        let from = firsts
            .partition_point(|block| block[0] < point[0] - reach)
            .saturating_sub(1);
        let blocks = firsts[from..].partition_point(|block| block[0] <= point[0] + reach);
        let near_by = &mut self.near[..blocks];
        near(
            &self.columns[from * LANES..],
            self.stride,
            point,
            length * length,
            near_by,
        );
        for (block, (near, there)) in near_by.iter().zip(&mut self.there[from..]).enumerate() {
            let mut bits = near & *there;
            *there ^= bits;
            self.left -= bits.count_ones() as usize;
            while bits != 0 {
                found(self.points[(from + block) * LANES + bits.trailing_zeros() as usize]);
                bits &= bits - 1;
            }
        }
        if 2 * self.left < self.points.len() {
            self.close_up();
        }
    }

    /// Moves the points together that are there.
    fn close_up(&mut self) {
        let there: Vec<usize> = (0..self.points.len())
            .filter(|&k| self.there[k / LANES] >> (k % LANES) & 1 == 1)
            .collect();
        for column in self.columns.chunks_exact_mut(self.stride) {
            there
                .iter()
                .enumerate()
                .for_each(|(to, &from)| column[to] = column[from]);
        }
        self.points = there.iter().map(|&k| self.points[k]).collect();
        self.there.clear();
        self.there.resize(self.left.div_ceil(LANES), u8::MAX);
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;

    /// Against all pairs, for lengths that link few points and many.
    #[test]
    fn parts_are_those_of_all_pairs() {
        let mut rng = keyed(11, Purpose::User, 0, 0);
        let mut counts = Vec::new();
        for (dim, n) in [(1, 20), (2, 7), (2, 64), (2, 203), (5, 130)] {
            let mut points: Vec<Vec<f64>> = (0..n)
                .map(|_| (0..dim).map(|_| rng.random()).collect())
                .collect();
            points.sort_by(|a, b| a[0].total_cmp(&b[0]));
            let cloud = Cloud::new(&points.concat(), dim, &(0..n).collect::<Vec<_>>());
            let apart = |a: usize, b: usize| -> f64 {
                let square = |i: usize| (cloud.column(i)[a] - cloud.column(i)[b]).powi(2);
                (0..dim).map(square).sum()
            };
            for length in [0.01, 0.05, 0.1, 0.3] {
                // The smallest number that reaches a point.
                let mut want: Vec<usize> = (0..n).collect();
                for _ in 0..n {
                    for a in 0..n {
                        let linked = (0..n).filter(|&b| apart(a, b) <= length * length);
                        want[a] = linked.map(|b| want[b]).min().unwrap_or(a);
                    }
                }
                assert_eq!(linked(&cloud, length), want);
                counts.push((0..n).filter(|&k| want[k] == k).count());
            }
        }
        assert!(
            counts.contains(&1) && counts.iter().any(|&c| c > 20),
            "{counts:?}"
        );
    }
}
