//! Kernels of the Bernoulli distribution, by its logit and by its probability.

use super::LANES;
use super::elementary::{exp_lane, ln_1p_and_share, ln_lane, negative_part, sum};

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

/// ln P(x) for x of 0 or 1, and the probability of x itself.
#[inline(always)]
fn bernoulli_lane<const FUSED: bool>(x: f64, p: f64) -> (f64, f64) {
    let one = x == 1.0;
    let own = if one { p } else { 1.0 - p };
    // What 1 − p lost by rounding; nothing where the logarithm is infinite.
    let lost = if one { 0.0 } else { (1.0 - own) - p };
    let lost = if own > 0.0 { lost / own } else { 0.0 };
    let ln = ln_lane::<FUSED>(own) + lost;
    // The logarithm of a number below 0 is NaN already, that of one above 1 is not.
    (if own <= 1.0 { ln } else { f64::NAN }, own)
}

#[inline(always)]
fn bernoulli_body<const FUSED: bool>(x: &[f64], p: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    for ((term, x), p) in terms.iter_mut().zip(x).zip(p) {
        *term = bernoulli_lane::<FUSED>(*x, *p).0;
    }
    sum(&terms)
}

#[inline(always)]
fn bernoulli_partials_body<const FUSED: bool>(x: &[f64], p: &[f64], slope: &mut [f64]) -> f64 {
    let mut terms = [0.0; LANES];
    for (((term, x), p), slope) in terms.iter_mut().zip(x).zip(p).zip(slope) {
        let (ln, own) = bernoulli_lane::<FUSED>(*x, *p);
        *term = ln;
        *slope = (2.0 * x - 1.0) / own;
    }
    sum(&terms)
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
