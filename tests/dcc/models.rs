//! Models whose latents differ from program to program, with their exact evidences.
#![allow(dead_code, reason = "each test program uses some of the models")]

use ppl::prelude::*;

/// ln of the evidence of y ~ N(m, noise²) each, m ~ N(mean, spread²).
pub fn ln_evidence(y: &[f64], mean: f64, spread: f64, noise: f64) -> f64 {
    // The covariance is noise² I + spread² 11ᵀ: one eigenvalue is different.
    let n = y.len() as f64;
    let (a, b) = (noise * noise, spread * spread);
    let sum: f64 = y.iter().map(|y| y - mean).sum();
    let squares: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
    let quadratic = (squares - b * sum * sum / (a + n * b)) / a;
    -0.5 * (n * std::f64::consts::TAU.ln() + (n - 1.0) * a.ln() + (a + n * b).ln() + quadratic)
}

/// ln Σ exp.
pub fn ln_sum(terms: &[f64]) -> f64 {
    let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most + terms.iter().map(|t| (t - most).exp()).sum::<f64>().ln()
}

/// 200 draws from N(0, 1): the data of NumPyro's tests under their key 0 (jax 0.10, float64).
pub fn normals() -> Vec<f64> {
    let text = include_str!("normals.csv");
    text.lines().map(|l| l.parse().unwrap()).collect()
}

/// NumPyro's documented model.
#[model]
pub fn two_programs(y: f64) {
    #[branch]
    let second: bool = sample(Bernoulli::new(0.5));
    let mean = if second {
        let b: f64 = sample(Normal::new(1.0, 1.0));
        b
    } else {
        let a: f64 = sample(Normal::new(0.0, 1.0));
        a
    };
    observe(y, Normal::new(mean, 1.0));
}

/// Not second, second.
pub fn two_programs_exact(y: f64) -> [f64; 2] {
    [0.0, 1.0].map(|mean| 0.5_f64.ln() + ln_evidence(&[y], mean, 1.0, 1.0))
}

/// Their `test_different_address_path`: latents that the data say nothing of.
#[model]
pub fn address_path(y: f64) {
    #[branch]
    let second: bool = sample(Bernoulli::new(0.5));
    if second {
        let a2: f64 = sample(Normal::new(9.0, 1.0));
        let a3: f64 = sample(Normal::new(9.0, 1.0));
    } else {
        let a1: f64 = sample(Normal::new(9.0, 1.0));
    }
    observe(y, Normal::new(if second { 2.0 } else { 1.0 }, 1.0));
}

pub fn address_path_exact(y: f64) -> [f64; 2] {
    [1.0, 2.0].map(|mean| 0.5_f64.ln() + ln_evidence(&[y], mean, 0.0, 1.0))
}

/// Their `test_kernels`, `test_proposal_scale` (scales 1 and 2) and `test_weight_convergence` (2 and 0.62177).
#[model]
pub fn two_scales(y: &[f64], scales: [f64; 2]) {
    let z: f64 = sample(Normal::new(0.0, 1.0));
    #[branch]
    let second: bool = sample(Bernoulli::new(0.5));
    observe(y, Normal::new(z, scales[usize::from(second)]).iid());
}

pub fn two_scales_exact(y: &[f64], scales: [f64; 2]) -> [f64; 2] {
    scales.map(|s| 0.5_f64.ln() + ln_evidence(y, 0.0, 1.0, s))
}

/// The model of their tests of SDVI: the same in two dimensions.
#[model]
pub fn two_scales_of_pairs(y: &[[f64; 2]]) {
    let z: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    #[branch]
    let second: bool = sample(Bernoulli::new(0.5));
    let scale = if second { 2.0 } else { 1.0 };
    plate(y.len(), |i| {
        observe(y[i], Normal::new(&z, scale));
    });
}

pub fn pairs() -> Vec<[f64; 2]> {
    let y = normals();
    (0..200).map(|i| [y[i], y[199 - i]]).collect()
}

pub fn two_scales_of_pairs_exact(y: &[[f64; 2]]) -> [f64; 2] {
    let column = |j: usize| y.iter().map(|y| y[j]).collect::<Vec<f64>>();
    let of = |s| ln_evidence(&column(0), 0.0, 1.0, s) + ln_evidence(&column(1), 0.0, 1.0, s);
    [1.0, 2.0].map(|s| 0.5_f64.ln() + of(s))
}

/// A branch within a branch, and latents at every level.
#[model]
pub fn nested(y: &[f64]) {
    #[branch]
    let deep: bool = sample(Bernoulli::new(0.4));
    let mean = if deep {
        #[branch]
        let kind: usize = sample(Categorical::new([0.2, 0.5, 0.3]));
        if kind == 2 {
            let wide: f64 = sample(Normal::new(0.0, 3.0));
            wide
        } else {
            let near: f64 = sample(Normal::new(kind as f64, 0.5));
            near
        }
    } else {
        let flat: f64 = sample(Normal::new(-1.0, 1.0));
        flat
    };
    observe(y, Normal::new(mean, 1.0).iid());
}

/// By name.
pub fn nested_exact(y: &[f64]) -> [(&'static str, f64); 4] {
    [
        ("deep=false", 0.6, -1.0, 1.0),
        ("deep=true, kind=0", 0.4 * 0.2, 0.0, 0.5),
        ("deep=true, kind=1", 0.4 * 0.5, 1.0, 0.5),
        ("deep=true, kind=2", 0.4 * 0.3, 0.0, 3.0),
    ]
    .map(|(name, p, mean, spread)| (name, f64::ln(p) + ln_evidence(y, mean, spread, 1.0)))
}

/// A Poisson number of effects, then a loop over them.
#[model]
pub fn components(y: &[f64]) {
    #[branch]
    let k: usize = sample(Poisson::new(2.0));
    let mut mean = Real::from(0.0);
    for _ in 0..k {
        let effect: f64 = sample(Normal::new(0.0, 1.0));
        mean += effect;
    }
    observe(y, Normal::new(mean, 1.0).iid());
}

/// ln of the part of the evidence of k effects.
pub fn components_exact(y: &[f64], k: usize) -> f64 {
    let ln_poisson = k as f64 * 2_f64.ln() - 2.0 - (1..=k).map(|j| (j as f64).ln()).sum::<f64>();
    ln_poisson + ln_evidence(y, 0.0, (k as f64).sqrt(), 1.0)
}

/// Kind 0 works. Of the others, one has a density that is nowhere finite, one so without latents, one a posterior that
/// is flat, and one a discrete latent.
#[model]
pub fn failing() {
    #[branch]
    let kind: usize = sample(Categorical::new([0.2, 0.2, 0.2, 0.2, 0.2]));
    if kind != 2 {
        let x: f64 = sample(Normal::new(0.0, 1.0));
        if kind == 1 {
            factor(f64::NEG_INFINITY);
        }
        if kind == 3 {
            factor(0.5 * x * x);
        }
        if kind == 4 {
            let heads: bool = sample(Bernoulli::new(0.5));
        }
    } else {
        factor(f64::NEG_INFINITY);
    }
}
