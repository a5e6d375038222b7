//! Kernels of the normal distribution.

use super::elementary::{fma, ln_lane, padded, sum, total};
use super::{LANES, shared};
use crate::real::special::LN_SQRT_2PI;

/// (Σ(x − m), Σ(x − m)²).
#[inline(always)]
fn moments_body<const FUSED: bool>(x: &[f64], m: f64) -> (f64, f64) {
    let mut squares = [0.0; 8];
    let whole = x.len() - x.len() % 8;
    let mut sums = [0.0; 8];
    for chunk in x[..whole].chunks_exact(8) {
        for k in 0..8 {
            let d = chunk[k] - m;
            sums[k] += d;
            squares[k] = fma::<FUSED>(d, d, squares[k]);
        }
    }
    for (k, x) in x[whole..].iter().enumerate() {
        let d = x - m;
        sums[k] += d;
        squares[k] = fma::<FUSED>(d, d, squares[k]);
    }
    (total(sums), total(squares))
}

/// The logarithm of a scale that a whole block shares. The block waits for it, and the standard scale needs none.
#[inline(always)]
fn ln_shared<const FUSED: bool>(scale: f64) -> f64 {
    if scale == 1.0 {
        0.0
    } else {
        ln_lane::<FUSED>(scale)
    }
}

/// Which partial derivatives are wanted.
const NONE: u8 = 0;
const LOCATION: u8 = 1;
const ALL: u8 = 2;

/// −½z² − ln scale of eight points, with the partial derivatives. The number of points is known, so that
/// few points run in lanes as well as many. `r` is the inverse of the scale if all `SHARE` it.
#[inline(always)]
fn eight<const FUSED: bool, const SHARE: bool, const BY: u8>(
    [x, location, scale]: [&[f64; 8]; 3],
    r: f64,
    terms: &mut [f64; 8],
    [by_location, by_scale]: [&mut [f64; 8]; 2],
) {
    for k in 0..8 {
        let r = if SHARE { r } else { 1.0 / scale[k] };
        let d = x[k] - location[k];
        // The inverse of the least scales is infinite.
        let z = if BY == NONE && !SHARE {
            d / scale[k]
        } else {
            d * r
        };
        by_location[k] = z * r;
        if BY == ALL {
            by_scale[k] = fma::<FUSED>(z, z, -1.0) * r;
        }
        let ln = if SHARE {
            0.0
        } else {
            ln_lane::<FUSED>(scale[k])
        };
        terms[k] = -0.5 * z * z - ln;
    }
}

/// [`eight`] of all points, those that fill no eight among ones that add nothing. Partial derivatives are written where
/// there is room.
#[inline(always)]
fn eights<const FUSED: bool, const SHARE: bool, const BY: u8>(
    [x, location, scale]: [&[f64]; 3],
    r: f64,
    [by_location, by_scale]: [&mut [f64]; 2],
) -> f64 {
    let (whole, used) = (x.len() / 8, x.len().div_ceil(8));
    let (x, last_x) = x.as_chunks::<8>();
    let (location, last_location) = location.as_chunks::<8>();
    let (scale, last_scale) = scale.as_chunks::<8>();
    let (x, location, scale) = (&x[..whole], &location[..whole], &scale[..whole]);
    let (by_locations, by_location) = by_location.as_chunks_mut::<8>();
    let (by_scales, by_scale) = by_scale.as_chunks_mut::<8>();
    let [mut a, mut b] = [[0.0; 8]; 2];
    if whole == 1 && used == 1 {
        let mut terms = [0.0; 8];
        let a = by_locations.first_mut().unwrap_or(&mut a);
        let b = by_scales.first_mut().unwrap_or(&mut b);
        eight::<FUSED, SHARE, BY>([&x[0], &location[0], &scale[0]], r, &mut terms, [a, b]);
        return total(terms);
    }
    let mut terms = [[0.0; 8]; LANES / 8];
    for i in 0..whole {
        let one = [&x[i], &location[i], &scale[i]];
        let a = by_locations.get_mut(i).unwrap_or(&mut a);
        let b = if BY == ALL { &mut by_scales[i] } else { &mut b };
        eight::<FUSED, SHARE, BY>(one, r, &mut terms[i], [a, b]);
    }
    if !last_x.is_empty() {
        let x = padded(last_x, 0.0);
        let (location, scale) = (padded(last_location, 0.0), padded(last_scale, 1.0));
        let one = [&x, &location, &scale];
        eight::<FUSED, SHARE, BY>(one, r, &mut terms[whole], [&mut a, &mut b]);
        for (to, from) in by_location.iter_mut().zip(a) {
            *to = from;
        }
        for (to, from) in by_scale.iter_mut().zip(b) {
            *to = from;
        }
    }
    // Not one sum as they come: each term would wait for the one before.
    let mut sums = terms[0];
    for terms in terms.iter().take(used).skip(1) {
        for k in 0..8 {
            sums[k] += terms[k];
        }
    }
    total(sums)
}

/// From so many points on a loop over them runs in lanes.
const MANY: usize = 16;

/// −½ Σ z² of at most [`LANES`] points that share their scale, with the partial derivatives where there is room.
#[inline(always)]
fn sharing([x, location, _]: [&[f64]; 3], r: f64, [by_location, by_scale]: [&mut [f64]; 2]) -> f64 {
    let n = x.len().min(LANES);
    let mut squares = [0.0; LANES];
    let (location, by_location) = (&location[..n], &mut by_location[..n]);
    for i in 0..n {
        let z = (x[i] - location[i]) * r;
        by_location[i] = z * r;
        squares[i] = z * z;
    }
    for (by, square) in by_scale.iter_mut().zip(&squares) {
        *by = (square - 1.0) * r;
    }
    -0.5 * sum(&squares)
}

