//! Coordinates in which a bent region is straight.
//!
//! Where one coordinate follows the square of another, as along a valley or a banana, the region is long and thin but lies along
//! no line, and slices along lines get nowhere. With `w_j = u_j − γ (u_i − c_i)²`, once or several times over, it
//! is an ellipsoid again. Each such step is a shear: it changes no volume, so that a slice along a line of `w` leaves the uniform
//! distribution of `u` invariant as one along a line of `u` does, whatever γ is. The shears are undone one after the
//! other, so that no coordinate may follow itself by way of others.

mod ahead;
mod find;
mod moments;
mod slice;

pub(super) use moments::{CurvedMoments, straightening};
pub(super) use slice::{Bent, slice};

use serde::{Deserialize, Serialize};

/// One shear: `w[of] = u[of] − slope (u[along] − centre) − curve (u[along] − centre)²`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Bend {
    pub of: usize,
    pub along: usize,
    pub centre: f64,
    pub slope: f64,
    pub curve: f64,
}

impl Bend {
    #[inline(always)]
    fn off(&self, along: f64) -> f64 {
        let off = along - self.centre;
        (self.slope + self.curve * off) * off
    }
}

/// Shears in such an order that what one goes along was restored by those before it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Bends(Vec<Bend>);

impl Bends {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes the straight coordinates of `u`.
    #[inline]
    pub(super) fn straighten(&self, u: &[f64], w: &mut [f64]) {
        w.copy_from_slice(u);
        for bend in &self.0 {
            w[bend.of] -= bend.off(u[bend.along]);
        }
    }

    /// The points with straight coordinates.
    pub(super) fn straightened(&self, points: &[f64], dim: usize) -> Vec<f64> {
        let mut straight = vec![0.0; points.len()];
        let pairs = points.chunks_exact(dim).zip(straight.chunks_exact_mut(dim));
        pairs.for_each(|(u, w)| self.straighten(u, w));
        straight
    }

    /// Writes the difference of the straight coordinates of two points to `v`.
    pub(super) fn difference(&self, a: &[f64], b: &[f64], v: &mut [f64], scratch: &mut [f64]) {
        self.straighten(a, v);
        self.straighten(b, scratch);
        v.iter_mut().zip(&*scratch).for_each(|(a, b)| *a -= b);
    }

    /// Turns straight coordinates into those of the cube, or of what is beyond it.
    #[inline]
    pub(super) fn bend(&self, w: &mut [f64]) {
        for bend in &self.0 {
            w[bend.of] += bend.off(w[bend.along]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bends_are_undone() {
        let bend = |of, along, centre, curve| Bend {
            of,
            along,
            centre,
            slope: 0.0,
            curve,
        };
        // 2 follows 0 and 1, 1 follows 0.
        let bends = Bends(vec![
            bend(1, 0, 0.5, 2.0),
            bend(2, 0, 0.2, -1.0),
            bend(2, 1, 0.1, 3.0),
        ]);
        let u = [0.3, 0.8, 0.6];
        let mut w = [0.0; 3];
        bends.straighten(&u, &mut w);
        assert!((w[1] - 0.72).abs() < 1e-15);
        assert!((w[2] - (0.6 + 0.01 - 3.0 * 0.49)).abs() < 1e-15);
        bends.bend(&mut w);
        for (w, u) in w.iter().zip(&u) {
            assert!((w - u).abs() < 1e-15);
        }
    }
}
