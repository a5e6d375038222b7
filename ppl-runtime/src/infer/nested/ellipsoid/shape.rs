//! An ellipsoid as proposals use it, millions of times: products with its triangles go four rows at a time.

use super::super::linear::dot;
use super::one::Ellipsoid;
use crate::random::Rng;
use crate::real::kernels::dispatch_plain;
use rand::RngExt;
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};

/// Rows that are taken together: few dimensions are no multiple of eight.
const ROWS: usize = 4;
type Column = [f64; ROWS];

/// The ellipsoid {c + L z: ‖z‖ ≤ 1}. Of a triangle there is a block for every four rows: its columns, as far as any of the
/// rows goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Shape {
    center: Vec<f64>,
    /// Blocks of L, each after the centre of its rows.
    out: Vec<Column>,
    /// Blocks of L⁻¹.
    back: Vec<Column>,
}

impl Shape {
    pub(super) fn of(ellipsoid: &Ellipsoid) -> Shape {
        let (center, factor) = (ellipsoid.center(), ellipsoid.factor());
        let d = center.len();
        let mut inverse = vec![0.0; d * d];
        for i in 0..d {
            let pivot = factor[i * d + i].recip();
            for j in 0..i {
                let products = (j..i).map(|k| factor[i * d + k] * inverse[k * d + j]);
                inverse[i * d + j] = -pivot * products.sum::<f64>();
            }
            inverse[i * d + i] = pivot;
        }
        let columns = (0..d)
            .step_by(ROWS)
            .map(|first| (first + ROWS).min(d))
            .sum();
        let (mut out, mut back) = (Vec::with_capacity(columns + d), Vec::with_capacity(columns));
        for first in (0..d).step_by(ROWS) {
            // What is no row stays in the middle of the cube.
            let middle = |k: usize| center.get(first + k).copied().unwrap_or(0.5);
            out.push(std::array::from_fn(middle));
            for j in 0..(first + ROWS).min(d) {
                let element =
                    |matrix: &[f64], i: usize| if i < d { matrix[i * d + j] } else { 0.0 };
                out.push(std::array::from_fn(|k| element(factor, first + k)));
                back.push(std::array::from_fn(|k| element(&inverse, first + k)));
            }
        }
        Shape {
            center: center.to_vec(),
            out,
            back,
        }
    }

    /// A uniform draw from the inside: the first d coordinates of a point on the sphere in d + 2 dimensions are uniform in
    /// the ball (Barthe et al. 2005, "A probabilistic approach to the geometry of the ℓ_p^n-ball"). Whether it lies in the
    /// unit cube; if not, `out` is not all written.
    pub(super) fn draw(&self, rng: &mut Rng, scratch: &mut [f64], out: &mut [f64]) -> bool {
        let mut normal = || -> f64 { rng.sample(StandardNormal) };
        let [a, b] = [normal(), normal()];
        scratch.iter_mut().for_each(|z| *z = normal());
        let radius = (dot(scratch, scratch) + a * a + b * b).sqrt().recip();
        place(&self.out, scratch, radius, out)
    }

    /// Whether `x` lies inside, to rounding.
    pub(super) fn holds(&self, x: &[f64], scratch: &mut [f64]) -> bool {
        holds(&self.back, &self.center, x, scratch)
    }
}

#[inline(always)]
fn product(columns: &[Column], z: &[f64]) -> Column {
    let mut sum = [0.0; ROWS];
    for (column, z) in columns.iter().zip(z) {
        for k in 0..ROWS {
            sum[k] += column[k] * z;
        }
    }
    sum
}

