//! Kernels of the normal distribution.

use super::elementary::{fma, ln_lane, sum, total};
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

#[inline(always)]
fn normal_body<const FUSED: bool>(x: &[f64], location: &[f64], scale: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    if let Some(first) = shared(scale) {
        let r = 1.0 / first;
        for ((term, x), location) in terms.iter_mut().zip(x).zip(location) {
            let z = (x - location) * r;
            *term = -0.5 * z * z;
        }
        return sum(&terms) - x.len() as f64 * ln_lane::<FUSED>(first);
    }
    for (((term, x), location), scale) in terms.iter_mut().zip(x).zip(location).zip(scale) {
        let z = (x - location) / scale;
        *term = -0.5 * z * z - ln_lane::<FUSED>(*scale);
    }
    sum(&terms)
}

#[inline(always)]
fn normal_partials_body<const FUSED: bool>(
    x: &[f64],
    location: &[f64],
    scale: &[f64],
    by_location: &mut [f64],
    by_scale: &mut [f64],
) -> f64 {
    let mut terms = [0.0; LANES];
    let n = x.len().min(LANES);
    let (x, location, scale) = (&x[..n], &location[..n], &scale[..n]);
    let (by_location, by_scale) = (&mut by_location[..n], &mut by_scale[..n]);
    if let Some(first) = shared(scale) {
        let r = 1.0 / first;
        for i in 0..n {
            let z = (x[i] - location[i]) * r;
            by_location[i] = z * r;
            by_scale[i] = fma::<FUSED>(z, z, -1.0) * r;
            terms[i] = -0.5 * z * z;
        }
        return sum(&terms) - n as f64 * ln_lane::<FUSED>(first);
    }
    for i in 0..n {
        let r = 1.0 / scale[i];
        let z = (x[i] - location[i]) * r;
        by_location[i] = z * r;
        by_scale[i] = fma::<FUSED>(z, z, -1.0) * r;
        terms[i] = -0.5 * z * z - ln_lane::<FUSED>(scale[i]);
    }
    sum(&terms)
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
    /// As [`normal`], with the partial derivatives by each location and scale.
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
