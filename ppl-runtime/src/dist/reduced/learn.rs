//! From the affine forms of a site's parameters to what is known of it.

use super::dense::{Dense, Rows};
use super::pairs::Pairs;
use super::scales::Seen;
use super::{Group, Part, RESTART, Reduction, basis, fit};
use crate::real::kernels::LANES;
use crate::real::{Mode, Real};
use std::collections::HashMap;

/// Elements whose locations are of the same symbols and whose scales are one number.
#[derive(Default)]
struct Members {
    scale: (bool, u64),
    elements: Vec<usize>,
    coefficients: Vec<f64>,
    constants: Vec<f64>,
    points: Vec<f64>,
}

/// The scale and the symbols of a group.
type Key = ((bool, u64), Vec<u32>);

/// Collects the elements of a site in symbolic mode.
#[derive(Default)]
pub(crate) struct Learner {
    places: HashMap<Key, usize>,
    groups: Vec<Members>,
    elements: usize,
    coefficients: usize,
    given_up: bool,
    rows: Rows,
    scales: Seen,
}

/// Coefficients of a site, beyond which it stays as it is.
const MOST: usize = 1 << 22;
/// If so many elements are all different, the rest is not looked at.
const DIFFERENT: usize = 4096;

impl Learner {
    /// The next element.
    pub fn element<M: Mode>(&mut self, location: Real<M>, scale: Real<M>, x: f64) {
        let element = self.elements;
        self.elements += 1;
        let mut terms = Vec::new();
        let constant = M::affine(location.0, &mut terms);
        self.coefficients += terms.len() + 1;
        self.given_up |= self.coefficients > MOST;
        self.given_up |= element >= DIFFERENT && self.groups.len() == element;
        self.given_up |= terms.is_empty() || !constant.is_finite() || !x.is_finite();
        if self.given_up {
            return;
        }
        let symbols = terms.iter().map(|(symbol, _)| *symbol).collect();
        let next = self.groups.len();
        let scale = M::identity(scale.0);
        let place = *self.places.entry((scale, symbols)).or_insert(next);
        if place == next {
            self.groups.push(Members {
                scale,
                ..Members::default()
            });
        }
        let group = &mut self.groups[place];
        group.elements.push(element);
        group.coefficients.extend(terms.iter().map(|(_, c)| *c));
        group.constants.push(constant);
        group.points.push(x);
    }
    /// The next element's scale, where sites are scored with what is known of their scales.
    pub fn scale<M: Mode>(&mut self, scale: Real<M>) {
        self.scales.element(scale);
    }
    /// The next element, of any family.
    pub fn row<M: Mode>(&mut self, parameters: &[Real<M>], constant: &[bool], x: f64) {
        self.rows.element(parameters, constant, x);
    }
    /// What saves something, statistics first.
    pub fn finish(mut self) -> Option<Reduction> {
        let rows = std::mem::take(&mut self.rows);
        let scales = std::mem::take(&mut self.scales);
        let elements = self.elements;
        self.statistics()
            .or_else(|| {
                let (dense, pivots) = rows.finish()?;
                product(dense, &pivots)
            })
            .or_else(|| {
                Some(Reduction {
                    elements,
                    scales: Some(scales.finish()?),
                    ..Reduction::default()
                })
            })
    }
    fn statistics(self) -> Option<Reduction> {
        let n = self.elements;
        if n == 0 || self.given_up || 2 * self.groups.len() > n {
            return None;
        }
        let mut pivots = Vec::new();
        let (mut all, mut cost) = (0, 0);
        for members in &self.groups {
            let one = members.pivots()?;
            all += one.pivots.len();
            cost += one.pivots.len().pow(2);
            // Half of the elements to be computed, and a product that is no more than their densities.
            if 2 * all > n || cost > 8 * n {
                return None;
            }
            pivots.push(one);
        }
        let mut groups: Vec<(&Members, basis::Basis)> = self.groups.iter().zip(pivots).collect();
        // Elements are gone through once, in order: so are the groups' pivots within each block.
        groups.sort_by_key(|(members, _)| members.elements[0]);
        arrange(n, &groups)
    }
}

impl Members {
    fn pivots(&self) -> Option<basis::Basis> {
        let p = self.coefficients.len() / self.elements.len();
        let basis = basis::of(&self.coefficients, p, LANES)?;
        (!basis.pivots.is_empty()).then_some(basis)
    }
}

/// The statistics of all groups, in blocks.
fn arrange(elements: usize, groups: &[(&Members, basis::Basis)]) -> Option<Reduction> {
    let mut site = Reduction {
        elements,
        ..Reduction::default()
    };
    for (members, basis) in groups {
        let r = basis.pivots.len();
        let y: Vec<[f64; 2]> = members
            .points
            .iter()
            .zip(&members.constants)
            .map(|(y, c)| fit::two_sum(*y, -c))
            .collect();
        let fit = fit::of(&basis.weights, &y, r)?;
        site.groups.push(Group {
            pivots: r,
            elements: members.elements.len() as f64,
            squares: fit.squares,
            first: site.fitted.len(),
            matrix: site.products.len(),
        });
        for (k, t) in basis.pivots.iter().zip(&fit.solution) {
            let [high, low] = fit::two_sum(t[0], members.constants[*k]);
            site.fitted.push([high, low + t[1]]);
            let element = u32::try_from(members.elements[*k]).ok()?;
            site.pivots.push(element);
        }
        site.products.extend(fit.product);
        let last = site.groups.len();
        match site.blocks.last_mut() {
            Some(block) if block.pivots + r <= LANES => {
                block.pivots += r;
                block.groups.end = last;
                block.elements += members.elements.len() as f64;
            }
            _ => site.blocks.push(Part {
                pivots: r,
                groups: last - 1..last,
                elements: members.elements.len() as f64,
            }),
        }
    }
    order(&mut site)?;
    let one_scale = groups
        .windows(2)
        .all(|two| two[0].0.scale == two[1].0.scale);
    if one_scale {
        site.pairs = Pairs::of(&site);
    }
    Some(site)
}

/// What is known of a site whose elements are computed from those of the pivots, in order.
fn product(dense: Dense, pivots: &[usize]) -> Option<Reduction> {
    let places = pivots.iter().map(|p| u32::try_from(*p).ok());
    let mut site = Reduction {
        elements: dense.elements(),
        pivots: places.collect::<Option<_>>()?,
        blocks: vec![Part {
            pivots: pivots.len(),
            groups: 0..0,
            elements: 0.0,
        }],
        dense: Some(dense),
        ..Reduction::default()
    };
    order(&mut site)?;
    Some(site)
}

/// Puts the pivots of each block in order, and notes where they have gone.
fn order(site: &mut Reduction) -> Option<()> {
    let mut begin = 0;
    for Part { pivots: n, .. } in &site.blocks {
        let block = &mut site.pivots[begin..begin + n];
        let mut sorted = block.to_vec();
        sorted.sort_unstable();
        for pivot in &*block {
            let place = sorted.binary_search(pivot).ok()?;
            site.places.push(u8::try_from(place).ok()?);
        }
        block.copy_from_slice(&sorted);
        begin += n;
    }
    let mut next = 0;
    for pivot in &site.pivots {
        if *pivot >= RESTART {
            return None;
        }
        let back = *pivot < next;
        let skip = if back {
            *pivot | RESTART
        } else {
            *pivot - next
        };
        site.skips.push(skip);
        next = *pivot + 1;
    }
    Some(())
}
