//! Forces of kernels that are functions of squared distances, in blocks of particles.

use super::dot;
use crate::infer::stein::cloud::Cloud;

/// Particles of a block: their distances stay in the first-level cache.
const BLOCK: usize = 64;

/// Forces of a scalar kernel k(‖x − y‖²). `profile` turns the squared distances of a block, its first argument, into
/// k, and gives s = 2k′ in the second, so that ∇ₓk = s·(x − y).
#[inline]
pub(super) fn radial_force(
    (particles, gradients): (&Cloud, &Cloud),
    j: usize,
    weight: f64,
    attraction: &mut [f64],
    repulsion: &mut [f64],
    profile: impl Fn(&mut [f64], &mut [f64]),
) {
    let (mut value, mut slope) = ([0.0; BLOCK], [0.0; BLOCK]);
    let y = particles.row(j);
    for start in (0..particles.len()).step_by(BLOCK) {
        let end = particles.len().min(start + BLOCK);
        let n = end - start;
        value[..n].fill(0.0);
        for (c, y) in y.iter().enumerate() {
            for (s, x) in value.iter_mut().zip(&particles.column(c)[start..end]) {
                *s += (x - y) * (x - y);
            }
        }
        profile(&mut value[..n], &mut slope[..n]);
        for (c, y) in y.iter().enumerate() {
            attraction[c] += weight * dot(&value[..n], &gradients.column(c)[start..end]);
            // x − y before the sum: Σ s·x − y·Σ s would cancel.
            let mut sum = 0.0;
            for (s, x) in slope[..n].iter().zip(&particles.column(c)[start..end]) {
                sum += s * (x - y);
            }
            repulsion[c] += weight * sum;
        }
    }
}

/// Forces of a kernel with a number k_c((x_c − y_c)²) for each coordinate c. `profile` gives k_c and 2k_c′.
#[inline]
pub(super) fn coordinate_force(
    (particles, gradients): (&Cloud, &Cloud),
    j: usize,
    weight: f64,
    attraction: &mut [f64],
    repulsion: &mut [f64],
    profile: impl Fn(usize, f64) -> (f64, f64),
) {
    for (c, y) in particles.row(j).iter().enumerate() {
        let (mut pull, mut push) = (0.0, 0.0);
        for (x, g) in particles.column(c).iter().zip(gradients.column(c)) {
            let d = x - y;
            let (value, slope) = profile(c, d * d);
            pull += value * g;
            push += slope * d;
        }
        attraction[c] += weight * pull;
        repulsion[c] += weight * push;
    }
}

/// One pair of a scalar kernel; see [`radial_force`].
#[inline]
pub(super) fn radial_pair(
    (x, y): (&[f64], &[f64]),
    weight: f64,
    v: &[f64],
    applied: &mut [f64],
    divergence: &mut [f64],
    profile: impl Fn(f64) -> (f64, f64),
) {
    let squares = x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum();
    let (value, slope) = profile(squares);
    for c in 0..x.len() {
        applied[c] += weight * value * v[c];
        divergence[c] += weight * slope * (x[c] - y[c]);
    }
}

/// One pair of a kernel by coordinate; see [`coordinate_force`].
#[inline]
pub(super) fn coordinate_pair(
    (x, y): (&[f64], &[f64]),
    weight: f64,
    v: &[f64],
    applied: &mut [f64],
    divergence: &mut [f64],
    profile: impl Fn(usize, f64) -> (f64, f64),
) {
    for c in 0..x.len() {
        let d = x[c] - y[c];
        let (value, slope) = profile(c, d * d);
        applied[c] += weight * value * v[c];
        divergence[c] += weight * slope * d;
    }
}
