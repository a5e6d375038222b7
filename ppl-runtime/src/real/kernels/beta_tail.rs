//! The integrals over a tail of the beta distribution that its draws' derivatives are made of.

use super::elementary::{exp_lane, fma, ln_lane, total};
use crate::real::special::GAUSS_LEGENDRE;

/// Nodes of a panel: those of Gauss–Legendre quadrature of order 20 on (−1, 1), and some of weight 0 that fill whole
/// SIMD lanes.
const PANEL: usize = 24;

const fn nodes() -> [[f64; PANEL]; 2] {
    let mut all = [[0.0; PANEL]; 2];
    let mut i = 0;
    while i < GAUSS_LEGENDRE.len() {
        let (node, weight) = GAUSS_LEGENDRE[i];
        (all[0][2 * i], all[0][2 * i + 1]) = (-node, node);
        (all[1][2 * i], all[1][2 * i + 1]) = (weight, weight);
        i += 1;
    }
    all
}

static NODES: [[f64; PANEL]; 2] = nodes();

/// What the integrands depend on: the parameters a and b, the end x of the tail, ln x, ln(1 − x), ψ(a + b) − ψ(a) and
/// ψ(a + b) − ψ(b).
#[derive(Copy, Clone, Debug)]
pub struct BetaTail {
    /// a and b.
    pub parameters: [f64; 2],
    /// x.
    pub x: f64,
    /// ln x and ln(1 − x).
    pub logarithms: [f64; 2],
    /// ψ(a + b) − ψ(a) and ψ(a + b) − ψ(b).
    pub digammas: [f64; 2],
}

#[inline(always)]
fn beta_tail_body<const FUSED: bool>(start: f64, end: f64, tail: &BetaTail) -> [f64; 2] {
    let (half, centre) = (0.5 * (end - start), 0.5 * (start + end));
    let [a, b] = tail.parameters;
    let [ln_x, ln_y] = tail.logarithms;
    let [from_a, from_b] = tail.digammas;
    let (mut by_a, mut by_b) = ([0.0; PANEL], [0.0; PANEL]);
    for i in 0..PANEL {
        let s = fma::<FUSED>(half, NODES[0][i], centre);
        let t = exp_lane::<FUSED>(-s.min(708.0));
        let ln_rest = ln_lane::<FUSED>(fma::<FUSED>(-tail.x, t, 1.0));
        let exponent = fma::<FUSED>(b - 1.0, ln_rest - ln_y, -a * s);
        let w = NODES[1][i] * exp_lane::<FUSED>(exponent.clamp(-708.0, 709.0));
        by_a[i] = w * (ln_x - s + from_a);
        by_b[i] = w * (ln_rest + from_b);
    }
    [half * lanes(&by_a), half * lanes(&by_b)]
}

/// Σ in a fixed order that runs in lanes.
#[inline(always)]
fn lanes(terms: &[f64; PANEL]) -> f64 {
    let mut sums = [0.0; 8];
    for chunk in terms.chunks_exact(8) {
        for k in 0..8 {
            sums[k] += chunk[k];
        }
    }
    total(sums)
}

dispatch! {
    /// ∫ f(s) ds over (start, end), t = x·e^(−s), for the score (ln t + ψ(a + b) − ψ(a), ln(1 − t) + ψ(a + b) − ψ(b))
    /// times the density of ln t relative to that at x.
    pub fn beta_tail = beta_tail_body(start: f64, end: f64, tail: &BetaTail) -> [f64; 2];
}
