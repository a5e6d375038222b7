//! Plates with sums, in sums and in other things.

use super::*;

#[model]
pub fn mixture(y: &[f64]) {
    let weights: Simplex<2> = sample(Dirichlet::symmetric(2.0));
    let means: [f64; 2] = sample(Normal::new(0.0, 3.0).iid());
    let scale: f64 = sample(HalfNormal::new(2.0));
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new(&weights));
        observe(y[i], Normal::new(means[z], scale));
    })
    .parallel();
}

#[model]
fn mixture_in_lanes(y: &[f64], x: &[f64]) {
    let means: [f64; 2] = sample(Normal::new(0.0, 3.0).iid());
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new([0.3, 0.7]));
        observe(y[i], Normal::new(means[z] * x[i], 1.0));
    })
    .parallel();
}

#[model]
fn mixture_with_latents(y: &[f64], weights: &[f64], kept: &[bool]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.4));
        let theta: f64 = sample(Normal::new(mu, if z { 1.0 } else { 2.0 }));
        observe(y[i], Normal::new(theta, if z { 3.0 } else { 1.0 }));
    })
    .parallel()
    .scale(weights)
    .mask(kept);
    let last: f64 = sample(HalfNormal::new(1.0));
    let again = y;
    observe(again[0], Normal::new(mu, last));
}

#[test]
fn plates_of_sums() {
    for n in [3, 40, 3000] {
        let (y, x) = (wave(n, 0.7), wave(n, 0.13));
        agrees(mixture(&y));
        agrees(mixture_in_lanes(&y, &x));
        let n = n.min(200);
        let weights: Vec<f64> = (0..n).map(|i| 0.5 * (i % 4) as f64).collect();
        let kept: Vec<bool> = (0..n).map(|i| i % 5 != 2).collect();
        agrees(mixture_with_latents(&y[..n], &weights, &kept));
    }
}

#[model]
fn summed_before(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    #[enumerate]
    let wide: bool = sample(Bernoulli::new(0.3));
    plate(y.len(), |i| {
        observe(y[i], Normal::new(mu, if wide { 3.0 } else { 1.0 }))
    })
    .parallel();
}

#[model]
fn summed_after(y: &[f64], w: f64) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| observe(y[i], Normal::new(mu, 1.0))).parallel();
    #[enumerate]
    let far: bool = sample(Bernoulli::new(0.3));
    let shift: f64 = sample(Normal::new(if far { 2.0 } else { 0.0 }, 1.0));
    plate(y.len(), |i| observe(w, Normal::new(mu + shift * y[i], 1.0))).parallel();
}

#[model]
fn inside(y: &[f64], groups: usize) {
    let (a, b, c, d, e) = (y, y, y, y, y);
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    for _ in 0..groups {
        let shift: f64 = sample(HalfNormal::new(1.0));
        plate(y.len(), |i| {
            let theta: f64 = sample(Normal::new(mu, shift));
            observe(y[i], Normal::new(theta, 1.0));
        })
        .parallel();
    }
    plate(groups, |g| {
        let level: f64 = sample(Normal::new(0.0, 1.0));
        plate(y.len(), |i| observe(a[i], Normal::new(level, 2.0))).parallel();
        plate(y.len(), |i| observe(b[i], Normal::new(mu, 2.0)))
            .parallel()
            .scale(0.5 + g as f64);
    })
    .parallel();
    plate(groups, |_| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.4));
        plate(y.len(), |i| {
            observe(c[i], Normal::new(mu, if z { 3.0 } else { 1.0 }))
        })
        .parallel();
    });
    plate(groups, |_| {
        plate(y.len(), |i| observe(d[i], Normal::new(mu, 2.5))).parallel();
    })
    .scale(0.3);
    markov(groups, 0, |_, before| {
        #[enumerate]
        let state: usize = sample(Categorical::new([0.2, 0.8]));
        plate(y.len(), |i| {
            observe(e[i], Normal::new(mu * state as f64, 1.0 + before as f64))
        })
        .parallel();
        state
    });
}

#[model]
fn part(y: &[f64], mu: Real) -> f64 {
    let spread: f64 = sample(HalfNormal::new(1.0));
    plate(y.len(), |i| observe(y[i], Normal::new(mu, spread))).parallel();
    spread
}

#[model]
fn with_submodels(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let first = submodel(part(y, mu));
    plate(y.len(), |i| {
        let inner = submodel(part(&y[i..], mu));
        observe(y[i], Normal::new(mu, first + inner));
    })
    .parallel();
}

#[test]
fn plates_inside_of_other_things() {
    for n in [2, 30] {
        let y = wave(n, 0.7);
        agrees(summed_before(&y));
        agrees(summed_after(&y, 0.4));
        agrees(inside(&y, 3));
        agrees(with_submodels(&y));
    }
}
