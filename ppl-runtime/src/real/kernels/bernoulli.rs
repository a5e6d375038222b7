//! Kernels of the Bernoulli distribution by its logit.

use super::LANES;
use super::elementary::{exp_lane, ln_1p_and_share, negative_part, sum};

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
