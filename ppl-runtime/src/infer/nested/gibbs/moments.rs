//! What is learnt of the region by plates: how shared coordinates go together, how each element's coordinates follow
//! them, and how wide each element is.

use crate::infer::nested::linear::{add_outer, cholesky_floored, solve_lower};
use crate::infer::nested::live::LiveSet;
use crate::model::parts::Parts;
use crate::real::special::normal_quantile;
use serde::{Deserialize, Serialize};

/// Exponential averages over replaced points. As in the covariance of whole slices the present survivors alone would
/// bias the steps: the point from which a chain starts is one of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::infer::nested) struct Moments {
    shared: Vec<usize>,
    /// The coordinates of each element, and then each shared one alone.
    blocks: Vec<[usize; 2]>,
    /// Where the covariance of each block begins.
    offsets: Vec<usize>,
    rate: f64,
    mean: Vec<f64>,
    /// Covariances of the blocks on the cube, lower triangles.
    covariance: Vec<f64>,
    /// The same of Φ⁻¹(u), in which the prior is a standard normal: means,
    mean_z: Vec<f64>,
    /// and the covariance of each coordinate with all shared ones.
    cross: Vec<f64>,
    delta: Vec<f64>,
}

impl Moments {
    /// From the live points. The memory is that of whole slices.
    pub(in crate::infer::nested) fn new(live: &LiveSet, parts: &Parts) -> Self {
        let (dim, n) = (live.dim, live.len() as f64);
        let shared = parts.shared().to_vec();
        let alone = shared.iter().map(|&i| [i, i + 1]);
        let blocks: Vec<[usize; 2]> = parts.blocks().iter().copied().chain(alone).collect();
        let (mut offsets, mut size) = (Vec::new(), 0);
        for &[start, end] in &blocks {
            let width = end - start;
            offsets.push(size);
            size += width * width;
        }
        let memory = n * (dim as f64 / 3.0).clamp(1.0, 10.0);
        let mut moments = Moments {
            cross: vec![0.0; dim * shared.len()],
            shared,
            blocks,
            offsets,
            rate: 1.0 / memory.max(50.0),
            mean: vec![0.0; dim],
            covariance: vec![0.0; size],
            mean_z: vec![0.0; dim],
            delta: vec![0.0; dim],
        };
        // The k-th of them counts for 1/k: the average so far has them all alike.
        let rate = moments.rate;
        for (k, &slot) in live.order().iter().enumerate() {
            moments.rate = 1.0 / (k + 1) as f64;
            moments.add(live.point(slot));
        }
        moments.rate = rate;
        moments
    }

    /// The shared coordinates.
    pub(super) fn shared(&self) -> &[usize] {
        &self.shared
    }

    /// The coordinates of each element.
    pub(super) fn elements(&self) -> impl Iterator<Item = [usize; 2]> {
        let count = self.blocks.len() - self.shared.len();
        self.blocks[..count].iter().copied()
    }

    pub(in crate::infer::nested) fn add(&mut self, u: &[f64]) {
        let keep = 1.0 - self.rate;
        let shift = |mean: &mut [f64], delta: &mut [f64], x: &mut dyn FnMut(usize) -> f64| {
            for (i, (d, m)) in delta.iter_mut().zip(mean).enumerate() {
                *d = x(i) - *m;
                *m += self.rate * *d;
            }
        };
        shift(&mut self.mean, &mut self.delta, &mut |i| u[i]);
        self.covariance.iter_mut().for_each(|c| *c *= keep);
        for (&[start, end], &offset) in self.blocks.iter().zip(&self.offsets) {
            let width = end - start;
            let block = &mut self.covariance[offset..offset + width * width];
            if width > 0 {
                add_outer(block, &self.delta[start..end], self.rate * keep);
            }
        }
        shift(&mut self.mean_z, &mut self.delta, &mut |i| {
            normal_quantile(u[i])
        });
        let s = self.shared.len();
        for (row, d) in self.cross.chunks_exact_mut(s.max(1)).zip(&self.delta) {
            for (c, &k) in row.iter_mut().zip(&self.shared) {
                *c = keep * (*c + self.rate * d * self.delta[k]);
            }
        }
    }

    /// The shape from the averages as they are.
    pub(in crate::infer::nested) fn shape(&self, shape: &mut Shape) {
        let s = self.shared.len();
        shape.shared = s;
        let square: Vec<f64> = self
            .shared
            .iter()
            .flat_map(|&i| self.cross[i * s..(i + 1) * s].iter().copied())
            .collect();
        shape.follow.clear();
        shape.follow.resize(self.cross.len(), 0.0);
        if s > 0 {
            let mut factor = Vec::new();
            cholesky_floored(&square, s, 0.0, &mut factor);
            let rows = self.cross.chunks_exact(s);
            for (out, row) in shape.follow.chunks_exact_mut(s).zip(rows) {
                solve_lower(&factor, row, out);
            }
        }
        shape.factors.clear();
        shape.offsets.clone_from(&self.offsets);
        let mut factor = Vec::new();
        for (&[start, end], &offset) in self.blocks.iter().zip(&self.offsets) {
            let width = end - start;
            if width == 0 {
                continue;
            }
            let block = &self.covariance[offset..offset + width * width];
            cholesky_floored(block, width, 0.0, &mut factor);
            shape.factors.extend_from_slice(&factor);
        }
    }
}

/// How far things move.
#[derive(Clone, Debug, Default)]
pub(in crate::infer::nested) struct Shape {
    /// How many coordinates are shared.
    pub shared: usize,
    /// A row for each coordinate: how it moves in z = Φ⁻¹(u) with each whitened direction of the shared ones. C S⁻ᵀ,
    /// with C its covariance with them and S the factor of theirs: for elements that is the regression on the shared
    /// coordinates, for these it is S itself.
    pub follow: Vec<f64>,
    /// Factors of the covariances of the elements on the cube.
    factors: Vec<f64>,
    offsets: Vec<usize>,
}

impl Shape {
    /// The factor of the covariance of an element of so many coordinates.
    #[inline]
    pub(super) fn factor(&self, block: usize, width: usize) -> &[f64] {
        let from = self.offsets[block];
        &self.factors[from..from + width * width]
    }
}
