//! The map from the unit cube to the order statistics of independent draws, for ordered vectors.
//!
//! The largest of n uniforms is distributed as U^(1/n), and given it the others are n − 1 uniforms below it. Sorting a
//! point of the cube instead would fold n! copies onto one another: no longer a one-to-one map.

use super::beta::BELOW_ONE;
use super::family::{Domain, Family};

/// Writes into `v` the uniform order statistics 0 < v₁ < ... < vₙ < 1 at `u` in the unit cube, of `v`'s length:
/// vₙ = uₙ^(1/n), vₖ = vₖ₊₁ uₖ^(1/k).
///
/// Source: L. Devroye, *Non-Uniform Random Variate Generation* (1986), section V.3.
///
/// ```
/// use ppl_runtime::dist::order_statistics::uniform;
/// let mut v = [0.0; 3];
/// uniform(&[0.9, 0.2, 0.5], &mut v);
/// assert!(v[0] < v[1] && v[1] < v[2]);
/// ```
pub fn uniform(u: &[f64], v: &mut [f64]) {
    let (mut ln, mut above) = (0.0, 1.0_f64);
    for (k, (v, u)) in v.iter_mut().zip(u).enumerate().rev() {
        ln += u.ln() / (k + 1) as f64;
        *v = strictly_below(above, ln.exp().clamp(f64::MIN_POSITIVE, BELOW_ONE));
        above = *v;
    }
}

/// Writes into `x` the order statistics x₁ < ... < xₙ of n independent draws from `F` with parameters `p`, at `u` in the
/// unit cube: the quantiles of [`uniform`]'s. Counts may be equal; other values that round to one number
/// are set apart by an ulp.
///
/// With u uniform x has the density n! Π p(xₖ) on x₁ < ... < xₙ.
pub fn from_cube<F: Family<P>, const P: usize>(u: &[f64], p: &[f64; P], x: &mut [f64]) {
    uniform(u, x);
    let counts = matches!(F::DOMAIN, Domain::Count | Domain::Boolean);
    let mut above = f64::INFINITY;
    for x in x.iter_mut().rev() {
        let quantile = F::quantile(*x, p);
        *x = if counts {
            quantile
        } else {
            strictly_below(above, quantile)
        };
        above = *x;
    }
}

fn strictly_below(above: f64, x: f64) -> f64 {
    if x >= above { above.next_down() } else { x }
}