#[inline(always)]
fn normal_body<const FUSED: bool>(x: &[f64], location: &[f64], scale: &[f64]) -> f64 {
    let columns = [x, &location[..x.len()], &scale[..x.len()]];
    let nowhere = [&mut [][..], &mut [][..]];
    match shared(columns[2]) {
        Some(first) => {
            eights::<FUSED, true, NONE>(columns, 1.0 / first, nowhere)
                - x.len() as f64 * ln_shared::<FUSED>(first)
        }
        None => eights::<FUSED, false, NONE>(columns, 1.0, nowhere),
    }
}

#[inline(always)]
fn normal_partials_body<const FUSED: bool>(
    x: &[f64],
    location: &[f64],
    scale: &[f64],
    by_location: &mut [f64],
    by_scale: &mut [f64],
) -> f64 {
    let columns = [x, &location[..x.len()], &scale[..x.len()]];
    let by_location = &mut by_location[..x.len()];
    let by_all = !by_scale.is_empty();
    let rows = [by_location, by_scale];
    match shared(columns[2]) {
        Some(first) => {
            let r = 1.0 / first;
            let sum = if x.len() >= MANY {
                sharing(columns, r, rows)
            } else if by_all {
                eights::<FUSED, true, ALL>(columns, r, rows)
            } else {
                eights::<FUSED, true, LOCATION>(columns, r, rows)
            };
            sum - x.len() as f64 * ln_shared::<FUSED>(first)
        }
        None if by_all => eights::<FUSED, false, ALL>(columns, 1.0, rows),
        None => eights::<FUSED, false, LOCATION>(columns, 1.0, rows),
    }
}

#[inline(always)]
fn normal_lanes_body<const FUSED: bool>(
    x: &[f64],
    location: &[f64],
    scale: &[f64],
    values: &mut [f64],
    by_location: &mut [f64],
    by_scale: &mut [f64],
) {
    let n = x.len().min(LANES);
    let (x, location, scale) = (&x[..n], &location[..n], &scale[..n]);
    let (values, by_location, by_scale) =
        (&mut values[..n], &mut by_location[..n], &mut by_scale[..n]);
    if let Some(first) = shared(scale) {
        let (r, ln) = (1.0 / first, ln_lane::<FUSED>(first));
        for i in 0..n {
            let z = (x[i] - location[i]) * r;
            by_location[i] = z * r;
            by_scale[i] = fma::<FUSED>(z, z, -1.0) * r;
            values[i] = -0.5 * z * z - ln;
        }
        return;
    }
    for i in 0..n {
        let r = 1.0 / scale[i];
        let z = (x[i] - location[i]) * r;
        by_location[i] = z * r;
        by_scale[i] = fma::<FUSED>(z, z, -1.0) * r;
        values[i] = -0.5 * z * z - ln_lane::<FUSED>(scale[i]);
    }
}

dispatch! {
    /// (Σ(x − m), Σ(x − m)²).
    pub fn moments = moments_body(x: &[f64], m: f64) -> (f64, f64);
}
dispatch! {
    /// Σ −½((x − location)/scale)² − ln scale, without the constant −½ ln 2π of each term.
    pub fn normal = normal_body(x: &[f64], location: &[f64], scale: &[f64]) -> f64;
}
dispatch! {
    /// As [`normal`], with the partial derivatives by each location and scale; those by the scales are left out if there
    /// is no room for them.
    pub fn normal_partials = normal_partials_body(
        x: &[f64], location: &[f64], scale: &[f64], by_location: &mut [f64], by_scale: &mut [f64]
    ) -> f64;
}
dispatch! {
    /// −½((x − location)/scale)² − ln scale of each, without the constant −½ ln 2π, and the partial derivatives.
    pub fn normal_lanes = normal_lanes_body(
        x: &[f64], location: &[f64], scale: &[f64],
        values: &mut [f64], by_location: &mut [f64], by_scale: &mut [f64]
    );
}

#[inline(always)]
fn normal_column_body<const FUSED: bool>(
    x: &[f64],
    location: f64,
    scale: f64,
    values: &mut [f64],
    by_location: &mut [f64],
    by_scale: &mut [f64],
) {
    let n = x.len();
    let (x, values) = (&x[..n], &mut values[..n]);
    let (r, ln) = (1.0 / scale, ln_lane::<FUSED>(scale) + LN_SQRT_2PI);
    if by_location.is_empty() {
        for i in 0..n {
            let z = (x[i] - location) * r;
            values[i] += -0.5 * z * z - ln;
        }
        return;
    }
    let (by_location, by_scale) = (&mut by_location[..n], &mut by_scale[..n]);
    for i in 0..n {
        let z = (x[i] - location) * r;
        by_location[i] = z * r;
        by_scale[i] = fma::<FUSED>(z, z, -1.0) * r;
        values[i] += -0.5 * z * z - ln;
    }
}

dispatch! {
    /// Adds the log density of each, all with the same parameters, to `values`; writes the partial derivatives unless
    /// there is no room for them.
    pub fn normal_column = normal_column_body(
        x: &[f64], location: f64, scale: f64,
        values: &mut [f64], by_location: &mut [f64], by_scale: &mut [f64]
    );
}
