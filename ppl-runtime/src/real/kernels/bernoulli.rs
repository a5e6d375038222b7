//! Kernels of the Bernoulli distribution, by its logit and by its probability.

use super::LANES;
use super::elementary::{exp_lane, ln_1p_and_share, ln_lane, negative_part, padded, sum, total};

#[inline(always)]
fn bernoulli_logit_body<const FUSED: bool>(x: &[f64], logit: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    for ((term, x), logit) in terms.iter_mut().zip(x).zip(logit) {
        let z = (2.0 * x - 1.0) * logit;
        let e = exp_lane::<FUSED>((-z.abs()).max(-708.0));
        *term = negative_part(z) - ln_1p_and_share::<FUSED>(e).0;
    }
    sum(&terms)
}

#[inline(always)]
fn bernoulli_logit_partials_body<const FUSED: bool>(
    x: &[f64],
    logit: &[f64],
    slope: &mut [f64],
) -> f64 {
    let mut terms = [0.0; LANES];
    for (((term, x), logit), slope) in terms.iter_mut().zip(x).zip(logit).zip(slope) {
        let sign = 2.0 * x - 1.0;
        let z = sign * logit;
        let e = exp_lane::<FUSED>((-z.abs()).max(-708.0));
        let (ln_1p, r) = ln_1p_and_share::<FUSED>(e);
        *slope = sign * if z >= 0.0 { e * r } else { r };
        *term = negative_part(z) - ln_1p;
    }
    sum(&terms)
}

dispatch! {
    /// Σ ln p(x\[i\]) of Bernoulli variables x (0 or 1) by their logits.
    pub fn bernoulli_logit = bernoulli_logit_body(x: &[f64], logit: &[f64]) -> f64;
}
dispatch! {
    /// As [`bernoulli_logit`], with the partial derivative by each logit.
    pub fn bernoulli_logit_partials =
        bernoulli_logit_partials_body(x: &[f64], logit: &[f64], slope: &mut [f64]) -> f64;
}

/// ln P(x) for x of 0 or 1, and the inverse of the probability of x itself.
#[inline(always)]
fn bernoulli_lane<const FUSED: bool>(x: f64, p: f64) -> (f64, f64) {
    let one = x == 1.0;
    let own = if one { p } else { 1.0 - p };
    let inverse = 1.0 / own;
    // What 1 − p lost by rounding; nothing where the logarithm is infinite.
    let lost = ((1.0 - own) - p) * inverse;
    let lost = if one | (own <= 0.0) { 0.0 } else { lost };
    let ln = ln_lane::<FUSED>(own) + lost;
    // The logarithm of a number below 0 is NaN already, that of one above 1 is not.
    (if own <= 1.0 { ln } else { f64::NAN }, inverse)
}

#[inline(always)]
fn are_outcomes_body(x: &[f64], p: &[f64]) -> bool {
    let outcomes = x
        .iter()
        .fold(true, |all, x| all & ((*x == 0.0) | (*x == 1.0)));
    p.iter()
        .fold(outcomes, |all, p| all & (*p >= 0.0) & (*p <= 1.0))
}

super::dispatch_plain! {
    /// Whether all x are 0 or 1, and all p lie between.
    pub fn are_outcomes = are_outcomes_body(x: &[f64], p: &[f64]) -> bool;
}

/// Eight at a time, the last ones among certain outcomes. Partial derivatives are written where there is room.
#[inline(always)]
fn bernoulli_partials_body<const FUSED: bool>(x: &[f64], p: &[f64], slope: &mut [f64]) -> f64 {
    let ((xs, x), (ps, p)) = (x.as_chunks::<8>(), p.as_chunks::<8>());
    let (slopes, last) = slope.as_chunks_mut::<8>();
    let (mut terms, mut nowhere) = ([0.0; 8], [0.0; 8]);
    for (i, x) in xs.iter().enumerate() {
        let slope = slopes.get_mut(i).unwrap_or(&mut nowhere);
        bernoulli_eight::<FUSED>(x, &ps[i], &mut terms, slope);
    }
    if !x.is_empty() {
        bernoulli_eight::<FUSED>(&padded(x, 1.0), &padded(p, 1.0), &mut terms, &mut nowhere);
        for (to, from) in last.iter_mut().zip(nowhere) {
            *to = from;
        }
    }
    total(terms)
}

#[inline(always)]
fn bernoulli_eight<const FUSED: bool>(
    x: &[f64; 8],
    p: &[f64; 8],
    terms: &mut [f64; 8],
    slope: &mut [f64; 8],
) {
    for k in 0..8 {
        let (ln, inverse) = bernoulli_lane::<FUSED>(x[k], p[k]);
        slope[k] = (2.0 * x[k] - 1.0) * inverse;
        terms[k] += ln;
    }
}

#[inline(always)]
fn bernoulli_body<const FUSED: bool>(x: &[f64], p: &[f64]) -> f64 {
    bernoulli_partials_body::<FUSED>(x, p, &mut [])
}

dispatch! {
    /// Σ ln P(x\[i\]) of Bernoulli variables x (0 or 1) by their probabilities of 1; NaN where one is none.
    pub fn bernoulli = bernoulli_body(x: &[f64], p: &[f64]) -> f64;
}
dispatch! {
    /// As [`bernoulli`], with the partial derivative by each probability.
    pub fn bernoulli_partials =
        bernoulli_partials_body(x: &[f64], p: &[f64], slope: &mut [f64]) -> f64;
}
