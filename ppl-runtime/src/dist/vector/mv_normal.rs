//! The multivariate normal by the Cholesky factor of its covariance Σ = L Lᵀ:
//! ln p(x) = −|z|²/2 − Σ ln Lᵢᵢ − n ln √(2π), where L z = x − location.
//!
//! `factor` is L by rows, n × n; what is above its diagonal is not read. Source: Kotz, Balakrishnan & Johnson,
//! *Continuous Multivariate Distributions* 1 (2000), eq. 45.1.

use crate::dist::family::Invalid;
use crate::dist::shared::require;
use crate::random::Rng;
use crate::real::kernels::scatter;
use crate::real::special::{LN_SQRT_2PI, normal_quantile};
use rand::RngExt;
use rand_distr::StandardNormal;

/// Whether the location is finite (parameter 0) and the factor n × n, finite and positive on its diagonal
/// (parameter 1).
pub fn check(location: &[f64], factor: &[f64]) -> Result<(), Invalid> {
    let n = location.len();
    require(location.iter().all(|m| m.is_finite()), 0, "finite")?;
    require(
        factor.len() == n * n,
        1,
        "a square matrix of the location's length",
    )?;
    for i in 0..n {
        let row = &factor[i * n..=i * n + i];
        require(row.iter().all(|l| l.is_finite()), 1, "finite")?;
        require(row[i] > 0.0, 1, "positive on its diagonal")?;
    }
    Ok(())
}

/// Writes z of L z = x − location; returns ln p. NaN where `check` fails or a length differs.
///
/// ```
/// use ppl_runtime::dist::vector::mv_normal;
/// let mut z = [0.0; 2];
/// let ln_p = mv_normal::log_density(&[1.0, 2.0], &[0.0, 0.0], &[1.0, 0.0, 1.0, 1.0], &mut z);
/// assert_eq!(z, [1.0, 1.0]);
/// assert!((ln_p + 1.0 + (2.0 * std::f64::consts::PI).ln()).abs() < 1e-15);
/// ```
pub fn log_density(x: &[f64], location: &[f64], factor: &[f64], z: &mut [f64]) -> f64 {
    let n = location.len();
    if x.len() != n || z.len() != n || check(location, factor).is_err() {
        z.fill(f64::NAN);
        return f64::NAN;
    }
    let (mut squares, mut ln_diagonal) = (0.0, 0.0);
    for i in 0..n {
        let row = &factor[i * n..=i * n + i];
        let dot: f64 = row[..i].iter().zip(&*z).map(|(l, z)| l * z).sum();
        z[i] = (x[i] - location[i] - dot) / row[i];
        squares += z[i] * z[i];
        ln_diagonal += row[i].ln();
    }
    -0.5 * squares - ln_diagonal - n as f64 * LN_SQRT_2PI
}

/// ln p as [`log_density`] with its partials: writes ∂/∂x into `by_x`, ∂/∂location into `by_location`, and ∂/∂L
/// into `by_factor` (n × n by rows, 0 above the diagonal). `z` is n numbers of scratch.
///
/// With w = L⁻ᵀ z they are −w, w and w zᵀ − diag(1/Lᵢᵢ).
pub fn partials(
    x: &[f64],
    location: &[f64],
    factor: &[f64],
    z: &mut [f64],
    by_x: &mut [f64],
    by_location: &mut [f64],
    by_factor: &mut [f64],
) -> f64 {
    let n = location.len();
    let value = log_density(x, location, factor, z);
    by_factor.fill(0.0);
    if !value.is_finite() {
        by_x.fill(0.0);
        by_location.fill(0.0);
        return value;
    }
    let w = by_location;
    for i in (0..n).rev() {
        let dot: f64 = (i + 1..n).map(|k| factor[k * n + i] * w[k]).sum();
        w[i] = (z[i] - dot) / factor[i * n + i];
    }
    for i in 0..n {
        by_x[i] = -w[i];
        for j in 0..=i {
            by_factor[i * n + j] = w[i] * z[j];
        }
        by_factor[i * n + i] -= factor[i * n + i].recip();
    }
    value
}