#[inline(always)]
fn place_body(mut blocks: &[Column], z: &[f64], radius: f64, out: &mut [f64]) -> bool {
    let mut end = 0;
    for out in out.chunks_mut(ROWS) {
        end = (end + ROWS).min(z.len());
        let Some(((center, columns), rest)) = blocks
            .split_at_checked(1 + end)
            .and_then(|(block, rest)| Some((block.split_first()?, rest)))
        else {
            return false;
        };
        blocks = rest;
        let sum = product(columns, z);
        let (mut x, mut all) = ([0.0; ROWS], [1; ROWS]);
        for k in 0..ROWS {
            x[k] = center[k] + radius * sum[k];
            all[k] = u64::from((x[k] > 0.0) & (x[k] < 1.0));
        }
        match out.as_mut_array() {
            Some(out) => *out = x,
            None => out.copy_from_slice(&x[..out.len()]),
        }
        if all.into_iter().fold(1, |a, b| a & b) == 0 {
            return false;
        }
    }
    true
}

#[inline(always)]
fn holds_body(mut blocks: &[Column], center: &[f64], x: &[f64], from: &mut [f64]) -> bool {
    for ((from, x), center) in from.iter_mut().zip(x).zip(center) {
        *from = x - center;
    }
    let (mut end, mut norm2) = (0, 0.0);
    while end < from.len() {
        end = (end + ROWS).min(from.len());
        let Some((columns, rest)) = blocks.split_at_checked(end) else {
            return false;
        };
        blocks = rest;
        let y = product(columns, from).map(|y| y * y);
        norm2 += (y[0] + y[1]) + (y[2] + y[3]);
        // Most of those in whose box it lies say so after the first rows.
        if norm2 > 1.0 {
            return false;
        }
    }
    norm2 <= 1.0
}

dispatch_plain! {
    /// `out = c + radius · L z`, until it leaves the open cube; whether it does not.
    fn place = place_body(blocks: &[Column], z: &[f64], radius: f64, out: &mut [f64]) -> bool;
}
dispatch_plain! {
    /// Whether ‖L⁻¹(x − c)‖ ≤ 1; writes x − c to `from`.
    fn holds = holds_body(blocks: &[Column], center: &[f64], x: &[f64], from: &mut [f64]) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};

    #[test]
    fn draws_fill_the_ellipsoid_evenly() {
        let mut rng = keyed(3, Purpose::User, 0, 0);
        let points: Vec<f64> = (0..400).map(|_| 0.4 + 0.2 * rng.random::<f64>()).collect();
        let ellipsoid = Ellipsoid::enclosing(&points, 2, &(0..200).collect::<Vec<_>>());
        let shape = Shape::of(&ellipsoid);
        let (mut scratch, mut x) = ([0.0; 2], [0.0; 2]);
        let n = 40_000;
        let mut inner = 0;
        for _ in 0..n {
            assert!(shape.draw(&mut rng, &mut scratch, &mut x));
            inner += u32::from(ellipsoid.distance2(&x, &mut scratch) < 0.5);
        }
        // Half the squared radius holds half the area.
        assert!((f64::from(inner) / f64::from(n) - 0.5).abs() < 4.5 * 0.5 / f64::from(n).sqrt());
    }

    #[test]
    fn inside_is_what_the_distance_says() {
        let mut rng = keyed(4, Purpose::User, 0, 0);
        for dim in [1, 3, 4, 5, 8, 10, 13] {
            let points: Vec<f64> = (0..40 * dim).map(|_| rng.random()).collect();
            let mut ellipsoid = Ellipsoid::enclosing(&points, dim, &(0..40).collect::<Vec<_>>());
            ellipsoid.scale(0.8);
            let shape = Shape::of(&ellipsoid);
            let (mut scratch, mut inside) = (vec![0.0; dim], 0);
            for x in points.chunks_exact(dim) {
                let distance2 = ellipsoid.distance2(x, &mut scratch);
                assert_eq!(shape.holds(x, &mut scratch), distance2 <= 1.0);
                inside += usize::from(distance2 <= 1.0);
            }
            assert!((1..40).contains(&inside), "{inside} of 40 in {dim}");
            // Draws lie inside, whatever is left of the last block.
            let mut x = vec![0.0; dim];
            for _ in 0..100 {
                if shape.draw(&mut rng, &mut scratch, &mut x) {
                    assert!(ellipsoid.distance2(&x, &mut scratch) <= 1.0 + 1e-9);
                }
            }
        }
    }
}
