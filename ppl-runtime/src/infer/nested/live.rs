//! The live points.

use super::evaluator::Contour;
use crate::real::kernels;
use serde::{Deserialize, Serialize};

/// Parent of a point that was drawn afresh and not by a chain from another point.
pub(super) const NO_PARENT: u32 = u32::MAX;

/// The live points, column by column. A slot keeps its index when its point is replaced.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct LiveSet {
    pub dim: usize,
    pub u: Vec<f64>,
    pub contour: Vec<Contour>,
    pub birth: Vec<Contour>,
    /// Number of the point in order of birth.
    pub id: Vec<u32>,
    /// `id` of the point from which its chain started.
    pub parent: Vec<u32>,
    /// `id` of its oldest ancestor.
    pub strand: Vec<u32>,
    /// Insertion rank at birth.
    pub rank: Vec<f32>,
    /// Evaluations that finding it took.
    pub cost: Vec<f32>,
    /// Slots sorted by contour, lowest first.
    order: Vec<usize>,
}

impl LiveSet {
    pub(super) fn new(dim: usize, u: Vec<f64>, contour: Vec<Contour>) -> Self {
        let n = contour.len();
        let id: Vec<u32> = (0..n as u32).collect();
        let (birth, parent) = (vec![Contour::BOTTOM; n], vec![NO_PARENT; n]);
        let mut live = LiveSet {
            dim,
            u,
            contour,
            birth,
            strand: id.clone(),
            id,
            parent,
            rank: vec![f32::NAN; n],
            cost: vec![1.0; n],
            order: (0..n).collect(),
        };
        live.sort();
        live
    }

    pub(super) fn len(&self) -> usize {
        self.contour.len()
    }

    /// Whether all columns are there.
    pub(super) fn is_whole(&self, dim: usize) -> bool {
        let n = self.len();
        self.dim == dim
            && n >= 2
            && self.u.len() == n * dim
            && [self.birth.len(), self.id.len(), self.parent.len()] == [n; 3]
            && [self.strand.len(), self.rank.len(), self.cost.len()] == [n; 3]
            && self.order.len() == n
            && self.order.iter().all(|&slot| slot < n)
    }

    pub(super) fn point(&self, slot: usize) -> &[f64] {
        &self.u[slot * self.dim..(slot + 1) * self.dim]
    }

    /// Sorts the slots by contour. Sorting is stable, so that the order never depends on anything but the points.
    pub(super) fn sort(&mut self) {
        let contour = &self.contour;
        self.order.sort_by(|&a, &b| contour[a].cmp(&contour[b]));
    }

    /// Slots from the lowest contour to the highest, as of the last [`sort`](Self::sort).
    pub(super) fn order(&self) -> &[usize] {
        &self.order
    }

    /// ln of the mean likelihood.
    pub(super) fn log_mean_likelihood(&self) -> f64 {
        let max = self
            .contour
            .iter()
            .fold(f64::NEG_INFINITY, |m, c| m.max(c.log_l));
        let mut relative: Vec<f64> = self.contour.iter().map(|c| c.log_l - max).collect();
        kernels::exp(&mut relative);
        max + (relative.iter().sum::<f64>() / self.len() as f64).ln()
    }
}
