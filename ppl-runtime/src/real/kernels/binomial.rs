//! Kernels of the binomial distribution by its logit.

use super::counts::stirling_error_count;
use super::elementary::{
    bd0_is_near, bd0_near, exp_lane, fma, ln_1p_and_share, ln_lane, negative_part, padded, total,
};
use crate::real::special::LN_SQRT_2PI;

/// P(1) and P(0) of a trial by its logit, and their logarithms.
#[inline(always)]
fn chances<const FUSED: bool>(logit: f64) -> [f64; 4] {
    let e = exp_lane::<FUSED>((-logit.abs()).max(-708.0));
    let (ln_1p, r) = ln_1p_and_share::<FUSED>(e);
    let (p, q) = if logit >= 0.0 { (r, e * r) } else { (e * r, r) };
    let (ln_p, ln_q) = (negative_part(logit) - ln_1p, negative_part(-logit) - ln_1p);
    [p, q, ln_p, ln_q]
}

/// The deviance k ln(k/m) + m − k of a positive count: by its series where m is near k, else from the logarithm of k/m.
#[inline(always)]
fn deviance<const FUSED: bool>(k: f64, m: f64, ln_ratio: f64) -> f64 {
    let far = fma::<FUSED>(k, ln_ratio, m - k);
    if bd0_is_near(k, m) {
        bd0_near::<FUSED>(k, m)
    } else {
        far
    }
}

/// ln P(k) of n trials, Loader (2000) eq. 3.
#[inline(always)]
fn binomial_lane<const FUSED: bool>(k: f64, n: f64, [p, q, ln_p, ln_q]: [f64; 4]) -> f64 {
    let failures = n - k;
    // Numbers for the lanes that have another formula.
    let inside = k > 0.0 && failures > 0.0;
    let (a, b, n) = if inside {
        (k, failures, n)
    } else {
        (1.0, 1.0, 2.0)
    };
    let (ln_a, ln_b, ln_n) = (
        ln_lane::<FUSED>(a),
        ln_lane::<FUSED>(b),
        ln_lane::<FUSED>(n),
    );
    let errors = stirling_error_count::<FUSED>(n)
        - stirling_error_count::<FUSED>(a)
        - stirling_error_count::<FUSED>(b);
    let some = errors
        - deviance::<FUSED>(a, n * p, (ln_a - ln_n) - ln_p)
        - deviance::<FUSED>(b, n * q, (ln_b - ln_n) - ln_q)
        - fma::<FUSED>(0.5, (ln_a - ln_n) + ln_b, LN_SQRT_2PI);
    // All of one kind.
    let all = fma::<FUSED>(k, ln_p, failures * ln_q);
    if inside { some } else { all }
}

/// Adds eight log probabilities to `terms`; the partial derivatives by the logits.
#[inline(always)]
fn eight<const FUSED: bool>(
    [x, n, logit]: [&[f64; 8]; 3],
    terms: &mut [f64; 8],
    slope: &mut [f64; 8],
) {
    for k in 0..8 {
        let chances = chances::<FUSED>(logit[k]);
        // k − n p = k (1 − p) − (n − k) p
        slope[k] = fma::<FUSED>(x[k], chances[1], -((n[k] - x[k]) * chances[0]));
        terms[k] += binomial_lane::<FUSED>(x[k], n[k], chances);
    }
}

/// Eight at a time, the last ones among trials of which there are none. Partial derivatives are written where there is room.
#[inline(always)]
fn binomial_logit_partials_body<const FUSED: bool>(
    x: &[f64],
    n: &[f64],
    logit: &[f64],
    slope: &mut [f64],
) -> f64 {
    let ((xs, x), (ns, n), (logits, logit)) = (
        x.as_chunks::<8>(),
        n.as_chunks::<8>(),
        logit.as_chunks::<8>(),
    );
    let (slopes, last) = slope.as_chunks_mut::<8>();
    let (mut terms, mut nowhere) = ([0.0; 8], [0.0; 8]);
    for (i, x) in xs.iter().enumerate() {
        let slope = slopes.get_mut(i).unwrap_or(&mut nowhere);
        eight::<FUSED>([x, &ns[i], &logits[i]], &mut terms, slope);
    }
    if !x.is_empty() {
        let columns = [&padded(x, 0.0), &padded(n, 0.0), &padded(logit, 0.0)];
        eight::<FUSED>(columns, &mut terms, &mut nowhere);
        for (to, from) in last.iter_mut().zip(nowhere) {
            *to = from;
        }
    }
    total(terms)
}

#[inline(always)]
fn binomial_logit_body<const FUSED: bool>(x: &[f64], n: &[f64], logit: &[f64]) -> f64 {
    binomial_logit_partials_body::<FUSED>(x, n, logit, &mut [])
}

dispatch! {
    /// Σ ln P(x\[i\]) of counts x\[i\] ≤ n\[i\] by the logits of a trial's probability, within ±600.
    pub fn binomial_logit = binomial_logit_body(x: &[f64], n: &[f64], logit: &[f64]) -> f64;
}
dispatch! {
    /// As [`binomial_logit`], with the partial derivative by each logit.
    pub fn binomial_logit_partials = binomial_logit_partials_body(
        x: &[f64], n: &[f64], logit: &[f64], slope: &mut [f64]
    ) -> f64;
}
