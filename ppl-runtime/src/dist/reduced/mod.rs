//! Sites whose parameters are affine in latents: the distributions of a few elements tell those of all.
//!
//! Normal observations are scored from statistics of the data.
//! Where the locations of a group of elements are affine in the same few numbers with coefficients of data, all of them follow
//! from those of a few elements, its pivots: location = c + W·(location of the pivots − their c). Then
//!
//! Σ (y − location)² = S + dᵀG d, where d = t̂ − (location of the pivots − their c), G = WᵀW,
//!
//! with the least-squares solution t̂ and its sum of squares S, which are known once for all. An evaluation computes the locations of the
//! pivots alone. Since d is a difference from the best fit, large numbers do not cancel.
//!
//! Of other families the parameter of all elements is one product of W with that of the pivots (`Dense`), and the closures of the others
//! need not run.

mod basis;
mod dense;
mod fit;
mod learn;
mod pairs;
mod scales;

pub(crate) use dense::Dense;
pub(crate) use learn::Learner;
pub(crate) use scales::Scales;

use crate::real::kernels::LANES;
use crate::real::{Kept, Picked};
use basis::dot;
use pairs::Pairs;

/// What is known of a site.
#[derive(Debug, Default)]
pub struct Reduction {
    /// The elements of the site.
    elements: usize,
    /// The elements that are pivots, block by block, in order within each.
    pivots: Vec<u32>,
    /// Of each, how many elements lie between it and the one before; [`RESTART`] where it begins again.
    skips: Vec<u32>,
    /// What is scored at a time; each group's pivots are in one block.
    blocks: Vec<Part>,
    groups: Vec<Group>,
    /// Of each pivot, group by group, its place in the block.
    places: Vec<u8>,
    /// Likewise, the location of the best fit, as a sum of a number and a small one.
    fitted: Vec<[f64; 2]>,
    /// The matrices G of all groups.
    products: Vec<f64>,
    /// Instead of groups.
    dense: Option<Dense>,
    /// The same as the groups, where these are small.
    pairs: Option<Pairs>,
    /// Instead of pivots: all elements are computed, with what is known of their scales.
    scales: Option<Scales>,
    kept: Kept,
}

/// So many pivots, the groups that they are of, and how many elements these have.
#[derive(Clone, Debug)]
struct Part {
    pivots: usize,
    groups: std::ops::Range<usize>,
    elements: f64,
}

/// Marks a pivot that lies before the last one.
pub(crate) const RESTART: u32 = 1 << 31;

#[derive(Copy, Clone, Debug)]
struct Group {
    pivots: usize,
    elements: f64,
    squares: f64,
    /// Where its pivots and its matrix begin.
    first: usize,
    matrix: usize,
}

/// What an execution does about statistics of sites, which it meets in the same order each time.
#[derive(Default)]
pub enum Reducing<'r> {
    /// Nothing.
    #[default]
    Off,
    /// Finds them.
    Learn(&'r mut Vec<Option<Reduction>>),
    /// Uses them.
    Use(&'r [Option<Reduction>]),
}

impl<'r> Reducing<'r> {
    /// Those of the next site, which has so many elements.
    #[inline]
    pub(crate) fn next(&mut self, elements: usize) -> Option<&'r Reduction> {
        let Reducing::Use(sites) = self else {
            return None;
        };
        let (first, rest) = sites.split_first()?;
        *self = Reducing::Use(rest);
        first.as_ref().filter(|site| site.elements == elements)
    }
    /// Notes those of the next site.
    pub(crate) fn learned(&mut self, site: Option<Reduction>) {
        if let Reducing::Learn(sites) = self {
            sites.push(site);
        }
    }
}

/// The pivots of a block, whose locations and scales are known.
#[derive(Copy, Clone)]
pub struct Block<'r> {
    site: &'r Reduction,
    at: usize,
}