/// Σ ln p of rows with its partials by location and factor, from the rows' scatter S = Σ (x − location)(x − location)ᵀ:
/// with M = L⁻¹ S L⁻ᵀ they are −tr M/2 − n (Σ ln Lᵢᵢ + N ln √(2π)), L⁻ᵀ L⁻¹ Σ (x − location) and the lower triangle of
/// L⁻ᵀ M − n diag(1/Lᵢᵢ). The factor is one ([`check`]).
pub(crate) fn sum_partials<const N: usize>(
    x: &[[f64; N]],
    location: &[f64; N],
    l: &[[f64; N]; N],
    by_location: &mut [f64; N],
    by_factor: &mut [[f64; N]; N],
) -> f64 {
    let (mut sums, mut scattered) = ([0.0; N], [[0.0; N]; N]);
    scatter(x, location, &mut sums, &mut scattered);
    let (n, inverse) = (x.len() as f64, std::array::from_fn(|i| l[i][i].recip()));
    let mut m = scattered;
    forward_rows(l, &inverse, &mut m);
    // S is symmetric, and so is M.
    m = std::array::from_fn(|i| std::array::from_fn(|j| m[j][i]));
    forward_rows(l, &inverse, &mut m);
    let (mut squares, mut ln_diagonal) = (0.0, 0.0);
    for i in 0..N {
        squares += m[i][i];
        ln_diagonal += l[i][i].ln();
    }
    let value = -0.5 * squares - n * (ln_diagonal + N as f64 * LN_SQRT_2PI);
    *by_factor = [[0.0; N]; N];
    *by_location = [0.0; N];
    if !value.is_finite() {
        return value;
    }
    let mut z = sums.map(|s| [s]);
    forward_rows(l, &inverse, &mut z);
    backward_rows(l, &inverse, &mut z);
    *by_location = z.map(|[w]| w);
    backward_rows(l, &inverse, &mut m);
    for i in 0..N {
        by_factor[i][..=i].copy_from_slice(&m[i][..=i]);
        by_factor[i][i] -= n * inverse[i];
    }
    value
}

/// L⁻¹ B in place, given the inverses of the diagonal.
#[inline(always)]
fn forward_rows<const N: usize, const C: usize>(
    l: &[[f64; N]; N],
    inverse: &[f64; N],
    b: &mut [[f64; C]; N],
) {
    for i in 0..N {
        let (above, rest) = b.split_at_mut(i);
        for (k, above) in above.iter().enumerate() {
            for c in 0..C {
                rest[0][c] -= l[i][k] * above[c];
            }
        }
        for b in &mut rest[0] {
            *b *= inverse[i];
        }
    }
}

/// L⁻ᵀ B in place.
#[inline(always)]
fn backward_rows<const N: usize, const C: usize>(
    l: &[[f64; N]; N],
    inverse: &[f64; N],
    b: &mut [[f64; C]; N],
) {
    for i in (0..N).rev() {
        let (rest, below) = b.split_at_mut(i + 1);
        for (k, below) in below.iter().enumerate() {
            for c in 0..C {
                rest[i][c] -= l[i + 1 + k][i] * below[c];
            }
        }
        for b in &mut rest[i] {
            *b *= inverse[i];
        }
    }
}

/// The entropy −E ln p(X) = Σ ln L_ii + (n/2)(1 + ln 2π).
///
/// ```
/// use ppl_runtime::dist::vector::mv_normal;
/// assert!((mv_normal::entropy(&[1.0]) - 1.418938533204672742).abs() < 1e-15);
/// ```
pub fn entropy(factor: &[f64]) -> f64 {
    let n = factor.len().isqrt();
    let ln_diagonal: f64 = (0..n).map(|i| factor[i * n + i].ln()).sum();
    ln_diagonal + n as f64 * (0.5 + LN_SQRT_2PI)
}

/// The point at `u` in the unit cube: location + L z with zᵢ the normal quantile of uᵢ. It moves coordinate i by
/// u₁, ..., uᵢ alone: the conditionals in order.
pub fn from_cube(u: &[f64], location: &[f64], factor: &[f64], x: &mut [f64]) {
    for (x, &u) in x.iter_mut().zip(u) {
        *x = normal_quantile(u);
    }
    transform(location, factor, x);
}

/// One draw into `x`.
pub fn draw(rng: &mut Rng, location: &[f64], factor: &[f64], x: &mut [f64]) {
    for x in x.iter_mut() {
        *x = rng.sample(StandardNormal);
    }
    transform(location, factor, x);
}

/// z → location + L z in place: from the last row up, since row i reads z₁, ..., zᵢ.
fn transform(location: &[f64], factor: &[f64], x: &mut [f64]) {
    let n = location.len();
    for i in (0..n).rev() {
        let dot: f64 = factor[i * n..=i * n + i]
            .iter()
            .zip(&*x)
            .map(|(l, z)| l * z)
            .sum();
        x[i] = location[i] + dot;
    }
}
