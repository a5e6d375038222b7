//! Points that neighbours link.

use super::super::linear::LANES;
use super::cloud::{Cloud, block};
use super::mask::{self, Mask};
use crate::real::kernels::dispatch_plain;
use std::ops::Range;

/// A number for each point, the same for points that are linked, at most `length` apart. They are sorted by their first coordinate.
pub(super) fn linked(white: &Cloud, length: f64) -> Vec<usize> {
    let mut unfound = Unfound::new(white, length);
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
            unfound.take_near((next, &point), |found| {
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
struct Unfound<'a> {
    /// The first coordinate of every point.
    firsts: &'a [f64],
    length: f64,
    /// For every point, the blocks with points that may be near it.
    within_reach: Vec<Range<usize>>,
    stride: usize,
    columns: Vec<f64>,
    points: Vec<usize>,
    /// Which points of a block are there.
    there: Vec<Mask>,
    left: usize,
    near: Vec<Mask>,
}

impl Unfound<'_> {
    fn new(white: &Cloud, length: f64) -> Unfound<'_> {
        let stride = white.count.next_multiple_of(LANES);
        let columns = (0..white.dim).flat_map(|i| white.column(i).to_vec());
        let mut unfound = Unfound {
            firsts: &white.column(0)[..white.count],
            length,
            within_reach: Vec::with_capacity(white.count),
            stride,
            columns: columns.collect(),
            points: (0..white.count).collect(),
            there: vec![Mask::MAX; stride / LANES],
            left: white.count,
            near: vec![0; stride / LANES],
        };
        unfound.are_closed_up();
        unfound
    }

    /// Takes note of where they are now.
    fn are_closed_up(&mut self) {
        // Nothing fills the last block up.
        let room = self.there.len() * LANES;
        if let Some(last) = self.there.last_mut() {
            *last = mask::first(LANES - (room - self.points.len()));
        }
        // Those of a block lie between its first and the next one's; rounding must not lose one.
        let reach = self.length * (1.0 + 1e-12);
        let blocks = self.columns[..room].as_chunks::<LANES>().0;
        let (mut before, mut end) = (0, 0);
        self.within_reach.clear();
        self.within_reach.extend(self.firsts.iter().map(|x| {
            while blocks.get(before).is_some_and(|b| b[0] < x - reach) {
                before += 1;
            }
            while blocks.get(end).is_some_and(|b| b[0] <= x + reach) {
                end += 1;
            }
            before.saturating_sub(1)..end
        }));
    }

    /// Calls `found` for those that are near point `k`, and crosses them out.
    fn take_near(&mut self, (k, point): (usize, &[f64]), mut found: impl FnMut(usize)) {
        let reach = self.within_reach[k].clone();
        let near_by = &mut self.near[..reach.len()];
        let columns = &self.columns[reach.start * LANES..];
        near(
            columns,
            self.stride,
            point,
            self.length * self.length,
            near_by,
        );
        let there = &mut self.there[reach.clone()];
        for (block, (near, there)) in reach.zip(near_by.iter().zip(there)) {
            let mut taken = near & *there;
            *there ^= taken;
            while taken != 0 {
                let lane = mask::lowest(taken);
                taken = mask::without(taken, lane);
                self.left -= 1;
                found(self.points[block * LANES + lane]);
            }
        }
        if 2 * self.left < self.points.len() {
            self.close_up();
        }
    }

    /// Moves the points together that are there.
    fn close_up(&mut self) {
        let there: Vec<usize> = (0..self.points.len())
            .filter(|&k| mask::has(self.there[k / LANES], k % LANES))
            .collect();
        for column in self.columns.chunks_exact_mut(self.stride) {
            there
                .iter()
                .enumerate()
                .for_each(|(to, &from)| column[to] = column[from]);
        }
        self.points = there.iter().map(|&k| self.points[k]).collect();
        self.there.clear();
        self.there.resize(self.left.div_ceil(LANES), Mask::MAX);
        self.are_closed_up();
    }
}

/// For each block of points, which of them are near.
#[inline(always)]
fn near_body(columns: &[f64], stride: usize, point: &[f64], limit2: f64, out: &mut [Mask]) {
    for (b, out) in out.iter_mut().enumerate() {
        let mut squares = [0.0; LANES];
        for (i, x) in point.iter().enumerate() {
            let y = block(columns, i * stride + b * LANES);
            for k in 0..LANES {
                squares[k] += (x - y[k]) * (x - y[k]);
            }
        }
        *out = mask::at_most(&squares, &[limit2; LANES]);
    }
}

dispatch_plain! {
    /// Which points are at most √`limit2` from `point`; their coordinates are in columns `stride` apart.
    fn near =
        near_body(columns: &[f64], stride: usize, point: &[f64], limit2: f64, out: &mut [Mask]);
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