impl Reduction {
    /// What is known of the scales, where that is all.
    #[inline]
    pub(crate) fn scales(&self) -> Option<&Scales> {
        self.scales.as_ref()
    }
    pub(crate) fn skips(&self) -> &[u32] {
        &self.skips
    }
    /// Where the data of the pivots are to be kept, with none yet.
    pub(crate) fn begin_kept(&mut self) -> &mut Kept {
        let places = self.pivots.iter().map(|pivot| *pivot as usize);
        self.kept = Kept::new(places.collect(), self.blocks.iter().map(|b| b.pivots));
        &mut self.kept
    }
    /// The pivots that are scored in a block, once [`Reduction::begin_kept`] was called.
    #[inline]
    pub(crate) fn picked(&self, block: usize) -> Picked<'_> {
        self.kept.block(block)
    }
    /// How many pivots are scored in a block.
    #[inline]
    pub(crate) fn pivots(&self, block: usize) -> usize {
        self.blocks.get(block).map_or(0, |b| b.pivots)
    }
    /// Whether the scale of the first pivot is that of all.
    #[inline]
    pub(crate) fn has_one_scale(&self) -> bool {
        self.pairs.is_some()
    }
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.len()
    }
    #[inline]
    pub(crate) fn block(&self, at: usize) -> Block<'_> {
        Block { site: self, at }
    }
}

impl<'r> Block<'r> {
    /// Whether the elements are computed from the pivots, not their sums of squares.
    #[inline]
    pub(crate) fn dense(self) -> Option<&'r Dense> {
        self.site.dense.as_ref()
    }
    /// How many elements its groups have.
    pub(crate) fn elements(self) -> f64 {
        self.site.blocks.get(self.at).map_or(0.0, |b| b.elements)
    }
    /// Σ −½((y − location)/scale)² − ln scale over all elements of the block's groups, from the locations and scales of its pivots,
    /// with the partial derivatives by those where there is room.
    pub(crate) fn normal(
        self,
        location: &[f64],
        scale: &[f64],
        by_location: &mut [f64],
        by_scale: &mut [f64],
    ) -> f64 {
        let site = self.site;
        if let (Some(pairs), Some(scale)) = (&site.pairs, scale.first()) {
            return pairs.normal(self.at, location, *scale, by_location, by_scale);
        }
        let Some(Part { pivots, groups, .. }) = site.blocks.get(self.at).cloned() else {
            return 0.0;
        };
        let n = pivots.min(LANES);
        let (location, scale) = (&location[..n], &scale[..n]);
        let groups = &site.groups[groups];
        let first = groups.first().map_or(0, |g| g.first);
        let (places, fitted) = (&site.places[first..][..n], &site.fitted[first..][..n]);
        // Group by group: differences from the best fit, and what they are multiplied with.
        let (mut d, mut by) = ([0.0; LANES], [0.0; LANES]);
        for ((d, fitted), at) in d.iter_mut().zip(fitted).zip(places) {
            *d = (fitted[0] - location[usize::from(*at)]) + fitted[1];
        }
        let (mut value, mut last, mut r, mut ln) = (0.0, 1.0_f64, 1.0, 0.0);
        by_scale.fill(0.0);
        for group in groups {
            let own = group.first - first;
            let at = usize::from(places[own]);
            let s = scale[at];
            if s.to_bits() != last.to_bits() {
                (last, r, ln) = (s, 1.0 / s, s.ln());
            }
            let (d, by) = (&d[own..][..group.pivots], &mut by[own..][..group.pivots]);
            let matrix = &site.products[group.matrix..];
            let mut squares = group.squares;
            match (d, &mut *by, matrix) {
                ([d], [by], [g, ..]) => {
                    *by = g * d;
                    squares += *by * d;
                }
                ([a, b], [by_a, by_b], [aa, ab, _, bb, ..]) => {
                    *by_a = aa * a + ab * b;
                    *by_b = ab * a + bb * b;
                    squares += *by_a * a + *by_b * b;
                }
                _ => {
                    for ((by, row), own) in by.iter_mut().zip(matrix.chunks_exact(d.len())).zip(d) {
                        *by = dot(row, d);
                        squares += *by * own;
                    }
                }
            }
            let squares = squares * r * r;
            for by in by {
                *by *= r * r;
            }
            value += -0.5 * squares - group.elements * ln;
            if let Some(by) = by_scale.get_mut(at) {
                *by = (squares - group.elements) * r;
            }
        }
        if by_location.len() == n {
            for (at, by) in places.iter().zip(by) {
                by_location[usize::from(*at)] = by;
            }
        }
        value
    }
}
